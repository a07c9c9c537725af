"""What a run reached: statuses, checks, keywords of what requests are made of, and how long answers took."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.keywords import stated_keywords

if TYPE_CHECKING:
    from counterfoil.checks.reporting.findings import Report
    from counterfoil.checks.wire.exchange import Exchange


@dataclass(slots=True)
class Tries:
    """How many requests of the ladder were about one keyword: such as it allows, and such as it does not."""

    valid: int = 0
    invalid: int = 0


@dataclass(slots=True)
class Reached:
    """What was reached of one operation.

    `statuses` counts answers by status, `judges` by the checks that looked at them together, `seconds` holds how long
    the answers took that were timed. `tries` is by JSON Pointer of what the ladder changed a request for.
    """

    operation: Operation
    statuses: Counter[int] = field(default_factory=Counter)
    judges: Counter[tuple[str, ...]] = field(default_factory=Counter)
    tries: dict[str, Tries] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    @property
    def checks(self) -> Counter[str]:
        """How many answers each check looked at."""
        found: Counter[str] = Counter()
        for names, count in self.judges.items():
            found.update(dict.fromkeys(set(names) - set(self.operation.switched_off), count))
        return found

    @property
    def documented(self) -> tuple[str, ...]:
        """The keys of the documented responses: statuses, ranges, `default`."""
        return tuple(self.operation.responses)

    def keywords(self) -> dict[str, Tries]:
        """JSON Pointer → tries, of every keyword that the schemas of body and parameters have.

        A request that differs below a keyword, such as in a branch of a union, is about that keyword as well; a body or
        parameter that is valid as a whole is about all that is in it.
        """
        wholes = stated_keywords(self.operation)
        nothing = Tries()
        found = {pointer: Tries(self.tries.get(whole, nothing).valid) for pointer, whole in wholes.items()}
        for pointer, tries in self.tries.items():
            holder = pointer
            while holder and holder not in found:
                holder = holder.rpartition("/")[0]
            if holder in found:
                found[holder].valid += tries.valid
                found[holder].invalid += tries.invalid
        return found


class Coverage:
    """Watches a run; `operations` is by method and path."""

    names: tuple[str, ...] = ()

    def __init__(self, operations: Iterable[Operation] = (), always: Iterable[str] = ()) -> None:
        """`always` are the checks that look at every answer."""
        self.operations = {operation.label: Reached(operation) for operation in operations}
        self._always = tuple(always)
        self._now: tuple[str, ...] = ()

    @contextmanager
    def judging(self, *names: str) -> Iterator[None]:
        """While it lasts, these checks look at every answer."""
        before, self._now = self._now, tuple(name for name in names if name not in self._always)
        try:
            yield
        finally:
            self._now = before

    def see(self, exchange: "Exchange", report: "Report") -> None:  # noqa: ARG002 - what every watcher is given
        """Count one exchange."""
        reached = self.operations.get(exchange.operation.label)
        if reached is None:
            return
        if exchange.meets:
            reached.statuses[exchange.response.status] += 1
        if exchange.seconds:
            reached.seconds.append(exchange.seconds)
        reached.judges[self._always] += 1
        reached.judges[self._now] += 1

    def judged(self, label: str, *names: str) -> None:
        """Note that checks looked at an answer of an operation."""
        if label in self.operations:
            self.operations[label].judges[names] += 1

    def aim(self, label: str, pointer: str, *, valid: bool) -> None:
        """Note that a request is about the rule at `pointer`, and whether that rule allows it."""
        if label in self.operations:
            tries = self.operations[label].tries.setdefault(pointer, Tries())
            if valid:
                tries.valid += 1
            else:
                tries.invalid += 1

    def finish(self, report: "Report") -> None:
        """Nothing: what was reached is no finding."""
