"""Valid requests that are answered as a contract states of failures of the server, whatever their status."""

from typing import Any

from counterfoil.checks import stated
from counterfoil.checks.nul import has_nul
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.conformance import SERVER_ERROR
from counterfoil.checks.wire.exchange import Exchange

_REASON = "failure"


class Failures:
    """Looks for the stated answer to a failure where its status alone does not tell it."""

    names = (SERVER_ERROR,)

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note a valid request that the server failed at."""
        operation, response = exchange.operation, exchange.response
        answer = operation.remembered(_REASON, lambda: _stated_alone(operation))
        if not answer or response.status != answer["status"] or SERVER_ERROR in operation.switched_off:
            return
        if exchange.intent != "valid" or not (exchange.authenticated and exchange.meets) or has_nul(exchange.request):
            return
        if not stated.difference(answer, response):
            summary, expected = "a valid request fails", "no answer that the overlay states for a failure"
            report.add(exchange, SERVER_ERROR, summary, expected, response.describe(), stated.POINTER)

    def finish(self, report: Report) -> None:
        """Nothing is left to be said."""


def _stated_alone(operation: Operation) -> dict[str, Any]:
    """The stated answer to a failure; empty where there is none, or it is that to something else as well."""
    answer = stated.refusal(operation, _REASON)
    others = [
        each
        for holder in (operation.tree, operation.contract)
        for reason, each in holder.get("x-counterfoil", {}).get("refusals", {}).items()
        if reason != _REASON
    ]
    is_shared = any(
        each.get("status") == answer.get("status") and each.get("body") == answer.get("body") for each in others
    )
    # What has a status of its own is told by that.
    return answer if answer.get("status", 500) < 500 and not is_shared else {}
