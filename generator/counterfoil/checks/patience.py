"""How long a run waits for a server that answers too slowly, before it leaves the rest of it out."""

from collections import defaultdict

from counterfoil.checks.wire.pace import SpentError

FOR_ONE = 30.0  # seconds that are spent on late answers of one operation
FOR_ALL = 300.0  # and on those of all


class Patience:
    """Counts the seconds that go by with answers that take longer than `limit` seconds, and with waiting for none."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._spent: defaultdict[str, float] = defaultdict(float)

    def is_over(self, label: str) -> bool:
        """Whether an operation is asked no further; `SpentError` where no operation is."""
        if not self._spent:
            return False
        if (total := sum(self._spent.values())) > FOR_ALL:
            raise SpentError(f"answers that took longer than {self._limit:g} s have taken {total:.0f} seconds")
        return self._spent[label] > FOR_ONE

    def note(self, label: str, seconds: float, *, answered: bool) -> str:
        """Count an answer that came, or none; why an operation is asked no further where this was the last straw."""
        was_over = self._spent[label] > FOR_ONE
        if seconds > self._limit or not answered:
            self._spent[label] += seconds
        if was_over or self._spent[label] <= FOR_ONE:
            return ""
        late = f"{self._spent[label]:.0f} seconds went by with answers that took longer than {self._limit:g} s"
        return f"the rest of {label}: {late}, or did not come"
