"""Baselines: findings that people know of, each with the reason why it is accepted, as YAML.

findings:
  - vendor: acme
    check: positive_data_acceptance
    operation: POST /v1/widgets
    summary: "valid data is refused with 422: name"
    reason: Acme mends it in release 4.
    until: 2027-01-31
    stage: schemathesis
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.reporting.findings import Key, Report
from counterfoil.documents.source.tree import read_source
from counterfoil.location import CounterfoilError, Diagnostic, Location

_NAMES = ("vendor", "check", "operation", "summary", "reason")
_SCHEMATHESIS = "schemathesis"
_HEAD = """\
# Known findings of `counterfoil test`. Each needs a reason; `until: YYYY-MM-DD` says how long it is accepted. What has
# `stage: schemathesis` is missed only by runs that have this stage.
findings:
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that is accepted up to and including the day `until`, forever without one.

    `stage` is `schemathesis` where nothing else finds it, else empty.
    """

    vendor: str
    key: Key
    reason: str
    until: date | None = None
    location: Location = field(default_factory=lambda: Location("", 0))
    stage: str = ""

    def holds(self, today: date) -> bool:
        """Whether it is still accepted."""
        return self.until is None or today <= self.until


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of one file."""

    entries: Sequence[Entry] = ()

    def known(self, vendor: str, today: date) -> dict[Key, str]:
        """What is accepted of a vendor, with its reasons."""
        return {entry.key: entry.reason for entry in self.entries if entry.vendor == vendor and entry.holds(today)}

    def expired(self, reports: Iterable[Report], today: date) -> Iterator[Diagnostic]:
        """A warning for every entry whose time is over although its finding still occurs."""
        found = {(report.vendor, finding.key) for report in reports for finding in report.findings}
        for entry in self.entries:
            if not entry.holds(today) and (entry.vendor, entry.key) in found:
                message = f"was accepted until {entry.until}: {_named(entry)}"
                yield Diagnostic(entry.location, "baseline-expired", message, severity="warning")

    def unused(self, reports: Iterable[Report]) -> Iterator[Diagnostic]:
        """An error for every entry whose finding does not occur any more, as far as runs were whole."""
        whole = [report for report in reports if report.whole]
        found: set[tuple[str, Key]] = set()
        untested: set[tuple[str, str]] = set()
        for report in whole:
            left = {item.operation for item in report.skipped} - set(report.coverage.operations)
            untested |= {(report.vendor, operation) for operation in left}
            found |= {(report.vendor, finding.key) for finding in report.findings}
            found |= {(report.vendor, item.finding.key) for item in report.accepted}
        tested = {report.vendor for report in whole}
        for entry in self.entries:
            if (entry.vendor, entry.key[1]) in untested:
                continue
            if entry.stage and not any(entry.stage in report.stages for report in whole):
                continue
            if entry.vendor in tested and (entry.vendor, entry.key) not in found:
                hint = "take it out of the baseline"
                yield Diagnostic(entry.location, "baseline-unused", f"does not occur any more: {_named(entry)}", hint)


def read_baseline(path: str, text: str, *, draft: bool = False) -> Baseline:
    """The baseline in the text of the file `path`; of a `draft` reasons may be empty.

    `CounterfoilError` with every mistake in its form.
    """
    source = read_source(text, Location(path))
    problems = list(source.diagnostics)

    def refuse(pointer: str, message: str, hint: str = "") -> None:
        place = source.evidence.location(pointer) or Location(path)
        problems.append(Diagnostic(place, "bad-baseline", message, hint))

    entries: list[Entry] = []
    tree = source.value
    if tree is None:
        tree = {}
    listed = (tree.get("findings") or []) if isinstance(tree, dict) and not set(tree) - {"findings"} else None
    if not isinstance(listed, list):
        refuse("", "a baseline is an object with a list `findings`")
        listed = []
    for index, item in enumerate(listed):
        pointer = json_pointer.join("", "findings", index)
        mistake = _mistake(item, draft=draft)
        until = _day(item.get("until")) if isinstance(item, dict) else None
        if mistake:
            refuse(pointer, mistake)
        elif item.get("until") is not None and until is None:
            refuse(json_pointer.join(pointer, "until"), "`until` is a date, YYYY-MM-DD")
        else:
            place = source.evidence.location(pointer) or Location(path)
            key = (item["check"], item["operation"], item["summary"])
            entries.append(Entry(item["vendor"], key, item["reason"].strip(), until, place, item.get("stage", "")))
    if problems:
        raise CounterfoilError(*problems)
    return Baseline(entries)


def draft_of(reports: Iterable[Report], old: Baseline) -> Baseline:
    """A baseline of everything that was found, with the reasons and dates that `old` has.

    Entries of vendors that were not tested as a whole stay, and those of schemathesis where it was not run.
    """
    before = {(entry.vendor, entry.key): entry for entry in old.entries}
    found: dict[tuple[str, Key], Entry] = {}
    tested = set()
    for report in reports:
        if report.whole:
            tested |= {(report.vendor, stage) for stage in ("", *report.stages)}
        for finding in (*report.findings, *(item.finding for item in report.accepted)):
            at = (report.vendor, finding.key)
            stage = _SCHEMATHESIS if report.is_of_schemathesis(finding.key) else ""
            found[at] = before.get(at) or Entry(report.vendor, finding.key, "", stage=stage)
    kept = {at: entry for at, entry in before.items() if at not in found and (entry.vendor, entry.stage) not in tested}
    return Baseline([entry for _, entry in sorted({**kept, **found}.items(), key=lambda pair: pair[0])])


def to_yaml(baseline: Baseline) -> str:
    """The text of a baseline, which `read_baseline` reads."""
    lines = [_HEAD if baseline.entries else _HEAD.replace("findings:", "findings: []")]
    for entry in baseline.entries:
        values = dict(zip(_NAMES, (entry.vendor, *entry.key, entry.reason), strict=True))
        marks = ("  - ", *("    ",) * len(values))
        # A JSON text is a YAML scalar, whatever it says.
        lines += [
            f"{mark}{name}: {json.dumps(value)}\n" for mark, (name, value) in zip(marks, values.items(), strict=False)
        ]
        lines += [f"    until: {entry.until}\n"] if entry.until else []
        lines += [f"    stage: {entry.stage}\n"] if entry.stage else []
    return "".join(lines)


def _mistake(item: Any, *, draft: bool) -> str:
    """What is wrong with the form of an entry, empty if nothing is."""
    if not isinstance(item, dict):
        return f"an entry is an object with {', '.join(_NAMES)}"
    unknown = sorted(set(item) - {*_NAMES, "until", "stage"})
    if unknown:
        return f"an entry has no {', '.join(unknown)}"
    missing = [name for name in _NAMES if not isinstance(item.get(name), str)]
    if missing:
        return f"an entry needs {', '.join(missing)}, as text"
    if item.get("stage", _SCHEMATHESIS) != _SCHEMATHESIS:
        return f"`stage` is {_SCHEMATHESIS}, or is left out"
    if not draft and not item["reason"].strip():
        return "the reason is empty; say why this is accepted"
    return ""


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _named(entry: Entry) -> str:
    return f"{entry.vendor}: {': '.join(entry.key)}"
