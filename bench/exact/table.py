"""What came of the suite and of real schemas as one table, and whether that reaches the goals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Report = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of the table. `share` is what `agreed` of `total` come to; `goal` the least of it, None without one."""

    title: str
    agreed: float
    total: float
    goal: float | None = None

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 where there is nothing."""
        return self.agreed / self.total if self.total else 0.0

    @property
    def is_missed(self) -> bool:
        """Whether the goal is not reached."""
        return self.goal is not None and self.share < self.goal

    def __str__(self) -> str:
        goal = "" if self.goal is None else f"  {'MISSED' if self.is_missed else 'goal'} {self.goal:.0%}"
        return f"{self.title:<42} {self.agreed:>9.0f} of {self.total:>9.0f}  {self.share:8.2%}{goal}"


@dataclass(frozen=True)
class Bound:
    """A line of the table with one figure and the least, or the most, that it is to be."""

    title: str
    value: float
    least: float = 0
    most: float = float("inf")

    @property
    def is_missed(self) -> bool:
        """Whether the figure is out of its bounds."""
        return not self.least <= self.value <= self.most

    @property
    def _figure(self) -> str:
        return f"{self.value:>9.0f}" if self.least else f"{self.value:>9.2f}"

    def __str__(self) -> str:
        bound = f"at least {self.least:.0f}" if self.least else f"at most {self.most}"
        return f"{self.title:<42} {self._figure}  {'MISSED' if self.is_missed else 'goal'} {bound}"


def real_lines(reports: Sequence[Report], least: Mapping[str, int]) -> list[Line | Bound]:
    """What the reports of documents add up to; `least` are the numbers of schemas and instances that are to be held."""
    counts = sum((Counter(report["counts"]) for report in reports), Counter[str]())
    seconds = sum((Counter(report["seconds"]) for report in reports), Counter[str]())
    keywords: dict[str, Counter[str]] = {}
    for report in reports:
        for word, found in report["keywords"].items():
            keywords.setdefault(word, Counter()).update(found)
    lines: list[Line | Bound] = [Bound(f"real schemas: {what}", counts[what], least=least[what]) for what in least]
    lines.append(Line("real schemas: verdicts", counts["agreed"], counts["instances"], 1))
    by_number = sorted(keywords.items(), key=lambda item: (-item[1]["instances"], item[0]))
    lines += [Line(f"    {word}", found["agreed"], found["instances"]) for word, found in by_number]
    lines.append(Line("real schemas: written as they were read", counts["written_again"], counts["read"], 1))
    if seconds["plain"]:
        lines.append(Bound("time to read ÷ the engine's plain models", seconds["ours"] / seconds["plain"], most=1.4))
    return lines
