"""The operations of a document, and the names that they have by their place."""

import re
from collections.abc import Iterator
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.grammar import METHODS

PATH_PARAMETER = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[^\W_]+")


def each_operation(tree: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Every operation below `paths`: path, method, pointer and node, in the order of the document."""
    paths = tree.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if not isinstance(item, dict) or path.startswith("x-"):
            continue
        for method in METHODS:
            if isinstance(item.get(method), dict):
                yield path, method, json_pointer.join("/paths", path, method), item[method]
        others = item.get("x-additional-operations")
        for method, operation in others.items() if isinstance(others, dict) else ():
            if isinstance(operation, dict):
                yield path, method, json_pointer.join("/paths", path, "x-additional-operations", method), operation


def operation_id(method: str, path: str) -> str:
    """A name from method and path: POST /users/{user_id}/keys gives `postUsersByUserIdKeys`."""
    words = [method.lower()]
    for segment in path.split("/"):
        plain = PATH_PARAMETER.sub(r" by \1 ", segment)
        words += [word[0].upper() + word[1:] for word in _WORD.findall(plain)]
    return "".join(words)
