"""Departures of all answers together, and how often each occurs."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from counterfoil.checks.drift.departures import Departure, added, departures
from counterfoil.checks.drift.schemas import types_of
from counterfoil.checks.wire.exchange import NOTHING, Exchange

_MOST_VALUES = 200
_EXCERPT = 80


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
    answers: list[Exchange] = field(default_factory=list)
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
                if len(drift.answers) < _MOST_VALUES:
                    drift.answers.append(exchange)
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


def _excerpt(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…"
