"""A change changes what it says and nothing else, and is there afterwards."""

import time
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.comparing import difference, same, shown_otherwise
from counterfoil.checks.objects.made import Made
from counterfoil.checks.probes.changes.bodies import bodies
from counterfoil.checks.probes.changes.effects import take_effect
from counterfoil.checks.probes.changes.judging import judge
from counterfoil.checks.probes.resources.lifecycle import AVAILABLE, LISTING, STATE, known
from counterfoil.checks.semantics.values.clock import moment
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import words
from counterfoil.stub.state.objects import UPDATED

NAMES = ()

# Words in names of what one object has at a time, so that another one loses it.
_ONE_OF_ALL = frozenset(("default", "primary", "current", "main", "selected", "active", "latest", "featured"))
_TICK = 0.008  # seconds, so that a time tells one change from the next


def run(conversation: Conversation) -> None:
    """Change an object of each collection by every operation that can, and look at it and at another one."""
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        # What was replaced has little left that a change could lose.
        candidates = (*collection.all("change"), *collection.all("replace"))
        parts = [part for part in candidates if part.is_certain or part.role.set]
        if not parts or (collection.part("fetch") is None and acting.lister is None):
            continue
        one = acting.make(acting.create_draft()) or acting.make(acting.create_draft(full=False))
        other = acting.make(acting.create_draft(full=False)) if one is not None else None
        if one is None or other is None or one.key == other.key:
            continue
        untouched, begun = acting.state(other), acting.state(one)
        for part in parts:
            if part.operation.request_content and not _is_empty(part, conversation):
                _try_values(acting, part, one)
        for part in sorted(parts, key=lambda each: None in each.role.set.values()):
            if part.role.set:
                take_effect(acting, part, one)
        after = acting.state(other)
        if untouched is not None and STATE not in parts[0].operation.switched_off:
            _compare_other(acting, parts, untouched, after, known(acting, other)[1])
            ended = acting.state(one)
            if after is not None and begun is not None and ended is not None:
                _compare_both(acting, parts, (begun, ended), (untouched, after))


def _is_empty(part: Part, conversation: Conversation) -> bool:
    return conversation.valid.body(part.operation) is None


def _compare_other(
    acting: Acting, parts: list[Part], before: dict[str, Any], after: dict[str, Any] | None, sure: frozenset[str]
) -> None:
    place = "/" if after is None else difference(before, after, sure)
    acted = {name: part for part in parts for name in part.role.set if _ONE_OF_ALL.isdisjoint(words(name))}
    name = next((name for name in acted if after is not None and not same(before.get(name), after.get(name))), "")
    if not place and not name:
        return
    changing = parts[0] if place else acted[name]
    exchange = next(each for each in reversed(acting.conversation.exchanges) if each.operation is changing.operation)
    summary = "a change of one object changes another"
    acting.note(exchange, STATE, summary, "other objects as they were", f"another value at {place or '/' + name}")


def _compare_both(
    acting: Acting,
    parts: list[Part],
    one: tuple[dict[str, Any], dict[str, Any]],
    other: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    """What a change has made of one object is not made of another one, too; both before and afterwards."""
    (begun, ended), (before, after) = one, other
    for name, value in ended.items():
        is_plain = isinstance(value, str | bool) and moment(value) is None
        if not is_plain or same(begun.get(name), value) or not _ONE_OF_ALL.isdisjoint(words(name)):
            continue
        if same(after.get(name), value) and not same(before.get(name), value):
            operations = [part.operation for part in parts]
            exchange = next(each for each in reversed(acting.conversation.exchanges) if each.operation in operations)
            summary, expected = "a change of one object changes another", "other objects as they were"
            acting.note(exchange, STATE, summary, expected, f"another value at /{name}")
            return


def _try_values(acting: Acting, part: Part, made: Made) -> None:
    if STATE in part.operation.switched_off:
        return
    before = acting.state(made)
    if acting.collection.part("fetch") is not None:
        acting.listed()  # what remembers lists has this one then
    last: Exchange | None = None
    names = frozenset(shapes.properties(part.operation, part.role.shape))
    for body in bodies(acting, part, before or made.value, names):
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
        judge(acting, part, (exchange, made.key), before, after)
        before = after
        if part.role.action == "replace":
            last = exchange
    if before is not None:
        _compare_list(acting, part, made, before)
    if last is not None and before is not None:
        _repeat(acting, part, made, last, before)


def _repeat(acting: Acting, part: Part, made: Made, exchange: Exchange, before: dict[str, Any]) -> None:
    """To replace an object by the same again changes nothing (RFC 9110, 9.2.2)."""
    sent, draft = exchange.request.json, acting.about(part, made)
    if part.operation.method != "PUT" or draft is None or sent is NOTHING:
        return
    again = acting.conversation.ask(
        draft.with_json(sent, draft.media_type), intent="valid", source="probes", refresh=False, aim=False
    )
    after = acting.state(made) if again is not None and again.accepted else None
    if again is not None and again.response.status in (404, 409, 410):
        summary, expected = "the same replacement is refused the second time", "the answer to the first one"
        acting.note(again, STATE, summary, expected, again.response.describe())
        return
    lasting = {name for name in acting.settable if not UPDATED.search(name)}
    if again is not None and after is not None and (place := difference(before, after, lasting)):
        name, summary = place.removeprefix("/"), f"the same replacement changes {place} the second time"
        acting.note(again, STATE, summary, repr(before.get(name)), repr(after.get(name)))


def _compare_list(acting: Acting, part: Part, made: Made, now: dict[str, Any]) -> None:
    """A list tells of an object what is told of it alone."""
    walk = acting.listed() if acting.collection.part("fetch") is not None else None
    listed = walk.items.get(made.key) if walk is not None and LISTING not in part.operation.switched_off else None
    if walk is None or listed is None or acting.lister is None or not acting.conversation.client.target.is_local:
        return
    fetching = acting.collection.part("fetch")
    place = shown_otherwise(acting.lister.part, now, listed, acting.settable)
    # What the one cannot tell as the other does is of no account.
    if place and fetching is not None and fetching.can_tell(name := place.removeprefix("/"), listed.get(name)):
        page = next(page for page in walk.pages if made.key in page.keys)
        summary = f"what was changed is listed otherwise at {place}"
        acting.note(page.exchange, LISTING, summary, repr(now.get(name)), repr(listed.get(name)))
