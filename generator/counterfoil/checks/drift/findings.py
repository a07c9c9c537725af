"""Departures of all answers together: how often each occurs, and the actions of an overlay that would absorb it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.drift.departures import Departure, added, departures
from counterfoil.checks.drift.requested import Requested
from counterfoil.checks.drift.schemas import schema_of, types_of
from counterfoil.checks.wire.exchange import NOTHING, Exchange

_MOST_VALUES = 200
_EXCERPT = 80
_LOWER = {"minimum": min, "minLength": min, "minItems": min, "minProperties": min}
_UPPER = {"maximum": max, "maxLength": max, "maxItems": max, "maxProperties": max}
_SIZED = ("Length", "Items", "Properties")
# Keywords that can be given up without saying anything else in their place.
_GIVEN_UP = frozenset(
    {
        "format", "pattern", "multipleOf", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "contains",
        "minContains", "maxContains", "dependentRequired", "propertyNames", "contentEncoding", "contentMediaType",
    }
)  # fmt: skip

_ALSO_ASKED = "; requests have this schema, too"

Tree = dict[str, Any]


@dataclass(slots=True)
class Drift:
    """One way in which answers differ from the contract.

    `label` is the operation and the status of the first answer that shows it, `count` how many answers do, `of` how
    many there are of these operations with such statuses. `values` are what was there, each once.
    """

    kind: str
    pointer: str
    name: str
    label: str
    place: str
    example: Exchange
    values: list[Any] = field(default_factory=list)
    count: int = 0
    labels: dict[str, None] = field(default_factory=dict)
    of: int = 0

    @property
    def summary(self) -> str:
        """What differs, in one line."""
        shown = ", ".join(dict.fromkeys(_excerpt(value) for value in self.values[:3]))
        place = self.place or "the body"
        match self.kind:
            case "status":
                return f"undocumented status {self.name}"
            case "media type":
                return f"undocumented media type {self.name}"
            case "header":
                return f"undocumented header {self.name}: {shown}"
            case "field":
                return f"undocumented field {place}: {shown}"
            case "required":
                return f"the required field {place} is missing"
            case "required header":
                return f"the required header {self.name} is missing"
            case "enum" | "const":
                return f"undocumented value of {place}: {shown}"
            case "type":
                return f"{place} is {' or '.join(types_of(self.values))}: {shown}"
        return f"{place} breaks {self.kind}: {shown}"

    @property
    def evidence(self) -> str:
        """Which request showed it, when, and how often."""
        request, moment = self.example.request, self.example.moment
        day = f" at {datetime.fromtimestamp(moment, UTC).isoformat(timespec='seconds')}" if moment else ""
        return f"{request.method} {request.url} answered {self.example.response.status}{day}; {self.frequency}"

    @property
    def frequency(self) -> str:
        """How often it occurs."""
        return f"{self.count} of {self.of} {'answer' if self.of == 1 else 'answers'}"


def compare(exchanges: Iterable[Exchange]) -> list[Drift]:
    """The drift that exchanges show, in the order of its first occurrence.

    Undocumented fields that come from requests, which were sent there, are none of the server's.
    """
    exchanges = list(exchanges)
    sent = {name for exchange in exchanges for name in added(exchange)}
    found: dict[tuple[str, str, str], Drift] = {}
    totals: Counter[str] = Counter()
    for exchange in exchanges:
        label = f"{exchange.operation.label} {exchange.response.status}"
        totals[label] += 1
        seen = set()
        for departure in departures(exchange):
            if departure.kind == "field" and departure.name in sent:
                continue
            drift = _noted(departure, exchange, label, found)
            if id(drift) not in seen:
                seen.add(id(drift))
                drift.count += 1
                drift.labels[label] = None
    for drift in found.values():
        drift.of = sum(totals[label] for label in drift.labels)
    return list(found.values())


def _noted(departure: Departure, exchange: Exchange, label: str, found: dict[tuple[str, str, str], Drift]) -> Drift:
    key = (departure.kind, departure.pointer, departure.name)
    if key not in found:
        found[key] = Drift(departure.kind, departure.pointer, departure.name, label, departure.place, exchange)
    values, value = found[key].values, departure.value
    is_new = not any(type(each) is type(value) and each == value for each in values)
    if is_new and value is not NOTHING and len(values) < _MOST_VALUES:
        values.append(value)
    return found[key]


def absorbing(drifts: Iterable[Drift], contract: Mapping[str, Any]) -> tuple[list[Tree], list[Drift]]:
    """Actions of an OpenAPI Overlay 1.1 that make a contract allow what was answered, and drift that none absorbs."""
    actions: list[Tree] = []
    others: list[Drift] = []
    done: set[str] = set()
    requested = Requested(contract)
    for drift in drifts:
        is_requested = requested.has(drift.pointer)
        made = list(_actions(drift, contract, is_requested=is_requested))
        if not made:
            others.append(drift)
        for target, change in made:
            key = json.dumps([target, change], sort_keys=True)
            if key not in done:
                done.add(key)
                actions.append(
                    {
                        "target": target,
                        "description": f"{drift.label}: {drift.summary}{_ALSO_ASKED if is_requested else ''}",
                        "x-confidence": "measured",
                        "x-observed": drift.evidence,
                        **change,
                    }
                )
    return actions, others


def _actions(drift: Drift, contract: Mapping[str, Any], *, is_requested: bool) -> Iterator[tuple[str, Tree]]:
    """What absorbs a drift. Where requests have the schema as well, they must not say what is new."""
    kind, pointer, values = drift.kind, drift.pointer, drift.values
    *above, last = json_pointer.split(pointer)
    holder = json_pointer.join("", *above)
    if kind == "status":
        media_type = drift.example.response.header("content-type").partition(";")[0].strip()
        content = {"content": {media_type: {"schema": _schema(values)}}} if drift.example.response.body else {}
        yield (
            _path(contract, pointer),
            {"update": {drift.name: {"description": "As the server was seen to answer.", **content}}},
        )
    elif kind == "media type":
        yield _path(contract, pointer), {"update": {"content": {drift.name: {"schema": _schema(values)}}}}
    elif kind == "header":
        yield _path(contract, pointer), {"update": {"headers": {drift.name: {"schema": {"type": "string"}}}}}
    elif kind == "required header":
        yield _path(contract, pointer), {"remove": True}
    elif kind == "header value":
        yield _path(contract, pointer), {"remove": True}
        yield _path(contract, holder), {"update": {"schema": {"type": "string"}}}
    elif kind == "field":
        mark = {"readOnly": True} if is_requested else {}
        yield _path(contract, pointer), {"update": {"properties": {drift.name: {**schema_of(values), **mark}}}}
    elif kind == "required":
        yield f"{_path(contract, pointer)}[?@ == {_quoted(drift.name)}]", {"remove": True}
    elif last == kind:
        yield from _of_keyword(drift, holder, contract)


def _of_keyword(drift: Drift, holder: str, contract: Mapping[str, Any]) -> Iterator[tuple[str, Tree]]:
    keyword, values, path = drift.kind, drift.values, _path(contract, drift.pointer)
    stated = json_pointer.resolve(contract, drift.pointer)
    bound: Callable[..., Any] | None = _LOWER.get(keyword) or _UPPER.get(keyword)
    if keyword == "enum":
        yield path, {"update": values}
    elif keyword == "const":
        yield path, {"remove": True}
        yield _path(contract, holder), {"update": {"enum": [stated, *values]}}
    elif keyword == "type":
        old = [stated] if isinstance(stated, str) else list(stated or ())
        new = [name for name in types_of(values) if name not in old]
        yield path, {"remove": True}
        yield _path(contract, holder), {"update": {"type": [*old, *new]}}
    elif bound is not None:
        sizes = [len(value) if keyword.endswith(_SIZED) else value for value in values]
        yield path, {"update": bound(sizes)}
    elif keyword in _GIVEN_UP:
        yield path, {"remove": True}
    elif keyword in ("anyOf", "oneOf") and not _fits_several(drift):
        yield path, {"update": [schema_of(values)]}


def _fits_several(drift: Drift) -> bool:
    """Whether values fit more than one branch, which no further branch mends."""
    operation = drift.example.operation
    branches = json_pointer.resolve(operation.contract, drift.pointer)
    return any(operation.accepts(branch, value) for branch in branches for value in drift.values)


def _schema(values: list[Any]) -> Tree:
    return schema_of(values) if values else {}


def _path(contract: Any, pointer: str) -> str:
    """The normalized path of a JSON Pointer into a contract (RFC 9535, section 2.7)."""
    path, node = "$", contract
    for part in json_pointer.split(pointer):
        if isinstance(node, list):
            path += f"[{part}]"
            node = node[int(part)]
        else:
            path += f"[{_quoted(part)}]"
            node = node.get(part) if isinstance(node, dict) else None
    return path


def _quoted(text: str) -> str:
    return "'" + json.dumps(text)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def _excerpt(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…"
