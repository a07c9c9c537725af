"""The order in which a server looks at a request: of two things that are wrong, the first one is refused."""

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange

ORDER = "order_of_checks"
NAMES = (ORDER,)

_STATED = frozenset({"malformed", "media-type"})  # whose answer does not depend on what is wrong in particular
_DEFAULT_ORDER = ("path", "credentials", "media-type", "malformed", "schema")
_OF_NO_USE: tuple[Any, ...] = ([[]], {"counterfoil": []}, 17)
# What is random in answers, or tells when they were made.
_RANDOM = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d{4}-\d\d-\d\d[T ][\d:.]+|req\w+|\d{9,}")


def run(conversation: Conversation) -> None:
    """Send what is wrong in two ways to every operation that takes a body."""
    for operation in conversation.operations:
        valid = conversation.valid.minimal(operation)
        if ORDER in operation.switched_off or valid is None or valid.body is None:
            continue
        _try_credentials(operation, valid, conversation)
        if operation.order:
            _try_others(operation, valid, conversation)


def _try_credentials(operation: Operation, valid: Draft, conversation: Conversation) -> None:
    """Without credentials, what comes before them in the vendor's order is refused first, the rest is not looked at.

    Where no order is stated, many servers read a body before they look at who sent it, but do not look into it.
    """
    credentials, order = conversation.client.credentials, operation.order or _DEFAULT_ORDER
    placed = credentials.placements(operation) and credentials.needed_by(operation) and not credentials.secret_headers
    if not placed or "credentials" not in order:
        return
    bare = replace(valid, credentials=(), value=NOTHING)
    wrong = {
        "malformed": replace(bare, body=b"{"),
        "schema": replace(bare, body=b"[[]]"),
        "media-type": replace(bare, media_type="text/x-counterfoil"),
    }
    without = _ask(bare, conversation)
    for check in wrong if operation.order else ("schema",):
        exchange = _ask(wrong[check], conversation) if check in order else None
        if exchange is None or without is None:
            continue
        first = order.index("credentials") < order.index(check)
        if first and exchange.response.status != without.response.status:
            summary = f"credentials are not looked at before {check}"
            expected = f"{without.response.status}, as without credentials and with a valid request"
            pointer = json_pointer.join("", "x-counterfoil", "order") if operation.order else operation.pointer
            conversation.report.add(exchange, ORDER, summary, expected, exchange.response.describe(), pointer)
        if operation.order and not first and check in _STATED:
            summary = f"credentials are looked at before {check}"
            stated.hold(exchange, check, ORDER, summary, conversation.report)


def _try_others(operation: Operation, valid: Draft, conversation: Conversation) -> None:
    """Of two checks in the stated order, the one that comes first refuses what fails both."""
    # Whoever goes through properties comes to what is missing before or after the other one.
    for is_reversed in (False, True):
        _try_bodies(operation, valid, _bodies(operation, conversation, is_reversed=is_reversed), conversation)


def _try_bodies(operation: Operation, valid: Draft, bodies: dict[str, Any], conversation: Conversation) -> None:
    known = [check for check in operation.order if check in ("media-type", "malformed") or check in bodies]
    for first, second in combinations(known, 2):
        if first == "malformed":
            continue  # what is no JSON breaks no schema, and what is of another media type need not be JSON
        one, other, both = (_wrong(valid, bodies, each) for each in ((first,), (second,), (first, second)))
        if one is None or other is None or both is None:
            continue
        answers = [_ask(draft, conversation) for draft in (one, other, both)]
        if None in answers:
            return
        shown = [_form(each) for each in answers if each is not None]
        exchange = answers[2]
        if exchange is not None and shown[0] != shown[1] == shown[2]:
            summary, expected = f"{second} is looked at before {first}", f"what {first} is refused with: {shown[0]}"
            conversation.report.add(exchange, ORDER, summary, expected, exchange.response.describe(), stated.POINTER)


def _bodies(operation: Operation, conversation: Conversation, *, is_reversed: bool) -> dict[str, Any]:
    """Bodies in which something is missing, or of another type, and with both in `both`."""
    body = conversation.valid.body(operation)
    if body is None or not isinstance(body.full, dict):
        return {}
    full, fits = body.full, conversation.valid.instances.fits
    required = [name for name in body.minimal if isinstance(body.minimal, dict)]
    lacking = [{key: held for key, held in full.items() if key != name} for name in required]
    ordered = reversed(lacking) if is_reversed else lacking
    missing = next((each for each in ordered if not fits(body.pointer, each)), None)
    if missing is None:
        return {}
    gone = next(name for name in full if name not in missing)
    others = (
        (name, value)
        for name in full
        if name != gone
        for value in _OF_NO_USE
        if not fits(body.pointer, {**full, name: value})
    )
    name, value = next(others, ("", None))
    if not name:
        return {}
    check = next((each for each in ("shape", "schema") if each in operation.order), "schema")
    return {"required": missing, check: {**full, name: value}, "both": {**missing, name: value}}


def _wrong(valid: Draft, bodies: Mapping[str, Any], checks: tuple[str, ...]) -> Draft | None:
    inner = [check for check in checks if check in bodies]
    draft = valid
    if inner:
        draft = draft.with_json(copy.deepcopy(bodies["both" if len(inner) > 1 else inner[0]]), draft.media_type)
    if "malformed" in checks:
        draft = replace(draft, body=b"{", value=NOTHING)
    return replace(draft, media_type="text/x-counterfoil") if "media-type" in checks else draft


def _ask(draft: Draft, conversation: Conversation) -> Exchange | None:
    return conversation.ask(draft, intent="invalid", source="probes", refresh=False)


def _form(exchange: Exchange) -> str:
    """An answer without what differs each time."""
    body = exchange.response.json
    text = exchange.response.body.decode("utf-8", "replace") if body is NOTHING else json.dumps(_bare(body))
    return f"{exchange.response.status} {_RANDOM.sub('…', text)}"


def _bare(value: Any) -> Any:
    """An error without what it repeats of the request."""
    if isinstance(value, dict):
        return {name: _bare(held) for name, held in value.items() if name not in ("input", "value", "received")}
    return [_bare(item) for item in value] if isinstance(value, list) else value
