"""A change changes what it says and nothing else, and is there afterwards."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting, told
from counterfoil.checks.objects.collections import Key, Part, at
from counterfoil.checks.objects.comparing import difference, is_lasting, same
from counterfoil.checks.objects.made import Made
from counterfoil.checks.objects.telling import telling
from counterfoil.checks.objects.values import another, changed, first_fitting, place_in
from counterfoil.checks.probes.resources.lifecycle import AVAILABLE, LISTING, STATE, known
from counterfoil.checks.semantics.echo import echoes
from counterfoil.checks.semantics.values.clock import moment
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.objects import UPDATED

NAMES = ()

_TICK = 0.008  # seconds, so that a time tells one change from the next
_FINE = 3  # digits of a second
_CLOCKS = 0.005  # seconds by which two clocks of one machine may differ
_SINGLE = 3  # properties that are changed alone


def run(conversation: Conversation) -> None:
    """Change an object of each collection by every operation that can, and look at it and at another one."""
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        parts = [part for part in collection.all("change", "replace") if part.is_certain or part.role.set]
        if not parts or (collection.part("fetch") is None and acting.lister is None):
            continue
        one = acting.make(acting.create_draft()) or acting.make(acting.create_draft(full=False))
        other = acting.make(acting.create_draft(full=False)) if one is not None else None
        if one is None or other is None or one.key == other.key:
            continue
        untouched = acting.state(other)
        for part in parts:
            if part.operation.request_content and not _is_empty(part, conversation):
                _try_values(acting, part, one)
        for part in sorted(parts, key=lambda each: None in each.role.set.values()):
            if part.operation.tree.get("x-counterfoil", {}).get("state", {}).get("set"):
                _try_effect(acting, part, one)
        after = acting.state(other)
        if untouched is not None and STATE not in parts[0].operation.switched_off:
            _compare_other(acting, parts[0], untouched, after, known(acting, other)[1])


def _is_empty(part: Part, conversation: Conversation) -> bool:
    return conversation.valid.body(part.operation) is None


def _compare_other(
    acting: Acting, part: Part, before: dict[str, Any], after: dict[str, Any] | None, sure: frozenset[str]
) -> None:
    place = "/" if after is None else difference(before, after, sure)
    exchange = next(
        each for each in reversed(acting.conversation.exchanges) if each.operation is part.operation or not place
    )
    if place:
        summary = "a change of one object changes another"
        acting.note(exchange, STATE, summary, "other objects as they were", f"another value at {place}")


def _try_values(acting: Acting, part: Part, made: Made) -> None:
    if STATE in part.operation.switched_off:
        return
    before = acting.state(made)
    names = frozenset(shapes.properties(part.operation, dict(part.role.shape)))
    for body in _bodies(acting, part, before or made.value, names):
        if acting.conversation.client.target.app is not None:
            time.sleep(_TICK)
        draft = acting.about(part, made, value=body)
        exchange = acting.ask(draft)
        if exchange is None:
            return
        if not exchange.accepted:
            if exchange.response.status in (404, 410) and AVAILABLE not in part.operation.switched_off:
                summary = "what was made is not there"
                got = exchange.response.describe()
                acting.note(exchange, AVAILABLE, summary, f"the object {made.key}", got)
            continue
        after = acting.state(made)
        if before is None or after is None:
            return
        _judge(acting, part, (exchange, made.key), before, after)
        before = after
    if before is not None:
        _compare_list(acting, part, made, before)


def _compare_list(acting: Acting, part: Part, made: Made, now: dict[str, Any]) -> None:
    """A list tells of an object what is told of it alone."""
    walk = acting.listed() if acting.collection.part("fetch") is not None else None
    listed = walk.items.get(made.key) if walk is not None and LISTING not in part.operation.switched_off else None
    if walk is None or listed is None or not acting.conversation.client.target.is_local:
        return
    if place := difference(now, listed, acting.settable):
        page = next(page for page in walk.pages if made.key in page.keys)
        name, summary = place.removeprefix("/"), f"what was changed is listed otherwise at {place}"
        acting.note(page.exchange, LISTING, summary, repr(now.get(name)), repr(listed.get(name)))


def _bodies(acting: Acting, part: Part, before: dict[str, Any], names: frozenset[str]) -> Iterator[Any]:
    """Bodies of valid requests that change an object: all that may be given, then one property, then null."""
    operation, valid = part.operation, acting.conversation.valid
    body = valid.body(operation)
    if body is None or not isinstance(body.full, dict):
        return
    instances = valid.instances
    full = operation.remembered(
        "telling body", lambda: telling(operation, instances, body.schema, body.pointer, body.full)
    )
    way = place_in(full, names)
    schema = body.schema
    for name in way:
        schema = shapes.properties(operation, schema).get(name)
    offered, shown = shapes.properties(operation, schema), shapes.properties(operation, dict(part.role.shape))
    keys = {part.role.identifier[-1:], part.role.key.name[-1:] if part.role.key else ()}

    def fits(value: Any) -> bool:
        return instances.fits(body.pointer, value)

    values: dict[str, Any] = {}
    inner = full[way[0]] if way else full
    for name in inner:
        if name not in shown or (name,) in keys or not shapes.alike(operation, offered.get(name), shown[name]):
            continue
        old = before.get(name)
        candidates = another(operation, offered.get(name), inner[name] if old is None else old)
        new = first_fitting(
            iter([inner[name], *candidates]) if not same(inner[name], old) else candidates,
            partial(_fits_as, fits, full, way, name),
        )
        if new is not None:
            values[name] = new
    together = changed(full, way, values)
    other = operation.remembered(
        ("telling body", 1), lambda: telling(operation, instances, body.schema, body.pointer, body.full, 1)
    )
    other = changed(other, way, {name: not value for name, value in values.items() if isinstance(value, bool)})
    is_partial = part.role.action == "change" and (not way or way[0] in body.minimal)
    singles = [*values][:_SINGLE] if is_partial else []
    for whole, names_alone in ((together, singles[:1]), (other, singles)):
        if not fits(whole):
            continue
        yield whole
        # What is left out stays as it was, which shows where it has values of its own.
        for name in names_alone:
            others = another(operation, offered.get(name), at(whole, (*way, name)))
            new = first_fitting(others, partial(_fits_as, fits, body.minimal, way, name))
            if new is not None:
                alone = {name: new}
                yield alone if not way and fits(alone) else changed(body.minimal, way, alone)
    if part.role.ignores_nulls and not way:
        nulls = (changed(body.minimal, (), {name: None}) for name in values if before.get(name) is not None)
        yield from [each for each in nulls if fits(each)][:1]
    elif part.role.action == "change" and not way and isinstance(body.minimal, dict):
        # An object that may have null there, as a change may say it, has it afterwards.
        nullable = (name for name in values if "null" in operation.schemas.types(shown[name]))
        nulls = (changed(body.minimal, (), {name: None}) for name in nullable)
        yield from [each for each in nulls if fits(each)][:2]


def _fits_as(fits: Callable[[Any], bool], body: Any, way: tuple[str, ...], name: str, value: Any) -> bool:
    """Whether a body may have a value for a property of the object at `way`."""
    return fits(changed(body, way, {name: value}))


def _judge(
    acting: Acting, part: Part, change: tuple[Exchange, Key], before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Whether an object is as a change has left it; what was replaced and not told again is not looked at.

    `change` is the exchange that changed the object of a key.
    """
    (exchange, key), operation = change, part.operation
    shown = shapes.properties(operation, dict(part.role.shape))
    said = told(exchange, frozenset(shown))
    asked = shapes.properties(operation, operation.request_schema)
    keys = {*part.role.identifier[-1:], *(part.role.key.name[-1:] if part.role.key else ())}
    answered = part.shown(exchange)
    for name, value in said.items():
        if name not in after or name in keys:
            continue
        if name in asked and not shapes.alike(operation, asked[name], shown.get(name)):
            continue
        wanted = before.get(name) if value is None and part.role.ignores_nulls else value
        for title, found in (("kept", after), ("in the answer", answered)):
            if found is None or name not in found or same(wanted, found[name]):
                continue
            # What an answer tells in another form within an object or a list is none of what was changed.
            if not echoes(operation, asked.get(name, {}), shown.get(name, {}), wanted, found[name]):
                summary = f"a change of /{name} is not {title}"
                acting.note(exchange, STATE, summary, repr(wanted), repr(found[name]))
    if part.role.action == "change":
        sure = {name for name in acting.settable if name in before and name not in said and not UPDATED.search(name)}
        # What nobody can set may follow from what was.
        rest = {
            name: value for name, value in before.items() if name not in said and (name in sure or is_lasting(name))
        }
        for found in (after, answered or {}):
            if place := difference(rest, found, sure):
                name = place.removeprefix("/")
                summary = f"a change of other things changes {place}"
                acting.note(exchange, STATE, summary, repr(rest.get(name)), repr(found.get(name)))
                break
        for name in sorted(sure):
            if name not in after and rest[name] not in (None, [], {}, ""):
                summary = f"a change of other things removes /{name}"
                acting.note(exchange, STATE, summary, repr(rest[name]), "nothing")
    _judge_moment(acting, exchange, before, after)
    if answered is not None and part.key_of(answered) not in (None, key):
        acting.note(exchange, STATE, "another object is answered with", str(key), str(part.key_of(answered)))


