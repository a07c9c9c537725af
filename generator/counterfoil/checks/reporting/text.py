"""A report in plain text, for a terminal or a log."""

import textwrap
from collections.abc import Iterator, Sequence

from counterfoil.checks.reporting.findings import Finding, Report, alike
from counterfoil.checks.reporting.matrix import left_out
from counterfoil.checks.reporting.visible import logged

_LONGEST_COMMAND = 3000
_MOST_OPERATIONS = 20  # that are listed for what is said of several


def to_text(report: Report) -> str:
    """The report as plain text, for a terminal or a log."""
    return logged("\n".join(_lines(report)))


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.vendor}: {report.credentials.mask(report.target)}"
    for operation, sources in sorted(report.cases.items()):
        details = ", ".join(f"{count} {source}" for source, count in sources.items())
        yield f"  {operation}: {plural(sources.total(), 'request')} ({details})"
    for left in left_out(report):
        more = f"{left.operations[0]} and {len(left.operations) - 1} more" if len(left.operations) > 1 else ""
        where = f" at {more or left.operations[0]}" if left.operations else ""
        yield f"  skipped {left.check}{where}: {left.reason}"
    for item in report.accepted:
        known = item.finding
        yield f"  accepted {known.check} at {known.operation}: {known.summary}: {item.reason}"
    kinds = alike(report.findings)
    for number, found in enumerate(kinds, 1):
        yield ""
        yield from _finding_lines(number, found, report)
    if kinds:
        yield ""
    if report.failure:
        yield f"  broken off: {report.failure}"
    outcome = report.outcome
    if len(kinds) < len(report.findings):
        outcome += f" of {plural(len(kinds), 'kind')}"
    yield f"  {outcome} ({report.seconds:.1f} s, seed {report.seed})"


def _finding_lines(number: int, found: Sequence[Finding], report: Report) -> Iterator[str]:
    finding, *others = found
    times = f" ({finding.count} times)" if finding.count > 1 else ""
    yield f"  {number}. {finding.check}: {finding.operation}: {finding.summary}{times}"
    told = (("expected", finding.expected), ("got", finding.got), ("rule", report.place(finding)))
    for name, text in told:
        if text:
            yield textwrap.indent(f"{name}: {text}", "       ").replace("       ", "     ", 1)
    if others:
        listed = ", ".join(each.operation for each in others[:_MOST_OPERATIONS])
        if len(others) > _MOST_OPERATIONS:
            listed += f" and {len(others) - _MOST_OPERATIONS} more"
        yield from textwrap.wrap(
            f"also at: {listed}", 118, initial_indent="     ", subsequent_indent="       ", break_on_hyphens=False
        )
    if finding.curl:
        command = finding.curl
        if len(command) > _LONGEST_COMMAND:
            command = f"{command[:_LONGEST_COMMAND]}… ({len(command)} characters)"
        yield f"     {command}"


def plural(count: int, noun: str) -> str:
    """A number of things: `1 request`, `2 requests`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
