"""Ids that answers give to requests, and errors to themselves: another one each time."""

import re

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.state.inference.names import plain

NAME = "request_ids"

_ENOUGH = 8  # answers, of which none has another id than the others
_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "x-trace-id")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_OF_REQUESTS = "requestid"  # what answers of any status call it, in any form of so many characters
_LONG = 8
# What errors call the id of one occurrence; several statuses have it, so that it is none of a kind of error.
_MEMBERS = frozenset(("id", "errorid", "requestid", "traceid", "correlationid"))
_KINDS = 2


class RequestIds:
    """Remembers how many answers had which id, by where it is told."""

    names = (NAME,)

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, int]] = {}
        self._last: dict[str, Exchange] = {}
        self._statuses: dict[str, set[int]] = {}
        self._apart: dict[str, dict[int, str]] = {}  # where errors tell an id → status → what that place is called

    def see(self, exchange: Exchange, report: Report) -> None:  # noqa: ARG002 - only all answers together show it
        """Remember the ids of an answer, unless the request gave them."""
        if NAME in exchange.operation.switched_off or exchange.request.method != exchange.operation.method:
            return
        for name in _HEADERS:
            self._note(f"the header {name}", exchange.response.header(name), exchange)
        body, is_error = exchange.response.json, exchange.response.status >= 400
        for name, value in body.items() if isinstance(body, dict) else ():
            if not isinstance(value, str):
                continue
            if plain(name) == _OF_REQUESTS and not _UUID.fullmatch(value) and len(value) >= _LONG:
                self._keep(f"/{name}", value, exchange)
            elif plain(name) in _MEMBERS and is_error:
                place = f"/{name} of errors"
                self._statuses.setdefault(place, set()).add(exchange.response.status)
                self._note(place, value, exchange)
                status = exchange.response.status
                own = self._apart.setdefault(place, {}).setdefault(status, f"/{name} of {status}")
                self._note(own, value, exchange)

    def _note(self, place: str, value: str, exchange: Exchange) -> None:
        if _UUID.fullmatch(value):
            self._keep(place, value, exchange)

    def _keep(self, place: str, value: str, exchange: Exchange) -> None:
        request = exchange.request
        if any(value in text for _, text in request.headers):
            return
        if value in request.url or value.encode() in request.body:
            return
        seen = self._seen.setdefault(place, {})
        if len(seen) < 2 or value in seen:
            seen[value] = seen.get(value, 0) + 1
            self._last[place] = exchange

    def finish(self, report: Report) -> None:
        """Note ids that never change, those of one status where they do with another one."""
        apart = {own: place for place, known in self._apart.items() for own in known.values()}
        # Where some come again, they tell kinds of errors apart.
        varied = {apart.get(place) for place, seen in self._seen.items() if [*seen.values()] == [1, 1]}
        for place, seen in self._seen.items():
            if len(self._statuses.get(place, range(_KINDS))) < _KINDS or (
                place in apart and apart[place] not in varied
            ):
                continue
            if len(seen) == 1 and (count := next(iter(seen.values()))) >= _ENOUGH:
                got = f"{next(iter(seen))!r} in {count} answers"
                report.add(self._last[place], NAME, f"{place} never changes", "another id for each request", got)
