"""The operations under `paths` of a raw OpenAPI tree."""

from collections.abc import Iterator
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The fields of a Path Item Object that hold operations (OpenAPI 3.1.1, section 4.8.9)."""


def operations(tree: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and Operation Object of every operation under `paths`, in the order of the document."""
    paths = tree.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                yield method, path, item[method]
