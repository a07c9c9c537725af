"""What came of each check at each operation."""

from dataclasses import dataclass, field
from typing import Literal

from counterfoil.checks.reporting.findings import Accepted, Finding, Report

State = Literal["failed", "accepted", "skipped", "partly", "passed"]


@dataclass(slots=True)
class Outcome:
    """A check at an operation: how many answers it looked at, what it found, why it is left out in whole or in part."""

    answers: int = 0
    findings: list[Finding] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def state(self) -> State:
        """The worst that is to be said; `partly` where some answers were looked at and others left out."""
        if self.findings:
            return "failed"
        if self.accepted:
            return "accepted"
        if self.reasons:
            return "partly" if self.answers else "skipped"
        return "passed"


@dataclass(frozen=True, slots=True)
class Left:
    """A check that is left out for one reason, at some operations or, without any, at all."""

    check: str
    reason: str
    operations: tuple[str, ...]


def left_out(report: Report) -> tuple[Left, ...]:
    """What was not checked, each reason once."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item in report.skipped:
        groups.setdefault((item.check, item.reason), []).append(item.operation)
    return tuple(Left(*at, tuple(filter(None, places))) for at, places in groups.items())


def outcomes(report: Report) -> dict[str, dict[str, Outcome]]:
    """Operation → check → outcome, in the order of the contract and of the names.

    What concerns no operation has a row of its own, such as `stub`; so has, with an empty name, what is left out of
    all.
    """
    found: dict[str, dict[str, Outcome]] = {label: {} for label in report.coverage.operations}

    def at(operation: str, check: str) -> Outcome:
        return found.setdefault(operation, {}).setdefault(check, Outcome())

    for label, reached in report.coverage.operations.items():
        for check, answers in reached.checks.items():
            at(label, check).answers = answers
    for finding in report.findings:
        at(finding.operation, finding.check).findings.append(finding)
    for accepted in report.accepted:
        at(accepted.finding.operation, accepted.finding.check).accepted.append(accepted)
    for item in report.skipped:
        at(item.operation, item.check).reasons.append(item.reason)
    return {label: dict(sorted(checks.items())) for label, checks in found.items()}
