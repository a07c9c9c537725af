"""How runs come to their end: as they should, or broken off by an error that is no finding."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from counterfoil.checks.reporting.findings import EnoughError, Report
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.location import CounterfoilError

_LONGEST = 1000  # characters of an error's text


class BrokenOffError(Exception):
    """A run that an error ended, which is the cause of this; `report` has what was found until then."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.failure)
        self.report = report


@contextmanager
def until_the_end(report: Report, exchanges: Sequence[Exchange]) -> Iterator[None]:
    """Time a run that appends to `exchanges`, and end it where enough was found.

    Errors become `BrokenOffError`, but for mistakes (`CounterfoilError`) that show before the first exchange: these
    stay what they are.
    """
    started = time.monotonic()
    try:
        yield
    except EnoughError:
        pass
    except Exception as error:
        if isinstance(error, CounterfoilError) and not exchanges:
            raise
        report.failure = _told(error, exchanges, report)
        raise BrokenOffError(report) from error
    finally:
        report.seconds = time.monotonic() - started


def _told(error: Exception, exchanges: Sequence[Exchange], report: Report) -> str:
    """An error in one line, and behind which request it came."""
    if isinstance(error, CounterfoilError):
        what = "; ".join(each.message for each in error.diagnostics)
    else:
        what = f"counterfoil itself failed: {type(error).__name__}: {error}"
    where = f" (after {exchanges[-1].operation.label}, {exchanges[-1].source})" if exchanges else ""
    return report.credentials.mask(" ".join(what.split())[:_LONGEST] + where)
