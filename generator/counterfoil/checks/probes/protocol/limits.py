"""The largest body that a server takes, `x-counterfoil.body-limit`: one of that size is taken, a larger one is not.

Where nothing is said of it, a server takes at least bodies of a size that every framework takes by itself.
"""

from dataclasses import replace

from counterfoil import pointer as json_pointer
from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation, is_json
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange

NAME = "body_limit"
NAMES = (NAME,)

_TOO_LARGE = 413
_REASON = "too-large"
_LARGEST = 1 << 24  # bytes that are sent for this
_USUAL = 1 << 14  # bytes
_OF_SIZE = frozenset({400, 413, 422})  # statuses that bodies of more than some size are refused with


def run(conversation: Conversation) -> None:
    """Try one operation for each place that a limit is stated at; servers that others use are spared."""
    if conversation.guard is not None and conversation.guard.is_safe:
        return
    seen = set()
    for operation in conversation.operations:
        limit, pointer = _stated(operation)
        draft = conversation.valid.minimal(operation) if 0 < limit <= _LARGEST and pointer not in seen else None
        if draft is None or not is_json(draft.media_type or "") or NAME in operation.switched_off:
            continue
        seen.add(pointer)
        if len(draft.body or b"") < limit:
            _at(limit, draft, pointer, conversation)
            _above(limit, draft, pointer, conversation)
    for operation in conversation.operations:
        _try_usual(operation, conversation)


def _try_usual(operation: Operation, conversation: Conversation) -> None:
    """A valid body of usual size is not refused for it where the contract tells of no limit."""
    draft = conversation.valid.minimal(operation)
    if draft is None or _stated(operation)[0] or str(_TOO_LARGE) in operation.responses:
        return
    if NAME in operation.switched_off or not is_json(draft.media_type or "") or len(draft.body or b"") >= _USUAL:
        return
    exchange = conversation.ask(_padded(draft, _USUAL), intent="valid", source="probes")
    if exchange is None or exchange.response.status not in _OF_SIZE:
        return
    smaller = conversation.ask(draft, intent="valid", source="probes")
    if smaller is not None and operation.is_success(smaller.response.status):
        summary, expected = f"a body of {_USUAL} bytes is too large", "success: the contract tells of no limit"
        got = exchange.response.describe()
        conversation.report.add(exchange, NAME, summary, expected, got, operation.pointer)


def _stated(operation: Operation) -> tuple[int, str]:
    """The limit in bytes, 0 where none is stated, and the JSON Pointer of the statement."""
    for holder, pointer in ((operation.tree, operation.pointer), (operation.contract, "")):
        limit = holder.get("x-counterfoil", {}).get("body-limit")
        if limit is not None:
            return int(limit), json_pointer.join(pointer, "x-counterfoil", "body-limit")
    return 0, ""


def _at(limit: int, draft: Draft, pointer: str, conversation: Conversation) -> None:
    exchange = conversation.ask(_padded(draft, limit), intent="valid", source="probes")
    if exchange is not None and _is_too_large(exchange):
        expected = f"success: up to {limit} bytes are taken"
        got = exchange.response.describe()
        conversation.report.add(exchange, NAME, f"a body of {limit} bytes is too large", expected, got, pointer)


def _above(limit: int, draft: Draft, pointer: str, conversation: Conversation) -> None:
    # Who reads no more may have closed the connection before the answer is read.
    exchange = conversation.ask(_padded(draft, limit + 1), intent="invalid", source="probes", must_answer=False)
    if exchange is None:
        return
    if exchange.response.status < 400:
        summary, expected = f"a body above the limit of {limit} bytes is accepted", f"{_TOO_LARGE}, or as is stated"
        got = exchange.response.describe()
        conversation.report.add(exchange, NAME, summary, expected, got, pointer)
        return
    summary = f"a body above the limit of {limit} bytes is refused otherwise than stated"
    if not stated.hold(exchange, _REASON, NAME, summary, conversation.report) and exchange.response.status >= 500:
        expected, got = str(_TOO_LARGE), exchange.response.describe()
        conversation.report.add(exchange, NAME, f"{summary}: {exchange.response.status}", expected, got, pointer)


def _padded(draft: Draft, size: int) -> Draft:
    """The same request with spaces behind its JSON, so many bytes in all."""

    def padded(text: bytes) -> bytes:
        return text + b" " * (size - len(text))

    return replace(draft, altered=padded).with_json(draft.value, draft.media_type)


def _is_too_large(exchange: Exchange) -> bool:
    answer = stated.refusal(exchange.operation, _REASON)
    if exchange.response.status == _TOO_LARGE:
        return True
    return bool(answer) and exchange.response.status >= 400 and not stated.difference(answer, exchange.response)
