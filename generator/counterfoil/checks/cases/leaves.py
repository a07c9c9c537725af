"""JSON values: what is at a place, at the end of every way into one, another value in its place, and equality."""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from counterfoil.checks.cases.variants.change import REMOVED

Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every part of a value that is neither object nor array, with the steps to it."""
    if isinstance(value, dict | list):
        for step, held in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(held, (*path, step))
    else:
        yield path, value


def has_whole_fraction(value: Any) -> bool:
    """Whether there is a number such as 1.0; nothing says whether that is an integer where there is no JSON."""
    return any(isinstance(leaf, float) and leaf.is_integer() for _, leaf in leaves(value))


def at(value: Any, path: Iterable[str | int], otherwise: Any = None) -> Any:
    """What is at a path; `otherwise` where nothing is."""
    for step in path:
        steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        if step not in steps:
            return otherwise
        value = value[step]
    return value


def put(value: Any, path: Path, replacement: Any) -> Any:
    """`value` with another value at a path, or nothing there for `REMOVED`; all else is shared with `value`."""
    if not path:
        return replacement
    result = copy.copy(value)
    if len(path) > 1:
        result[path[0]] = put(value[path[0]], path[1:], replacement)
    elif replacement is REMOVED:
        del result[path[0]]
    else:
        result[path[0]] = replacement
    return result


def equal(one: Any, other: Any) -> bool:
    """Whether two values are equal: numbers by their value (JSON Schema Core, 4.2.2), booleans are no numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
