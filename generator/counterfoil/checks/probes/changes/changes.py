"""A change changes what it says and nothing else, and is there afterwards."""

import re
import time
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting, told
from counterfoil.checks.objects.collections import Key, Part, variables
from counterfoil.checks.objects.comparing import difference, emptied, is_lasting, is_volatile, same
from counterfoil.checks.objects.made import Made
from counterfoil.checks.probes.changes.bodies import bodies, kinds
from counterfoil.checks.probes.changes.effects import take_effect
from counterfoil.checks.probes.resources.lifecycle import AVAILABLE, LISTING, STATE, known
from counterfoil.checks.probes.resources.losses import lost
from counterfoil.checks.semantics.echoes import normalised
from counterfoil.checks.semantics.echoes.echo import echoes, hidden, is_clock
from counterfoil.checks.semantics.values.clock import moment
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import OWN_IDS, plain, words
from counterfoil.stub.state.objects import UPDATED

NAMES = ()

# Words in names of what one object has at a time, so that another one loses it.
_ONE_OF_ALL = frozenset(("default", "primary", "current", "main", "selected", "active", "latest", "featured"))
_REPLACES = re.compile(r"\breplac(?:e[sd]?|ing|ement)\b", re.IGNORECASE)
_MERGES = re.compile(
    r"\b(?:partial\w*|merg\w+|only|unchanged|untouched|keeps?|kept|given|provided|supplied|specified|changed)\b",
    re.IGNORECASE,
)
_TICK = 0.008  # seconds, so that a time tells one change from the next
_FINE = 3  # digits of a second
_CLOCKS = 0.005  # seconds by which two clocks of one machine may differ


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
        _judge(acting, part, (exchange, made.key), before, after)
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
    if walk is None or listed is None or not acting.conversation.client.target.is_local:
        return
    if place := difference(now, listed, acting.settable):
        page = next(page for page in walk.pages if made.key in page.keys)
        name, summary = place.removeprefix("/"), f"what was changed is listed otherwise at {place}"
        acting.note(page.exchange, LISTING, summary, repr(now.get(name)), repr(listed.get(name)))


