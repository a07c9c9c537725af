"""Everything that the page shows, decided before a template prints it."""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterfoil.checks.reporting.coverage import Reached
from counterfoil.checks.reporting.findings import Finding, Report, alike
from counterfoil.checks.reporting.html import charts
from counterfoil.checks.reporting.keywords import KEYWORDS
from counterfoil.checks.reporting.matrix import Left, Outcome, left_out, outcomes
from counterfoil.checks.reporting.visible import visible
from counterfoil.checks.semantics.refusals import undocumented

if TYPE_CHECKING:
    import jinja2

_PAGE = "reports/report.html.jinja"
_SCRIPT = "reports/report.js.jinja"


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding: its number within the page, where its rule stands, and why it is accepted if it is."""

    anchor: str
    finding: Finding
    place: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A status of an operation; `key` is documented as such, empty where nothing documents it.

    `tolerable`: a contract need not tell of it.
    """

    name: str
    key: str
    count: int
    tolerable: bool = False

    @property
    def state(self) -> str:
        """`seen`, `missed` (documented only), `tolerated` or `undocumented`."""
        if self.key:
            return "seen" if self.count else "missed"
        return "tolerated" if self.tolerable else "undocumented"


@dataclass(frozen=True, slots=True)
class Share:
    """The uses of a keyword in the schemas of an operation: all, those that requests were about, and on both sides."""

    total: int = 0
    reached: int = 0
    both: int = 0

    @property
    def percent(self) -> int:
        """How many of them were tried on both sides or one, the latter counting half."""
        return round(50 * (self.reached + self.both) / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Row:
    """An operation, or what else there is to say something of."""

    label: str
    cells: tuple[Outcome | None, ...]
    anchors: tuple[str, ...]
    statuses: tuple[Status, ...] = ()
    shares: tuple[Share, ...] = ()
    latency: str = ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor of the page. `kinds` are the findings, those together that say the same of several operations."""

    number: int
    report: Report
    target: str
    requests: int
    findings: tuple[Shown, ...]
    kinds: tuple[tuple[Shown, ...], ...]
    accepted: tuple[Shown, ...]
    left: tuple[Left, ...]
    checks: tuple[str, ...]
    keywords: tuple[str, ...]
    rows: tuple[Row, ...]
    by_source: charts.Requests
    latency: charts.Latency | None

    @property
    def operations(self) -> int:
        """How many operations the contract has."""
        return len(self.report.coverage.operations)

    @property
    def statuses(self) -> Share:
        """Of all documented statuses those that were seen."""
        documented = {(row.label, each.key) for row in self.rows for each in row.statuses if each.key}
        seen = {(row.label, each.key) for row in self.rows for each in row.statuses if each.key and each.count}
        return Share(len(documented), len(seen))

    @property
    def tried(self) -> Share:
        """All uses of keywords, and how many of them requests were about."""
        shares = [share for row in self.rows for share in row.shares]
        return Share(*(sum(getattr(share, name) for share in shares) for name in ("total", "reached", "both")))


def to_html(reports: Sequence[Report]) -> str:
    """Reports as one page: what was found, and what was reached."""
    environment = _environment()
    script = environment.get_template(_SCRIPT).render()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    vendors = [_vendor(number, report) for number, report in enumerate(reports, 1)]
    return environment.get_template(_PAGE).render(vendors=vendors, script=script, digest=digest, width=charts.WIDTH)


def _environment() -> "jinja2.Environment":
    import jinja2

    from counterfoil.template_folder import own_templates

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(own_templates()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["visible"] = visible
    return environment


def _vendor(number: int, report: Report) -> Vendor:
    matrix = outcomes(report)
    findings = tuple(
        Shown(f"f{number}-{index}", finding, report.place(finding)) for index, finding in enumerate(report.findings, 1)
    )
    by_key = {shown.finding.key: shown for shown in findings}
    accepted = tuple(
        Shown(f"a{number}-{index}", item.finding, report.place(item.finding), item.reason)
        for index, item in enumerate(report.accepted, 1)
    )
    anchors = {shown.finding.key: shown.anchor for shown in (*reversed(findings), *reversed(accepted))}
    checks = tuple(sorted({check for label, row in matrix.items() if label for check in row}))
    uses = {label: _uses(reached) for label, reached in report.coverage.operations.items()}
    keywords = tuple(name for name in KEYWORDS if any(name in found for found in uses.values()))
    rows = tuple(
        _row(label, row, checks, anchors, report.coverage.operations.get(label), uses.get(label, {}), keywords)
        for label, row in matrix.items()
        if label
    )
    seconds = [each for reached in report.coverage.operations.values() for each in reached.seconds]
    return Vendor(
        number,
        report,
        report.credentials.mask(report.target),
        sum(sources.total() for sources in report.cases.values()),
        findings,
        tuple(tuple(by_key[finding.key] for finding in kind) for kind in alike(report.findings)),
        accepted,
        left_out(report),
        checks,
        keywords,
        rows,
        charts.requests_chart(report.cases),
        charts.latency_chart(seconds),
    )


def _row(
    label: str,
    row: Mapping[str, Outcome],
    checks: Sequence[str],
    anchors: Mapping[tuple[str, str, str], str],
    reached: Reached | None,
    uses: Mapping[str, Share],
    keywords: Sequence[str],
) -> Row:
    cells = tuple(row.get(check) for check in checks)
    targets = tuple(_target(cell, anchors) for cell in cells)
    if reached is None:
        return Row(label, cells, targets)
    ordered = sorted(reached.seconds)
    latency = ""
    if ordered:
        latency = (
            f"{charts.duration(charts.percentile(ordered, 50))} / {charts.duration(charts.percentile(ordered, 95))}"
        )
    shares = tuple(uses.get(name, Share()) for name in keywords)
    return Row(label, cells, targets, tuple(_statuses(reached)), shares, latency)


def _target(cell: Outcome | None, anchors: Mapping[tuple[str, str, str], str]) -> str:
    if cell is None:
        return ""
    shown = [*cell.findings, *(item.finding for item in cell.accepted)]
    return anchors[shown[0].key] if shown else ""


def _statuses(reached: Reached) -> list[Status]:
    """Every status that was seen, and every documented one that was not, in their order."""
    found = []
    for status, count in reached.statuses.items():
        described = reached.operation.response(status)
        tolerable = undocumented.tolerable(reached.operation, status)
        found.append(Status(str(status), described.key if described else "", count, tolerable))
    met = {status.key for status in found}
    found += [Status(key, key, 0) for key in reached.documented if key not in met]
    return sorted(found, key=lambda status: status.name)


def _uses(reached: Reached) -> dict[str, Share]:
    total: Counter[str] = Counter()
    any_side: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for pointer, tries in reached.keywords().items():
        name = pointer.rpartition("/")[2]
        total[name] += 1
        any_side[name] += bool(tries.valid or tries.invalid)
        both[name] += bool(tries.valid and tries.invalid)
    return {name: Share(count, any_side[name], both[name]) for name, count in total.items()}
