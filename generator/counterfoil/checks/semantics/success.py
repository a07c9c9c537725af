"""Some valid request succeeds; else a server that refuses everybody would pass, since refusals are documented."""

from collections.abc import Sequence

from counterfoil.checks.ladder.judge import BUSY, speaks_of_state
from counterfoil.checks.operation import Operation
from counterfoil.checks.reasons import SOURCE as COMPARISON
from counterfoil.checks.reasons import is_other
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange

NAME = "success_reached"

_UNAUTHORIZED = 401
_NO_OBJECT = frozenset({404, 410, 412})  # there is none, or it is not as a condition wants it


class SuccessReached:
    """Watches for the first success of each operation."""

    names = (NAME,)

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._waiting = {operation.label: operation for operation in operations if NAME not in operation.switched_off}
        self._refused: dict[str, Exchange] = {}
        self._found: set[str] = set()
        self._statuses: dict[str, set[int]] = {}  # of refused valid requests
        self._of_schemas: dict[str, set[int]] = {}  # of requests that break their schema, sent to compare with
        self._busy: dict[str, Exchange] = {}
        self._is_always_busy = True

    def see(self, exchange: Exchange, report: Report) -> None:  # noqa: ARG002 - only all exchanges together show it
        """Remember whether a valid request was accepted, else the first that was refused otherwise than by 404."""
        label, status = exchange.operation.label, exchange.response.status
        self._is_always_busy &= status in BUSY
        if exchange.source == COMPARISON:
            self._of_schemas.setdefault(label, set()).add(status)
        if exchange.intent != "valid" or not exchange.authenticated or label not in self._waiting:
            return
        if status in BUSY:
            self._busy.setdefault(label, exchange)
            return
        if exchange.accepted or _leads_on(exchange):
            del self._waiting[label]
            return
        self._statuses.setdefault(label, set()).add(status)
        if label not in self._refused or label not in self._found:
            self._refused[label] = exchange
            if status not in _NO_OBJECT and not speaks_of_state(exchange):
                self._found.add(label)

    def finish(self, report: Report) -> None:
        """Note every operation that no valid request succeeded at."""
        if self._is_always_busy and self._busy:
            # Of a server that refuses all for now nobody can say that it keeps its contract.
            first = next(iter(self._busy.values()))
            summary, got = "every request is answered as one of too many", first.response.describe()
            report.add(first, NAME, summary, "an answer to some request of the run", got)
        for label, operation in self._waiting.items():
            exchange = self._refused.get(label)
            if exchange is None and label in self._busy:
                report.skip(NAME, label, f"valid requests are answered with {self._busy[label].response.status} only")
            elif exchange is None:
                report.skip(NAME, label, "no valid request was sent")
            elif label not in self._found:
                report.skip(NAME, label, "no object is known that exists")
            elif all(
                status in _NO_OBJECT or is_other(status, self._of_schemas.get(label, ()))
                for status in self._statuses[label]
            ):
                report.skip(NAME, label, "valid requests are refused for what no schema tells")
            elif operation.responses and not operation.success_keys and "default" not in operation.responses:
                report.skip(NAME, label, "the contract documents no success")
            else:
                expected = f"{' or '.join(operation.success_keys) or '2XX'} for a valid request"
                if self._statuses[label] == {_UNAUTHORIZED}:
                    expected += ", if these are the right credentials"
                report.add(exchange, NAME, "no request succeeded", expected, exchange.response.describe())


def _leads_on(exchange: Exchange) -> bool:
    """Whether an operation without any other success leads elsewhere, as declared."""
    operation, status = exchange.operation, exchange.response.status
    return 300 <= status < 400 and not operation.success_keys and str(status) in operation.responses
