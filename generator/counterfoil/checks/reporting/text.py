"""A report in plain text, for a terminal or a log."""

import textwrap
from collections.abc import Iterator

from counterfoil.checks.reporting.findings import Finding, Report
from counterfoil.checks.reporting.matrix import left_out
from counterfoil.checks.reporting.visible import visible

_LONGEST_COMMAND = 3000


def to_text(report: Report) -> str:
    """The report as plain text, for a terminal or a log."""
    return visible("\n".join(_lines(report)))


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.vendor}: {report.credentials.mask(report.target)}"
    for operation, sources in sorted(report.cases.items()):
        details = ", ".join(f"{count} {source}" for source, count in sources.items())
        yield f"  {operation}: {_plural(sources.total(), 'request')} ({details})"
    for left in left_out(report):
        more = f"{left.operations[0]} and {len(left.operations) - 1} more" if len(left.operations) > 1 else ""
        where = f" at {more or left.operations[0]}" if left.operations else ""
        yield f"  skipped {left.check}{where}: {left.reason}"
    for item in report.accepted:
        known = item.finding
        yield f"  accepted {known.check} at {known.operation}: {known.summary}: {item.reason}"
    for number, finding in enumerate(report.findings, 1):
        yield ""
        yield from _finding_lines(number, finding, report)
    if report.findings:
        yield ""
    outcome = _plural(len(report.findings), "finding") if report.findings else "keeps the contract"
    yield f"  {outcome} ({report.seconds:.1f} s, seed {report.seed})"


def _finding_lines(number: int, finding: Finding, report: Report) -> Iterator[str]:
    times = f" ({finding.count} times)" if finding.count > 1 else ""
    yield f"  {number}. {finding.check}: {finding.operation}: {finding.summary}{times}"
    told = (("expected", finding.expected), ("got", finding.got), ("rule", report.place(finding)))
    for name, text in told:
        if text:
            yield textwrap.indent(f"{name}: {text}", "       ").replace("       ", "     ", 1)
    if finding.curl:
        command = finding.curl
        if len(command) > _LONGEST_COMMAND:
            command = f"{command[:_LONGEST_COMMAND]}… ({len(command)} characters)"
        yield f"     {command}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
