"""Reports for GitHub Actions: workflow commands that annotate lines, and a step summary in Markdown."""

import os
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from counterfoil.checks.reporting.findings import Finding, LeftBehind, Report, alike
from counterfoil.checks.reporting.text import plural
from counterfoil.checks.reporting.visible import visible
from counterfoil.markdown import code, inline

_LONGEST = 4000  # characters of a message; a log keeps no more of a line in sight
_SHOWN = 10  # errors of a step that GitHub makes annotations of
_LARGEST = 1_000_000  # bytes of a summary; GitHub takes 1 MiB of a step


def to_github(reports: Sequence[Report], workspace: Path | None = None) -> str:
    """A workflow command for each kind of findings, at the line of the page or overlay that states the rule.

    A line for each vendor that is no command tells what came of it.
    Paths are relative to `workspace`, the root of the repository, where they lie within. GitHub shows the first ten
    annotations of a step and logs the others: failures of runs come first, then a finding of each vendor in turn.
    """
    failures = [_failure(report) for report in reports if report.failure]
    kinds = ([_command(found, report, workspace) for found in alike(report.findings)] for report in reports)
    turns = (each for turn in zip_longest(*kinds) for each in turn if each is not None)
    commands = [*failures, *turns]
    if len(commands) > _SHOWN:
        told = f"GitHub shows {_SHOWN} of {len(commands)} errors here; the log, the summary and the reports have all"
        commands.insert(0, f"::notice title=counterfoil::{_data(told)}")
    return "".join(f"{line}\n" for line in (*commands, *map(_outcome, reports)))


def _outcome(report: Report) -> str:
    """A line of the log, and no command, that says what was tested where nothing was found, too."""
    requests = sum(sources.total() for sources in report.cases.values())
    reached = f"{plural(len(report.coverage.operations), 'operation')}, {plural(requests, 'request')}"
    return visible(f"{report.vendor}: {report.outcome} ({reached})")


def _failure(report: Report) -> str:
    return f"::error title={_property(report.vendor)}%3A broken off::{_data(visible(report.failure))}"


def _command(found: Sequence[Finding], report: Report, workspace: Path | None) -> str:
    finding, *others = found
    properties = {}
    rule = report.places.of(finding.pointer)
    if rule is not None:
        place = rule.location
        properties["file"] = _within(place.path, workspace)
        if place.line:
            properties |= {"line": str(place.line), "col": str(place.column)}
    properties["title"] = f"{report.vendor}: {finding.check}"
    told = (("", f"{finding.operation}: {finding.summary}"), ("expected: ", finding.expected), ("got: ", finding.got))
    also = ", ".join(each.operation for each in others)
    message = "\n".join(f"{name}{text}" for name, text in (*told, ("", finding.curl), ("also at: ", also)) if text)
    stated = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::error {stated}::{_data(visible(message[:_LONGEST]))}"


def _within(path: str, workspace: Path | None) -> str:
    absolute = Path(os.path.normpath(Path.cwd() / path))
    root = workspace or Path.cwd()
    return absolute.relative_to(root).as_posix() if absolute.is_relative_to(root) else path


def _data(text: str) -> str:
    """What the runner turns back into `text` after `::` (actions/toolkit, command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def to_markdown(reports: Sequence[Report]) -> str:
    """A summary of a run in GitHub's Markdown; no text of a server or page is markup in it.

    Findings that would make it larger than GitHub takes are counted only.
    """
    lines = list(_table(reports))
    size = _size(lines)
    for report in reports:
        left_out = [item.reason for item in report.skipped if not item.operation]
        if not report.ok or left_out or report.left_behind:
            lines += ["", f"### {inline(report.vendor)}", ""]
        if report.failure:
            lines.append(f"- broken off: {code(report.failure)}")
        lines += [f"- left out: {inline(reason)}" for reason in left_out]
        lines += map(_left_behind, report.left_behind)
        for number, finding in enumerate(report.findings):
            told = list(_finding(finding, report))
            size += _size(told)
            if size > _LARGEST:
                lines.append(f"- {len(report.findings) - number} more are in the reports")
                break
            lines += told
    return "\n".join(lines) + "\n"


def _left_behind(left: LeftBehind) -> str:
    objects = code(", ".join(left.keys)[:_LONGEST])
    return f"- left behind by {code(left.operation)}: {objects} ({inline(left.reason)})"


def _size(lines: Sequence[str]) -> int:
    return sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)


def _table(reports: Sequence[Report]) -> Iterator[str]:
    yield from (
        "## Contract tests",
        "",
        "| Vendor | Outcome | Operations | Requests | Accepted |",
        "|---|---|--:|--:|--:|",
    )
    for report in reports:
        requests = sum(sources.total() for sources in report.cases.values())
        sign = "✗" if not report.ok else "✓" if requests and not report.interrupted else "–"
        outcome = f"{sign} {report.outcome}"
        operations = len(report.coverage.operations)
        yield f"| {inline(report.vendor)} | {outcome} | {operations} | {requests} | {len(report.accepted)} |"


def _finding(finding: Finding, report: Report) -> Iterator[str]:
    times = f" ({finding.count} times)" if finding.count > 1 else ""
    yield f"- {code(finding.check)} at {code(finding.operation)}: {inline(finding.summary)}{times}"
    told = (
        ("expected", finding.expected),
        ("got", finding.got),
        ("rule", report.place(finding)),
        ("again", finding.curl),
    )
    for name, text in told:
        if text:
            yield f"  - {name}: {code(text[:_LONGEST])}"
