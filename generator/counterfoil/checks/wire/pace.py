"""How many requests a server gets, how fast, and when it is left alone because it says so."""

import re
import time
from collections.abc import Callable

from counterfoil.checks.wire.lenient import date
from counterfoil.location import CounterfoilError, Diagnostic, Location

LONGEST_WAIT = 60.0  # seconds that a server may ask to be left alone for
_ASKING = frozenset({429, 503})  # RFC 6585, section 4; RFC 9110, section 15.6.4
_PERIODS = {"s": 1.0, "m": 60.0, "h": 3600.0}


class SpentError(Exception):
    """No further request may be sent; its text says why."""


class Pace:
    """Lets at most `budget` requests through, `interval` seconds apart; without them all, and at once.

    `spent` says why nothing is let through any more, and is empty as long as something is.
    """

    def __init__(
        self,
        budget: int | None = None,
        interval: float = 0.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.budget, self.interval = budget, interval
        self.sent = 0
        self.spent = ""
        self._clock, self._sleep = clock, sleep
        self._next = 0.0

    def take(self, *, free: bool = False) -> None:
        """Wait until a request may be sent; `SpentError` if none may be. What is `free` is let through regardless."""
        if not free:
            if not self.spent and self.budget is not None and self.sent >= self.budget:
                self.spent = f"the budget of {self.budget} requests is spent"
            if self.spent:
                raise SpentError(self.spent)
            self.sent += 1
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
            now = self._next
        self._next = now + self.interval

    @property
    def is_open(self) -> bool:
        """Whether another request may be sent."""
        return not self.spent and (self.budget is None or self.sent < self.budget)

    def heed(self, status: int, retry_after: str, now: float | None = None) -> bool:
        """Note what an answer says of the pace; whether it asks to come back later, and soon enough to be waited for.

        `now` is the time in seconds since 1970. A server that asks for more than `LONGEST_WAIT` gets nothing more.
        """
        if status not in _ASKING:
            return False
        wait = seconds(retry_after, time.time() if now is None else now)
        if wait is None:
            wait = 1.0 if status == 429 else 0.0
        if wait > LONGEST_WAIT:
            self.spent = f"the server asks to be left alone for {wait:.0f} seconds"
            return False
        self._next = max(self._next, self._clock() + wait)
        return wait > 0


def seconds(retry_after: str, now: float) -> float | None:
    """The seconds that a `Retry-After` asks for (RFC 9110, section 10.2.3): a number or a date; None for neither."""
    text = retry_after.strip()
    if text.isdecimal():
        return float(text)
    then = date(text)
    return None if then is None else max(0.0, then - now)


def interval(text: str) -> float:
    """Seconds between requests at a rate such as `5/s`, `100/m` or `1000/h`; `CounterfoilError` if it is none."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*/\s*([smh])\s*", text)
    if found is None or not float(found[1]):
        hint = "a number of requests and a period, such as 5/s, 100/m or 1000/h"
        raise CounterfoilError(Diagnostic(Location("--rate", 0), "invalid-rate", f"{text!r} is no rate", hint))
    return _PERIODS[found[2]] / float(found[1])
