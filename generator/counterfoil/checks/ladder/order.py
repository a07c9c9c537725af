"""The order of requests: what shows most with few of them comes first."""

from collections import Counter
from collections.abc import Iterable, Iterator

from counterfoil.checks.ladder.rung import Planned


def by_turns(plans: Iterable[Planned]) -> list[Planned]:
    """Each rule is broken once before any is broken twice, and tried once before any is tried again."""
    ordered = sorted(numbered(plans), key=lambda each: (each[0], each[1].is_valid))
    return [plan for _, plan in ordered]


def numbered(plans: Iterable[Planned]) -> Iterator[tuple[int, Planned]]:
    """How often the rule of each was broken before, or tried where it is valid."""
    seen: Counter[tuple[bool, tuple[str, str, str]]] = Counter()
    for plan in plans:
        # One list of required properties is a rule for each of them.
        about = plan.is_valid, plan.rule
        yield seen[about], plan
        seen[about] += 1
