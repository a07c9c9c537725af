"""How long this process has waited for a processor that others had, so that no server is blamed for that."""

import time
from pathlib import Path

_THREADS = Path("/proc/self/task")
_PERIOD = 0.25  # seconds; to look takes a few hundredths of a millisecond


class Starvation:
    """Takes from the time of an answer what was lost, wherever Linux counts it; elsewhere nothing is known of that.

    A stub of this process, and a server in a thread of it, wait as it does.
    """

    def __init__(self) -> None:
        self._looked, self._before = time.perf_counter(), _waited()

    def begin(self) -> None:
        """Note that a request is about to be sent."""
        if time.perf_counter() - self._looked > _PERIOD:
            self._looked, self._before = time.perf_counter(), _waited()

    def spared(self, seconds: float) -> float:
        """The seconds that an answer took, without what was lost meanwhile; of a short time hardly any can be."""
        return seconds if seconds < _PERIOD else max(0.0, seconds - max(0.0, _waited() - self._before))


def _waited() -> float:
    """The seconds for which the threads of this process have been ready and had no processor."""
    waited = 0
    try:
        for thread in _THREADS.iterdir():
            # Nanoseconds on a processor, nanoseconds ready without one, turns (Linux, Documentation/scheduler).
            waited += int((thread / "schedstat").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return waited / 1e9
