"""A report in plain text, for a terminal or a log."""

import textwrap
from collections.abc import Iterator

from counterfoil.checks.reporting.findings import Finding, Report

_LONGEST_COMMAND = 3000


def to_text(report: Report) -> str:
    """The report as plain text, for a terminal or a log."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.vendor}: {report.credentials.mask(report.target)}"
    for operation, sources in sorted(report.cases.items()):
        details = ", ".join(f"{count} {source}" for source, count in sources.items())
        yield f"  {operation}: {_plural(sources.total(), 'request')} ({details})"
    for item in report.skipped:
        where = f" at {item.operation}" if item.operation else ""
        yield f"  skipped {item.check}{where}: {item.reason}"
    for number, finding in enumerate(report.findings, 1):
        yield ""
        yield from _finding_lines(number, finding)
    if report.findings:
        yield ""
    outcome = _plural(len(report.findings), "finding") if report.findings else "keeps the contract"
    yield f"  {outcome} ({report.seconds:.1f} s, seed {report.seed})"


def _finding_lines(number: int, finding: Finding) -> Iterator[str]:
    times = f" ({finding.count} times)" if finding.count > 1 else ""
    yield f"  {number}. {finding.check}: {finding.operation}: {finding.summary}{times}"
    for name, text in (("expected", finding.expected), ("got", finding.got)):
        if text:
            yield textwrap.indent(f"{name}: {text}", "       ").replace("       ", "     ", 1)
    if finding.curl:
        command = finding.curl
        if len(command) > _LONGEST_COMMAND:
            command = f"{command[:_LONGEST_COMMAND]}… ({len(command)} characters)"
        yield f"     {command}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
