"""Many changes of a value in one request: what breaks on any of them, or misses any of them, shows at once."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from counterfoil.checks.cases.leaves import Path, put
from counterfoil.checks.cases.variants.change import REMOVED
from counterfoil.checks.cases.variants.walk import Step, Variant
from counterfoil.checks.ladder.rung import Rung

Tried = Callable[[Step], tuple[Variant, bool]]
"""What becomes of the whole value by a change, and whether the contract accepts that."""


class Turn(NamedTuple):
    """A change, the path to all that is different, and all beginnings of that path."""

    step: Step
    path: Path
    ways: tuple[Path, ...]


def by_turns(steps: Sequence[Step]) -> list[Turn]:
    """The changes of parts of a value in such an order that each rule is tried once before any is tried again."""
    ways: dict[Path, tuple[Path, ...]] = {}
    seen: dict[tuple[str, Path, bool], int] = {}
    turns: dict[tuple[int, int], list[Turn]] = {}
    for step in steps:
        path = step.within
        # What is left out tries nothing of the rules for values.
        about = step.change.pointer, step.path, step.change.value is REMOVED
        seen[about] = number = seen.get(about, -1) + 1
        if path:
            if path not in ways:
                ways[path] = tuple(path[:length] for length in range(len(path) + 1))
            turns.setdefault((number, -len(path)), []).append(Turn(step, path, ways[path]))
    # Parts of a value before the value as a whole, in whose place there is no room for others.
    return [turn for _, each in sorted(turns.items(), key=itemgetter(0)) for turn in each]


def combined(
    whole: Rung, turns: Sequence[Turn], tried: Tried, fits: Callable[[Any], bool], make: Callable[[Step], Rung]
) -> Iterator[tuple[Rung, list[Step]]]:
    """Requests with as many of the valid changes to `whole` as there is room for in one body, and these changes.

    Each change is in no more than one of them, that of which rules were tried least in the first. What takes something
    away is in none. `fits` tells whether a request may have a value; `make` makes the request with one change alone.
    """
    return _together([turn for turn in turns if turn.step.change.must], whole, tried, fits, make, valid=True)


def broken_together(
    whole: Rung, turns: Sequence[Turn], tried: Tried, fits: Callable[[Any], bool], make: Callable[[Step], Rung]
) -> Iterator[tuple[Rung, list[Step]]]:
    """As `combined`, of changes that the contract refuses; answers that tell all that is wrong tell each of them."""
    return _together(turns, whole, tried, fits, make, valid=False)


def _together(
    left: Sequence[Turn],
    whole: Rung,
    tried: Tried,
    fits: Callable[[Any], bool],
    make: Callable[[Step], Rung],
    *,
    valid: bool,
) -> Iterator[tuple[Rung, list[Step]]]:
    base = whole.draft
    while len(left) > 1:
        taken, left = _disjoint(base.value, left, tried, valid=valid)
        value = base.value
        for change, held in taken:
            value = put(value, change.path, held)
        if len(taken) > 1 and fits(value) is valid:
            parts = tuple(partial(make, change.step) for change, _ in taken)
            place = f"{len(parts)} places"
            broken = "" if valid else f"what is wrong at {place}"
            draft = base.with_json(value, base.media_type)
            found = [change.step for change, _ in taken]
            paths = tuple(step.path for step in found)
            yield Rung(draft, place, "have other values", broken, whole.pointer, parts=parts, paths=paths), found


def _disjoint(
    whole: Any, changes: Sequence[Turn], tried: Tried, *, valid: bool
) -> tuple[list[tuple[Turn, Any]], list[Turn]]:
    """As many changes as leave each other alone, each with what it puts there, and those for which there is no room."""
    taken: list[tuple[Turn, Any]] = []
    left: list[Turn] = []
    ends: set[Path] = set()
    ways: set[Path] = set()
    for change in changes:
        path = change.path
        if path in ways or not ends.isdisjoint(change.ways):
            left.append(change)
            continue
        variant, is_valid = tried(change.step)
        if is_valid is not valid:
            continue
        value = _at(variant.value, path)
        if (valid and value is REMOVED) or _same(value, _at(whole, path)):
            continue
        taken.append((change, value))
        ends.add(path)
        ways.update(change.ways)
    return taken, left


def _at(value: Any, path: Path) -> Any:
    """What is at a path; `REMOVED` where nothing is."""
    for step in path:
        if isinstance(value, dict) and step not in value:
            return REMOVED
        value = value[step]
    return value


def _same(one: Any, other: Any) -> bool:
    return one is other or repr(one) == repr(other)  # 1, 1.0 and true are equal in Python
