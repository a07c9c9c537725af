"""Many changes of a value in one request: what breaks on any of them, or misses any of them, shows at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from counterfoil.checks.cases.leaves import Path, put
from counterfoil.checks.cases.variants.change import REMOVED
from counterfoil.checks.cases.variants.walk import Step, Steps, Variant
from counterfoil.checks.ladder.rung import Rung

Tried = Callable[[Step], tuple[Variant, bool]]
"""What becomes of the whole value by a change, and whether the contract accepts that."""


class _Taken(NamedTuple):
    step: Step
    path: Path
    value: Any  # what is at the path with the change


class _Place:
    """The changes at one place: what tries a rule for the first time comes before what tries any again.

    `turn` is how often the rule of the next change was tried before, None where no change is left.
    """

    def __init__(self, path: Path, steps: Iterable[Step]) -> None:
        self.path = path
        self.ways = tuple(path[:length] for length in range(len(path) + 1))
        self.turn: int | None = 0
        self._steps = iter(steps)
        self._seen: dict[tuple[str, Path, bool], int] = {}
        self._later: list[deque[Step]] = []  # by turn, from the second one on

    def changes(self) -> Iterator[Step]:
        """Take the changes of this turn, which is over when there are no more."""
        for step in self._steps:
            # What is left out tries nothing of the rules for values.
            about = step.change.pointer, step.path, step.change.value is REMOVED
            turn = self._seen.get(about, 0)
            self._seen[about] = turn + 1
            if not turn:
                yield step
                continue
            if turn > len(self._later):
                self._later.append(deque())
            self._later[turn - 1].append(step)
        if self.turn:
            waiting = self._later[self.turn - 1]
            while waiting:
                yield waiting.popleft()
        self.turn = next((number for number, steps in enumerate(self._later, 1) if steps), None)


def combined(
    whole: Rung, steps: Sequence[Steps], tried: Tried, fits: Callable[[Any], bool], make: Callable[[Step], Rung]
) -> Iterator[tuple[Rung, list[Step]]]:
    """Requests with as many of the valid changes to `whole` as there is room for in one body, and these changes.

    Each change is in no more than one of them, that of which rules were tried least in the first. What takes something
    away is in none. `fits` tells whether a request may have a value; `make` makes the request with one change alone.
    """
    return _together(steps, whole, tried, fits, make, valid=True)


def broken_together(
    whole: Rung, steps: Sequence[Steps], tried: Tried, fits: Callable[[Any], bool], make: Callable[[Step], Rung]
) -> Iterator[tuple[Rung, list[Step]]]:
    """As `combined`, of changes that the contract refuses; answers that tell all that is wrong tell each of them."""
    return _together(steps, whole, tried, fits, make, valid=False)


def _together(
    steps: Sequence[Steps],
    whole: Rung,
    tried: Tried,
    fits: Callable[[Any], bool],
    make: Callable[[Step], Rung],
    *,
    valid: bool,
) -> Iterator[tuple[Rung, list[Step]]]:
    base = whole.draft
    places = _places(steps)
    while taken := _disjoint(base.value, places, tried, valid=valid):
        value = base.value
        for each in taken:
            value = put(value, each.path, each.value)
        if len(taken) > 1 and fits(value) is valid:
            found = [each.step for each in taken]
            parts = tuple(partial(make, step) for step in found)
            place = f"{len(parts)} places"
            broken = "" if valid else f"what is wrong at {place}"
            draft = base.with_json(value, base.media_type)
            paths = tuple(step.path for step in found)
            yield Rung(draft, place, "have other values", broken, whole.pointer, parts=parts, paths=paths), found


def _places(steps: Sequence[Steps]) -> list[_Place]:
    """The parts of a value, before the value as a whole, in whose place there is no room for others."""
    within: dict[Path, list[Steps]] = {}
    for each in steps:
        within.setdefault(each.within, []).append(each)
    places = [_Place(path, chain.from_iterable(each)) for path, each in within.items() if path]
    return sorted(places, key=lambda place: -len(place.path))


def _disjoint(whole: Any, places: Sequence[_Place], tried: Tried, *, valid: bool) -> list[_Taken]:
    """As many changes as leave each other alone."""
    taken: list[_Taken] = []
    ends: set[Path] = set()
    ways: set[Path] = set()
    left = [place for place in places if place.turn is not None]
    while left:
        turn = min(place.turn for place in left if place.turn is not None)
        further = []
        for place in left:
            if place.path in ways or not ends.isdisjoint(place.ways):
                continue
            found = _first(place, whole, tried, valid=valid) if place.turn == turn else None
            if found is not None:
                taken.append(found)
                ends.add(place.path)
                ways.update(place.ways)
            elif place.turn is not None:
                further.append(place)
        left = further
    return taken


def _first(place: _Place, whole: Any, tried: Tried, *, valid: bool) -> _Taken | None:
    """The first change of this turn that is valid, or is not, and makes a difference."""
    for step in place.changes():
        if valid and not step.change.must:
            continue
        variant, is_valid = tried(step)
        if is_valid is not valid:
            continue
        value = _at(variant.value, place.path)
        if (valid and value is REMOVED) or _same(value, _at(whole, place.path)):
            continue
        return _Taken(step, place.path, value)
    return None


def _at(value: Any, path: Path) -> Any:
    """What is at a path; `REMOVED` where nothing is."""
    for step in path:
        if isinstance(value, dict) and step not in value:
            return REMOVED
        value = value[step]
    return value


def _same(one: Any, other: Any) -> bool:
    return one is other or repr(one) == repr(other)  # 1, 1.0 and true are equal in Python
