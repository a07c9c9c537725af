"""Authentication: who sends no credentials, or others than were given, is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.access import alternatives
from counterfoil.checks.probes.access.attempts import (
    MISSING,
    UNKNOWN,
    Attempt,
    Credential,
    credentials,
    rare,
    telling,
    usual,
)
from counterfoil.checks.property_tests.names import IGNORED_AUTH as IGNORED
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange

REFUSAL = "authentication_refusal"
RIGHT = alternatives.NAME
ROLE = "role_without_rights"
NAMES = (REFUSAL, ROLE, RIGHT)

# Operations at which all is tried, since how tokens are compared is a matter of all of them; far away so much that is
# wrong may lock its sender out.
_MOST, _MOST_AFAR = 24, 1
# Where credentials are tried first: what changes nothing, and needs nothing that is made before.
_FIRST = {"list": 0, "create": 1}
_WRITING = frozenset({"create", "change", "replace", "remove"})
_REFUSED = frozenset({401, 403})
_BUSY = frozenset({429, 503})
# What is said of a request itself, so that whoever says it without credentials has not looked at them before.
_ABOUT_REQUESTS = frozenset({400, 404, 409, 410, 412, 422, 428})
_NOT_THERE = frozenset({404, 410})
# Words of a description by which a token is refused that is none, and one that is right but not enough.
_UNKNOWN_TOKEN = re.compile(
    r"\b(?:invalid|unknown|wrong|incorrect|not (?:known|valid))\b.{0,40}\b(?:token|key|credential)s?\b"
    r"|\b(?:token|key|credential)s?\b.{0,40}\b(?:invalid|unknown|wrong|incorrect|not (?:known|valid))\b",
    re.IGNORECASE | re.DOTALL,
)
_RIGHTS = re.compile(
    r"\b(?:permissions?|scopes?|roles?|rights?|may not|not (?:allowed|authorized|permitted))\b", re.IGNORECASE
)
_ACCEPTED_BY_ANYBODY = ("no credentials", "another token", "another password")


@dataclass(slots=True)
class _Subject:
    """An operation that needs credentials, and a valid request to it."""

    operation: Operation
    valid: Draft
    credentials: list[list[Credential]]
    is_open: bool = False
    tried: set[str] = field(default_factory=set)  # labels of attempts


class Authentication:
    """Every operation that needs credentials is tried without them, and with others."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._subjects: list[_Subject] = []

    def begin(self) -> None:
        """Try the first operation without credentials, and with those of nobody."""
        found = _subjects(self._conversation)
        self._subjects = sorted(found, key=lambda each: _FIRST.get(role_of(each.operation).action, len(_FIRST)))
        for subject in self._subjects[:1]:
            first = islice(telling(subject.credentials), 1), islice(usual(subject.credentials[0][0]), 1)
            _try(subject, chain(*first), self._conversation)

    def go_on(self) -> None:
        """Try all operations with what shows most, and the first one with all that is usual."""
        conversation = self._conversation
        for number, subject in enumerate(self._subjects):
            _try(subject, telling(subject.credentials), conversation)
            for requirement in subject.credentials if not number else ():
                for each in requirement:
                    _try(subject, usual(each), conversation)

    def finish(self) -> None:
        """Try all others with what is usual, and the first one of a kind in rare ways."""
        conversation = self._conversation
        subjects = self._subjects
        for subject in subjects:
            _try_unknown_object(subject, conversation)
        seen = set()
        most = _MOST if conversation.client.target.is_local else _MOST_AFAR
        for subject in subjects[:most]:
            is_first = (group := str(subject.operation.security)) not in seen
            seen.add(group)
            for number, requirement in enumerate(subject.credentials):
                for each in requirement if (is_first or not number) and subject is not subjects[0] else ():
                    _try(subject, usual(each), conversation)
            if is_first:
                taken = frozenset(
                    (each.filled.placement.location, each.filled.placement.name.lower())
                    for requirement in subject.credentials
                    for each in requirement
                )
                _try(subject, rare(subject.credentials[0][0], taken), conversation)
        alternatives.run([(each.valid, each.credentials) for each in subjects[:most]], conversation)
        for subject in subjects:
            _try_to_write(subject, conversation)


def _subjects(conversation: Conversation) -> Iterator[_Subject]:
    own = conversation.client.credentials
    for operation in conversation.operations:
        needs = own.needed_by(operation)
        if needs and own.secret_headers:
            reason = "credentials that are given as headers are sent with every request"
            conversation.report.skip(REFUSAL, operation.label, reason)
            continue
        requirements = own.requirements(operation) if needs else []
        valid = conversation.valid.minimal(operation) if requirements else None
        if valid is not None:
            yield _Subject(operation, valid, credentials(operation, requirements, own.token or ""))


def _try(subject: _Subject, attempts: Iterator[Attempt], conversation: Conversation) -> None:
    operation = subject.operation
    for attempt in attempts:
        if subject.is_open:
            return
        if attempt.label in subject.tried:
            continue
        subject.tried.add(attempt.label)
        is_missing = attempt.reason == MISSING and not attempt.placements
        if not is_missing and IGNORED in operation.switched_off and not stated.refusal(operation, UNKNOWN):
            continue
        draft = replace(subject.valid, credentials=attempt.placements)
        exchange = conversation.ask(draft, intent="invalid", source="probes")
        if exchange is not None and _is_let_in(exchange, attempt, conversation.report):
            # Where anybody is let in, it goes without saying that those are who send something else.
            subject.is_open = attempt.label in _ACCEPTED_BY_ANYBODY


