"""The order of requests: what shows most with few of them comes first."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from counterfoil.checks.ladder.rung import Planned

T = TypeVar("T")


def by_turns(plans: Iterable[Planned]) -> list[Planned]:
    """Each rule is broken once before any is broken twice, and tried once before any is tried again."""
    # One list of required properties is a rule for each of them.
    turns = sorted(numbered(plans, _about), key=lambda each: (each[0], each[1].is_valid))
    return [plan for _, plan in turns]


def _about(plan: Planned) -> tuple[bool, tuple[str, str, str]]:
    return plan.is_valid, plan.rule


def numbered(items: Iterable[T], about: Callable[[T], Hashable]) -> Iterator[tuple[int, T]]:
    """Each item, and how many before it are about the same."""
    seen: Counter[Hashable] = Counter()
    for item in items:
        key = about(item)
        yield seen[key], item
        seen[key] += 1
