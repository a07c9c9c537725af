"""What was removed is gone, what is unknown is refused, and nothing else is touched."""

from collections.abc import Iterator
from typing import Any

from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Key, Part, at, variables
from counterfoil.checks.objects.comparing import difference
from counterfoil.checks.objects.made import Made
from counterfoil.checks.objects.removed import marked, tells_none
from counterfoil.checks.objects.values import unknown_key
from counterfoil.checks.probes.resources import reuse
from counterfoil.checks.probes.resources.lifecycle import LISTING, STATE, count, known, total
from counterfoil.checks.wire.exchange import Exchange

UNKNOWN = "unknown_object"
GONE = "use_after_free"
NAMES = (UNKNOWN,)

_NOT_THERE = frozenset({404, 410})
_OTHERS = frozenset({401, 403, 429, 503})
_LONG = 8  # characters of a key that nobody chose


def run(conversation: Conversation) -> None:
    """Name an unknown object to every operation, and remove one."""
    for collection in conversation.existing.collections:
        parts = collection.all("fetch", "change", "replace", "remove")
        removing = collection.part("remove")
        acting = Acting(collection, conversation)
        if not parts or (one := acting.make(acting.create_draft(full=False))) is None:
            continue
        for part in parts:
            for key in _unknown_keys(acting, one.key, part):
                _unknown(acting, part, one, key)
            if part.role.action == "fetch":
                _try_near(acting, part, one)
        if removing is not None:
            _remove(acting, removing, one)


def _unknown_keys(acting: Acting, key: Key, part: Part) -> list[Key]:
    """Keys that no object has; one of them is that of an object to who counts with 32 bits."""
    unknown = acting.conversation.existing.unknown_key(acting.collection.template, key)
    return [unknown, *([key + 2**32] if isinstance(key, int) and part.role.action == "fetch" else [])]


def _near_keys(key: Key) -> Iterator[str]:
    """Keys that begin as one does, or that it begins with."""
    if not isinstance(key, str) or len(key) < _LONG or key.endswith("="):
        return
    # The last bits of a number in base 64 may say nothing.
    last = 1 if key.lower() == key or key.upper() == key else 2
    yield key[:-last] + str(unknown_key(key))[-last:]
    yield key[:-1]
    yield f"{key}0"


def _try_near(acting: Acting, part: Part, made: Made) -> None:
    """An object is shown for its key as a whole, and no other one."""
    for key in _near_keys(made.key) if UNKNOWN not in part.operation.switched_off else ():
        draft = acting.about(part, made, key)
        exchange = (
            acting.conversation.ask(draft, intent="invalid", source="probes", aim=False) if draft is not None else None
        )
        # It may be refused as what is no key at all.
        if exchange is None or not part.operation.is_success(exchange.response.status):
            continue
        if part.key_of(at(exchange.response.json, part.role.answer or ())) == made.key:
            summary, expected = "an object is shown for what is only a part of its key, or has that in it", "a refusal"
            acting.note(exchange, UNKNOWN, summary, expected, exchange.response.describe())
            return


def _unknown(acting: Acting, part: Part, made: Made, key: Key) -> None:
    operation, role = part.operation, part.role
    draft = acting.about(part, made, key)
    if UNKNOWN in operation.switched_off or role.upsert or draft is None:
        return
    exchange = acting.ask(draft)
    if exchange is None or tells_none(exchange, part):
        return
    if role.unknown == "null" and part.shown(exchange) is not None:
        summary, expected = "an unknown object is shown", "null, as the overlay states"
        acting.note(exchange, UNKNOWN, summary, expected, exchange.response.describe())
    elif role.unknown in ("null", "ignore") and _is_refused_as_unknown(exchange):
        expected = "null in its place" if role.unknown == "null" else "the answer that there is for any object"
        summary = "an unknown object is refused"
        acting.note(exchange, UNKNOWN, summary, f"{expected}, as the overlay states", exchange.response.describe())
    elif part.is_certain:
        _judge(acting, part, exchange)


def _is_refused_as_unknown(exchange: Exchange) -> bool:
    answer = stated.refusal(exchange.operation, "unknown-object")
    return exchange.response.status in _NOT_THERE or bool(answer and stated.says(answer, exchange.response))


