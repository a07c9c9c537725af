"""Faults and what found them as one table, and what they add up to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.faults.measuring import Outcome

_HEADINGS = ("category", "vendor", "fault", "found by", "check", "requests", "CPU s", "schemathesis alone", "CPU s")
_RIGHT = frozenset({5, 6, 8})
_WIDEST = 44


@dataclass(frozen=True)
class Row:
    """A fault, what the contract tests say of it and, where it was run, what schemathesis alone does."""

    category: str
    vendor: str
    fault: str
    kit: Outcome
    alone: Outcome | None = None

    @property
    def found_by(self) -> str:
        """The kind of check that found the fault; `missed` where none did."""
        return self.kit.kind if self.kit.found else "missed"

    def told(self) -> str:
        """What found the fault and at which cost, in one line."""
        text = f"{self.found_by}, {sum(self.kit.requests.values())} requests, {self.kit.cpu:.3f} CPU s"
        if self.alone is None:
            return text
        return f"{text}; schemathesis alone: {self.alone.check or 'missed'}, {self.alone.cpu:.1f} CPU s"


def table(rows: Sequence[Row]) -> str:
    """One line a fault, under headings."""
    cells = [_HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if column in _RIGHT else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def _cells(row: Row) -> tuple[str, ...]:
    name = row.fault
    return (
        row.category,
        row.vendor,
        name if len(name) <= _WIDEST else f"{name[: _WIDEST - 1]}…",
        row.found_by,
        row.kit.check,
        str(sum(row.kit.requests.values())),
        f"{row.kit.cpu:.3f}",
        "" if row.alone is None else row.alone.check[:_WIDEST] or "missed",
        "" if row.alone is None else f"{row.alone.cpu:.1f}",
    )


def summary(rows: Sequence[Row]) -> str:
    """Of every category and of all: how many were found, by what, and at which cost."""
    categories = list(dict.fromkeys(row.category for row in rows))
    lines = [_of(name, [row for row in rows if row.category == name]) for name in categories]
    if len(categories) > 1:
        lines.append(_of("all", rows))
    return "\n".join(lines)


def _of(name: str, rows: Sequence[Row]) -> str:
    found = [row for row in rows if row.kit.found]
    kinds = Counter(row.found_by for row in rows)
    text = f"{name}: {len(found)} of {len(rows)} found ({len(found) / len(rows):.1%}; "
    text += ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()) + ")"
    text += f"; median {median(row.kit.cpu for row in rows):.3f} CPU s, "
    text += f"{median(sum(row.kit.requests.values()) for row in rows):.0f} requests"
    compared = [row.alone for row in rows if row.alone is not None]
    if compared:
        share = sum(outcome.found for outcome in compared)
        text += (
            f"; schemathesis alone {share} of {len(compared)}, median {median(each.cpu for each in compared):.1f} CPU s"
        )
    return text
