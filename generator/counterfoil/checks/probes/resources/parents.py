"""What objects tell of those below them, and what becomes of these when they are removed."""

import time
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part, anonymous, items_at, variables
from counterfoil.checks.objects.made import Made
from counterfoil.checks.probes.resources.lifecycle import STATE
from counterfoil.checks.probes.resources.removal import GONE
from counterfoil.checks.roles import settable
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.schema_walk import ITEMS
from counterfoil.stub.state.inference.names import plain, singular, words

NAMES = ()

_NOT_THERE = frozenset({404, 410})
_COUNTS = frozenset(("count", "number", "num", "total", "of"))
_PATIENCE = 1.0  # seconds


def run(conversation: Conversation) -> None:
    """Make an object below each of two others, and remove one of these."""
    by_template = {anonymous(each.template): each for each in conversation.existing.collections}
    for collection in conversation.existing.collections if conversation.client.target.is_local else ():
        parent = collection.create.role.parent
        outer = by_template.get(anonymous(parent[0])) if parent is not None else None
        if outer is None or STATE in collection.create.operation.switched_off:
            continue
        above, acting = Acting(outer, conversation), Acting(collection, conversation)
        parents = [above.make(above.create_draft(full=False)) for _ in range(2)]
        one, other = parents[0], parents[1]
        if one is None or other is None or one.key == other.key:
            continue
        if not conversation.client.target.is_stub:
            _count(above, acting, one, other)
        ours, theirs = _below(acting, one), _below(acting, other)
        if ours is not None and theirs is not None and ours.key != theirs.key:
            _remove(above, acting, one, (ours, theirs))


def _below(acting: Acting, parent: Made) -> Made | None:
    """A new object below another one."""
    draft = acting.create_draft(full=False)
    names = variables(acting.collection.template)
    if draft is None or len(names) != len(parent.way) + 1:
        return None
    way = dict(zip(names, (*parent.way, text_of(parent.key)), strict=True))
    return acting.make(replace(draft, path={**draft.path, **way}))


def _counting(above: Acting, acting: Acting) -> list[str]:
    """The properties of an object that tell how many there are below it, such as `book_count`."""
    create = above.collection.create
    noun = plain(singular(acting.collection.template.rpartition("/")[2]))
    given = settable(create.operation)
    found = []
    for name, schema in shapes.properties(create.operation, create.role.shape).items():
        parts = [singular(each) for each in words(name)]
        rest = {*parts} - {noun}
        is_number = shapes.types(create.operation, schema) == {"integer"}
        if is_number and noun in parts and rest <= _COUNTS and plain(name) not in given:
            found.append(name)
    return found


def _count(above: Acting, acting: Acting, parent: Made, other: Made) -> None:
    """How many there are below an object is one more once one was made, and one less once it was removed.

    What is below another one does not count.
    """
    names = _counting(above, acting)
    before, beside = (above.state(parent), above.state(other)) if names else (None, None)
    wrong = _miscounted(acting, parent, names, before)
    made = _below(acting, parent) if before is not None else None
    if before is None or made is None:
        return
    _judge_counts(above, parent, {name: before.get(name) for name in names}, 1, "made")
    again = _miscounted(acting, parent, wrong, above.state(parent)) if wrong else {}
    for name, (told, listed) in again.items():
        summary = f"/{name} is not how many are listed"
        above.note(above.conversation.exchanges[-1], STATE, summary, str(listed), str(told))
    if beside is not None:
        _judge_counts(above, other, {name: beside.get(name) for name in names}, 0, "made, and only that")
    removing, now = acting.collection.part("remove"), above.state(parent)
    exchange = acting.ask(acting.about(removing, made)) if removing is not None and now is not None else None
    if exchange is not None and exchange.accepted and now is not None:
        _judge_counts(above, parent, {name: now.get(name) for name in names}, -1, "removed")


def _miscounted(
    acting: Acting, parent: Made, names: Collection[str], state: dict[str, Any] | None
) -> dict[str, tuple[int, int]]:
    """What an object tells of how many are below it that is not how many are listed there, and both numbers."""
    way = (*parent.way, text_of(parent.key))
    listers = (each for each in acting.listers if each.is_whole and len(variables(each.operation.path)) == len(way))
    lister = next(listers, None) if names and state is not None else None
    if state is None or lister is None:
        return {}
    walk = lister.below(way).walk(size=lister.largest)
    told = {name: (state.get(name), len(walk.keys)) for name in names} if walk.complete else {}
    return {name: (one, other) for name, (one, other) in told.items() if isinstance(one, int) and one != other}


def _judge_counts(above: Acting, parent: Made, before: dict[str, object], step: int, what: str) -> None:
    wanted = {name: value + step for name, value in before.items() if isinstance(value, int)}
    for patience in (0.0, _PATIENCE):  # some servers count now and then
        time.sleep(patience)
        after = above.state(parent) or {}
        wrong = [name for name, value in wanted.items() if isinstance(after.get(name), int) and after[name] != value]
        if not wrong:
            return
    summary = f"/{wrong[0]} does not count what was {what}"
    exchange = above.conversation.exchanges[-1]
    above.note(exchange, STATE, summary, str(wanted[wrong[0]]), str(after[wrong[0]]))


def _remove(above: Acting, acting: Acting, parent: Made, objects: tuple[Made, Made]) -> None:
    """What is below an object goes with it, and what is below another one stays."""
    ours, theirs = objects
    removing = above.collection.part("remove")
    if removing is None or GONE in removing.operation.switched_off or acting.state(theirs) is None:
        return
    exchange = above.ask(above.about(removing, parent))
    found = above.fetched(parent) if exchange is not None and exchange.accepted else None
    if exchange is None or found is None or found[1].response.status not in _NOT_THERE:
        return
    if acting.collection.part("fetch") is not None and acting.state(theirs) is None:
        summary = "a removal removes what is below another object, too"
        acting.note(exchange, STATE, summary, f"the object {theirs.key}", "it is not there")
    for part in (*acting.collection.all("fetch"), *acting.collection.lists, acting.collection.create):
        _try_below(acting, part, ours)


def _try_below(acting: Acting, part: Part, made: Made) -> None:
    """Ask for something below an object that is gone, where the contract says that it may be refused."""
    operation, action = part.operation, part.role.action
    declared = {int(key) for key in operation.responses if key.isdecimal()}
    names = variables(operation.path)
    if not declared & _NOT_THERE or GONE in operation.switched_off or len(names) < len(made.way):
        return
    if action == "fetch":
        draft = acting.about(part, made)
    else:
        draft = acting.conversation.valid.minimal(operation)
        way = dict(zip(names, made.way, strict=False))
        draft = replace(draft, path={**draft.path, **way}) if draft is not None else None
    exchange = acting.ask(draft)
    if exchange is None or not exchange.accepted:
        return
    # An empty list says of what is gone what it says of what has nothing below it.
    is_shown = part.shown(exchange) is not None if action == "fetch" else action == "create"
    if is_shown or (action == "list" and items_at(exchange.response.json, part.role.answer or (ITEMS,))):
        what = {"fetch": "shown", "list": "listed", "create": "made"}[action]
        summary = f"something is {what} below an object that was removed"
        acting.note(exchange, GONE, summary, "404", exchange.response.describe())
