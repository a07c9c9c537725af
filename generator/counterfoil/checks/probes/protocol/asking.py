"""Requests that are beside the operations of a contract: whatever comes of them, the server does not fail."""

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.semantics.conformance import SERVER_ERROR
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange

_NOT_IMPLEMENTED, _BUSY = 501, 503  # RFC 9110, 15.6.2: of methods that a server does not know


def ask(draft: Draft, conversation: Conversation, what: str, *, refresh: bool = False) -> Exchange | None:
    """Send a request as it is and note a finding where the server fails; `what` says what is odd about it.

    With `refresh` what must be there once only is made anew in a JSON body.
    """
    exchange = conversation.ask(draft, intent="invalid", source="probes", refresh=refresh)
    if exchange is None or SERVER_ERROR in draft.operation.switched_off:
        return exchange
    status = exchange.response.status
    if status >= 500 and status not in (_NOT_IMPLEMENTED, _BUSY):
        summary = f"server error {status} for {what}"
        pointer = draft.operation.pointer
        conversation.report.add(exchange, SERVER_ERROR, summary, "no 5xx", exchange.response.describe(), pointer)
    return exchange
