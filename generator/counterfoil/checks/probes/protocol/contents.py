"""Answers without content end with their head, whatever clients hide (RFC 9110, 9.3.2, 15.3.5; RFC 9112, 6.3)."""

import re
import socket
import time
from dataclasses import replace
from urllib.parse import urlsplit

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.protocol import heads
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange, Request, Response
from counterfoil.checks.wire.lenient import whole_number

NAME = heads.NAME
NAMES = ()

_OK, _NO_CONTENT = 200, 204
_TIMEOUT = 5.0  # seconds after which nothing more is waited for
_MOST = 65_536  # bytes that are read
_SENDING = ("POST", "PUT", "PATCH")
# Answers before the final one (RFC 9110, section 15.2).
_INTERIM = re.compile(rb"\A(?:HTTP/1\.1 1(?!01)\d\d[^\d].*?\r\n\r\n)+", re.DOTALL)
# The end of content in chunks, which has none.
_LAST_CHUNK = b"0\r\n\r\n"


def run(conversation: Conversation) -> None:
    """Ask a server on this machine for one HEAD, and once for what was answered with 204, and read all that comes."""
    target = conversation.client.target
    is_plain = target.app is None and urlsplit(target.base_url).scheme == "http"
    if not is_plain or not target.is_local or conversation.guard is not None:
        return
    for draft, what in _drafts(conversation):
        _try(draft, what, conversation)


def _drafts(conversation: Conversation) -> list[tuple[Draft, str]]:
    answered: dict[str, int] = {}
    for exchange in conversation.exchanges:
        if exchange.accepted and exchange.request.method == exchange.operation.method:
            answered[exchange.operation.label] = exchange.response.status
    head = _draft(conversation, _first(conversation, "GET", _OK, answered), "HEAD")
    made = (_draft(conversation, _first(conversation, each, _NO_CONTENT, answered), each) for each in _SENDING)
    taken = next((each for each in made if each is not None), None)
    return [(draft, what) for draft, what in ((head, "HEAD"), (taken, "204")) if draft is not None]


def _first(conversation: Conversation, method: str, status: int, answered: dict[str, int]) -> Operation | None:
    return next(
        (
            operation
            for operation in conversation.operations
            if operation.method == method
            and answered.get(operation.label) == status
            and NAME not in operation.switched_off
        ),
        None,
    )


def _draft(conversation: Conversation, operation: Operation | None, method: str) -> Draft | None:
    draft = conversation.valid.minimal(operation) if operation is not None else None
    if draft is None:
        return None
    return replace(conversation.existing.aimed(draft, conversation.make), method=method)


def _try(draft: Draft, what: str, conversation: Conversation) -> None:
    conversation.report.count(draft.operation.label, "probes")
    exchange = _exchange(draft, conversation)
    if exchange is not None and conversation.client.recorder is not None:
        conversation.client.recorder.keep(exchange)
    if exchange is None or (what != "HEAD" and exchange.response.status != _NO_CONTENT):
        return
    if exchange.response.body.removeprefix(_LAST_CHUNK):
        summary = "HEAD is answered with content" if what == "HEAD" else "204 has content"
        got = exchange.response.describe()
        conversation.report.add(exchange, NAME, summary, "no content", got, exchange.operation.pointer)


def _exchange(draft: Draft, conversation: Conversation) -> Exchange | None:
    """A request on a connection of its own, and all that comes before that ends; None where nothing does."""
    target = conversation.client.target
    route, headers = draft.target(conversation.client.credentials)
    url, body, moment = target.base_url + route, draft.body or b"", time.time()
    parts = urlsplit(url)
    lines = [f"{draft.method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"]
    lines += [f"Host: {parts.netloc}", "Connection: close", *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Length: {len(body)}"] if draft.body is not None else []
    received, end = b"", time.monotonic() + _TIMEOUT
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), _TIMEOUT) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            while len(received) < _MOST and time.monotonic() < end and (chunk := connection.recv(_MOST)):
                received += chunk
    except (OSError, UnicodeEncodeError):
        if not received:
            return None
    head, _, rest = _INTERIM.sub(b"", received).partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    status = whole_number(first.partition(" ")[2].partition(" ")[0])
    if status is None:
        return None
    pairs = tuple((name.strip(), value.strip()) for name, _, value in (field.partition(":") for field in fields))
    request = Request(draft.method, target.shown(url), headers, body)
    response = Response(status, pairs, rest)
    return Exchange(draft.operation, request, response, "valid", authenticated=True, source="probes", moment=moment)
