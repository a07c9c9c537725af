"""The order of the requests to one operation: what shows most with few of them comes first."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from counterfoil.checks.ladder.combined import combined
from counterfoil.checks.ladder.rung import Rung


def ordered(wholes: Sequence[Rung], changes: Iterable[Rung], fits: Callable[[str, Any], bool]) -> Iterator[Rung]:
    """The valid requests `wholes`, then many valid ones of their `changes` at once, then each change alone.

    Of these each rule is broken once before any is broken twice, and tried once before any is tried again. `fits` tells
    whether a request may have a value where the schema at a pointer stands. No change is asked for before its turn.
    """
    yield from wholes
    found = list(changes)
    yield from combined(wholes, found, fits)
    yield from _by_turns(found)


def _by_turns(rungs: Iterable[Rung]) -> Iterator[Rung]:
    seen: Counter[tuple[bool, str, str, str]] = Counter()
    turns: list[tuple[int, bool, Rung]] = []
    for rung in rungs:
        # One list of required properties is a rule for each of them; what is no data has each time another rule.
        about = bool(rung.broken), rung.pointer, rung.place, "" if rung.reason == "invalid" else rung.change
        turns.append((seen[about], not rung.broken, rung))
        seen[about] += 1
    yield from (rung for _, _, rung in sorted(turns, key=lambda turn: turn[:2]))
