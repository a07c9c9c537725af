"""What a request says of an object comes back equal in the answer, as far as both schemas tell it."""

import json
from typing import Any, NamedTuple
from urllib.parse import unquote

from counterfoil.checks import shapes
from counterfoil.checks.cases.leaves import at
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics.echoes import normalised
from counterfoil.checks.semantics.echoes.meanings import means_the_same
from counterfoil.checks.semantics.echoes.said import body_and_schema
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.lenient import whole_number
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.answers.made_values import BEGINNING
from counterfoil.stub.directions import Flag
from counterfoil.stub.schema_walk import ITEMS
from counterfoil.stub.state.inference.names import OWN_IDS, plain, words
from counterfoil.stub.state.objects import UPDATED

NAME = "echo"

_MISSING: Any = object()
_BEGUN = frozenset(("created", "inserted", "registered"))
_AROUND = 2  # properties beside an object, such as its type, that do not make it a part of something else
_OUTER = 2  # objects around the one that an answer is about
_ONE_WAY: tuple[Flag, ...] = ("writeOnly", "readOnly")
_PARENT = "parent"  # in names of objects that others are below
_LONGEST = 200  # characters of a value that are shown
_ACTIONS = frozenset(("create", "replace", "change"))


class Shared(NamedTuple):
    """The objects of a request and of its answer that are the same, and the properties that both have.

    `offered` and `known` are the schemas of all properties of the two.
    """

    asked: shapes.Path
    told: shapes.Path
    names: tuple[str, ...]
    offered: dict[str, Any]
    known: dict[str, Any]


def shared(operation: Operation, sent: Any, received: Any) -> Shared | None:
    """Where in answers of schema `received` requests of schema `sent` are echoed, None if nowhere.

    It is where the answer has the object that the operation makes or changes. Where that is not told, the object of
    the answer counts that has most properties in common with the request, of equals the outermost; few among many may
    bear the same names by chance.
    """
    answer = role_of(operation).answer
    if answer is not None and ITEMS in answer:
        return None
    best: Shared | None = None
    # Parts of a request may be told anywhere where the place of the object is not told.
    asked_for = shapes.objects(operation, sent) if answer is not None else shapes.objects(operation, sent, deepest=0)
    deepest = _OUTER if answer is None else len(answer)
    for asked, offered in asked_for:
        if not _is_wrapped(operation, sent, asked):
            continue
        for told, known in shapes.objects(operation, received, deepest=deepest):
            if (answer is not None and told != answer) or any(_PARENT in words(step) for step in told):
                continue
            names = tuple(
                name
                for name in offered
                if name in known
                and not is_clock(operation, name, known[name])
                and not hidden(operation, offered[name], known[name])
                and shapes.alike(operation, offered[name], known[name])
            )
            is_meant = answer is not None or _is_meant(names, offered, known)
            if names and is_meant and (best is None or len(names) > len(best.names)):
                best = Shared(asked, told, names, offered, known)
    return best


def _is_wrapped(operation: Operation, schema: Any, path: shapes.Path) -> bool:
    """Whether what stands around an object of a request says little itself, so that the object is what it is about."""
    for name in path:
        own = shapes.properties(operation, schema)
        if sum(not shapes.properties(operation, each) for each in own.values()) > _AROUND:
            return False
        schema = own[name]
    return True


def _is_meant(names: tuple[str, ...], offered: dict[str, Any], known: dict[str, Any]) -> bool:
    """Whether an object of an answer has so much in common with a request that this is not by chance."""
    most_said = 2 * len(names) >= len(offered)
    most_told = len(names) > 1 and 2 * len(names) >= len(known)
    return most_said or most_told


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
    body, answer = at(said, found.asked, _MISSING), at(exchange.response.json, found.told, _MISSING)
    if not isinstance(body, dict):
        return
    role = role_of(operation)
    # Whom a request is about its address says; what its body says of that need not be heeded.
    own = {*role.identifier[-1:], *(role.key.name[-1:] if role.key else ())} if role.action != "create" else set()
    own |= {name for name in body if _says_otherwise(exchange, name, body[name])}
    place = "/".join(("", *found.told))
    pointer = operation.schema_pointer(exchange.documented, exchange.response.header("content-type"))
    if not isinstance(answer, dict):
        if answer is _MISSING and any(body.get(name) is not None for name in found.names):
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
        received = answer.get(name, _MISSING)
        offered, known = found.offered[name], found.known[name]
        is_kept = echoes(operation, offered, known, body[name], received, keeps_nulls=not changes)
        if not is_kept and received is _MISSING:
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


