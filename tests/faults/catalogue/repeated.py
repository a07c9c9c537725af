"""Requests that are repeated under an idempotency key, and keys that come again with something else."""

from typing import Any

from tests.faults.altering import Change, Message, Serve, unchanged
from tests.faults.faulty import Fault
from tests.faults.operators.answers import edit, fail, set_response, status
from tests.faults.operators.conditions import at
from tests.faults.operators.requests import change_request

KEY = "idempotency-key"
PAY = "POST /v1/payments"


def repeated(*, same: Change = unchanged, other: Change = unchanged) -> Change:
    """What is done where a key was sent before, with the same body or with another one."""

    async def altered(request: Message, serve: Serve) -> Message:
        bodies: dict[str, bytes] = request.memory.setdefault(altered, {})
        first = bodies.get(request.headers.get(KEY, ""))
        if first is not None:
            return await (same if first == request.body else other)(request, serve)
        found = await serve(request)
        if found.succeeded and KEY in request.headers:
            bodies[request.headers[KEY]] = request.body
        return found

    return altered


async def without_key(request: Message, serve: Serve) -> Message:
    """Take no notice of the key."""
    request.headers.pop(KEY, None)
    return await serve(request)


async def body_sent_first(request: Message, serve: Serve) -> Message:
    """Take the first request of a key for all that have it."""
    bodies: dict[str, bytes] = request.memory.setdefault(body_sent_first, {})
    key = request.headers.get(KEY, "")
    found = await serve(request)
    if found.status == 409 and key in bodies:
        request.body = bodies[key]
        return await serve(request)
    if found.succeeded:
        bodies.setdefault(key, request.body)
    return found


async def only_the_last(request: Message, serve: Serve) -> Message:
    """Forget a key as soon as there is another one."""
    key = request.headers.get(KEY)
    if key is not None:
        memory: dict[str, Any] = request.memory.setdefault(only_the_last, {})
        if memory.get("last") != key:
            memory["turn"], memory["last"] = memory.get("turn", 0) + 1, key
        request.headers[KEY] = f"{memory['turn']} {key}"
    return await serve(request)


def _cut(request: Message) -> None:
    if KEY in request.headers:
        request.headers[KEY] = request.headers[KEY][:32]


def _again(name: str, same: Change) -> Fault:
    return Fault(f"what is repeated {name}", "till", at(PAY, repeated(same=same)))


FAULTS = [
    Fault("keys are ignored", "till", at(PAY, without_key)),
    Fault("only the last key is known", "till", at(PAY, only_the_last)),
    Fault("keys are cut off", "till", at(PAY, change_request(_cut))),
    _again("is a conflict", fail(409, {"message": "Known already"})),
    _again("has another status", status(201, 200)),
    _again("has another amount", edit("/amount", lambda cents: cents + 1)),
    _again("was made at another time", set_response("/created_at", "2026-01-01T00:00:00Z")),
    Fault("another body makes another payment", "till", at(PAY, repeated(other=without_key))),
    Fault("a key answers for any body", "till", at(PAY, body_sent_first)),
    Fault("another body is invalid", "till", at(PAY, status(409, 400))),
]
