"""What answers tell of a request that they do not keep: parameters, fields of a form, as the server understood them.

A contract seldom says that an answer repeats a parameter, and some change it with reason, such as the name of a town
into the usual one. It is held only against servers that repeat most of what they are asked, letter by letter.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.cases.leaves import at
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics.echoes.comparing import echoes
from counterfoil.checks.semantics.echoes.said import body_and_schema, said
from counterfoil.checks.semantics.echoes.sharing import hidden
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.schema_walk import ITEMS
from counterfoil.stub.state.asking import PARTS
from counterfoil.stub.state.inference.names import plain

NAME = "parameter_echo"

_ENOUGH = 4  # different values that came back as they were
_PLENTY = 8  # the same, from which on no more answers are waited for
_NEAR = 0.005  # how far numbers with a fraction may be rounded
_DEEPEST = 1  # objects around what is told
_MISSING: Any = object()
# What may be less than was asked for.
_BOUNDED = frozenset(("page", "size", "offset", "after", "before"))

_Key = tuple[str, str, shapes.Path]


class _Repeated(NamedTuple):
    """A parameter, by place and name, or a property of the body, and where answers of a schema tell it again."""

    place: str
    name: str
    asked: Any
    told: shapes.Path
    known: Any


class _Seen(NamedTuple):
    """The values that came back as they were, as JSON texts, and those that did not, with what came in their place."""

    same: set[str]
    other: dict[str, tuple[Exchange, Any]]
    told: set[str]  # of the others


class Understood:
    """Remembers which values came back as they were."""

    names = (NAME,)

    def __init__(self) -> None:
        self._seen: dict[tuple[str, _Key], _Seen] = {}
        self._about: dict[tuple[str, _Key], tuple[Operation, _Repeated]] = {}

    def see(self, exchange: Exchange, report: Report) -> None:
        """Compare what an answer repeats of its request."""
        operation = exchange.operation
        if NAME in operation.switched_off or not exchange.accepted or not exchange.meets:
            return
        schema = exchange.response_schema
        if schema is None or not isinstance(exchange.response.json, dict):
            return
        repeated = operation.remembered((NAME, id(schema)), lambda: list(_repeated(operation, schema)))
        if not repeated:
            return
        parameters = said(exchange).parameters
        body = body_and_schema(exchange)[0]
        for each in repeated:
            if each.place == "body":
                sent = body.get(each.name, _default(each)) if isinstance(body, dict) else _MISSING
            else:
                sent = parameters.get((each.place, each.name), _MISSING)
            received = at(exchange.response.json, each.told, _MISSING)
            if sent is _MISSING or received is _MISSING or (received is None and _is_default(each, sent)):
                continue
            # What an answer cannot tell as it was sent shows nothing.
            if operation.accepts(each.known, sent):
                self._note(exchange, each, sent, received, report)

    def _note(self, exchange: Exchange, repeated: _Repeated, sent: Any, received: Any, report: Report) -> None:
        operation, key = exchange.operation, (repeated.place, repeated.name, repeated.told)
        seen = self._seen.setdefault((operation.label, key), _Seen(set(), {}, set()))
        self._about[operation.label, key] = operation, repeated
        text = json.dumps(sent, sort_keys=True)
        if _is_again(operation, repeated, sent, received):
            seen.same.add(text)
        else:
            seen.other.setdefault(text, (exchange, received))
        if len(seen.other) > len(seen.told) and len(seen.same) > max(_PLENTY, 2 * len(seen.other)):
            self._tell((operation.label, key), report)

    def finish(self, report: Report) -> None:
        """Note what came back as something else where most came back as it was."""
        for key, seen in self._seen.items():
            few = min(_ENOUGH, _number_of_values(*self._about[key]))
            if len(seen.same) >= few and len(seen.same) > len(seen.other):
                self._tell(key, report)

    def _tell(self, key: tuple[str, _Key], report: Report) -> None:
        (operation, repeated), seen = self._about[key], self._seen[key]
        for text, (exchange, received) in seen.other.items():
            if text not in seen.told:
                seen.told.add(text)
                kind = "property" if repeated.place == "body" else f"{repeated.place} parameter"
                summary = f"/{'/'.join(repeated.told)} is not the {kind} {repeated.name}"
                pointer = operation.schema_pointer(exchange.documented, exchange.response.header("content-type"))
                report.add(exchange, NAME, summary, text, json.dumps(received, ensure_ascii=False), pointer)


def _repeated(operation: Operation, schema: Any) -> Iterator[_Repeated]:
    """What of requests the answers of a schema tell again, outside of the objects that they show."""
    role = role_of(operation)
    told: dict[str, tuple[shapes.Path, Any]] = {}
    for path, known in shapes.objects(operation, schema):
        is_object = role.answer is not None and ITEMS not in role.answer and path[: len(role.answer)] == role.answer
        if len(path) <= _DEEPEST and not is_object:
            for name, node in known.items():
                told.setdefault(plain(name), ((*path, name), node))
    for place, name, asked in _asked(operation, is_kept=role.action != "answer"):
        path, known = told.get(plain(name), ((), None))
        if not path or PARTS.get(plain(name)) in _BOUNDED or hidden(operation, asked, known):
            continue
        if shapes.types(operation, asked) and shapes.alike(operation, asked, known):
            yield _Repeated(place, name, operation.resolve(asked), path, known)


def _asked(operation: Operation, *, is_kept: bool) -> Iterator[tuple[str, str, Any]]:
    """Place, name and schema of all that requests say and that is told by nothing else."""
    for parameter in operation.parameters:
        if "schema" in parameter:
            yield str(parameter.get("in")), str(parameter.get("name")), parameter["schema"]
    for media in operation.request_content.values() if not is_kept else ():
        for name, schema in shapes.properties(operation, media.get("schema")).items():
            yield "body", name, schema


def _is_again(operation: Operation, repeated: _Repeated, sent: Any, received: Any) -> bool:
    """Whether a value came back, white space and what cannot be seen aside."""
    if isinstance(sent, str) and isinstance(received, str):
        return _visible(sent) == _visible(received) or echoes(operation, repeated.asked, repeated.known, sent, received)
    if isinstance(sent, float) and isinstance(received, int | float) and not isinstance(received, bool):
        return abs(sent - received) <= max(_NEAR, abs(sent) * _NEAR)
    return echoes(operation, repeated.asked, repeated.known, sent, received)


def _visible(text: str) -> str:
    return "".join(each for each in text if each.isprintable() and not each.isspace())


def _is_default(repeated: _Repeated, value: Any) -> bool:
    return bool(_default(repeated) == value)


def _default(repeated: _Repeated) -> Any:
    return repeated.asked.get("default", _MISSING) if isinstance(repeated.asked, dict) else _MISSING


def _number_of_values(operation: Operation, repeated: _Repeated) -> int:
    """How many values there are, so far as there are few."""
    schema = repeated.asked
    if shapes.types(operation, schema) == {"boolean"}:
        return 2
    choices = shapes.choices(operation, schema)
    return _ENOUGH if choices is None else len(choices)
