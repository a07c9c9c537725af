"""How much work a call makes, by what it does and not by a clock: the same on every machine, however busy."""

import cProfile
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_LONGEST = 15.0  # seconds of the processor


def calls(work: Callable[[], object]) -> int:
    """How many functions are called until `work` is done, of Python and built in."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


@contextmanager
def ending() -> Iterator[None]:
    """Break off what would not end: work of less than a second that goes on and on.

    It is for work within one built-in function, such as that of a regular expression, of which no calls tell.
    """

    def give_up(_number: int, _frame: FrameType | None) -> Any:
        raise AssertionError("this does not end")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, _LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
