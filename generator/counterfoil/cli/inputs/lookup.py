"""Finding the parts of a contract that a person means."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.operations import each_operation
from counterfoil.location import CounterfoilError, Diagnostic, Location

SHOWN = 8


def find_pointers(tree: dict[str, Any], wanted: str, path: Path) -> list[str]:
    """The JSON Pointers into `tree`, the document at `path`, that `wanted` stands for: at least one, at most `SHOWN`.

    `wanted` is a pointer, with or without `#`; or `POST /path`, also with the rest of a pointer behind it; or the last
    tokens of pointers, separated by `/` or `.`. `CounterfoilError` if it stands for nothing or for more than that.
    """
    text = wanted.strip().removeprefix("#")
    exact = _exact(tree, text)
    if exact is not None:
        return [exact]
    method, _, rest = text.partition(" ")
    if rest.startswith("/"):
        return [_operation(tree, method, rest, wanted, path)]
    return _suffix(tree, text, wanted, path)


def requirement(tree: dict[str, Any], pointer: str) -> str | None:
    """Where the property at `pointer` is listed among those that its object requires; `None` if it is optional."""
    tokens = json_pointer.split(pointer)
    if tokens[-2:-1] != ["properties"]:
        return None
    above = json_pointer.join("", *tokens[:-2], "required")
    listed = json_pointer.resolve(tree, above) if _exists(tree, above) else []
    return f"{above}/{listed.index(tokens[-1])}" if isinstance(listed, list) and tokens[-1] in listed else None


def _operation(tree: dict[str, Any], method: str, rest: str, wanted: str, path: Path) -> str:
    paths = tree.get("paths", {})
    for route in sorted((route for route in paths if rest.startswith(route)), key=len, reverse=True):
        pointer = json_pointer.join("/paths", route, method.lower()) + rest.removeprefix(route)
        if _exists(tree, pointer):
            return pointer
    operations = [f"{method.upper()} {route}" for route, method, _, _ in each_operation(tree)]
    close = difflib.get_close_matches(wanted, operations, SHOWN, 0.5)
    raise _error(path, f"no operation is called {wanted!r}", close or operations)


def _suffix(tree: dict[str, Any], text: str, wanted: str, path: Path) -> list[str]:
    every = list(_pointers(tree))
    spellings = {text.strip("/"), text.replace(".", "/").strip("/")}
    found = [pointer for pointer in every if any(pointer.endswith(f"/{spelling}") for spelling in spellings)]
    found = [pointer for pointer in found if not any(pointer.startswith(f"{other}/") for other in found)]
    if len(found) > SHOWN:
        raise _error(path, f"{len(found)} places end in {wanted!r}", found)
    if found:
        return found
    reached = next(pointer for pointer in _prefixes(text) if _exists(tree, pointer))
    if reached:
        inside = json_pointer.resolve(tree, reached)
        names = list(inside) if isinstance(inside, dict) else []
        last = json_pointer.split(text[len(reached) :])[0]
        close = difflib.get_close_matches(last, names, SHOWN, 0.5) or names
        raise _error(path, f"{reached} has no {last!r}", [json_pointer.join(reached, name) for name in close])
    by_name = {json_pointer.split(pointer)[-1]: pointer for pointer in reversed(every) if pointer}
    close = difflib.get_close_matches(text.rpartition("/")[2].rpartition(".")[2], list(by_name), SHOWN, 0.6)
    raise _error(path, f"nothing in the contract is called {wanted!r}", [by_name[name] for name in close])


def _prefixes(text: str) -> Iterator[str]:
    """The beginnings of a pointer, longest first; the root alone for what is none."""
    while text.startswith("/"):
        yield text
        text = text.rpartition("/")[0]
    yield ""


def _error(path: Path, message: str, candidates: list[str]) -> CounterfoilError:
    more = [f"and {len(candidates) - SHOWN} more"] if len(candidates) > SHOWN else []
    hint = "one of" if candidates else "name an operation, such as 'POST /path', or a field"
    hint = "\n    ".join([hint, *candidates[:SHOWN], *more])
    return CounterfoilError(Diagnostic(Location(path.as_posix(), 0), "unknown-pointer", message, hint))


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
