"""Some valid request succeeds; else a server that refuses everybody would pass, since refusals are documented."""

from collections.abc import Sequence

from counterfoil.checks.ladder.judge import BUSY, speaks_of_state
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange

NAME = "success_reached"

_NO_OBJECT = frozenset({404, 410, 412})  # there is none, or it is not as a condition wants it


class SuccessReached:
    """Watches for the first success of each operation."""

    names = (NAME,)

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._waiting = {operation.label: operation for operation in operations if NAME not in operation.switched_off}
        self._refused: dict[str, Exchange] = {}
        self._found: set[str] = set()

    def see(self, exchange: Exchange, report: Report) -> None:  # noqa: ARG002 - only all exchanges together show it
        """Remember whether a valid request was accepted, else the first that was refused otherwise than by 404."""
        label = exchange.operation.label
        if exchange.intent != "valid" or not exchange.authenticated or label not in self._waiting:
            return
        if exchange.response.status in BUSY:
            return
        if exchange.accepted:
            del self._waiting[label]
        elif label not in self._refused or label not in self._found:
            self._refused[label] = exchange
            if exchange.response.status not in _NO_OBJECT and not speaks_of_state(exchange):
                self._found.add(label)

    def finish(self, report: Report) -> None:
        """Note every operation that no valid request succeeded at."""
        for label, operation in self._waiting.items():
            exchange = self._refused.get(label)
            if exchange is None:
                report.skip(NAME, label, "no valid request was sent")
            elif label not in self._found:
                report.skip(NAME, label, "no object is known that exists")
            elif operation.responses and not operation.success_keys and "default" not in operation.responses:
                report.skip(NAME, label, "the contract documents no success")
            else:
                expected = f"{' or '.join(operation.success_keys) or '2XX'} for a valid request"
                report.add(exchange, NAME, "no request succeeded", expected, exchange.response.describe())
