"""Contract tests of one vendor: every check against one server, and a report."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterfoil.checks import documented
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder.ladder import NAMES as LADDER
from counterfoil.checks.ladder.ladder import Ladder
from counterfoil.checks.live import allowed
from counterfoil.checks.live.naming import RecognisableNames
from counterfoil.checks.live.session import Session
from counterfoil.checks.operation import Operation, operations_of
from counterfoil.checks.patience import Patience
from counterfoil.checks.preparing import (
    contract_for,
    credentials_for,
    leave_authentication_out,
    refuse_unknown_checks,
)
from counterfoil.checks.probes import probing
from counterfoil.checks.property_tests import names as schemathesis
from counterfoil.checks.reporting.coverage import Coverage
from counterfoil.checks.reporting.ending import until_the_end
from counterfoil.checks.reporting.findings import Finding, Key, Report
from counterfoil.checks.semantics import success
from counterfoil.checks.semantics.watchers import watchers as all_watchers
from counterfoil.checks.semantics.watching import Watcher
from counterfoil.checks.settings import Settings, Stage
from counterfoil.checks.unique import UniqueValues, mark_of_now
from counterfoil.checks.wire.target import Target

if TYPE_CHECKING:
    from counterfoil.checks.wire.exchange import Exchange

EXCEPTION = "unexpected_exception"

_CHECKS: Mapping[Stage, tuple[str, ...]] = {
    "documented": (documented.NAME,),
    "ladder": LADDER,
    "probes": probing.NAMES,
}
_FIRST_KINDS = 4  # requests to each operation with one change, of another kind each
_FIRST_ALONE = 120  # requests to each operation with one change, before what takes many requests


def run(
    vendor: str,
    package_dir: Path,
    target: Target,
    *,
    token: str | None = None,
    headers: Sequence[tuple[str, str]] = (),
    settings: Settings | None = None,
    known: Mapping[Key, str] | None = None,
) -> Report:
    """Test the server `target` against the contract and the models generated into `package_dir`.

    `token` is what the contract's security scheme asks for (a key, a bearer token, `user:password`). Without it a
    conforming one is made up for a target on this machine. `headers` go with every request. Neither occurs in the
    report. The same seed gives the same requests to a server that starts afresh. `known` are findings that a baseline
    accepts, with its reasons.

    Raises `CounterfoilError` where there is nothing to test, the overlay switches off an unknown check, or the
    server needs credentials that are not given; `BrokenOffError` with what was found so far where an error ends the run
    later, be it a mistake that shows late or a defect of these tests.
    """
    settings = settings or Settings()
    path = package_dir / "openapi.json"
    schemas = contract_for(package_dir, target, token)
    contract, whole = schemas.tree, operations_of(schemas)
    session = Session(vendor, contract, whole, target, settings.live, settings.seed)
    found = session.allowed()
    watchers = all_watchers(package_dir, found, settings)
    refuse_unknown_checks(whole, _known(watchers), path)
    credentials = credentials_for(vendor, contract, found, target, token, headers)
    report = Report(
        vendor, target.title, settings.seed, credentials, limit=1 if settings.first else None, known=known or {}
    )
    report.coverage = Coverage(found, [name for watcher in watchers for name in watcher.names])
    if credentials.made_up and target.app is None:
        leave_authentication_out(found, credentials, schemathesis.ABOUT_AUTHENTICATION)
    if settings.readonly is not None:
        credentials.readonly = settings.readonly
        credentials.hidden.append(settings.readonly)
    if settings.live.renewal is not None:
        credentials.hidden.extend(settings.live.renewal.secrets)
    unique = RecognisableNames() if session.is_safe else UniqueValues("" if target.app is not None else mark_of_now())
    exchanges: list[Exchange] = []
    with until_the_end(report, exchanges):
        with session.client(credentials) as client:
            valid = ValidRequests(Instances.of(schemas))
            observers: tuple[Watcher, ...] = (*watchers, report.coverage, *session.watchers)
            patience, guard = Patience(settings.slowest), session.guard(found)
            conversation = Conversation(
                found, valid, client, unique, report, observers, exchanges, guard=guard, patience=patience
            )
            with session.running(conversation, report):
                _converse(conversation, contract, target, session.stages(settings))
        _finish(watchers, found, target, report)
    return report


def _converse(conversation: Conversation, contract: dict[str, Any], target: Target, settings: Settings) -> None:
    coverage = conversation.report.coverage
    conversation.report.stages = settings.stages
    ladder, probes = Ladder(conversation, settings.max_cases), probing.Probes(conversation)
    # What shows most with few requests comes first, whichever stage it is of.
    steps: tuple[tuple[Stage, Callable[[], None]], ...] = (
        ("probes", probes.prepare),
        ("documented", partial(documented.run, conversation)),
        ("ladder", ladder.make),
        ("ladder", ladder.begin),
        ("probes", probes.knock),
        ("ladder", ladder.vary),
        ("ladder", ladder.refuse),
        ("probes", probes.begin),
        ("ladder", ladder.break_together),
        ("probes", probes.authenticate),
        ("ladder", ladder.follow),
        ("ladder", partial(ladder.climb, _FIRST_KINDS)),
        ("probes", probes.go_on),
        ("ladder", partial(ladder.climb, _FIRST_ALONE)),
        ("probes", probes.finish),
        ("ladder", ladder.climb),
        ("probes", probes.conclude),
    )
    for stage, step in steps:
        if stage in settings.stages:
            with coverage.judging(*_CHECKS[stage]):
                step()
    if "schemathesis" in settings.stages:
        # Importing schemathesis takes longer than all stages before it.
        from counterfoil.checks.property_tests import run as property_tests

        conversation.report.begin_schemathesis()
        # Only both together send all that schemathesis enumerates.
        climbed = ladder.climbed() if "probes" in settings.stages else ()
        property_tests.run(contract, conversation, target, settings, climbed)


def _known(watchers: Sequence[Watcher]) -> frozenset[str]:
    own = {name for watcher in watchers for name in watcher.names}
    return (
        frozenset(
            own
            | {
                documented.NAME,
                *LADDER,
                *probing.NAMES,
                success.NAME,
                allowed.NAME,
                EXCEPTION,
            }
        )
        | schemathesis.CHECKS
    )


def _finish(watchers: Sequence[Watcher], found: Sequence[Operation], target: Target, report: Report) -> None:
    for watcher in watchers:
        watcher.finish(report)
    for failure in target.failures():
        report.add_finding(
            Finding(EXCEPTION, "stub", "an unexpected exception was logged", "no exception", str(failure))
        )
    for operation in found:
        for name, reason in operation.switched_off.items():
            report.skip(name, operation.label, reason)
