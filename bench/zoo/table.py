"""The rows of documents as one table, and what they add up to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]

GOOD = frozenset({"ok", "refused"})
_HEADINGS = (
    "document", "outcome", "stage", "operations", "schemas", "err", "warn", "note", "gen s", "all s", "MB", "found",
)  # fmt: skip
_WIDEST = 56


def is_good(row: Row) -> bool:
    """Whether a document reached the end as a whole, or was refused for what is wrong with it."""
    return row.get("outcome") in GOOD and not row.get("silent")


def table(rows: Sequence[Row]) -> str:
    """One line a document, under headings."""
    cells = [_HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column < 3 else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def _cells(row: Row) -> tuple[str, ...]:
    severities, costs = row.get("diagnostics", {}), row.get("cost", {})
    name = row["document"]
    return (
        name if len(name) <= _WIDEST else f"{name[: _WIDEST - 1]}…",
        row.get("outcome", "?"),
        row.get("stage", "?"),
        *(f"{row.get(f'{what}_out', '-')}/{row.get(f'{what}_in', '-')}" for what in ("operations", "schemas")),
        *(str(severities.get(severity, "")) for severity in ("error", "warning", "note")),
        f"{costs.get('generate', {}).get('cpu', 0):.1f}",
        f"{sum(cost['cpu'] for cost in costs.values()):.1f}",
        str(max((cost["memory"] for cost in costs.values()), default="")),
        str(sum(row.get("findings", {}).values()) or ""),
    )


def summary(rows: Sequence[Row], index: Mapping[str, Mapping[str, str]]) -> str:
    """What came of all documents, then what went wrong with each; `index` says which documents are valid."""
    outcomes = Counter(row.get("outcome", "?") for row in rows)
    lines = [f"{len(rows)} documents: {', '.join(f'{number} {name}' for name, number in outcomes.most_common())}"]
    valid = [row for row in rows if index.get(row["document"], {}).get("parses", "yes") == "yes"]
    lines += [f"{what} of valid documents: {_share(valid, what)}" for what in ("operations", "schemas")]
    rules = sum((Counter(row.get("rules", {})) for row in rows), Counter[str]())
    lines += [f"{number:6} {rule}" for rule, number in rules.most_common()]
    for row in rows:
        if not is_good(row):
            silent = [f"silently left out: {operation}" for operation in row["silent"]]
            lines += _told(
                row, f"{row.get('outcome', '?')} at {row.get('stage', '?')}", [row.get("detail", ""), *silent]
            )
        elif row["outcome"] == "refused":
            lines += _told(row, "refused", row["told"])
        elif row.get("found"):
            lines += _told(row, "violations", row["found"])
    return "\n".join(lines)


def _share(rows: Sequence[Row], what: str) -> str:
    stated = sum(row.get(f"{what}_in", 0) for row in rows)
    kept = sum(row.get(f"{what}_out", 0) for row in rows)
    return f"{kept} of {stated}" + (f" ({kept / stated:.2%})" if stated else "")


def _told(row: Row, what: str, texts: Sequence[str]) -> list[str]:
    return ["", f"{row['document']}: {what}", *(f"    {line}" for text in texts for line in text.splitlines())]
