"""Finding the part of a contract that a person means."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.location import CounterfoilError, Diagnostic, Location

SHOWN = 8


def find_pointer(tree: dict[str, Any], wanted: str, path: Path) -> str:
    """The JSON Pointer into `tree`, the document at `path`, that `wanted` stands for.

    `wanted` is a pointer, with or without `#`; or `POST /path`, also with the rest of a pointer behind it; or the last
    tokens of exactly one pointer, separated by `/` or `.`. `CounterfoilError` if it stands for nothing or for several.
    """
    text = wanted.strip().removeprefix("#")
    exact = _exact(tree, text)
    if exact is not None:
        return exact
    method, _, rest = text.partition(" ")
    if rest.startswith("/"):
        for route, item in tree.get("paths", {}).items():
            tail = rest.removeprefix(route)
            operation = json_pointer.join("/paths", route, method.lower())
            if method.lower() in item and rest.startswith(route) and _exists(tree, operation + tail):
                return operation + tail
        operations = [f"{key.upper()} {route}" for route, item in tree.get("paths", {}).items() for key in item]
        raise _error(path, wanted, "no operation is called", operations)
    return _suffix(tree, text, wanted, path)


def _suffix(tree: dict[str, Any], text: str, wanted: str, path: Path) -> str:
    every = list(_pointers(tree))
    spellings = {text.strip("/"), text.replace(".", "/").strip("/")}
    found = [pointer for pointer in every if any(pointer.endswith(f"/{spelling}") for spelling in spellings)]
    shortest = [pointer for pointer in found if all(other.startswith(pointer) for other in found)]
    if shortest:
        return shortest[0]
    if found:
        raise _error(path, wanted, f"{len(found)} places end in", found)
    names = {json_pointer.split(pointer)[-1]: pointer for pointer in reversed(every) if pointer}
    close = difflib.get_close_matches(text.rpartition("/")[2].rpartition(".")[2], list(names), SHOWN, 0.6)
    raise _error(path, wanted, "nothing in the contract is called", [names[name] for name in close])


def _error(path: Path, wanted: str, message: str, candidates: list[str]) -> CounterfoilError:
    more = f" and {len(candidates) - SHOWN} more" if len(candidates) > SHOWN else ""
    hint = "one of " + ", ".join(candidates[:SHOWN]) + more if candidates else ""
    return CounterfoilError(Diagnostic(Location(path.as_posix(), 0), "unknown-pointer", f"{message} {wanted!r}", hint))


def _exact(tree: dict[str, Any], text: str) -> str | None:
    if not text:
        return ""
    if text.startswith("/") and _exists(tree, text):
        return text
    return json_pointer.join("/paths", text) if text in tree.get("paths", {}) else None


def _exists(tree: dict[str, Any], pointer: str) -> bool:
    try:
        json_pointer.resolve(tree, pointer)
    except (LookupError, ValueError):
        return False
    return True


def _pointers(tree: Any) -> Iterator[str]:
    stack = [("", tree)]
    while stack:
        pointer, node = stack.pop()
        yield pointer
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        stack.extend(reversed([(json_pointer.join(pointer, token), value) for token, value in items]))
