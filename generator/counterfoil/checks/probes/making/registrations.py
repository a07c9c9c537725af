"""What is made without a word of it in the answer: a list elsewhere tells of it, by its name, as it was made."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.cases.parameters import parameters
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.collections import at
from counterfoil.checks.objects.comparing import difference, is_volatile
from counterfoil.checks.objects.telling import telling
from counterfoil.checks.objects.values import first_fitting, keys_like
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.resources.lifecycle import LISTING, STATE
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.semantics.echoes import normalised
from counterfoil.checks.semantics.echoes.comparing import echoes
from counterfoil.checks.semantics.echoes.sharing import hidden, is_clock
from counterfoil.checks.semantics.values import timestamps
from counterfoil.checks.semantics.values.clock import TOLERANCE, clock_of, moment
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.answers.made_values import BEGINNING
from counterfoil.stub.state.asking import PARTS
from counterfoil.stub.state.inference.names import OWN_IDS, plain, words

NAMES = ()

_NAMES = frozenset((*OWN_IDS, "name", "title", "number", "label", "sku", "handle", "login", "email", "reference"))
_FEWEST = 2  # properties that a request and the items of a list have in common
_DEEPEST = 2
_REPLACES = re.compile(r"\b(?:replac\w+|overwrit\w+|updat\w+|upsert\w*|takes? (?:on )?the new)\b", re.IGNORECASE)

Items = Mapping[str, dict[str, Any]]


class _Told(NamedTuple):
    """A list that tells of what `maker` makes: the operation that asks for it, and where it has its items.

    `names` are the properties that requests and items share, `by` the one that items are known by; `asked` and
    `known` are the schemas of all properties of both.
    """

    maker: Operation
    operation: Operation
    place: shapes.Path
    names: tuple[str, ...]
    by: str
    asked: Mapping[str, Any]
    known: Mapping[str, Any]


def run(conversation: Conversation) -> None:
    """Make something by each operation that answers nothing, and look for it in the list that is most like it."""
    if not conversation.client.target.is_local:
        return
    for operation in conversation.operations:
        body = conversation.valid.body(operation)
        if body is None or not body.is_json or not isinstance(body.full, dict) or not _is_silent(operation):
            continue
        told = _list_of(operation, conversation.operations)
        if told is not None and LISTING not in told.operation.switched_off:
            _try(operation, told, body, conversation)


def _is_silent(operation: Operation) -> bool:
    """Whether an operation may make something, and its success has no content."""
    successes = [operation.responses[key] for key in operation.success_keys]
    is_making = operation.method == "POST" and role_of(operation).action in ("create", "answer")
    return is_making and bool(successes) and not any(each.tree.get("content") for each in successes)


def _list_of(operation: Operation, operations: Iterable[Operation]) -> _Told | None:
    """The list whose items have most in common with what requests say, if these have a name in common."""
    asked = shapes.properties(operation, operation.request_schema)
    required = operation.schemas.required(operation.request_schema or {})
    best: _Told | None = None
    for other in operations:
        if other.method != "GET" or "{" in other.path or any(each.required for each in parameters(other)):
            continue
        for place, known in _items(other):
            shared = [name for name in asked if name in known and shapes.alike(operation, asked[name], known[name])]
            shared = [name for name in shared if not hidden(operation, asked[name], known[name])]
            names = tuple(name for name in shared if not is_clock(operation, name, known[name]))
            by = next((name for name in names if name in required and _is_name(operation, name, asked[name])), "")
            if by and len(names) >= _FEWEST and (best is None or len(names) > len(best.names)):
                best = _Told(operation, other, place, names, by, asked, known)
    return best


def _is_name(operation: Operation, name: str, schema: Any) -> bool:
    is_text = shapes.types(operation, schema) == {"string"} and shapes.choices(operation, schema) is None
    return is_text and words(name)[-1:] != [] and words(name)[-1] in _NAMES


def _items(operation: Operation) -> Iterator[tuple[shapes.Path, dict[str, Any]]]:
    """Where the successes of an operation have lists of objects, and the properties of these."""
    for key in operation.success_keys:
        schema = operation.responses[key].schema_for("application/json")
        holders: list[tuple[shapes.Path, Any]] = [((), schema)] if shapes.types(operation, schema) == {"array"} else []
        for path, own in shapes.objects(operation, schema, deepest=_DEEPEST):
            holders += [((*path, name), held) for name, held in own.items()]
        for path, held in holders:
            found = shapes.properties(operation, shapes.items(operation, held))
            if found:
                yield path, found


def _ask(told: _Told, conversation: Conversation) -> tuple[Exchange, Items] | None:
    """The items of a list by their names."""
    draft = conversation.valid.minimal(told.operation)
    exchange = conversation.ask(draft, intent="valid", source="probes") if draft is not None else None
    if exchange is None:
        return None
    conformance.check(exchange, conversation.report)
    listed = at(exchange.response.json, told.place) if exchange.accepted else None
    if not isinstance(listed, list):
        return None
    items = [each for each in listed if isinstance(each, dict) and isinstance(each.get(told.by), str)]
    return exchange, {each[told.by]: each for each in items}


def _try(operation: Operation, told: _Told, body: ValidBody, conversation: Conversation) -> None:
    before = _ask(told, conversation)
    if before is None:
        return
    for variant in (0, 1):
        value = telling(operation, conversation.valid.instances, body, variant)
        name = _fresh(value.get(told.by), told, before[1])
        if name is None or _send(operation, {**value, told.by: name}, conversation) is None:
            return
        after = _ask(told, conversation)
        if after is None:
            return
        new = [each for each in after[1] if each not in before[1]]
        if name in after[1]:
            _judge(told, {**value, told.by: name}, after, conversation)
        elif len(new) == 1 and _echoed(told, value, after[1][new[0]], without=told.by):
            _note(told, after[0], f"what was made is listed otherwise at /{told.by}", name, new[0], conversation)
        elif not new and _is_whole(told) and _were_listed(operation, told, before[1], conversation):
            _note(told, after[0], "what was made is not listed", name, "it is not listed", conversation)
        else:
            return
        _compare(told, after, _ask(told, conversation), conversation)
        if name in after[1] and _REPLACES.search(str(operation.tree.get("description"))):
            _replace(operation, told, body, name, conversation)
        before = after


def _fresh(value: Any, told: _Told, known: Items) -> str | None:
    """A name that nothing has yet."""
    candidates = (each for each in keys_like(value) if each not in known) if isinstance(value, str) else iter(())
    schema = told.asked[told.by]
    found: str | None = first_fitting(candidates, lambda each: told.operation.accepts(schema, each))
    return found


def _send(operation: Operation, value: Any, conversation: Conversation) -> Exchange | None:
    """The exchange of a request that was accepted without a word of what it made."""
    draft = conversation.valid.bare(operation)
    if draft is None:
        return None
    exchange = conversation.ask(draft.with_json(value), intent="valid", source="probes", refresh=False)
    is_silent = exchange is not None and exchange.accepted and exchange.response.json is NOTHING
    return exchange if is_silent else None


def _judge(told: _Told, value: Mapping[str, Any], found: tuple[Exchange, Items], conversation: Conversation) -> None:
    exchange, items = found
    item = items[value[told.by]]
    for name in told.names:
        if name in value and not _echoed(told, value, item, only=name):
            summary = f"what was made is listed otherwise at /{name}"
            _note(told, exchange, summary, repr(value[name]), repr(item.get(name)), conversation)
    now = clock_of(exchange)
    for name, time in item.items():
        is_set = name not in told.asked and is_clock(told.operation, name, told.known.get(name))
        at_moment = moment(time) if is_set and BEGINNING.search(name) else None
        if at_moment is not None and now and abs(at_moment.seconds - now) > TOLERANCE:
            expected = f"about {now:.0f} s after 1970, when it was made"
            conversation.report.add(exchange, timestamps.NAME, f"/{name} is not now", expected, repr(time))


def _echoed(
    told: _Told, value: Mapping[str, Any], item: Mapping[str, Any], *, only: str = "", without: str = ""
) -> bool:
    names = (only,) if only else tuple(name for name in told.names if name != without and name in value)
    return all(
        name in item
        and (
            echoes(told.operation, told.asked.get(name), told.known.get(name), value[name], item[name])
            or normalised.is_told(told.maker, name, told.asked.get(name), value[name], item[name])
        )
        for name in names
    )


def _is_whole(told: _Told) -> bool:
    """Whether a list comes as a whole, as far as its parameters tell."""
    return all(
        PARTS.get(plain(each.name)) in (None, "sort", "direction", "search") for each in parameters(told.operation)
    )


def _were_listed(operation: Operation, told: _Told, items: Items, conversation: Conversation) -> bool:
    """Whether a list has shown what the operation made before: one thing of a name may be there by chance."""
    sent = (each.request.json for each in conversation.exchanges if each.operation is operation and each.accepted)
    names = {each.get(told.by) for each in sent if isinstance(each, dict)}
    return sum(name in names for name in items) > 1


def _compare(
    told: _Told, one: tuple[Exchange, Items], other: tuple[Exchange, Items] | None, conversation: Conversation
) -> None:
    """Two lists in a row tell the same of what has the same name."""
    for name, item in one[1].items() if other is not None else ():
        place = difference(item, other[1][name]) if other is not None and name in other[1] else ""
        if other is not None and place and not is_volatile(place):
            before, after = item.get(place.removeprefix("/")), other[1][name].get(place.removeprefix("/"))
            summary = f"to be listed changes an object at {place}"
            _note(told, other[0], summary, repr(before), repr(after), conversation, check=STATE)
            return


def _replace(operation: Operation, told: _Told, body: ValidBody, name: str, conversation: Conversation) -> None:
    """What has the name of something is told to take its place."""
    other = telling(operation, conversation.valid.instances, body, 3)
    if _send(operation, {**other, told.by: name}, conversation) is None:
        return
    found = _ask(told, conversation)
    if found is not None and name in found[1]:
        _judge(told, {**other, told.by: name}, found, conversation)


def _note(
    told: _Told,
    exchange: Exchange,
    summary: str,
    expected: str,
    got: str,
    conversation: Conversation,
    *,
    check: str = LISTING,
) -> None:
    conversation.report.add(exchange, check, summary, expected, got, told.operation.pointer)
