"""What a request says of an object comes back equal in the answer, as far as both schemas tell it."""

import json
from typing import Any
from urllib.parse import unquote

from counterfoil.checks import shapes
from counterfoil.checks.cases.leaves import at
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics.echoes import normalised
from counterfoil.checks.semantics.echoes.comparing import MISSING, echoes
from counterfoil.checks.semantics.echoes.said import body_and_schema
from counterfoil.checks.semantics.echoes.sharing import shared
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.lenient import whole_number
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.state.inference.names import OWN_IDS, plain

NAME = "echo"

_LONGEST = 200  # characters of a value that are shown
_ACTIONS = frozenset(("create", "replace", "change"))


class Echo:
    """Watches accepted requests for what they share with their answers."""

    names = (NAME,)

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note a finding for every shared property of an accepted request that did not come back equal."""
        operation = exchange.operation
        if NAME in operation.switched_off or not exchange.accepted or exchange.request.method != operation.method:
            return
        role = role_of(operation)
        if role.action not in _ACTIONS or exchange.response_schema is None or exchange.response.json is NOTHING:
            return
        body, schema = body_and_schema(exchange)
        if schema is not None and isinstance(body, dict):
            _check(exchange, body, schema, report, changes=role.action == "change")
        if role.action == "create" and "{" in operation.path:
            _check_path(exchange, report)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""


def _check(exchange: Exchange, said: Any, schema: Any, report: Report, *, changes: bool) -> None:
    """Compare what a request says, a value of `schema`, with its answer."""
    operation = exchange.operation
    found = operation.remembered(
        (NAME, id(schema), id(exchange.response_schema)),
        lambda: shared(operation, schema, exchange.response_schema),
    )
    if found is None:
        return
    body, answer = at(said, found.asked, MISSING), at(exchange.response.json, found.told, MISSING)
    if not isinstance(body, dict):
        return
    role = role_of(operation)
    # Whom a request is about its address says; what its body says of that need not be heeded.
    own = {*role.identifier[-1:], *(role.key.name[-1:] if role.key else ())} if role.action != "create" else set()
    own |= {name for name in body if _says_otherwise(exchange, name, body[name])}
    place = "/".join(("", *found.told))
    pointer = operation.schema_pointer(exchange.documented, exchange.response.header("content-type"))
    if not isinstance(answer, dict):
        if answer is MISSING and any(body.get(name) is not None for name in found.names):
            expected, got = f"an object at {place or '/'}", exchange.response.describe()
            report.add(exchange, NAME, "the object sent is not in the answer", expected, got, pointer)
        return
    for name in found.names:
        # Where null is not among the values of an answer, a default takes its place; in a change it may say anything.
        if (
            name in own
            or name not in body
            or (body[name] is None and (changes or not operation.accepts(found.known[name], None)))
        ):
            continue
        received = answer.get(name, MISSING)
        offered, known = found.offered[name], found.known[name]
        is_kept = echoes(operation, offered, known, body[name], received, keeps_nulls=not changes)
        if not is_kept and received is MISSING:
            # An answer of one of several kinds tells what that kind has.
            kind = shapes.at(operation, exchange.response_schema, found.told)
            is_kept = name not in shapes.holding(operation, kind, answer)
        if not is_kept and not normalised.is_told(operation, name, offered, body[name], received):
            wanted, got = _show_difference(body[name], received)
            report.add(exchange, NAME, f"{place}/{name} is not what was sent", wanted, got, pointer)


def _says_otherwise(exchange: Exchange, name: str, value: Any) -> bool:
    """Whether the path of a request has another value for what its body says: which of them counts nobody knows."""
    operation = exchange.operation
    names = operation.remembered((NAME, "variables"), lambda: _variables(operation))
    place = names.get(plain(name))
    if place is None:
        return False
    steps = exchange.request.url.partition("?")[0].split("/")
    own = operation.path.split("/")
    return len(steps) >= len(own) and unquote(steps[place - len(own)]) != text_of(value)


def _check_path(exchange: Exchange, report: Report) -> None:
    """Compare what an object tells of its parents with the path that it was created at."""
    operation = exchange.operation
    found = at(exchange.response.json, role_of(operation).answer or ())
    names = operation.remembered((NAME, "variables"), lambda: _variables(operation))
    if not names or not isinstance(found, dict):
        return
    steps = exchange.request.url.partition("?")[0].split("/")
    own = operation.path.split("/")
    said = body if isinstance(body := exchange.request.json, dict) else {}
    for name, value in found.items():
        place = names.get(plain(name))
        if place is None or not isinstance(value, int | str) or isinstance(value, bool) or len(steps) < len(own):
            continue
        if name in said:
            continue
        sent = steps[place - len(own)]
        # Texts may name an object otherwise than it names itself.
        if isinstance(value, int) and whole_number(sent) not in (None, value):
            report.add(exchange, NAME, f"{name} is not that of the path", sent, repr(value))


def _variables(operation: Operation) -> dict[str, int]:
    """The variables of a path, without case and punctuation, and which of its segments they are."""
    segments = operation.path.split("/")
    found = {plain(text): place for place, text in enumerate(segments) if text.startswith("{") and text.endswith("}")}
    # An object has its own `id`, whoever its parent is.
    return {name: place for name, place in found.items() if name not in OWN_IDS}


def _show_difference(sent: Any, received: Any) -> tuple[str, str]:
    """Both values, from where they begin to differ if they are long."""
    one, other = (json.dumps(sent, ensure_ascii=False), "nothing" if received is MISSING else "")
    other = other or json.dumps(received, ensure_ascii=False)
    same = next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    start = max(same - 40, 0) if max(len(one), len(other)) > _LONGEST else 0
    if isinstance(sent, str) and isinstance(received, str) and start and len(sent) != len(received):
        return f"{_cut(one, start)} ({len(sent)} characters)", f"{_cut(other, start)} ({len(received)} characters)"
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _LONGEST]
    return ("…" if start else "") + shown + ("…" if start + _LONGEST < len(text) else "")
