"""Many changes that a contract accepts in one request: what breaks on any of them shows at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from counterfoil.checks.cases.leaves import Path, put
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.wire.exchange import NOTHING

_MISSING: Any = object()


class _Change(NamedTuple):
    """What `rung` has at `path` in place of what the whole request has there."""

    path: Path
    value: Any
    rung: Rung


def combined(wholes: Sequence[Rung], changes: Sequence[Rung], fits: Callable[[str, Any], bool]) -> Iterator[Rung]:
    """Requests with as many of the valid `changes` to the first of the `wholes` as there is room for in one body.

    Each change is in no more than one of them. What changes no JSON body, or takes something away, is in none.
    """
    if not wholes or wholes[0].draft.value is NOTHING:
        return
    base, pointer = wholes[0].draft, wholes[0].pointer
    left = [change for rung in changes if (change := _change(base.value, rung, base.media_type)) is not None]
    # Parts of a value before the value as a whole, in whose place there is no room for others.
    left.sort(key=lambda change: -len(change.path))
    while len(left) > 1:
        taken, left = _disjoint(left)
        value = base.value
        for change in taken:
            value = put(value, change.path, change.value)
        if len(taken) > 1 and fits(pointer, value):
            parts = tuple(change.rung for change in taken)
            place = f"{len(parts)} places"
            yield Rung(base.with_json(value, base.media_type), place, "have other values", "", pointer, parts=parts)


def _change(base: Any, rung: Rung, media_type: str | None) -> _Change | None:
    draft = rung.draft
    is_plain = draft.value is not NOTHING and draft.altered is None and draft.media_type == media_type
    if rung.broken or not rung.must or not is_plain:
        return None
    path, value = _difference(base, draft.value)
    return None if value is _MISSING else _Change(path, value, rung)


def _difference(one: Any, other: Any) -> tuple[Path, Any]:
    """The way to the one part in which two values differ, and what the other has there; `_MISSING` for nothing."""
    path: list[str | int] = []
    while type(one) is type(other) and isinstance(one, dict | list):
        if isinstance(one, list):
            if len(one) != len(other):
                break
            steps: list[Any] = [index for index, item in enumerate(one) if not _same(item, other[index])]
        else:
            steps = [name for name in one if name not in other or not _same(one[name], other[name])]
            steps += [name for name in other if name not in one]
        if len(steps) != 1:
            break
        path.append(steps[0])
        if isinstance(one, dict) and (steps[0] not in one or steps[0] not in other):
            return tuple(path), other.get(steps[0], _MISSING)
        one, other = one[steps[0]], other[steps[0]]
    return tuple(path), other if path else _MISSING


def _same(one: Any, other: Any) -> bool:
    return one is other or repr(one) == repr(other)  # 1, 1.0 and true are equal in Python


def _disjoint(changes: Sequence[_Change]) -> tuple[list[_Change], list[_Change]]:
    """As many changes as leave each other alone, in their order, and the others."""
    taken: list[_Change] = []
    left: list[_Change] = []
    ends: set[Path] = set()
    ways: set[Path] = set()
    for change in changes:
        path = change.path
        if path in ways or any(path[:length] in ends for length in range(len(path) + 1)):
            left.append(change)
            continue
        taken.append(change)
        ends.add(path)
        ways.update(path[:length] for length in range(len(path) + 1))
    return taken, left
