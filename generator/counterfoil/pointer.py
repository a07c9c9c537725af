"""JSON Pointers (RFC 6901), the addresses of nodes in a contract. The root is the empty string."""

from typing import Any


def join(pointer: str, *tokens: str | int) -> str:
    """Append reference tokens, escaped as RFC 6901 section 3 says: `join("/paths", "/a")` is `/paths/~1a`."""
    for token in tokens:
        text = token if type(token) is str else str(token)
        if "/" in text or "~" in text:
            text = text.replace("~", "~0").replace("/", "~1")
        pointer = f"{pointer}/{text}"
    return pointer


def split(pointer: str) -> list[str]:
    """The unescaped reference tokens of a pointer; `ValueError` if it neither is empty nor begins with `/`."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"not a JSON Pointer: {pointer!r}")
    tokens = pointer[1:].split("/")
    return [token.replace("~1", "/").replace("~0", "~") for token in tokens] if "~" in pointer else tokens


def resolve(tree: Any, pointer: str) -> Any:
    """The node of a JSON-like tree that a pointer names; `LookupError` if there is none."""
    node = tree
    for token in split(pointer):
        if isinstance(node, dict):
            node = node[token]
        elif isinstance(node, list) and token.isdecimal():
            node = node[int(token)]
        else:
            raise LookupError(pointer)
    return node
