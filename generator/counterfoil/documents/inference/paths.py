"""Finding one's way in a raw OpenAPI tree."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from counterfoil import pointer as json_pointer

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The fields of a Path Item Object that hold operations (OpenAPI 3.1.1, section 4.8.9)."""

_MAX_REFERENCES = 20


def operations(tree: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and Operation Object of every operation under `paths`, in the order of the document."""
    paths = tree.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield method, path, item[method]


def resolved(tree: dict[str, Any], node: Any) -> dict[str, Any]:
    """The object that a node is or refers to within its document; an empty one if there is none."""
    for _ in range(_MAX_REFERENCES):
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            return node if isinstance(node, dict) else {}
        try:
            node = json_pointer.resolve(tree, unquote(reference.removeprefix("#")))
        except (LookupError, ValueError):
            return {}
    return {}
