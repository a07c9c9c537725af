"""Idempotency keys: a request that is sent twice is carried out once (draft-ietf-httpapi-idempotency-key-header)."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part, at
from counterfoil.checks.objects.comparing import difference
from counterfoil.checks.objects.made import Made
from counterfoil.checks.operation import Operation
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.state.inference.names import plain
from counterfoil.stub.state.repeating import NAMES as KEYS

IDEMPOTENCY = "idempotency_key"
NAMES = (IDEMPOTENCY,)

_KEY = "3f0b8a52-6d0e-4c55-9d6b-{:012x}"  # a UUID, which servers may ask for

# Words by which a contract says that a key is refused which comes again with something else.
_SENTENCE = re.compile(r"[^.;\n]+")
_KEYS = re.compile(r"\bkeys?\b|idempoten", re.IGNORECASE)
_OTHERWISE = re.compile(
    r"\b(?:another|other|different|changed|mismatch\w*)\b(?:\W+\w+){0,3}?\W+(?:body|payload|request|parameters|content)\b"
    r"|\b(?:body|payload|request|parameters|content)\b(?:\W+\w+){0,3}?\W+(?:differs?|different|not match|mismatch)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(r"\b(?:4\d\d|conflicts?|refused|rejected|errors?|fails?)\b", re.IGNORECASE)
_STATUS = re.compile(r"\b4\d\d\b")
_BUSY = frozenset({"425", "429", "503"})
_CONFLICTS = frozenset({"409", "422"})


def run(conversation: Conversation) -> None:
    """Repeat requests that make objects, with the same key and the same body, then with another key, another body."""
    for number, collection in enumerate(conversation.existing.collections):
        operation = collection.create.operation
        header = next((each for each in operation.parameters if _is_key(each)), None)
        if header is None or IDEMPOTENCY in operation.switched_off:
            continue
        acting, name = Acting(collection, conversation), str(header["name"])
        draft = acting.create_draft(full=False)
        first = acting.make(_keyed(draft, name, _KEY.format(number))) if draft is not None else None
        if draft is None or first is None or not _send_near(acting, first, header):
            continue
        if _repeat(acting, draft, first, name):
            _send_other(acting, first, name)


def _is_key(parameter: dict[str, object]) -> bool:
    return parameter.get("in") == "header" and plain(str(parameter.get("name"))) in KEYS


def _send_near(acting: Acting, first: Made, header: dict[str, Any]) -> bool:
    """Make another object by a key that differs at its end; whether nothing is wrong with that."""
    create, name = acting.collection.create, str(header["name"])
    key = first.exchange.request.header(name)
    near = key[:-1] + ("a" if key[-1:] != "a" else "b")
    other = acting.create_draft()
    if other is None or not create.operation.accepts(header.get("schema", {}), near):
        return True
    exchange = acting.conversation.ask(_keyed(other, name, near), intent="valid", source="probes", rekey=False)
    if exchange is None:
        return True
    shown, status = _shown(create, exchange), exchange.response.status
    is_taken = shown is not None and create.key_of(shown) == first.key
    if not is_taken and (str(status) not in _CONFLICTS or acting.make(other) is None):
        return True
    got, pointer = exchange.response.describe(), create.operation.pointer
    summary = "a key that differs at its end from another one is taken for that"
    acting.report.add(exchange, IDEMPOTENCY, summary, "another object", got, pointer)
    return False


def _repeat(acting: Acting, draft: Draft, first: Made, name: str) -> bool:
    """Send what made an object once more, after other requests with other keys; whether it is answered as at first."""
    create, report = acting.collection.create, acting.report
    sent, key = first.exchange.request, first.exchange.request.header(name)
    same = _keyed(draft if draft.body is None else draft.with_json(sent.json, draft.media_type), name, key)
    # What is answered is not made, so that these are no requests for those who watch what is.
    again = acting.conversation.ask(same, intent="invalid", source="probes", refresh=False)
    if again is None:
        return False
    status, got, pointer = again.response.status, again.response.describe(), create.operation.pointer
    shown = _shown(create, again)
    if not create.operation.is_success(status):
        if 400 <= status < 500 and str(status) not in _BUSY:
            summary = "the same request with the same idempotency key is refused"
            report.add(again, IDEMPOTENCY, summary, "the answer to the first one", got, pointer)
        else:
            conformance.check(again, report)
        return False
    if shown is None or create.key_of(shown) != first.key:
        summary = "the same request with the same idempotency key makes another object"
        report.add(again, IDEMPOTENCY, summary, f"the object {first.key}", got, pointer)
        return False
    if place := difference(first.value, shown):
        summary = f"the same request with the same idempotency key is answered otherwise: {place}"
        expected = json.dumps(first.value[place.removeprefix("/")])
        report.add(again, IDEMPOTENCY, summary, expected, got, pointer)
    return True


def _send_other(acting: Acting, first: Made, name: str) -> None:
    """A key that was sent before makes nothing else, and is refused with another body where the contract says so."""
    create, report, key = acting.collection.create, acting.report, first.exchange.request.header(name)
    other = acting.create_draft()
    if other is None or other.value == first.exchange.request.json:
        return
    exchange = acting.conversation.ask(_keyed(other, name, key), intent="invalid", source="probes", rekey=False)
    if exchange is None:
        return
    conformance.check(exchange, report)
    status, got, pointer = exchange.response.status, exchange.response.describe(), create.operation.pointer
    shown, told = _shown(create, exchange), _refusals(create.operation, name)
    if shown is not None and create.key_of(shown) != first.key:
        summary = "another request with the same idempotency key makes another object"
        report.add(exchange, IDEMPOTENCY, summary, "a refusal", got, pointer)
    elif told and create.operation.is_success(status):
        summary = "another request with the same idempotency key is not refused"
        report.add(exchange, IDEMPOTENCY, summary, " or ".join(sorted(told)), got, pointer)
    elif told and 400 <= status < 500 and str(status) not in {*told, *_BUSY} and acting.make(other) is not None:
        summary = f"another request with the same idempotency key is refused with {status}"
        report.add(exchange, IDEMPOTENCY, summary, " or ".join(sorted(told)), got, pointer)


def _refusals(operation: Operation, name: str) -> set[str]:
    """The documented statuses of which the contract says that a key is refused so which comes with another body.

    Empty where it does not say so in words, at the header `name` or at a response, or not with which status.
    """
    header = next(each for each in operation.parameters if each["name"] == name and each.get("in") == "header")
    said = [text for text in _sentences(header) if _REFUSAL.search(text)]
    told = {status for text in said for status in _STATUS.findall(text) or _conflict(text)}
    told |= {key for key, response in operation.responses.items() if key[0] == "4" and any(_sentences(response.tree))}
    return {status for status in told if status in operation.responses}


def _sentences(node: dict[str, Any]) -> Iterator[str]:
    """What a description says of keys that come with something else, sentence by sentence."""
    sentences: list[str] = _SENTENCE.findall(str(node.get("description") or ""))
    yield from (each for each in sentences if _KEYS.search(each) and _OTHERWISE.search(each))


def _conflict(text: str) -> list[str]:
    return ["409"] if re.search(r"\bconflicts?\b", text, re.IGNORECASE) else []


def _shown(create: Part, exchange: Exchange) -> Any:
    if not create.operation.is_success(exchange.response.status):
        return None
    return at(exchange.response.json, create.role.answer or ())


def _keyed(draft: Draft, name: str, key: str) -> Draft:
    bare = draft.without("header", name)
    return replace(bare, headers=(*bare.headers, (name, key)))
