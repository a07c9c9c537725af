"""What a contract test found, and how it is told in plain text."""

import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from counterfoil.checks.credentials import Credentials
from counterfoil.checks.exchange import Exchange

_LONGEST_COMMAND = 3000


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a server departs from its contract.

    `operation` is method and path. `summary` says in one line what kind of departure it is; together with `check`
    and `operation` it identifies the finding. `curl` shows it again, empty where no single request does.
    """

    check: str
    operation: str
    summary: str
    expected: str
    got: str
    curl: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that was not run, for all operations (`operation` empty) or one, and why."""

    check: str
    operation: str
    reason: str


@dataclass(slots=True)
class Report:
    """The outcome of testing one vendor. `cases` counts requests by operation and by what made them."""

    vendor: str
    target: str
    seed: int
    credentials: Credentials
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    cases: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the server kept the contract."""
        return not self.findings

    def count(self, operation: str, source: str, amount: int = 1) -> None:
        """Note that requests were sent to `operation`."""
        self.cases.setdefault(operation, Counter())[source] += amount

    def skip(self, check: str, operation: str, reason: str) -> None:
        """Note that a check is not made, at `operation` or at all."""
        item = Skipped(check, operation, self.credentials.mask(reason))
        if item not in self.skipped:
            self.skipped.append(item)

    def add(self, exchange: Exchange, check: str, summary: str, expected: str, got: str) -> None:
        """Note a finding that `exchange` shows. Of equal findings the one with the smallest request is kept."""
        command = exchange.request.curl(self.credentials)
        self.add_finding(Finding(check, exchange.operation.label, summary, expected, got, command))

    def add_finding(self, finding: Finding) -> None:
        """Note a finding, without any credential in its texts, unless an equal one is known."""
        mask = self.credentials.mask
        finding = replace(
            finding,
            summary=mask(finding.summary),
            expected=mask(finding.expected),
            got=mask(finding.got),
            curl=mask(finding.curl),
        )
        for index, known in enumerate(self.findings):
            if (known.check, known.operation, known.summary) == (finding.check, finding.operation, finding.summary):
                smaller = min(known, finding, key=lambda item: len(item.curl))
                self.findings[index] = replace(smaller, count=known.count + finding.count)
                return
        self.findings.append(finding)


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
