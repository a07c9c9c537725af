"""Many changes that a contract accepts in one request: what breaks on any of them shows at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from counterfoil.checks.cases.leaves import Path, put
from counterfoil.checks.ladder.order import numbered
from counterfoil.checks.ladder.rung import Planned, Rung


class _Change(NamedTuple):
    """What `plan` has at `path` in place of what the whole request has there."""

    path: Path
    value: Any
    plan: Planned


def combined(whole: Rung, plans: Iterable[Planned], fits: Callable[[str, Any], bool]) -> Iterator[Rung]:
    """Requests with as many of the valid changes to `whole` as there is room for in one body.

    Each change is in no more than one of them, that of which rules were tried least in the first. What takes something
    away is in none. `fits` tells whether a request may have a value where the schema at a pointer stands.
    """
    base, pointer = whole.draft, whole.pointer
    valid = numbered(plan for plan in plans if plan.is_valid)
    turns = [(turn, _Change(*plan.change, plan)) for turn, plan in valid if plan.change is not None]
    # Parts of a value before the value as a whole, in whose place there is no room for others.
    turns.sort(key=lambda each: (each[0], -len(each[1].path)))
    left = [change for _, change in turns]
    while len(left) > 1:
        taken, left = _disjoint(left)
        value = base.value
        for change in taken:
            value = put(value, change.path, change.value)
        if len(taken) > 1 and fits(pointer, value):
            parts = tuple(change.plan for change in taken)
            place = f"{len(parts)} places"
            yield Rung(base.with_json(value, base.media_type), place, "have other values", "", pointer, parts=parts)


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
