"""The order of requests: what shows most with few of them comes first."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from counterfoil.checks.ladder.rung import Planned

T = TypeVar("T")


def by_turns(plans: Iterable[Planned]) -> tuple[list[Planned], list[Planned]]:
    """Each rule is broken once before any is broken twice, and tried once before any is tried again.

    What is so for the first time, one of each kind before the others, and all that comes after it.
    """
    kinds: set[tuple[bool, str]] = set()
    # One list of required properties is a rule for each of them.
    turns = sorted(
        ((turn, _is_another(kinds, plan), plan) for turn, plan in numbered(plans, _about)),
        key=lambda each: (each[0], each[1], each[2].is_valid),
    )
    return [plan for turn, _, plan in turns if not turn], [plan for turn, _, plan in turns if turn]


def _is_another(kinds: set[tuple[bool, str]], plan: Planned) -> bool:
    kind = plan.is_valid, plan.kind
    is_known = kind in kinds
    kinds.add(kind)
    return is_known


def _about(plan: Planned) -> tuple[bool, tuple[str, str, str]]:
    return plan.is_valid, plan.rule


def numbered(items: Iterable[T], about: Callable[[T], Hashable]) -> Iterator[tuple[int, T]]:
    """Each item, and how many before it are about the same."""
    seen: Counter[Hashable] = Counter()
    for item in items:
        key = about(item)
        yield seen[key], item
        seen[key] += 1
