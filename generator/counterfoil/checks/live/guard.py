"""Sees that a run asks nothing that it must not, and not more than it may."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from counterfoil.checks.live.allowed import READS
from counterfoil.checks.live.interruption import Interruption
from counterfoil.checks.live.ledger import Ledger
from counterfoil.checks.live.progress import Progress
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.pace import Pace

T = TypeVar("T")
_WRITES = frozenset({"replace", "change", "remove"})
_SHARED = 2 / 3  # of a budget is what the ladder gets, the same for each operation
_LEAST = 3


@dataclass(slots=True)
class Guard:
    """Lets requests through, or not. With `is_safe` no object may be changed that the run has not made."""

    ledger: Ledger
    progress: Progress
    pace: Pace | None
    interruption: Interruption
    operations: int
    is_safe: bool

    def permits(self, draft: Draft, source: str) -> bool:
        """Whether a request may be sent."""
        operation = draft.operation
        if self.progress.has_passed(source, operation.label):
            return False
        self.progress.note(source, operation.label)
        if not self.is_safe:
            return True
        method = draft.method or operation.method
        if method != operation.method and method not in READS | {"COUNTERFOIL"}:
            return False
        part = self.ledger.part(operation)
        return part is None or part.role.action not in _WRITES or part.role.key is None or self.ledger.is_own(draft)

    def pending(self, stage: str, operation: Operation, items: Iterable[T]) -> Iterator[T]:
        """As many of `items` as this operation gets of the budget, after those that passed in a run before."""
        share = None
        if self.pace is not None and self.pace.budget is not None:
            share = max(_LEAST, int(self.pace.budget * _SHARED) // max(self.operations, 1))
        for number, item in enumerate(self.progress.pending(stage, operation.label, items)):
            if (self.pace is not None and self.pace.spent) or (share is not None and number >= share):
                return
            yield item
