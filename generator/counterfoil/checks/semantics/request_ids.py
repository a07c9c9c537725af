"""Ids that answers give to requests: another one each time."""

import re

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange

NAME = "request_ids"

_ENOUGH = 8  # answers, of which none has another id than the others
_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "x-trace-id")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class RequestIds:
    """Remembers how many answers had which id, by where it is told."""

    names = (NAME,)

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, int]] = {}
        self._last: dict[str, Exchange] = {}

    def see(self, exchange: Exchange, report: Report) -> None:  # noqa: ARG002 - only all answers together show it
        """Remember the ids of an answer, unless the request gave them."""
        if NAME in exchange.operation.switched_off or exchange.request.method != exchange.operation.method:
            return
        for name in _HEADERS:
            value = exchange.response.header(name)
            if not _UUID.fullmatch(value) or any(value in text for _, text in exchange.request.headers):
                continue
            seen = self._seen.setdefault(f"the header {name}", {})
            if len(seen) < 2 or value in seen:
                seen[value] = seen.get(value, 0) + 1
                self._last[f"the header {name}"] = exchange

    def finish(self, report: Report) -> None:
        """Note ids that never change."""
        for place, seen in self._seen.items():
            if len(seen) == 1 and (count := next(iter(seen.values()))) >= _ENOUGH:
                got = f"{next(iter(seen))!r} in {count} answers"
                report.add(self._last[place], NAME, f"{place} never changes", "another id for each request", got)
