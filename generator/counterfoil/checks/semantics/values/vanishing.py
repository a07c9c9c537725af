"""What objects were made with, and what shows them never tells although the contract says that it may."""

from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.recording.secret_fields import SecretFields
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.echoes import sharing
from counterfoil.checks.semantics.values.telling import Key, Telling
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.contract_tree import extension

NAME = "vanishing"

_ENOUGH = 5  # answers about objects that have a property, none of which tells it
_HEADERS = 30  # successes, none of which has a header
# Headers that only some answers have reason to carry.
_NOW_AND_THEN = frozenset(
    [
        "link",
        "retry-after",
        "deprecation",
        "sunset",
        "warning",
        "set-cookie",
        "location",
        "content-encoding",
        "content-language",
        "etag",
        "last-modified",
        "vary",
        "age",
        "expires",
        "content-disposition",
        "content-range",
        "transfer-encoding",
    ]
)

_SECRETS = SecretFields()


class _Missed(NamedTuple):
    exchange: Exchange
    times: int
    pointer: str


class Vanishing:
    """Counts by operation which properties and headers are told, and which are not although there is reason to."""

    names = (NAME,)

    def __init__(self) -> None:
        self._made: dict[Key, dict[str, Any]] = {}  # the schemas of what was said of it, by name
        self._told: set[tuple[str, str]] = set()
        self._missed: dict[tuple[str, str], _Missed] = {}
        self._headers: dict[tuple[str, str], _Missed] = {}

    def see(self, telling: Telling, report: Report) -> None:  # noqa: ARG002 - only all answers together show it
        """Remember what was asked for, and what is told of it."""
        exchange, label = telling.exchange, telling.operation.label
        self._see_headers(exchange, label)
        if telling.creates:
            self._see_stated(telling, label)
        sent = exchange.request.json
        if telling.makes and telling.objects[0].key is not None and sent is not NOTHING and isinstance(sent, dict):
            offered = shapes.properties(telling.operation, telling.operation.request_schema)
            said = (name for name, value in sent.items() if value not in (None, "", [], {}) and name in offered)
            self._made[telling.objects[0].key] = {name: offered[name] for name in said}
        if telling.role.action not in ("fetch", "list"):
            return
        for told in telling.objects:
            if told.key is None:
                continue
            for name, asked in self._made.get(told.key, {}).items():
                if not _is_meant(telling, name, asked) or _SECRETS.has(name):
                    continue
                if name in told.value:
                    self._told.add((label, telling.place(name)))
                else:
                    self._add(self._missed, label, telling.place(name), telling)

    def _see_stated(self, telling: Telling, label: str) -> None:
        """Look for what the contract says that the server makes."""
        stated = telling.operation.remembered((NAME, id(telling.exchange.response_schema)), lambda: _stated(telling))
        for name in stated:
            if name in telling.objects[0].value:
                self._told.add((label, telling.place(name)))
            else:
                self._add(self._missed, label, telling.place(name), telling)

    def _see_headers(self, exchange: Exchange, label: str) -> None:
        documented = exchange.documented
        for name in documented.tree.get("headers", ()) if documented else ():
            if name.lower() in _NOW_AND_THEN or name.lower().startswith(("x-next", "x-prev")):
                continue
            if exchange.response.header(name):
                self._told.add((label, name))
            elif _is_only_repeated(exchange, name):
                continue
            else:
                old = self._headers.get((label, name))
                self._headers[label, name] = _Missed(exchange, (old.times if old else 0) + 1, "")

    @staticmethod
    def _add(missed: dict[tuple[str, str], _Missed], label: str, place: str, telling: Telling) -> None:
        old = missed.get((label, place))
        missed[label, place] = _Missed(telling.exchange, (old.times if old else 0) + 1, telling.pointer)

    def finish(self, report: Report) -> None:
        """Note what is never told."""
        for (label, place), missed in self._missed.items():
            if missed.times >= _ENOUGH and (label, place) not in self._told:
                expected = f"{place} of some object"
                got = f"nothing in {missed.times} answers"
                report.add(missed.exchange, NAME, f"{place} is never told", expected, got, missed.pointer)
        # What no operation is answered with may be for gateways to add.
        sent = {place.lower() for _, place in self._told}
        for (label, name), missed in self._headers.items():
            if missed.times >= _HEADERS and (label, name) not in self._told and name.lower() in sent:
                expected, got = "the documented header in some success", f"none in {missed.times}"
                report.add(missed.exchange, NAME, f"the header {name} never occurs", expected, got)


def _is_meant(telling: Telling, name: str, asked: Any) -> bool:
    """Whether objects are told with a property that is the one of this name in requests, of the schema `asked`."""
    operation, known = telling.operation, telling.properties.get(name)
    if known is None:
        return False
    return operation.remembered(
        (NAME, name, id(asked), id(known)),
        lambda: shapes.alike(operation, asked, known) and not sharing.hidden(operation, asked, known),
    )


def _is_only_repeated(exchange: Exchange, name: str) -> bool:
    """Whether a header is one that requests may have, too, and this one has not, so that there is nothing to repeat."""
    asked = (each for each in exchange.operation.parameters if each.get("in") == "header")
    if not any(str(each.get("name")).lower() == name.lower() for each in asked):
        return False
    return all(sent.lower() != name.lower() for sent, _ in exchange.request.headers)


def _stated(telling: Telling) -> list[str]:
    """The properties of created objects for which the contract states how the server makes them."""
    found = ((name, held, telling.operation.resolve(held)) for name, held in telling.properties.items())
    return [name for name, *nodes in found if extension("generate", *nodes) is not None]
