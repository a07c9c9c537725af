"""Identifiers: another one for each object, all of one form."""

import re
from collections import Counter
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.objects.contexts import context, said
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.values.telling import Telling
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.schema_walk import at
from counterfoil.stub.state.inference.names import OWN_IDS, plain, singular, words

UNIQUE = "identifiers_unique"
FORM = "identifiers_in_form"

_CREATED = 201
_ENOUGH = 10  # creations that all have the same identifier, where the status does not say that each made something
_USUAL = 5  # identifiers of one form, from which on another form is wrong
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]*[_:.-](?=[A-Za-z0-9])")


class _Seen(NamedTuple):
    """An identifier, the request that it was made for, and the exchange."""

    value: Any
    asked: bytes
    exchange: Exchange


class Identifiers:
    """Remembers the identifiers of what was created, by operation and place."""

    names = (UNIQUE, FORM)

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], list[_Seen]] = {}
        self._known: dict[tuple[str, str, tuple[str, ...]], set[Any]] = {}

    def see(self, telling: Telling, report: Report) -> None:
        """Note an identifier that an earlier object has."""
        if not telling.creates or not telling.is_first_hand:
            return
        operation, exchange = telling.operation, telling.exchange
        told = telling.objects[0].value
        for name in operation.remembered("identifiers", lambda: _own(telling)):
            value = told.get(name)
            if value is None or isinstance(value, bool | dict | list):
                continue
            place = telling.place(name)
            self._seen.setdefault((operation.label, place), []).append(_Seen(value, exchange.request.body, exchange))
            where = exchange.request.url.partition("?")[0], *said(exchange, context(operation))
            known = self._known.setdefault((operation.label, place, where), set())
            # Only what says 201 says that something was made, rather than found.
            if value in known and exchange.response.status == _CREATED:
                report.add(
                    exchange, UNIQUE, f"{place} is that of another object", "a new value for every object created",
                    repr(value), telling.pointer,
                )  # fmt: skip
            known.add(value)

    def finish(self, report: Report) -> None:
        """Note identifiers that never change, and those of another form than most."""
        for (label, place), seen in self._seen.items():
            first = seen[0]
            known = any(each.check == UNIQUE and each.operation == label for each in report.findings)
            if len({each.asked for each in seen}) >= _ENOUGH and len({each.value for each in seen}) == 1 and not known:
                expected = "a new value for every object created"
                report.add(first.exchange, UNIQUE, f"{place} never changes", expected, repr(first.value))
            odd = _odd(seen)
            if odd is not None:
                one, usual = odd
                summary = f"{place} is of another form than usual"
                report.add(one.exchange, FORM, summary, f"a form like that of {usual!r}", repr(one.value))


def _own(telling: Telling) -> list[str]:
    """The properties that identify the objects which an operation creates, and that no request sets."""
    noun = next((each for each in reversed(telling.role.collection.split("/")) if each and "{" not in each), "")
    own = plain(singular(noun))
    operation = telling.operation
    # Paths name objects that exist; only what a body says may name one that is to be.
    asked = operation.request_schema
    many = (shapes.items(operation, asked), at(operation.schemas, asked or {}, telling.role.answer or ()))
    given = {plain(name) for schema in (asked, *many) for name in shapes.properties(operation, schema)}
    found = list(telling.role.identifier) if len(telling.role.identifier) == 1 else []
    for name in telling.properties:
        if (
            words(name)[-1:]
            and words(name)[-1] in OWN_IDS
            and plain(name) in (*OWN_IDS, *(own + end for end in OWN_IDS))
        ):
            found.append(name)
    return [name for name in dict.fromkeys(found) if plain(name) not in given]


def _odd(seen: list[_Seen]) -> tuple[_Seen, Any] | None:
    """An identifier whose form is not that of most others, and one of these; None where all are alike."""
    kinds = Counter(_form(each.value) for each in seen)
    (usual, count), *others = kinds.most_common()
    # A form without anything to recognise it by is what random texts have, too.
    if not others or count < _USUAL or usual[0] == "text":
        return None
    return next(each for each in seen if _form(each.value) != usual), next(
        each.value for each in seen if _form(each.value) == usual
    )


def _form(value: Any) -> tuple[str, str]:
    if not isinstance(value, str):
        return "number", ""
    if _UUID.fullmatch(value):
        case = "upper" if value.isupper() else "lower" if value.islower() else "mixed"
        return "uuid", "lower" if not re.search("[a-fA-F]", value) else case
    prefix = _PREFIX.match(value)
    return ("prefix", prefix[0]) if prefix else ("text", "")