def _judge(
    acting: Acting, part: Part, change: tuple[Exchange, Key], before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Whether an object is as a change has left it.

    `change` is the exchange that changed the object of a key.
    """
    (exchange, key), operation = change, part.operation
    shown = shapes.properties(operation, part.role.shape)
    said = told(exchange, frozenset(shown))
    asked = shapes.properties(operation, operation.request_schema)
    keys = {*part.role.identifier[-1:], *(part.role.key.name[-1:] if part.role.key else ())}
    parents = {*map(plain, variables(operation.path))} - {*OWN_IDS}
    answered = part.shown(exchange)
    for name, value in said.items():
        if value is None and part.role.ignores_nulls and name not in after and before.get(name) is not None:
            summary = f"null removes /{name}, which it is stated to leave unchanged"
            acting.note(exchange, STATE, summary, repr(before[name]), "nothing")
        if name in keys or plain(name) in parents or is_clock(operation, name, shown.get(name)):
            continue
        if name in asked and not shapes.alike(operation, asked[name], shown.get(name)):
            continue
        if name not in after:
            if lost(operation, part.role.shape, {name: value}, before if answered is None else answered, after):
                acting.note(exchange, STATE, f"a change of /{name} is not kept", repr(value), "nothing")
            continue
        wanted = before.get(name) if value is None and part.role.ignores_nulls else value
        for title, found in (("kept", after), ("in the answer", answered)):
            if found is None or name not in found:
                continue
            is_whole = not emptied(wanted, found[name]) and not lost(
                operation, shown.get(name), wanted, wanted, found[name]
            )
            if same(wanted, found[name]) and is_whole:
                continue
            # What an answer tells in another form within an object or a list is none of what was changed.
            is_kept = echoes(operation, asked.get(name, {}), shown.get(name, {}), wanted, found[name])
            if not is_kept and not normalised.is_told(operation, name, asked.get(name, {}), wanted, found[name]):
                summary = f"a change of /{name} is not {title}"
                acting.note(exchange, STATE, summary, repr(wanted), repr(found[name]))
        kept = _kept_of_another_kind(part, asked.get(name, {}), value, before.get(name), after[name])
        if kept:
            summary = f"a change of /{name} keeps /{kept} of what it was before"
            acting.note(exchange, STATE, summary, repr(value), repr(after[name]))
    if part.role.action == "replace":
        _judge_left_out(acting, part, exchange, before, after)
    else:
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
    _judge_unset(acting, exchange, before, after)
    _judge_moment(acting, exchange, before, after)
    if answered is not None and part.key_of(answered) not in (None, key):
        acting.note(exchange, STATE, "another object is answered with", str(key), str(part.key_of(answered)))


def _kept_of_another_kind(part: Part, schema: Any, value: Any, before: Any, after: Any) -> str:
    """A property that an object within another one had, and that those of the kind which it is now do not have."""
    operation = part.operation
    # Only by the one media type for it are objects merged (RFC 7396).
    if not all(isinstance(each, dict) for each in (value, before, after)):
        return ""
    if "merge-patch" in str(operation.json_media_type):
        return ""
    fitting = [kind for kind in kinds(operation, schema) if operation.accepts(kind, value)]
    if len(fitting) != 1:
        return ""
    own = shapes.properties(operation, fitting[0])
    left = (name for name in after if name not in value and name not in own and name in before)
    return next((name for name in left if same(before[name], after[name])), "")


def _judge_left_out(
    acting: Acting, part: Part, exchange: Exchange, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """What a replacement does not tell is at its default, or not there (RFC 9110, 9.3.4)."""
    operation = part.operation
    schema, shown = operation.request_schema, shapes.properties(operation, part.role.shape)
    asked, said = shapes.properties(operation, schema), told(exchange, frozenset(shown))
    has_change = any(each.operation.method == "PATCH" for each in acting.collection.all("change"))
    if operation.method != "PUT" or not (has_change or operation.schemas.required(schema or {})):
        return
    stated = f"{operation.tree.get('summary', '')} {operation.tree.get('description', '')}"
    may_merge = bool(_MERGES.search(stated))
    replaces = has_change or bool(_REPLACES.search(stated) and not may_merge)
    always = frozenset(operation.schemas.required(part.role.shape))
    for name, node in asked.items():
        if name in said or name not in acting.settable or before.get(name) in (None, [], {}, ""):
            continue
        if is_volatile(name) or hidden(operation, node, shown.get(name, {})):
            continue
        if is_lasting(name) and not isinstance(before[name], dict):
            continue
        default = shapes.default(operation, node)
        if not same(before[name], after.get(name)) or same(default, before[name]):
            continue
        is_null = shapes.is_null_by_default(operation, node) and not may_merge
        if default is not None or is_null or (replaces and name not in always):
            summary = f"a replacement without /{name} leaves it as it was"
            expected = repr(default) if default is not None or is_null else "nothing"
            acting.note(exchange, STATE, summary, expected, repr(after[name]))


def _judge_unset(acting: Acting, exchange: Exchange, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The time of the last change is told once there was one."""
    operation = exchange.operation
    shown = shapes.properties(operation, acting.collection.create.role.shape)
    for name, value in after.items():
        is_unset = value is None or (value == 0 and not isinstance(value, bool))
        is_told = UPDATED.search(name) and name not in acting.settable and is_clock(operation, name, shown.get(name))
        if is_unset and is_told and before.get(name) == value and difference(before, after, before):
            summary = f"a change leaves /{name} unset"
            acting.note(exchange, STATE, summary, "the time of the change", repr(value))


def _judge_moment(acting: Acting, exchange: Exchange, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The time of the last change is another one after a change, where it is told so finely that one can see that."""
    name = next((name for name in after if UPDATED.search(name) and moment(after[name]) is not None), "")
    one, other = moment(before.get(name)), moment(after.get(name))
    if (
        one is None
        or other is None
        or one.seconds != other.seconds
        or difference(before, after, before) in ("", f"/{name}")
    ):
        return
    # What a server tells may have been cut off; the change came when it was sent, not before.
    if exchange.moment - one.seconds > 2 * 10.0**-other.digits + _CLOCKS and other.digits >= _FINE:
        summary = f"a change leaves /{name} as it was"
        acting.note(exchange, STATE, summary, f"a time after {before[name]!r}", repr(after[name]))