def _judge(acting: Acting, part: Part, exchange: Exchange) -> None:
    operation, status = part.operation, exchange.response.status
    declared = {int(key) for key in operation.responses if key.isdecimal()}
    if stated.hold(exchange, "unknown-object", UNKNOWN, "an unknown object is not answered as stated", acting.report):
        return
    # Where a path names several objects, 404 may be what is said of another one of them.
    is_sure = part.role.action != "remove" or len(variables(operation.path)) < 2
    tells = bool(_NOT_THERE & declared) and is_sure
    if status < 300 and (tells or part.role.action == "fetch"):
        makes = part.role.action == "replace"
        summary = "to replace an unknown object makes one" if makes else "an unknown object is not refused"
        acting.note(exchange, UNKNOWN, summary, "404", exchange.response.describe())
    elif 400 <= status < 500 and tells and status not in _NOT_THERE | _OTHERS:
        summary = f"an unknown object is refused with {status}"
        acting.note(exchange, UNKNOWN, summary, "404", exchange.response.describe())


def _judge_mark(acting: Acting, part: Part, exchange: Exchange, mark: dict[str, Any]) -> None:
    """What is shown of an object that its removal has only marked has that mark."""
    shown = part.shown(exchange) or {}
    name = next((name for name, value in mark.items() if name in shown and shown[name] != value), None)
    if name is not None:
        summary = f"what was removed is shown without its mark, /{name}"
        acting.note(exchange, GONE, summary, repr(mark[name]), repr(shown[name]))


def _remove(acting: Acting, removing: Part, one: Made) -> None:
    other = acting.make(acting.create_draft(full=False))
    if other is None or other.key == one.key:
        return
    off = removing.operation.switched_off
    before = acting.state(other)
    totals = [total(acting, lister) for lister in acting.listers]
    exchange = acting.ask(acting.about(removing, one))
    if exchange is None or GONE in off:
        return
    if not exchange.accepted:
        if exchange.response.status in _NOT_THERE:
            summary = "what was made cannot be removed, since it is not there"
            acting.note(exchange, STATE, summary, f"the object {one.key}", exchange.response.describe())
        return
    if removing.role.returns_null and removing.shown(exchange) is not None and STATE not in off:
        summary, expected = "what was removed is told", "null in its place, as the overlay states"
        acting.note(exchange, STATE, summary, expected, exchange.response.describe())
    mark = marked(exchange, removing, one)
    for part in acting.collection.all("fetch", "change", "replace"):
        if part.role.unknown in ("example", "ignore") or part.role.upsert:
            continue
        again = acting.ask(acting.about(part, one))
        shows = part.shown(again) is not None if part.role.unknown == "null" else again is not None and again.accepted
        if again is not None and mark and part.role.action == "fetch":
            _judge_mark(acting, part, again, mark)
        elif again is not None and shows and not tells_none(again, part) and not mark:
            what = "shown" if part.role.action == "fetch" else "changed"
            acting.note(again, GONE, f"what was removed is {what}", "a refusal", again.response.describe())
    for lister in acting.listers if LISTING not in off and not mark else ():
        walk = lister.walk(size=lister.largest)
        page = next((page for page in walk.pages if one.key in page.keys), None)
        if page is not None:
            acting.note(page.exchange, GONE, "what was removed is listed", f"no object {one.key}", "it is listed")
    for lister, counted in zip(acting.listers, totals, strict=True):
        if LISTING not in off and not mark:
            count(acting, lister, counted, -1)
    # To remove twice may be answered as to remove once (RFC 9110, 9.2.2), unless another answer is stated.
    second = acting.ask(acting.about(removing, one))
    if second is not None and second.accepted and removing.is_certain and not mark:
        summary = "an unknown object is not answered as stated"
        stated.hold(second, "unknown-object", UNKNOWN, summary, acting.report)
    found = acting.fetched(other)
    if found is not None and found[2] is None and before is not None and found[1].response.status not in _OTHERS:
        summary = "a removal removes another object, too"
        acting.note(found[1], STATE, summary, f"the object {other.key}", found[1].response.describe())
    elif before is not None and (after := acting.state(other)) is not None and STATE not in off:
        place = difference(before, after, known(acting, other)[1])
        name, summary = place.removeprefix("/"), f"a removal changes another object at {place}"
        if place:
            acting.note(exchange, STATE, summary, repr(before.get(name)), repr(after.get(name)))
        elif not mark:
            reuse.check(acting, removing, other)
