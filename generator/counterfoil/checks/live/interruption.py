"""SIGINT and SIGTERM end a run between requests, so that it knows what each of them has made."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def interrupting(error: KeyboardInterrupt) -> int:
    """The number of the signal that an exception was raised for."""
    return error.args[0] if error.args else int(signal.SIGINT)


class Interruption:
    """Raises `KeyboardInterrupt` for a signal: as soon as no request is under way, for a second one at once."""

    def __init__(self) -> None:
        self._asked = 0
        self._held = False

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Heed signals in the main thread; elsewhere they are not ours."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = [signal.signal(number, self._take) for number in _SIGNALS]
        try:
            yield
        finally:
            for number, handler in zip(_SIGNALS, before, strict=True):
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Put a signal off until the end of this."""
        outer, self._held = self._held, True
        try:
            yield
        finally:
            self._held = outer
            if not outer:
                self._raise()

    def sleep(self, seconds: float) -> None:
        """Wait; a signal ends that."""
        held, self._held = self._held, False
        try:
            self._raise()
            time.sleep(seconds)
        finally:
            self._held = held

    def _take(self, number: int, _frame: object) -> None:
        if self._held and not self._asked:
            self._asked = number
            return
        self._asked = 0
        raise KeyboardInterrupt(number)

    def _raise(self) -> None:
        if self._asked:
            number, self._asked = self._asked, 0
            raise KeyboardInterrupt(number)
