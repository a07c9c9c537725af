"""Many changes that a contract accepts in one request: what breaks on any of them shows at once."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from counterfoil.checks.cases.leaves import Path, at, put
from counterfoil.checks.cases.variants.walk import Step
from counterfoil.checks.ladder.order import numbered
from counterfoil.checks.ladder.rung import Rung

_MISSING: Any = object()


class _Change(NamedTuple):
    """A value at a path, which the contract accepts there."""

    path: Path
    value: Any
    step: Step


def combined(
    whole: Rung, steps: Sequence[Step], fits: Callable[[str, Any], bool], make: Callable[[Step], Rung]
) -> Iterator[tuple[Rung, list[Step]]]:
    """Requests with as many of the valid changes to `whole` as there is room for in one body, and these changes.

    Each change is in no more than one of them, that of which rules were tried least in the first. What takes something
    away is in none. `fits` tells whether a request may have a value where the schema at a pointer stands; `make` makes
    the request with one change alone.
    """
    base, pointer = whole.draft, whole.pointer
    turns = [(turn, step) for turn, step in numbered(steps, _about) if step.within and step.change.must]
    # Parts of a value before the value as a whole, in whose place there is no room for others.
    left = [step for _, step in sorted(turns, key=lambda each: (each[0], -len(each[1].within)))]
    while len(left) > 1:
        taken, left = _disjoint(base.value, left, partial(fits, pointer))
        value = base.value
        for change in taken:
            value = put(value, change.path, change.value)
        if len(taken) > 1 and fits(pointer, value):
            parts = tuple(partial(make, change.step) for change in taken)
            place = f"{len(parts)} places"
            draft = base.with_json(value, base.media_type)
            rung = Rung(draft, place, "have other values", "", pointer, parts=parts)
            yield rung, [change.step for change in taken]


def _about(step: Step) -> tuple[str, Path]:
    return step.change.pointer, step.path


def _disjoint(whole: Any, steps: Sequence[Step], fits: Callable[[Any], bool]) -> tuple[list[_Change], list[Step]]:
    """As many valid changes of a value as leave each other alone, in their order, and the steps that may be others."""
    taken: list[_Change] = []
    left: list[Step] = []
    ends: set[Path] = set()
    ways: set[Path] = set()
    for step in steps:
        path = step.within
        if path in ways or any(path[:length] in ends for length in range(len(path) + 1)):
            left.append(step)
            continue
        changed = step.on(whole).value
        value = at(changed, path, _MISSING)
        if value is _MISSING or _same(value, at(whole, path, _MISSING)) or not fits(changed):
            continue
        taken.append(_Change(path, value, step))
        ends.add(path)
        ways.update(path[:length] for length in range(len(path) + 1))
    return taken, left


def _same(one: Any, other: Any) -> bool:
    return one is other or repr(one) == repr(other)  # 1, 1.0 and true are equal in Python