def echoes(
    operation: Operation, asked: Any, answered: Any, sent: Any, received: Any, *, keeps_nulls: bool = False
) -> bool:
    """Whether `received` (of the schema `answered`) is `sent` (of the schema `asked`) again.

    Null may be left out; with `keeps_nulls` not among entries whose names are the client's own. Of objects, what the
    schemas do not share may differ, and what is only written or read.
    """
    if sent is None:
        # Where null is not among the values of an answer, something takes its place.
        return received is _MISSING or received is None or (bool(answered) and not operation.accepts(answered, None))
    if isinstance(sent, dict) and isinstance(received, dict):
        # What is of another alternative than the one sent is nothing that anybody declares.
        offered = shapes.holding(operation, asked, sent)
        known = _known(operation, answered, offered)
        inner = _values(operation, asked), _values(operation, answered)
        if keeps_nulls and not offered and not known:
            lost = (value for name, value in sent.items() if name not in received)
            if any(operation.accepts(inner[1], value) for value in lost):
                return False
        return all(
            echoes(
                operation,
                offered.get(name, inner[0]),
                known.get(name, inner[1]),
                value,
                received.get(name, _MISSING),
                keeps_nulls=keeps_nulls,
            )
            for name, value in sent.items()
            if _is_shared(operation, name, (asked, answered), offered, known)
        )
    if isinstance(sent, list) and isinstance(received, list):
        offered, known = shapes.items(operation, asked), shapes.items(operation, answered)
        return len(sent) == len(received) and all(
            echoes(operation, offered, known, one, other, keeps_nulls=keeps_nulls)
            for one, other in zip(sent, received, strict=True)
        )
    if isinstance(sent, bool) or isinstance(received, bool):
        return sent is received
    if sent == received or means_the_same(operation.resolve(asked), sent, received):
        return True
    # What an answer cannot tell as it was sent is told otherwise, or not at all.
    return bool(answered) and not operation.accepts(answered, sent)


def _known(operation: Operation, answered: Any, offered: dict[str, Any]) -> dict[str, Any]:
    """The properties that an answer may have; what its alternatives declare otherwise is taken as in the request."""
    key = NAME, "known", id(answered), *offered, *map(id, offered.values())
    return operation.remembered(
        key,
        lambda: (
            shapes.properties(operation, answered)
            | {
                name: each
                for name in offered
                for each in shapes.declared(operation, answered, name)
                if shapes.alike(operation, offered[name], each)
            }
        ),
    )


def hidden(operation: Operation, *schemas: Any) -> bool:
    """Whether a value of one of these schemas is only written, only read, a password, or a file."""
    for schema in schemas:
        if any(operation.schemas.is_flagged(schema, flag) for flag in _ONE_WAY):
            return True
        for node in (schema, operation.resolve(schema)):
            if isinstance(node, dict) and (node.get("format") in ("password", "binary") or "contentMediaType" in node):
                return True
    return False


def is_clock(operation: Operation, name: str, schema: Any) -> bool:
    """Whether a property tells when an object was made or changed, which servers know themselves."""
    resolved = operation.resolve(schema)
    form = resolved.get("format") if isinstance(resolved, dict) else None
    if form == "date-time" or "integer" in shapes.types(operation, schema):
        return bool(UPDATED.search(name) or BEGINNING.search(name) or _BEGUN & set(words(name)))
    return bool(UPDATED.search(name)) or (form == "date" and not _BEGUN.isdisjoint(words(name)))


def _is_shared(
    operation: Operation, name: str, schemas: tuple[Any, Any], offered: dict[str, Any], known: dict[str, Any]
) -> bool:
    """Whether both schemas tell of a property; any is told of where neither declares properties.

    What one of several alternatives hides may be hidden.
    """
    if not offered and not known:
        return True
    if name not in offered or name not in known:
        return False
    mine, theirs = offered[name], known[name]
    return operation.remembered(
        (NAME, "shared", name, *map(id, (*schemas, mine, theirs))),
        lambda: (
            shapes.alike(operation, mine, theirs)
            and not hidden(
                operation, *(each for schema in schemas for each in shapes.declared(operation, schema, name))
            )
        ),
    )


def _values(operation: Operation, schema: Any) -> Any:
    """The schema of the values of a map, `ANYTHING` where nothing is said of them."""
    resolved = operation.resolve(schema)
    found = resolved.get("additionalProperties") if isinstance(resolved, dict) else None
    return found if isinstance(found, dict) else shapes.ANYTHING


def _show_difference(sent: Any, received: Any) -> tuple[str, str]:
    """Both values, from where they begin to differ if they are long."""
    one, other = (json.dumps(sent, ensure_ascii=False), "nothing" if received is _MISSING else "")
    other = other or json.dumps(received, ensure_ascii=False)
    same = next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    start = max(same - 40, 0) if max(len(one), len(other)) > _LONGEST else 0
    if isinstance(sent, str) and isinstance(received, str) and start and len(sent) != len(received):
        return f"{_cut(one, start)} ({len(sent)} characters)", f"{_cut(other, start)} ({len(received)} characters)"
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _LONGEST]
    return ("…" if start else "") + shown + ("…" if start + _LONGEST < len(text) else "")
