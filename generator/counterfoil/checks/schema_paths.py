"""Ways through schemas and values: what references lead to, where the keyword of an error stands, and its value."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from counterfoil import pointer as json_pointer


def followed(tree: Any, node: Any, pointer: str) -> tuple[Any, str]:
    """What a chain of local references from the node at `pointer` ends at, and where; None for what is not there."""
    seen = set()
    while isinstance(node, dict) and isinstance(reference := node.get("$ref"), str):
        if reference in seen or not reference.startswith("#"):
            return None, pointer
        seen.add(reference)
        pointer = unquote(reference[1:])
        try:
            node = json_pointer.resolve(tree, pointer)
        except (LookupError, ValueError):
            return None, pointer
    return node, pointer


def keyword_at(tree: Any, pointer: str, way: Iterable[str | int]) -> str:
    """The pointer of the keyword that a validator came to from `pointer` by `way` (JSON Schema Core, 12.3.1)."""
    try:
        node = json_pointer.resolve(tree, pointer)
    except (LookupError, ValueError):
        return pointer
    for step in way:
        if step == "$ref":
            node, pointer = followed(tree, node, pointer)
            continue
        pointer = json_pointer.join(pointer, step)
        node = node.get(str(step)) if isinstance(node, dict) else _item(node, step)
    return pointer


def place_of(way: Iterable[str | int]) -> str:
    """Where in a value something is, as findings name it: a JSON Pointer with `*` for whichever item of an array."""
    return "/" + "/".join("*" if isinstance(step, int) else step for step in way)


def _item(node: Any, step: str | int) -> Any:
    index = int(step) if str(step).isdecimal() else -1
    return node[index] if isinstance(node, list) and 0 <= index < len(node) else None
