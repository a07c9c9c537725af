"""What sees every exchange of a run, whatever made the request."""

from typing import Protocol

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange


class Watcher(Protocol):
    """A check of answers. It may remember what it has seen."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its checks, by which an overlay switches them off."""

    def see(self, exchange: Exchange, report: Report) -> None:
        """Look at one exchange and note what is wrong with it."""

    def finish(self, report: Report) -> None:
        """Note what only all exchanges together show."""
