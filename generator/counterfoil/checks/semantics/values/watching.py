"""Watches what answers tell of objects, for all checks that look at it."""

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.values.constants import Constants
from counterfoil.checks.semantics.values.forms import Forms
from counterfoil.checks.semantics.values.identifiers import Identifiers
from counterfoil.checks.semantics.values.later import Later
from counterfoil.checks.semantics.values.omitted import Omitted
from counterfoil.checks.semantics.values.telling import Look, removed, telling
from counterfoil.checks.semantics.values.timestamps import Timestamps
from counterfoil.checks.semantics.values.vanishing import Vanishing
from counterfoil.checks.wire.exchange import Exchange


class ValuesTold:
    """Reads what an answer tells of objects once, and shows it to every check."""

    def __init__(self) -> None:
        self._timestamps = Timestamps()
        self._looks: tuple[Look, ...] = (
            Identifiers(),
            self._timestamps,
            Constants(),
            Forms(),
            Later(),
            Omitted(),
            Vanishing(),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all checks."""
        return tuple(name for look in self._looks for name in look.names)

    def see(self, exchange: Exchange, report: Report) -> None:
        """Show an exchange to the checks that are not switched off for its operation."""
        if (gone := removed(exchange)) is not None:
            self._timestamps.forget(gone)
        found = telling(exchange)
        if found is not None:
            off = exchange.operation.switched_off
            for look in self._looks:
                if not off or not off.keys() & set(look.names):
                    look.see(found, report)

    def finish(self, report: Report) -> None:
        """Let every check say what only all answers show."""
        for look in self._looks:
            look.finish(report)
