"""Walking over the objects of a raw OpenAPI tree that mean something, past examples and other literal values."""

from collections.abc import Iterator
from typing import Any

from counterfoil import pointer as json_pointer

_LITERAL = frozenset({"example", "examples", "default", "enum", "const", "mapping", "scopes", "security"})
_NAMED = frozenset(
    {
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "responses",
        "parameters", "requestBodies", "headers", "securitySchemes", "securityDefinitions", "links", "callbacks",
        "pathItems", "paths", "webhooks", "content", "encoding", "variables",
    }
)  # fmt: skip


Way = tuple["Way", str | int] | None
"""The way to a node: that to its parent and its reference token; made a pointer only where one is needed."""


def pointer(way: Way) -> str:
    """The JSON Pointer of a node."""
    tokens: list[str | int] = []
    while way is not None:
        way, token = way
        tokens.append(token)
    return json_pointer.join("", *reversed(tokens))


def objects(tree: Any) -> Iterator[tuple[Way, dict[str, Any]]]:
    """Every object that is no literal value and no part of one, parents first, in the order of the document.

    Where an object maps names to objects, such as `properties`, a name is no keyword, whatever it is. An object may
    be changed when it comes; what is changed in it is walked over as it then is.
    """
    stack: list[tuple[Way, Any, bool]] = [(None, tree, False)]
    while stack:
        way, node, names_things = stack.pop()
        if isinstance(node, dict):
            if not names_things:
                yield way, node
            children = [
                ((way, key), child, not names_things and key in _NAMED)
                for key, child in node.items()
                if isinstance(child, (dict, list)) and (names_things or key not in _LITERAL)
            ]
        else:
            children = [
                ((way, index), child, False) for index, child in enumerate(node) if isinstance(child, (dict, list))
            ]
        children.reverse()
        stack += children
