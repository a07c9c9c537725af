"""The answers that drift is looked for in: of a live server, or of a recording."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, zip_longest
from pathlib import Path

from counterfoil.checks import documented
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder import climb
from counterfoil.checks.live.naming import RecognisableNames
from counterfoil.checks.live.session import Session
from counterfoil.checks.live.settings import Live
from counterfoil.checks.operation import Operation, operations
from counterfoil.checks.preparing import credentials_for, read_contract
from counterfoil.checks.recording.masking import Masking
from counterfoil.checks.recording.matching import match
from counterfoil.checks.recording.reading import read_har
from counterfoil.checks.recording.replaying import is_whole, tell_left_out
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.credentials import Credentials, variable_for
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.target import Target
from counterfoil.stub.contract_tree import ContractTree

SOURCE = "drift"
_MOST = 40  # valid requests to an operation
_HIGHEST = 2_000  # requests of its ladder that these are chosen from


def of_recording(vendor: str, package_dir: Path, har: Path, url: str | None) -> tuple[list[Exchange], Report]:
    """The exchanges of a HAR file, and a report of what was left out. `CounterfoilError` if it cannot be read."""
    contract = read_contract(package_dir / "openapi.json")
    found = operations(contract)
    recording = read_har(har)
    matched = match(recording, found, url)
    credentials = Credentials(variable_for(vendor), schemes=contract.get("components", {}).get("securitySchemes", {}))
    report = Report(vendor, har.as_posix(), 0, credentials)
    tell_left_out(recording, matched, report)
    masking = Masking(contract, credentials)
    # What encodes letters of a path (RFC 3986, section 6.2.2.2) need not be known, and tells nothing of that path.
    compared = (exchange for entry, exchange in matched.exchanges if is_whole(entry) and exchange.meets)
    return [_masked(exchange, masking.knowing(exchange.request)) for exchange in compared], report


def of_server(
    vendor: str,
    package_dir: Path,
    target: Target,
    live: Live,
    *,
    token: str | None,
    headers: tuple[tuple[str, str], ...],
    seed: int = 1,
) -> tuple[list[Exchange], Report]:
    """The answers of a server to documented examples, valid and some invalid requests; a report of what was left out.

    An operation is asked no more than `_MOST` valid ones. What was made is removed. `CounterfoilError` where
    credentials are missing.
    """
    contract = read_contract(package_dir / "openapi.json")
    whole = operations(contract)
    session = Session(vendor, contract, whole, target, live, seed)
    found = session.allowed()
    credentials = credentials_for(vendor, contract, found, target, token, headers)
    if live.renewal is not None:
        credentials.hidden.extend(live.renewal.secrets)
    report = Report(vendor, target.title, seed, credentials)
    with session.client(credentials) as client:
        valid = ValidRequests(Instances.of(found[0].schemas if found else ContractTree(contract)))
        conversation = Conversation(
            found, valid, client, RecognisableNames(), report, session.watchers, guard=session.guard(found)
        )
        with session.running(conversation, report):
            documented.run(conversation)
            for operation in found:
                for draft in conversation.pending(SOURCE, operation, islice(_valid(operation, valid), _MOST)):
                    conversation.ask(draft, intent="valid", source=SOURCE)
            for operation in found:
                for draft in _refused(operation, valid, credentials):
                    conversation.ask(draft, intent="invalid", source=SOURCE)
    masking = Masking(contract, credentials)
    return [_masked(exchange, masking) for exchange in conversation.exchanges], report


def _valid(operation: Operation, valid: ValidRequests) -> Iterator[Draft]:
    """Valid requests: of each part of body and parameters one, then another one of each, and so on."""
    places: dict[str, list[Draft]] = {}
    for rung in islice(climb.rungs(operation, valid), _HIGHEST):
        if rung.must and not rung.broken:
            places.setdefault(rung.place, []).append(rung.draft)
    for drafts in zip_longest(*places.values()):
        yield from (draft for draft in drafts if draft is not None)


def _refused(operation: Operation, valid: ValidRequests, credentials: Credentials) -> Iterator[Draft]:
    """Requests whose refusal the contract tells of: one without credentials, and one with each part broken."""
    places: set[str] = set()
    for rung in islice(climb.rungs(operation, valid), _HIGHEST):
        if not places and not rung.broken and credentials.needed_by(operation):
            yield replace(rung.draft, credentials=())
            places.add("")
        if rung.must and rung.broken and rung.place not in places:
            places.add(rung.place)
            yield rung.draft


def _masked(exchange: Exchange, masking: Masking) -> Exchange:
    """The exchange without secrets, so that none gets into an overlay."""
    request, response = exchange.request, exchange.response
    return Exchange(
        exchange.operation,
        masking.request(request),
        masking.response(response, request),
        exchange.intent,
        exchange.authenticated,
        exchange.source,
        exchange.moment,
        exchange.seconds,
    )
