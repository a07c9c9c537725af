"""How long answers take."""

from statistics import median

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange

NAME = "response_time"

_ENOUGH = 20  # answers, from which on a median says something
_SLOW = 1.5  # seconds
_TIMES = 100  # the median
_OFTEN = 2
_LARGE = 1 << 16  # bytes, which take their time


class Latency:
    """Measures answers against `limit`, in seconds, and against one another.

    One late answer of an operation may be an accident.
    """

    names = (NAME,)

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._taken: dict[str, list[float]] = {}
        self._slow: dict[str, list[Exchange]] = {}
        self._late: dict[str, list[Exchange]] = {}

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note answers of an operation that took longer than the limit."""
        operation, seconds = exchange.operation, exchange.seconds
        if not seconds or NAME in operation.switched_off:
            return
        label = operation.label
        self._taken.setdefault(label, []).append(seconds)
        if seconds > self._limit:
            late = self._late.setdefault(label, [])
            late.append(exchange)
            told = () if len(late) < _OFTEN else late if len(late) == _OFTEN else (exchange,)
            for each in told:
                summary, expected = f"answers took longer than {self._limit:g} s", f"at most {self._limit:g} s"
                report.add(each, NAME, summary, expected, f"{each.seconds:.2f} s")
        elif seconds > _SLOW and len(exchange.response.body) < _LARGE:
            self._slow.setdefault(label, []).append(exchange)

    def finish(self, report: Report) -> None:
        """Note answers that again and again take far longer than most, and tell of a late one that was alone."""
        for label, late in self._late.items():
            if len(late) < _OFTEN:
                told = f"one answer took {late[0].seconds:.2f} s, and no other longer than {self._limit:g} s"
                report.skip(NAME, label, f"not judged: {told}")
        for label, slow in self._slow.items():
            taken = self._taken[label]
            usual = median(taken)
            slow = [exchange for exchange in slow if exchange.seconds > _TIMES * usual]
            if len(taken) >= _ENOUGH and len(slow) >= _OFTEN:
                got = f"{len(slow)} of {len(taken)} took {min(each.seconds for each in slow):.2f} s and more"
                expected = f"about {usual * 1000:.1f} ms, as half of the answers take at most"
                report.add(slow[0], NAME, "some answers take far longer than others", expected, got)
