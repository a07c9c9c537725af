"""Follow `$ref` within one document."""

from typing import Any
from urllib.parse import quote, unquote

from counterfoil import pointer as json_pointer

_LONGEST_CHAIN = 32


def target(node: Any) -> str | None:
    """The JSON Pointer that a node's `$ref` names in its own document; `None` without one or if it leads elsewhere."""
    stated = node.get("$ref") if isinstance(node, dict) else None
    return local(stated) if isinstance(stated, str) else None


def local(stated: str) -> str | None:
    """The JSON Pointer of a URI fragment (RFC 6901 section 6): `#/a%20b` is `/a b`; `None` for any other URI."""
    if stated == "#":
        return ""
    if not stated.startswith("#/"):
        return None
    return unquote(stated[1:]) if "%" in stated else stated[1:]


def reference(pointer: str) -> str:
    """The `$ref` that names a JSON Pointer in its own document (RFC 6901 section 6)."""
    return "#" + quote(pointer, safe="/~!$&'()*+,;=:@-._")


def resolve(tree: Any, node: Any) -> Any:
    """The node that a node stands for: itself without `$ref`, `None` if the reference leads nowhere or in a circle."""
    for _ in range(_LONGEST_CHAIN):
        if not isinstance(node, dict) or "$ref" not in node:
            return node
        pointer = target(node)
        if pointer is None:
            return None
        try:
            node = json_pointer.resolve(tree, pointer)
        except LookupError:
            return None
    return None
