"""The order of requests: what shows most with few of them comes first."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from counterfoil.checks.ladder.rung import Planned

T = TypeVar("T")


def by_turns(plans: Iterable[Planned]) -> tuple[list[Planned], list[Planned]]:
    """Each rule is broken once before any is broken twice, and tried once before any is tried again.

    What is so for the first time, and all that comes after it.
    """
    # One list of required properties is a rule for each of them.
    turns = sorted(numbered(plans, _about), key=lambda each: (each[0], each[1].is_valid))
    return [plan for turn, plan in turns if not turn], [plan for turn, plan in turns if turn]


def _about(plan: Planned) -> tuple[bool, tuple[str, str, str]]:
    return plan.is_valid, plan.rule


def numbered(items: Iterable[T], about: Callable[[T], Hashable]) -> Iterator[tuple[int, T]]:
    """Each item, and how many before it are about the same."""
    seen: Counter[Hashable] = Counter()
    for item in items:
        key = about(item)
        yield seen[key], item
        seen[key] += 1