def _judge_moment(acting: Acting, exchange: Exchange, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The time of the last change is another one after a change, where it is told so finely that one can see that."""
    name = next((name for name in after if UPDATED.search(name) and moment(after[name]) is not None), "")
    one, other = moment(before.get(name)), moment(after.get(name))
    if one is None or other is None or one.seconds != other.seconds or difference(before, after, before) in ("", name):
        return
    # What a server tells may have been cut off; the change came when it was sent, not before.
    if exchange.moment - one.seconds > 2 * 10.0**-other.digits + _CLOCKS and other.digits >= _FINE:
        summary = f"a change leaves /{name} as it was"
        acting.note(exchange, STATE, summary, f"a time after {before[name]!r}", repr(after[name]))


def _try_effect(acting: Acting, part: Part, made: Made) -> None:
    """What the overlay states that an operation sets is set, and lists show only what they are stated to show."""
    operation = part.operation
    if STATE in operation.switched_off:
        return
    exchange = acting.ask(acting.about(part, made))
    if exchange is None or not exchange.accepted:
        return
    found = acting.fetched(made)
    after = found[2] if found is not None else None
    for name, value in part.role.set.items() if after is not None else ():
        got = after.get(name) if after is not None else None
        is_template = isinstance(value, str) and "{" in value
        if (
            (value is None and got is not None)
            or (is_template and got is None)
            or (value is not None and not is_template and not same(value, got))
        ):
            summary = f"{operation.method} {operation.path.rsplit('/', 1)[-1]} does not set /{name}"
            expected = "null" if value is None else "a moment" if is_template else repr(value)
            acting.note(exchange, STATE, summary, expected, repr(got))
    _judge_list(acting, part, made, exchange)


def _judge_list(acting: Acting, part: Part, made: Made, exchange: Exchange) -> None:
    lister = acting.lister
    if lister is None or LISTING in lister.operation.switched_off:
        return
    only = lister.part.role.only
    touched = [name for name in part.role.set if name in only]
    if not touched:
        return
    is_seen = all((part.role.set[name] is None) == (only[name] is None) for name in touched)
    walk = acting.listed()
    if walk is None or (exchange.response.json is NOTHING and not walk.pages):
        return
    is_listed = made.key in walk.keys
    if is_listed and not is_seen:
        summary, expected = "what the list is stated to leave out is listed", f"no object {made.key}"
        acting.note(walk.pages[-1].exchange, LISTING, summary, expected, "it is listed")
    elif is_seen and not is_listed and walk.complete and walk.pages:
        summary, expected = "what the list is stated to show is not listed", f"the object {made.key}"
        acting.note(walk.pages[-1].exchange, LISTING, summary, expected, "it is not listed")
