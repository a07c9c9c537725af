"""Ways around authentication: other spellings of a path, and fields that only proxies may set."""

from collections.abc import Iterator
from dataclasses import replace

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.protocol.asking import ask
from counterfoil.checks.property_tests.names import IGNORED_AUTH
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.requests.routing.templates import split_template

NAMES: tuple[str, ...] = ()

_FIELDS = {
    "fields that say it comes from this machine": (
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("Forwarded", "for=127.0.0.1"),
    ),
    "a field that says the method is OPTIONS": (("X-HTTP-Method-Override", "OPTIONS"),),
    "fields that name another path": (("X-Original-URL", "/"), ("X-Rewrite-URL", "/")),
}


def run(conversation: Conversation) -> None:
    """Try an operation of each kind of security without credentials, in every such way.

    Nobody is to be taken for an intruder at a server that others use.
    """
    if conversation.guard is not None and conversation.guard.is_safe:
        return
    seen: set[tuple[str, bool]] = set()
    credentials = conversation.client.credentials
    for operation in sorted(conversation.operations, key=lambda each: each.method != "GET"):
        kind = str(operation.security), operation.method == "GET"
        is_off = IGNORED_AUTH in operation.switched_off or credentials.secret_headers
        if kind in seen or is_off or not credentials.needed_by(operation) or not credentials.placements(operation):
            continue
        draft = conversation.valid.minimal(operation)
        if draft is not None:
            seen.add(kind)
            _try(replace(draft, credentials=()), conversation)


def _try(draft: Draft, conversation: Conversation) -> None:
    bare = conversation.existing.aimed(draft, conversation.make)
    # Whoever lets everybody in, or answers every path, is found out elsewhere.
    for route in ("", "/counterfoil-unknown/path"):
        exchange = ask(replace(bare, route=route), conversation, "no credentials", refresh=True)
        if exchange is None or draft.operation.is_success(exchange.response.status):
            return
    for label, route in _spelled(draft.operation):
        _judge(replace(bare, route=route), f"a path {label}", conversation)
    for label, fields in _FIELDS.items():
        _judge(replace(bare, headers=(*bare.headers, *fields)), label, conversation)


def _judge(draft: Draft, label: str, conversation: Conversation) -> None:
    exchange = ask(draft, conversation, label, refresh=True)
    operation = draft.operation
    if exchange is not None and _is_of(operation, exchange):
        summary, pointer = f"accepted without credentials by {label}", f"{operation.pointer}/security"
        conversation.report.add(exchange, IGNORED_AUTH, summary, "401 or 403", exchange.response.describe(), pointer)


def _is_of(operation: Operation, exchange: Exchange) -> bool:
    """Whether an answer is a success of the operation, and not of another path that the request was led to."""
    if not operation.is_success(exchange.response.status):
        return False
    schema = exchange.response_schema
    if schema is None:
        return bool(exchange.documented is None or exchange.documented.tree.get("content") is None)
    value = exchange.response.json
    return value is not NOTHING and bool(operation.response_validator(schema).is_valid(value))


def _spelled(operation: Operation) -> Iterator[tuple[str, str]]:
    path, asked = split_template(operation.path)
    if asked or path.endswith("/"):
        return
    yield "with a slash at its end", f"{path}/"
    yield "with two slashes", f"/{path}"
    yield "with a parameter", f"{path};counterfoil"
    head, slash, last = path.rpartition("/")
    if "{" not in last and last[:1].isalnum():
        yield "with an escaped letter", f"{head}{slash}%{ord(last[0]):02X}{last[1:]}"
        yield "in upper case", f"{head}{slash}{last.swapcase()}"
        yield "with an extension", f"{path}.json"
