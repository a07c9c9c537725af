"""What a run has made at a server, and its removal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.objects.collections import Key, Part, anonymous, at, collections, naming
from counterfoil.checks.objects.contexts import Context, named, within
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.client import Client, NoAnswerError
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.routes import Routes
from counterfoil.stub.schema_walk import ITEMS

NAME = "cleanup"
_MOST = 20  # keys that are listed
_DEAF = 3  # requests in a row that come to nothing after which no other is sent
_GONE = frozenset({404, 410})
_BUSY = frozenset({429, 503})  # RFC 6585, section 4; RFC 9110, section 15.6.4
_WRITES = frozenset({"replace", "change", "remove"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An object that was made: its collection and key; the operation, and path variables and context of the request."""

    collection: str
    key: Key
    label: str
    way: tuple[tuple[str, str], ...] = ()
    context: Context = ()


class _BusyError(Exception):
    """A removal that a server puts off; its text says what that was answered with."""


@dataclass
class Ledger:
    """Watches what requests make and remove, whatever they were sent for (a `Watcher`)."""

    operations: Sequence[Operation]
    base_path: str = ""
    names: tuple[str, ...] = ()
    open: dict[Entry, None] = field(default_factory=dict)
    _known: set[tuple[str, str]] = field(default_factory=set)
    _lost: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self.operations, self.base_path)

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return collections(self.operations)[1]

    def part(self, operation: Operation) -> Part | None:
        """What an operation does with which objects, None where the contract does not tell."""
        return self._parts.get(operation.label)

    def remover(self, collection: str) -> Part | None:
        """The operation that removes an object of a collection by its key."""
        return next(
            (
                part
                for part in self._parts.values()
                if part.role.action == "remove" and part.role.key and anonymous(part.role.collection) == collection
            ),
            None,
        )

    def is_own(self, draft: Draft) -> bool:
        """Whether a request is about an object that this run has made."""
        part = self._parts.get(draft.operation.label)
        if part is None or part.role.key is None:
            return False
        where, name = part.role.key.where, part.role.key.name
        if where == "path":
            key: Any = draft.path.get(name[0])
        elif where == "query":
            key = next((text for field_, text in draft.query if field_ == name[0]), None)
        else:
            key = None if draft.value is NOTHING else at(draft.value, name)
        return key is not None and (anonymous(part.role.collection), str(key)) in self._known

    def see(self, exchange: Exchange, report: Report) -> None:  # noqa: ARG002 - a watcher is given the report
        """Note what an exchange has made or removed."""
        status, operation = exchange.response.status, exchange.operation
        if exchange.request.method != operation.method or not (200 <= status < 300 or status in _GONE):
            return
        part = self._parts.get(operation.label)
        action = part.role.action if part is not None else "answer"
        matched = self._routes.match(exchange.request.method, exchange.request.url)
        way = matched.variables if matched is not None else {}
        if part is not None and action in _WRITES:
            key = self._named(part, exchange, way)
            if action == "remove" and key is not None:
                self._forget(anonymous(part.role.collection), key, named(exchange))
            elif status == 201 and key is not None:
                self._note(_entry(part, key, way, exchange))
        elif 200 <= status < 300 and (action == "create" or (status == 201 and operation.method != "GET")):
            key = self._shown(part, exchange) if part is not None else None
            if part is None or key is None:
                # Some servers refuse with 200, and tell of no object.
                if status == 201 or part is None or part.role.answer is None:
                    self._lose(exchange)
            else:
                self._note(_entry(part, key, way, exchange))

    def miss(self, draft: Draft) -> None:
        """Note a request that nothing answered, but that may have been heeded."""
        operation = draft.operation
        part = self._parts.get(operation.label)
        if (draft.method or operation.method) == operation.method and part is not None and part.role.action == "create":
            self._lost[operation.label, "a request was not answered"] = {"perhaps something": None}

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""

    def remove_all(self, valid: ValidRequests, client: Client, report: Report) -> None:
        """Remove what was made and is still there, the newest first; what cannot be removed is reported."""
        left = {place: list(what) for place, what in self._lost.items()}
        in_vain = 0
        try:
            for entry in reversed(list(self.open)):
                reason = f"not tried, since {_DEAF} removals in a row came to nothing"
                if in_vain < _DEAF:
                    try:
                        reason = self._remove(entry, valid, client)
                        in_vain = 0
                    except (NoAnswerError, _BusyError) as error:
                        reason = f"{self._removing(entry)}: {error}"
                        in_vain += 1
                if reason:
                    left.setdefault((entry.label, reason), []).append(str(entry.key))
                else:
                    self.open.pop(entry, None)
        except KeyboardInterrupt:
            for entry in self.open:
                left.setdefault((entry.label, "interrupted"), []).append(str(entry.key))
            raise
        finally:
            for (label, reason), keys in left.items():
                report.leave(label, keys, reason)
                report.skip(NAME, label, f"left behind: {_listed(keys)} ({reason})")

    def _removing(self, entry: Entry) -> str:
        part = self.remover(entry.collection)
        return part.operation.label if part is not None else ""

    def _remove(self, entry: Entry, valid: ValidRequests, client: Client) -> str:
        """Why an object could not be removed, empty if it could; `_BusyError` where it may be, later."""
        part = self.remover(entry.collection)
        if part is None or part.role.key is None:
            return "no operation removes it"
        draft = valid.minimal(part.operation)
        if draft is None:
            return f"no valid request to {part.operation.label} can be made"
        own = dict(entry.way)
        # What is above an object is called the same in both paths, or stands at the same place.
        above = [name for name in draft.path if name != part.role.key.name[0]]
        texts: Sequence[str | None] = [own.get(name) for name in above]
        if None in texts:
            texts = list(own.values())[: len(above)]
        for name, text in zip(above, texts, strict=False):
            if text is not None:
                draft = draft.with_parameter("path", name, [(name, text)])
        draft = within(naming(draft, part.role.key, entry.key), entry.context)
        exchange = client.send(draft, intent="valid", source=NAME, free=True)
        status = exchange.response.status
        if status in _BUSY:
            raise _BusyError(f"answered with {status}")
        return "" if status < 300 or status in _GONE else f"{part.operation.label} is answered with {status}"

    def _note(self, entry: Entry) -> None:
        self.open[entry] = None
        self._known.add((entry.collection, str(entry.key)))

    def _forget(self, collection: str, key: Key, asked: Context) -> None:
        for entry in [each for each in self.open if (each.collection, str(each.key)) == (collection, str(key))]:
            if not asked or not entry.context or asked == entry.context:
                del self.open[entry]

    def _lose(self, exchange: Exchange) -> None:
        place = exchange.response.header("location")
        body = exchange.response.json
        shown = body.get("id") if isinstance(body, dict) else None
        what = place or (str(shown) if isinstance(shown, str | int) else "something without a key")
        self._lost.setdefault((exchange.operation.label, "the contract does not say how it is removed"), {})[what] = (
            None
        )

    @staticmethod
    def _named(part: Part, exchange: Exchange, way: dict[str, str]) -> Key | None:
        place = part.role.key
        if place is None:
            return None
        if place.where == "path":
            return way.get(place.name[0])
        found = None if place.where == "query" else at(exchange.request.json, place.name)
        return found if isinstance(found, str | int) else None

    @staticmethod
    def _shown(part: Part, exchange: Exchange) -> Key | None:
        role = part.role
        if role.answer is None or ITEMS in role.answer:
            return None
        return part.key_of(at(exchange.response.json, role.answer))


def _entry(part: Part, key: Key, way: dict[str, str], exchange: Exchange) -> Entry:
    collection = anonymous(part.role.collection)
    return Entry(collection, key, exchange.operation.label, tuple(way.items()), named(exchange))


def _listed(keys: Sequence[str]) -> str:
    """Keys as a person reads them, with their number where there are several."""
    if len(keys) == 1:
        return keys[0]
    more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
    return f"{len(keys)} objects: {', '.join(keys[:_MOST])}{more}"
