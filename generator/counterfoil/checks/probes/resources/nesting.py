"""Objects below other objects: each belongs to one of them, and below one that is unknown there is nothing."""

from dataclasses import replace

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part, anonymous, items_at, variables
from counterfoil.checks.objects.existing import Made
from counterfoil.checks.objects.values import unknown_key
from counterfoil.checks.probes.resources.lifecycle import LISTING, STATE, check_parent
from counterfoil.checks.probes.resources.removal import UNKNOWN
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.schema_walk import ITEMS

NAMES = ()

_NOT_THERE = frozenset({404, 410})


def run(conversation: Conversation) -> None:
    """Make two objects and one below each, for every collection below another one."""
    by_template = {anonymous(each.template): each for each in conversation.existing.collections}
    for collection in conversation.existing.collections:
        parent = collection.create.role.parent
        outer = by_template.get(anonymous(parent[0])) if parent is not None else None
        if parent is None or outer is None or len(variables(collection.create.operation.path)) != 1:
            continue
        _try(Acting(collection, conversation), Acting(outer, conversation), parent[1])


def _try(acting: Acting, outer: Acting, name: str) -> None:
    first, second = (outer.make(outer.create_draft(full=False)) for _ in range(2))
    if first is None or second is None or first.key == second.key:
        return
    ours, theirs = (_make(acting, name, each) for each in (first, second))
    if ours is not None and theirs is not None and ours.key != theirs.key:
        check_parent(acting, theirs, second.key)
        _try_elsewhere(acting, ours, name, text_of(second.key))
        _list(acting, name, (ours, theirs), text_of(second.key))
    for part in (acting.collection.create, *acting.collection.lists):
        _try_unknown(acting, part, name, text_of(unknown_key(first.key)))


def _make(acting: Acting, name: str, parent: Made) -> Made | None:
    draft = acting.create_draft(full=False)
    return None if draft is None else acting.make(replace(draft, path={**draft.path, name: text_of(parent.key)}))


def _try_elsewhere(acting: Acting, made: Made, name: str, other: str) -> None:
    """An object is not found below another parent than its own."""
    part = acting.collection.part("fetch")
    place = part.role.key if part is not None else None
    if part is None or not part.is_certain or place is None or place.where != "path" or not _is_below(part, name):
        return
    exchange = acting.ask(acting.about(part, replace(made, way=(other,))))
    shown = part.shown(exchange)
    if exchange is None or shown is None or part.key_of(shown) != made.key or STATE in part.operation.switched_off:
        return
    summary, expected = "an object is shown below another parent than its own", "a refusal"
    acting.note(exchange, STATE, summary, expected, exchange.response.describe())


def _list(acting: Acting, name: str, objects: tuple[Made, Made], parent: str) -> None:
    """The list below a parent has its objects and no others."""
    ours, theirs = objects
    for lister in acting.listers:
        draft = lister.draft([(lister.names["size"], lister.largest)] if lister.largest is not None else [])
        if draft is None or name not in draft.path or LISTING in lister.operation.switched_off:
            continue
        page = lister.page_of(acting.ask(replace(draft, path={**draft.path, name: parent})))
        if page is None:
            continue
        if ours.key in page.keys:
            summary, expected = "a list has objects of another parent", f"no object {ours.key}"
            acting.note(page.exchange, LISTING, summary, expected, "it is listed")
        elif not page.items and lister.is_whole_for(theirs.value):
            summary, expected = "what was made is not listed", f"the object {theirs.key}"
            acting.note(page.exchange, LISTING, summary, expected, page.exchange.response.describe())


def _try_unknown(acting: Acting, part: Part, name: str, unknown: str) -> None:
    """Below an unknown parent nothing is made or listed, where the contract says that it may be refused."""
    operation = part.operation
    draft = acting.conversation.valid.minimal(operation)
    declared = {int(key) for key in operation.responses if key.isdecimal()}
    if draft is None or name not in draft.path or not _NOT_THERE & declared or UNKNOWN in operation.switched_off:
        return
    exchange = acting.ask(replace(draft, path={**draft.path, name: unknown}))
    if exchange is None or not exchange.accepted:
        return
    # An empty list says of an unknown object what it says of one without any.
    if part.role.action == "create" or _lists_some(part, exchange):
        what = "listed" if part.role.action == "list" else "made"
        acting.note(
            exchange, UNKNOWN, f"something is {what} below an unknown object", "404", exchange.response.describe()
        )


def _lists_some(part: Part, exchange: Exchange) -> bool:
    return bool(items_at(exchange.response.json, part.role.answer or (ITEMS,)))


def _is_below(part: Part, name: str) -> bool:
    """Whether requests name the parent of an object, too."""
    return variables(part.operation.path)[:1] == [name]
