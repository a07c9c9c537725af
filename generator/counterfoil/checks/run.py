"""Contract tests of one vendor: every check against one server, and a report."""

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from counterfoil.checks import examples
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder.climb import climb
from counterfoil.checks.operation import Operation, operations
from counterfoil.checks.property_tests import run as property_tests
from counterfoil.checks.property_tests.run import Effort
from counterfoil.checks.property_tests.storage import user_cache
from counterfoil.checks.reporting.findings import Finding, Report
from counterfoil.checks.semantics import echo, models
from counterfoil.checks.unique import UniqueValues, mark_of_now
from counterfoil.checks.wire.client import Client
from counterfoil.checks.wire.credentials import Credentials, variable_for
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.target import Target
from counterfoil.checks.wire.tokens import conforming_token, documented_form
from counterfoil.location import CounterfoilError, Diagnostic, Location

DEFAULT_SEED = 1
SUCCESS = "success_reached"
EXCEPTION = "unexpected_exception"
OWN_CHECKS = frozenset({echo.NAME, examples.NAME, models.NAME, SUCCESS, EXCEPTION})
_NOT_FOUND = 404


@user_cache()
def run(
    vendor: str,
    package_dir: Path,
    target: Target,
    *,
    token: str | None = None,
    headers: Sequence[tuple[str, str]] = (),
    seed: int = DEFAULT_SEED,
    effort: Effort | None = None,
) -> Report:
    """Test the server `target` against the contract and the models generated into `package_dir`.

    `token` is what the contract's security scheme asks for (a key, a bearer token, `user:password`). Without it a
    conforming one is made up for a target on this machine. `headers` go with every request. Neither occurs in the
    report. The same seed gives the same requests to a server that starts afresh.

    Raises `CounterfoilError` where there is nothing to test, the overlay switches off an unknown check, or the
    server needs credentials that are not given.
    """
    started = time.monotonic()
    contract = _read(package_dir / "openapi.json")
    found = list(operations(contract))
    _refuse_unknown_checks(found, package_dir)
    credentials = _credentials(vendor, contract, found, target, token, headers)
    report = Report(vendor, target.title, seed, credentials)
    if credentials.made_up and target.app is None:
        _leave_authentication_out(found, credentials)
    unique = UniqueValues("" if target.app is not None else mark_of_now())
    with Client(target, credentials) as client:
        conversation = Conversation(found, client, unique, report)
        examples.run(conversation)
        climb(conversation)
    exchanges = conversation.exchanges
    exchanges += property_tests.run(contract, found, target, credentials, unique, report, effort or Effort())
    _check_exchanges(exchanges, found, package_dir, report)
    _check_exceptions(target, report)
    for operation in found:
        for name, reason in operation.switched_off.items():
            report.skip(name, operation.label, reason)
    report.seconds = time.monotonic() - started
    return report


def _read(path: Path) -> dict[str, Any]:
    try:
        contract: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        hint = "run `counterfoil generate` first"
        raise CounterfoilError(
            Diagnostic(Location(path.as_posix(), 0), "no-contract", "there is no generated contract here", hint)
        ) from None
    except ValueError as error:
        raise CounterfoilError(Diagnostic(Location(path.as_posix(), 0), "invalid-json", str(error))) from error
    return contract


def _refuse_unknown_checks(found: Iterable[Operation], package_dir: Path) -> None:
    known = OWN_CHECKS | property_tests.check_names()
    unknown = sorted({name for operation in found for name in operation.switched_off} - known)
    if unknown:
        location = Location((package_dir / "openapi.json").as_posix(), 0)
        hint = f"known are {', '.join(sorted(known))}"
        raise CounterfoilError(
            *(Diagnostic(location, "unknown-check", f"x-counterfoil switches off {name}", hint) for name in unknown)
        )


def _credentials(
    vendor: str,
    contract: dict[str, Any],
    found: Sequence[Operation],
    target: Target,
    token: str | None,
    headers: Sequence[tuple[str, str]],
) -> Credentials:
    schemes = contract.get("components", {}).get("securitySchemes", {})
    variable = variable_for(vendor)
    credentials = Credentials(variable, token, tuple(headers), schemes)
    lacking = [operation for operation in found if not credentials.satisfied_for(operation)]
    if lacking and token is None and target.is_local:
        token = conforming_token(lacking[0], schemes)
        credentials = Credentials(variable, token, tuple(headers), schemes, made_up=True)
        lacking = [operation for operation in found if not credentials.satisfied_for(operation)]
    if not lacking:
        if token is not None:
            target.admit(token)
        return credentials
    message = f"{lacking[0].label} needs credentials"
    hint = f"set {variable} to what the security scheme asks for, or pass --header"
    raise CounterfoilError(Diagnostic(Location(target.public_url, 0), "credentials-missing", message, hint))


def _leave_authentication_out(found: Iterable[Operation], credentials: Credentials) -> None:
    """Where any token may be as good as the one that was made up, a server need not refuse another."""
    reason = f"the token was made up and any may do; set {credentials.variable} to test authentication"
    for operation in found:
        if credentials.needed_by(operation) and documented_form(operation, credentials.schemes) is None:
            operation.switched_off.setdefault(property_tests.IGNORED_AUTH, reason)


def _check_exchanges(
    exchanges: Sequence[Exchange], found: Sequence[Operation], package_dir: Path, report: Report
) -> None:
    generated = models.load(package_dir)
    for exchange in exchanges:
        if echo.NAME not in exchange.operation.switched_off:
            echo.check(exchange, report)
        if models.NAME not in exchange.operation.switched_off:
            models.check(exchange, generated, report)
    for operation in found:
        if SUCCESS not in operation.switched_off:
            _check_success(operation, [item for item in exchanges if item.operation is operation], report)


def _check_success(operation: Operation, exchanges: Sequence[Exchange], report: Report) -> None:
    """Some valid request succeeds; else a server that refuses everybody would pass, since refusals are documented."""
    valid = [exchange for exchange in exchanges if exchange.intent == "valid" and exchange.authenticated]
    if any(exchange.accepted for exchange in valid):
        return
    if not valid:
        report.skip(SUCCESS, operation.label, "no valid request could be made")
    elif "{" in operation.path and all(exchange.response.status == _NOT_FOUND for exchange in valid):
        report.skip(SUCCESS, operation.label, "no object is known that exists")
    else:
        expected = f"{' or '.join(operation.success_keys) or '2XX'} for a valid request"
        report.add(valid[0], SUCCESS, "no request succeeded", expected, valid[0].response.describe())


def _check_exceptions(target: Target, report: Report) -> None:
    for failure in target.failures():
        report.add_finding(
            Finding(EXCEPTION, "stub", "an unexpected exception was logged", "no exception", str(failure))
        )
