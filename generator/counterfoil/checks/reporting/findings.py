"""What a contract test found."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from counterfoil.checks.recording.secret_fields import SecretFields
from counterfoil.checks.reporting.coverage import Coverage
from counterfoil.checks.reporting.places import Places
from counterfoil.checks.settings import STAGES, Stage
from counterfoil.checks.wire.credentials import MASK, Credentials
from counterfoil.checks.wire.exchange import Exchange

_LONGEST = 1000  # characters of what is told as expected, or got
_SHORTEST_SECRET = 8  # characters from which on a secret of an answer is looked for
_SECRETS = SecretFields()

Key = tuple[str, str, str]  # check, operation and summary of a finding


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a server departs from its contract.

    `operation` is method and path. `summary` says in one line what kind of departure it is; together with `check`
    and `operation` it identifies the finding. `curl` shows it again, empty where no single request does. `pointer` is
    the JSON Pointer into the contract of the rule that is broken, empty where HTTP itself or common sense is.
    """

    check: str
    operation: str
    summary: str
    expected: str
    got: str
    curl: str = ""
    count: int = 1
    pointer: str = ""

    @property
    def key(self) -> Key:
        """What identifies it within a vendor."""
        return self.check, self.operation, self.summary


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that was not run, for all operations (`operation` empty) or one, and why."""

    check: str
    operation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that a baseline accepts, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Objects that an operation made at a server and that nothing removed, and why."""

    operation: str
    keys: tuple[str, ...]
    reason: str


class EnoughError(Exception):
    """Raised where a report has as many findings as were asked for."""


@dataclass(slots=True)
class Report:
    """The outcome of testing one vendor. `cases` counts requests by operation and by what made them.

    With a `limit` the finding that reaches it raises `EnoughError`. `known` are findings that a baseline accepts, with
    its reasons; they become `accepted` and none of the `findings`. `places` knows where rules of the contract
    were read. `interrupted` is the signal that ended the run before all was tested, 0 for none; `failure` says what
    else did, in one line, and is empty otherwise. `before` is what was found when schemathesis began, None where it did
    not.
    """

    vendor: str
    target: str
    seed: int
    credentials: Credentials
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    left_behind: list[LeftBehind] = field(default_factory=list)
    cases: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: float = 0.0
    limit: int | None = None
    interrupted: int = 0
    failure: str = ""
    known: Mapping[Key, str] = field(default_factory=dict)
    accepted: list[Accepted] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    places: Places = field(default_factory=Places)
    stages: Sequence[Stage] = ()
    before: frozenset[Key] | None = None

    @property
    def ok(self) -> bool:
        """Whether the server kept the contract, as far as it was tested."""
        return not self.findings and not self.failure

    @property
    def outcome(self) -> str:
        """What the run came to, in a few words."""
        if self.findings:
            return "1 finding" if len(self.findings) == 1 else f"{len(self.findings)} findings"
        if self.failure or self.interrupted:
            return "nothing found before it broke off"
        if not self.cases:
            return "nothing was asked"
        return "keeps the contract, as far as it was tested" if self.is_cut_short else "keeps the contract"

    @property
    def is_cut_short(self) -> bool:
        """Whether something was left out of all operations, such as what a budget had no room for."""
        return any(not item.operation for item in self.skipped)

    @property
    def whole(self) -> bool:
        """Whether every stage was run to its end, so that what was not found does not occur.

        Schemathesis may be missing: what it alone finds is known as such.
        """
        cut_short = self.interrupted or self.failure or self.is_cut_short
        return set(self.stages) >= {*STAGES} - {"schemathesis"} and self.limit is None and not cut_short

    def begin_schemathesis(self) -> None:
        """Note that whatever is found from now on is found by schemathesis alone."""
        found = (*self.findings, *(item.finding for item in self.accepted))
        self.before = frozenset(finding.key for finding in found)

    def is_of_schemathesis(self, key: Key) -> bool:
        """Whether nothing but schemathesis has found this."""
        return self.before is not None and key not in self.before

    @property
    def total(self) -> int:
        """How often something was found, accepted findings included."""
        accepted = sum(item.finding.count for item in self.accepted)
        return accepted + sum(finding.count for finding in self.findings)

    def place(self, finding: Finding) -> str:
        """Where the rule stands that a finding is about, `path:line:column`, and whether it is less than certain.

        It is the pointer where nobody knows.
        """
        rule = self.places.of(finding.pointer)
        if rule is None:
            return finding.pointer
        return f"{rule.location} ({rule.doubt})" if rule.doubt else str(rule.location)

    def count(self, operation: str, source: str, amount: int = 1) -> None:
        """Note that requests were sent to `operation`."""
        self.cases.setdefault(operation, Counter())[source] += amount

    def skip(self, check: str, operation: str, reason: str) -> None:
        """Note that a check is not made, at `operation` or at all."""
        item = Skipped(check, operation, self.credentials.mask(reason))
        if item not in self.skipped:
            self.skipped.append(item)

    def leave(self, operation: str, keys: Sequence[str], reason: str) -> None:
        """Note objects that are left behind at the server."""
        mask = self.credentials.mask
        self.left_behind.append(LeftBehind(operation, tuple(map(mask, keys)), mask(reason)))

    def add(self, exchange: Exchange, check: str, summary: str, expected: str, got: str, pointer: str = "") -> None:
        """Note a finding that `exchange` shows. Of equal findings the one with the smallest request is kept.

        What fields of the answer tell that are called as secrets are is not shown.
        """
        command = exchange.request.curl(self.credentials)
        label = exchange.operation.label
        text = exchange.response.body.decode("utf-8", "replace")
        told = sorted(set(_SECRETS.told(text, exchange.response.header("content-type"))), key=len, reverse=True)
        expected, got = (_SECRETS.masked(_without(each, told), "") for each in (expected, got))
        self.add_finding(Finding(check, label, summary, expected, got, command, pointer=pointer))

    def add_finding(self, finding: Finding) -> None:
        """Note a finding, without any credential in its texts, unless an equal one is known."""
        mask = self.credentials.mask
        finding = replace(
            finding,
            summary=mask(finding.summary),
            expected=_bounded(mask(finding.expected)),
            got=_bounded(mask(finding.got)),
            curl=mask(finding.curl),
        )
        if finding.key in self.known:
            self._accept(finding)
            return
        for index, known in enumerate(self.findings):
            if known.key == finding.key:
                self.findings[index] = _smaller(known, finding)
                return
        self.findings.append(finding)
        if self.limit is not None and len(self.findings) >= self.limit:
            raise EnoughError

    def add_again(self, check: str, operation: str) -> bool:
        """Count up a finding of a check at an operation, and say whether there is one."""
        for index, known in enumerate(self.findings):
            if (known.check, known.operation) == (check, operation):
                self.findings[index] = replace(known, count=known.count + 1)
                return True
        return any((item.finding.check, item.finding.operation) == (check, operation) for item in self.accepted)

    def _accept(self, finding: Finding) -> None:
        for index, known in enumerate(self.accepted):
            if known.finding.key == finding.key:
                self.accepted[index] = replace(known, finding=_smaller(known.finding, finding))
                return
        self.accepted.append(Accepted(finding, self.known[finding.key]))


def alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings that say the same of several operations together, those with the smallest request first."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.check, finding.summary), []).append(finding)
    return [sorted(found, key=lambda each: len(each.curl)) for found in kinds.values()]


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, MASK)
    return text


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _smaller(known: Finding, other: Finding) -> Finding:
    smaller = min(known, other, key=lambda item: len(item.curl))
    return replace(smaller, count=known.count + other.count)
