"""Answering requests of a session that has faults or queued answers, or that bring a fault with them."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

from counterfoil.stub.answers.error_bodies import PROBLEM_JSON, problem
from counterfoil.stub.answers.speaking import phrase
from counterfoil.stub.asgi import Receive, Scope, Send, send_reply, with_length
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.control.faults import Effect, read_header
from counterfoil.stub.control.queued import Queued
from counterfoil.stub.control.session import NOT_GIVEN

HEADER = b"x-counterfoil-fault"
CLOSE = "counterfoil.close"  # ASGI extension: a function that closes the connection after what was sent

Handler = Callable[[Call[Any, Any]], Reply[Any]]
Respond = Callable[[Handler | None], Awaitable[Reply[Any]]]
Record = Callable[[Reply[Any] | None, dict[str, Any] | None], None]

_jitter = random.Random(0)  # noqa: S311 - spreads delays


class ConnectionClosedError(ConnectionError):
    """The connection is to be closed, which the server does not let an application do; `sent` is what was sent."""

    def __init__(self, sent: Reply[Any] | None) -> None:
        super().__init__("the stub closes the connection, as it was told to")
        self.sent = sent


async def answer(
    call: Call[Any, Any], respond: Respond, record: Record, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer `call` as the faults and queued answers of its session say.

    `respond` answers as usual, or with a handler in the place of the operation's, `record` is told of what was answered
    and what happened to it.
    """
    session, operation = call.session, call.endpoint.name
    try:
        given = _given(call)
    except ValueError as error:
        refused = _problem(f"X-Counterfoil-Fault: {error}")
        record(refused, None)
        await send_reply(refused, call.method, send)
        return
    effect = session.faults.effect(operation, given)
    told = effect.told() or None
    reply = None
    if effect.drop != "before":
        reply = _failed(call, effect) if effect.status else await respond(_queued_handler(call, operation))
    session.settle()
    if effect.drop:
        reply = None
    elif reply and effect.malformed and reply.status not in (204, 304):
        reply = Reply(reply.status, b"{" + reply.body[: len(reply.body) // 2], reply.headers)
    record(reply, told)
    # Last, so that a request has taken effect and is in the journal when its client gives up waiting.
    if effect.latency:
        spread = effect.jitter * _jitter.uniform(-1, 1)
        await asyncio.sleep(max(0.0, effect.latency + spread) / 1000)
    if reply is None:
        await _close(None, scope, receive)
        return
    if effect.truncate is None:
        await send_reply(reply, call.method, send)
        return
    size = len(reply.body) // 2 if effect.truncate is True else effect.truncate
    part: Reply[Any] = Reply(reply.status, reply.body[:size], reply.headers)
    await send({"type": "http.response.start", "status": reply.status, "headers": with_length(reply)})
    await send({"type": "http.response.body", "body": part.body, "more_body": True})
    await _close(part, scope, receive)


def _given(call: Call[Any, Any]) -> Effect | None:
    header = call.header(HEADER)
    return read_header(header.decode("latin-1")) if header else None


def _failed(call: Call[Any, Any], effect: Effect) -> Reply[Any]:
    message = phrase(effect.status or 500)
    reply = call.endpoint.refuse(call, RefusalError(f"status.{effect.status}", {"message": message}))
    if effect.retry_after is not None:
        headers = [pair for pair in reply.headers if pair[0] != b"retry-after"]
        reply.headers = [*headers, (b"retry-after", b"%d" % -(-effect.retry_after // 1))]
    return reply


def _queued_handler(call: Call[Any, Any], operation: str) -> Handler | None:
    queue = call.session.answers.get(operation)
    return (lambda call: _made(call, queue.popleft())) if queue else None


def _made(call: Call[Any, Any], queued: Queued) -> Reply[Any]:
    """A queued answer, completed by what the contract says."""
    success = call.endpoint.success
    status = success.status if queued.status is None else queued.status
    if queued.body is not NOT_GIVEN or status in (204, 304):
        return queued.reply(success)
    declared = success.find(str(status))
    if status == success.status:
        reply = success.example(call)
    elif status >= 400:
        reply = call.endpoint.refuse(call, RefusalError(f"status.{status}", {"message": phrase(status)}))
        call.refusal = None
    elif declared is not None and declared.contents:
        reply = Reply(status, declared.contents[0].usual, [declared.contents[0].header])
    else:
        reply = Reply(status)
    given = {name for name, _ in queued.headers}
    return Reply(status, reply.body, [*(pair for pair in reply.headers if pair[0] not in given), *queued.headers])


def _problem(message: str) -> Reply[Any]:
    body = {**problem(400), "detail": message}
    return Reply(400, json.dumps(body).encode(), [(b"content-type", PROBLEM_JSON.encode())])


async def _close(sent: Reply[Any] | None, scope: Scope, receive: Receive) -> None:
    close = (scope.get("extensions") or {}).get(CLOSE)
    if close is None:
        raise ConnectionClosedError(sent)
    close()
    while (await receive())["type"] != "http.disconnect":
        pass
