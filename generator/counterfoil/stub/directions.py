"""What only one side may send, `readOnly` and `writeOnly` (OpenAPI 3.1, section 4.8.24.4)."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

Flag = Literal["readOnly", "writeOnly"]
Follow = Callable[[Any], Mapping[str, Any]]  # from a node to what its references lead to

_DEEPEST = 16  # references and `allOf` inside each other


def is_flagged(schema: Any, flag: Flag, follow: Follow) -> bool:
    """Whether a property is read-only, or write-only, by its schema or by what that is made of."""
    return any(part.get(flag) is True for part in _parts(schema, follow, 0))


def without(flag: Flag, tree: dict[str, Any], follow: Follow) -> dict[str, Any]:
    """The contract with schemas that do not require properties with this flag; itself if it has none.

    Those for requests, which are without `readOnly`, refuse them; responses need not be without `writeOnly`.
    """
    if not _has(flag, tree):
        return tree
    result = copy.deepcopy(tree)
    stack: list[tuple[Any, frozenset[str]]] = [(result, frozenset())]
    while stack:
        node, absent = stack.pop()
        if isinstance(node, list):
            stack += [(part, absent) for part in node]
        if not isinstance(node, dict):
            continue
        absent |= {name for part in _parts(node, follow, 0) for name in _flagged_in(part, flag, follow)}
        stack += [(part, absent if key == "allOf" else frozenset()) for key, part in node.items()]
        if absent and isinstance(node.get("required"), list):
            node["required"] = [name for name in node["required"] if name not in absent]
        if absent and flag == "readOnly" and isinstance(node.get("properties"), dict):
            node["properties"] |= {name: {"not": {}} for name in absent & node["properties"].keys()}
    return result


def _flagged_in(schema: Mapping[str, Any], flag: Flag, follow: Follow) -> Iterator[str]:
    properties = schema.get("properties")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        if is_flagged(part, flag, follow):
            yield name


def _parts(schema: Any, follow: Follow, depth: int) -> Iterator[Mapping[str, Any]]:
    """A schema, what it refers to, and the members of its `allOf`, these likewise."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    yield schema
    target = follow(schema)
    if target is not schema:
        yield from _parts(target, follow, depth + 1)
    members = schema.get("allOf")
    for member in members if isinstance(members, list) else ():
        yield from _parts(member, follow, depth + 1)


def _has(flag: Flag, tree: Any) -> bool:
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict) and node.get(flag) is True:
            return True
        stack += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return False