def _try_unknown_object(subject: _Subject, conversation: Conversation) -> None:
    """Nobody learns without credentials which objects there are."""
    valid = subject.valid
    if subject.is_open or not valid.path or conversation.existing.aimed(valid, conversation.make) is valid:
        return  # requests about objects that are not there have been tried
    draft = replace(valid, credentials=())
    exchange = conversation.ask(draft, intent="invalid", source="probes", aim=False)
    attempt = Attempt("no credentials, for an object that is not there", (), MISSING)
    if exchange is not None and exchange.response.status in _NOT_THERE:
        _is_let_in(exchange, attempt, conversation.report)


def _is_let_in(exchange: Exchange, attempt: Attempt, report: Report) -> bool:
    """Whether credentials that are wrong were accepted; findings are noted."""
    operation, status = exchange.operation, exchange.response.status
    refusal = _refusal(exchange)
    if attempt.wanted == "success":
        if (status in _REFUSED or refusal) and RIGHT not in operation.switched_off:
            summary, expected = f"refused with {attempt.label}", "success, by the form that is stated of credentials"
            report.add(exchange, RIGHT, summary, expected, exchange.response.describe(), _security(operation))
        return False
    if operation.is_success(status) and not refusal and attempt.wanted != "no crash":
        _note_success(exchange, attempt, report)
        return True
    if attempt.wanted in ("no success", "no crash"):
        if status >= 500:
            conformance.check(exchange, report)
        return False
    if _may_be_unknown(exchange, attempt.reason):
        return False
    if not (attempt.reason and stated.hold(exchange, attempt.reason, REFUSAL, _other(exchange, attempt), report)):
        conformance.check(exchange, report)
        known = {stated.refusal(operation, UNKNOWN).get("status"), *_REFUSED, *_BUSY}
        told = _told_of_unknown(operation) if attempt.is_token and attempt.reason in ("", UNKNOWN) else ""
        is_other = status not in known or (status in _REFUSED and told not in ("", str(status)))
        if status < 500 and is_other and REFUSAL not in operation.switched_off:
            got = exchange.response.describe()
            report.add(exchange, REFUSAL, _other(exchange, attempt), told or "401 or 403", got, _security(operation))
    return False


def _told_of_unknown(operation: Operation) -> str:
    """The status by which a contract says that tokens are refused that nobody knows; empty where it leaves that open.

    It says so where 401 is told to be about such tokens, and 403 about what else somebody may not do.
    """
    told = {key: str(found.tree.get("description")) for key, found in operation.responses.items()}
    unknown, forbidden = (_UNKNOWN_TOKEN.search(told.get(key, "")) for key in ("401", "403"))
    is_said = unknown and not forbidden and _RIGHTS.search(told.get("403", ""))
    return "401" if is_said and not stated.refusal(operation, UNKNOWN) else ""


def _may_be_unknown(exchange: Exchange, reason: str) -> bool:
    """Whether made-up credentials, which the contract tells by their form, are refused as unknown, as they are."""
    own, unknown = stated.refusal(exchange.operation, reason), stated.refusal(exchange.operation, UNKNOWN)
    is_other = bool(unknown) and own.get("status") != unknown.get("status")
    return reason not in ("", MISSING) and is_other and not stated.difference(unknown, exchange.response)


def _refusal(exchange: Exchange) -> str:
    """The reason to refuse credentials that is stated to be answered like this; empty where none is."""
    for holder in (exchange.operation.tree, exchange.operation.contract):
        for reason, answer in holder.get("x-counterfoil", {}).get("refusals", {}).items():
            if reason.startswith("credentials") and not stated.difference(answer, exchange.response):
                return str(reason)
    return ""


def _note_success(exchange: Exchange, attempt: Attempt, report: Report) -> None:
    operation = exchange.operation
    check = IGNORED
    if IGNORED in operation.switched_off:
        if not stated.refusal(operation, attempt.reason or UNKNOWN):
            return
        check = REFUSAL
    if check not in operation.switched_off:
        summary, got = f"accepted with {attempt.label}", exchange.response.describe()
        report.add(exchange, check, summary, "401 or 403", got, _security(operation))


def _other(exchange: Exchange, attempt: Attempt) -> str:
    """What came in place of a refusal, or of the one that is stated, in words."""
    status = exchange.response.status
    answer = stated.refusal(exchange.operation, attempt.reason)
    if status in _ABOUT_REQUESTS and answer.get("status") != status:
        return f"credentials are not looked at first: {attempt.label}, answered with {status}"
    return f"{attempt.label}: another answer" if answer else f"{attempt.label}: refused with {status}"


def _try_to_write(subject: _Subject, conversation: Conversation) -> None:
    """Who may not write makes, changes and removes nothing."""
    operation = subject.operation
    placements = conversation.client.credentials.placements_to_read(operation)
    writes = role_of(operation).action in _WRITING or operation.method in ("PUT", "PATCH", "DELETE")
    if not placements or not writes or ROLE in operation.switched_off:
        return
    draft = replace(subject.valid, credentials=placements)
    exchange = conversation.ask(draft, intent="invalid", source="probes")
    if exchange is not None and operation.is_success(exchange.response.status):
        summary, got = "accepted from somebody who may not write", exchange.response.describe()
        conversation.report.add(exchange, ROLE, summary, "403", got, _security(operation))


def _security(operation: Operation) -> str:
    return f"{operation.pointer}/security"
