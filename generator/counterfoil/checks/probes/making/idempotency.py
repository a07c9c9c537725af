"""Idempotency keys: a request that is sent twice is carried out once (draft-ietf-httpapi-idempotency-key-header)."""

from dataclasses import replace
from typing import Any

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Collection, Part, at
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.state.inference.names import plain
from counterfoil.stub.state.repeating import NAMES as KEYS

IDEMPOTENCY = "idempotency_key"
NAMES = (IDEMPOTENCY,)

_KEY = "3f0b8a52-6d0e-4c55-9d6b-{:012x}"  # a UUID, which servers may ask for


def run(conversation: Conversation) -> None:
    """Repeat requests that make objects, with the same key and the same body, then with another body."""
    for number, collection in enumerate(conversation.existing.collections):
        operation = collection.create.operation
        header = next((each for each in operation.parameters if _is_key(each)), None)
        if header is None or IDEMPOTENCY in operation.switched_off:
            continue
        _repeat(collection, str(header["name"]), _KEY.format(number), conversation)


def _is_key(parameter: dict[str, object]) -> bool:
    return parameter.get("in") == "header" and plain(str(parameter.get("name"))) in KEYS


def _repeat(collection: Collection, name: str, key: str, conversation: Conversation) -> None:
    acting = Acting(collection, conversation)
    draft, report = acting.create_draft(full=False), conversation.report
    first = acting.make(_keyed(draft, name, key)) if draft is not None else None
    if draft is None or first is None:
        return
    sent, key = first.exchange.request.json, first.exchange.request.header(name)
    same = _keyed(draft if draft.body is None else draft.with_json(sent, draft.media_type), name, key)
    create, pointer = collection.create, collection.create.operation.pointer
    # What is answered is not made, so that these are no requests for those who watch what is.
    again = conversation.ask(same, intent="invalid", source="probes", refresh=False)
    if again is None:
        return
    got = again.response.describe()
    shown = _shown(create, again)
    if not create.operation.is_success(again.response.status):
        if again.response.status < 500 and again.response.status not in (425, 429):
            summary = "the same request with the same idempotency key is refused"
            report.add(again, IDEMPOTENCY, summary, "the answer to the first one", got, pointer)
        return
    if shown is None or create.key_of(shown) != first.key:
        summary = "the same request with the same idempotency key makes another object"
        report.add(again, IDEMPOTENCY, summary, f"the object {first.key}", got, pointer)
        return
    other = acting.create_draft()
    if other is None or other.value == sent:
        return
    exchange = conversation.ask(_keyed(other, name, key), intent="invalid", source="probes", rekey=False)
    shown = _shown(create, exchange)
    if exchange is not None and shown is not None and create.key_of(shown) != first.key:
        summary = "another request with the same idempotency key makes another object"
        report.add(exchange, IDEMPOTENCY, summary, "a refusal", exchange.response.describe(), pointer)


def _shown(create: Part, exchange: Exchange | None) -> Any:
    if exchange is None or not create.operation.is_success(exchange.response.status):
        return None
    return at(exchange.response.json, create.role.answer or ())


def _keyed(draft: Draft, name: str, key: str) -> Draft:
    bare = draft.without("header", name)
    return replace(bare, headers=(*bare.headers, (name, key)))
