"""The checks of answers, on a recording."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterfoil.checks.guesses import leave_guesses_out
from counterfoil.checks.live.allowed import chosen
from counterfoil.checks.operation import operations
from counterfoil.checks.preparing import read_contract
from counterfoil.checks.recording.masking import Masking
from counterfoil.checks.recording.matching import SOURCE, Matched, match
from counterfoil.checks.recording.reading import Recorded, Recording, read_har
from counterfoil.checks.reporting.coverage import Coverage
from counterfoil.checks.reporting.ending import until_the_end
from counterfoil.checks.reporting.findings import Key, Report
from counterfoil.checks.semantics import conformance
from counterfoil.checks.semantics.success import SuccessReached
from counterfoil.checks.semantics.watchers import watchers as all_watchers
from counterfoil.checks.settings import Settings
from counterfoil.checks.wire.credentials import MASK, Credentials, variable_for
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from counterfoil.checks.wire.exchange import Exchange

NAME = "recording"
UNKNOWN = "undocumented_operation"


def replay(
    vendor: str,
    package_dir: Path,
    har: Path,
    *,
    url: str | None = None,
    settings: Settings | None = None,
    known: Mapping[Key, str] | None = None,
) -> Report:
    """Check each answer of the HAR file `har` that is one to an operation of the contract in `package_dir`.

    Nothing is sent. `url` is where the server was, by default the recording tells. What a recording hides as
    `[masked]` is not checked. `CounterfoilError` if the file cannot be read, or has no answer to any operation.
    """
    settings = settings or Settings()
    contract = read_contract(package_dir / "openapi.json")
    leave_guesses_out(contract, package_dir)
    found = operations(contract)
    found = chosen(found, settings.live.operations) if settings.live.operations else found
    recording = read_har(har)
    matched = match(recording, found, url)
    if not matched.exchanges:
        hint = "say with --url where the server was" if matched.elsewhere else ""
        raise CounterfoilError(
            Diagnostic(
                Location(har.as_posix(), 0), "nothing-to-compare", "there is no answer to any operation here", hint
            )
        )
    report = Report(
        vendor,
        f"{har.as_posix()}, recorded at {matched.base_url or 'no server that the contract has'}",
        settings.seed,
        _credentials(vendor, contract, recording),
        limit=1 if settings.first else None,
        known=known or {},
    )
    watchers = [each for each in all_watchers(package_dir, found, settings) if not isinstance(each, SuccessReached)]
    report.coverage = Coverage(found, [name for watcher in watchers for name in watcher.names])
    tell_left_out(recording, matched, report)
    seen: list[Exchange] = []
    with until_the_end(report, seen):
        for entry, exchange in matched.exchanges:
            seen.append(exchange)
            report.count(exchange.operation.label, SOURCE)
            if is_whole(entry):
                conformance.check(exchange, report)
            if is_whole(entry) and not _is_masked(entry):
                for watcher in (*watchers, report.coverage):
                    watcher.see(exchange, report)
        for watcher in watchers:
            watcher.finish(report)
    return report


def _credentials(vendor: str, contract: dict[str, Any], recording: Recording) -> Credentials:
    """The secrets of all entries, which a browser's file has in plain text."""
    found = Credentials(variable_for(vendor), schemes=contract.get("components", {}).get("securitySchemes", {}))
    masking = Masking(contract, found)
    secrets = {each for entry in recording.entries for each in masking.secrets(entry.request, entry.response)}
    found.hidden.extend(sorted(each for each in secrets if MASK not in each))
    return found


def is_whole(entry: Recorded) -> bool:
    """Whether a recording has the answer, and not only that there was one."""
    return entry.has_body and entry.response.status != 304


def tell_left_out(recording: Recording, matched: Matched, report: Report) -> None:
    """Note what of a recording is not looked at."""
    for count, what in (
        (matched.elsewhere, "to other servers or paths"),
        (recording.unanswered, "without an answer"),
        (sum(not is_whole(entry) for entry, _ in matched.exchanges), "whose answers are not in the file"),
    ):
        if count:
            report.skip(NAME, "", f"{count} {'request' if count == 1 else 'requests'} {what}")
    for label, count in matched.unknown.items():
        report.skip(UNKNOWN, label, f"no operation of the contract ({count} {'time' if count == 1 else 'times'})")


def _is_masked(entry: Recorded) -> bool:
    mask = MASK.encode()
    return mask in entry.request.body or mask in entry.response.body
