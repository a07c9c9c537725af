"""Follow `$ref` within one document."""

from typing import Any
from urllib.parse import unquote

from counterfoil import pointer as json_pointer

_LONGEST_CHAIN = 32


def target(node: Any) -> str | None:
    """The JSON Pointer that a node's `$ref` names in its own document; `None` without one or if it leads elsewhere."""
    reference = node.get("$ref") if isinstance(node, dict) else None
    return local(reference) if isinstance(reference, str) else None


def local(reference: str) -> str | None:
    """The JSON Pointer of a URI fragment (RFC 6901 section 6): `#/a%20b` is `/a b`; `None` for any other URI."""
    if reference == "#":
        return ""
    if not reference.startswith("#/"):
        return None
    return unquote(reference[1:]) if "%" in reference else reference[1:]


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
