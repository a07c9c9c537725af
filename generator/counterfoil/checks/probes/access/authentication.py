"""Authentication: who sends no credentials, or others than were given, is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.credentials import Placement
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.tokens import matching_form

IGNORED = "ignored_auth"
REFUSAL = "authentication_refusal"
ROLE = "role_without_rights"
NAMES = (REFUSAL, ROLE)

_WRITING = frozenset({"create", "change", "replace", "remove"})
_REFUSED = frozenset({401, 403})


# Credentials that some servers let in whatever else they ask for.
_OF_OTHERS = {
    "somebody's bearer token": "Bearer counterfoil-other",
    "somebody's password": "Basic Y291bnRlcmZvaWw6b3RoZXI=",
}


class Attempt(NamedTuple):
    """What is sent in place of the credentials, and the reason that the overlay has a refusal for."""

    label: str
    placements: Sequence[Placement]
    reason: str


def run(conversation: Conversation) -> None:
    """Try every operation that needs credentials without them, and with others."""
    credentials = conversation.client.credentials
    for operation in conversation.operations:
        valid = conversation.valid.minimal(operation)
        placements = credentials.placements(operation)
        if valid is None or not placements or not credentials.needed_by(operation) or credentials.headers:
            continue
        for attempt in _attempts(operation, placements, conversation):
            draft = replace(valid, credentials=attempt.placements)
            exchange = conversation.ask(draft, intent="invalid", source="probes")
            if exchange is not None:
                _judge(exchange, attempt, conversation.report)
        _try_to_write(operation, valid, conversation)


def _attempts(operation: Operation, placements: list[Placement], conversation: Conversation) -> Iterator[Attempt]:
    yield Attempt("no credentials", (), "credentials.missing")
    if IGNORED in operation.switched_off and not stated.refusal(operation, "credentials.unknown"):
        return
    first, others = placements[0], placements[1:]
    scheme, space, token = first.value.rpartition(" ")
    texts = {"an empty value": ("", "credentials.missing")}
    if space:
        texts["the scheme without a token"] = (scheme, "")
        texts["another scheme"] = (f"Digest {token}", "")
        if not scheme.lower().startswith("basic"):
            texts["a user without a password"] = ("Basic Y291bnRlcmZvaWw6", "")
    for label, text in {
        "a token without its last character": token[:-1],
        "a token with one character more": f"{token}0",
        "a token with another last character": token[:-1] + ("1" if token[-1:] != "1" else "2"),
        "a token with another first character": ("1" if token[:1] != "1" else "2") + token[1:],
        "a token with another character in its middle": _changed_within(token),
        "a token in other case": token.swapcase(),
        "another token": "counterfoil-other",
        "a long token": "counterfoil" * 8,
    }.items():
        if text != token:
            texts[label] = (f"{scheme}{space}{text}", "")
    for label, (text, reason) in texts.items():
        yield Attempt(label, (first._replace(value=text), *others), reason)
    if not space:
        for label, text in _OF_OTHERS.items():
            yield Attempt(label, (Placement("header", "Authorization", text), *others), "")
    for other in conversation.client.credentials.alternatives(operation, "counterfoil:other"):
        yield Attempt(f"another token in {' and '.join(each.name for each in other)}", other, "")
    for reason, text in matching_form(operation, conversation.client.credentials.schemes):
        if text != text.strip():  # HTTP takes white space away at either end
            continue
        yield Attempt(f"credentials of the form of {reason}", (first._replace(value=text), *others), reason)


def _changed_within(token: str) -> str:
    middle = len(token) // 2
    return token[:middle] + ("1" if token[middle : middle + 1] != "1" else "2") + token[middle + 1 :]


def _judge(exchange: Exchange, attempt: Attempt, report: Report) -> None:
    operation, status = exchange.operation, exchange.response.status
    off = operation.switched_off
    if attempt.reason and stated.hold(exchange, attempt.reason, REFUSAL, f"{attempt.label}: another answer", report):
        return
    if operation.is_success(status):
        known = stated.refusal(operation, "credentials.unknown")
        if known and not stated.difference(known, exchange.response):
            return
        if IGNORED not in off or known:
            summary = f"accepted with {attempt.label}"
            report.add(
                exchange, IGNORED, summary, "401 or 403", exchange.response.describe(), f"{operation.pointer}/security"
            )
        return
    conformance.check(exchange, report)
    wanted = {stated.refusal(operation, "credentials.unknown").get("status"), *_REFUSED}
    if status < 500 and status not in wanted and REFUSAL not in off:
        report.add(
            exchange, REFUSAL, f"{attempt.label}: refused with {status}", "401 or 403", exchange.response.describe()
        )


def _try_to_write(operation: Operation, valid: Draft, conversation: Conversation) -> None:
    """Who may not write makes, changes and removes nothing."""
    placements = conversation.client.credentials.placements_to_read(operation)
    writes = role_of(operation).action in _WRITING or operation.method in ("PUT", "PATCH", "DELETE")
    if not placements or not writes or ROLE in operation.switched_off:
        return
    draft = replace(valid, credentials=placements)
    exchange = conversation.ask(draft, intent="invalid", source="probes")
    if exchange is not None and operation.is_success(exchange.response.status):
        summary, pointer = "accepted from somebody who may not write", f"{operation.pointer}/security"
        conversation.report.add(exchange, ROLE, summary, "403", exchange.response.describe(), pointer)
