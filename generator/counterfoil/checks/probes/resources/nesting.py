"""Objects below other objects: each belongs to one of them, and below one that is unknown there is nothing."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from counterfoil.checks import shapes
from counterfoil.checks.cases.parameters import parameters
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Collection, Key, Part, anonymous, items_at, variables
from counterfoil.checks.objects.comparing import difference
from counterfoil.checks.objects.made import Made
from counterfoil.checks.objects.values import first_fitting, keys_like
from counterfoil.checks.probes.resources.lifecycle import LISTING, STATE, check_parent, known
from counterfoil.checks.probes.resources.removal import UNKNOWN
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.schema_walk import ITEMS
from counterfoil.stub.state.inference.names import OWN_IDS, plain, singular, words

NAMES = ()

_NOT_THERE = frozenset({404, 410})

Way = tuple[Key, ...]
"""The values of the first variables of a path, in order."""


def run(conversation: Conversation) -> None:
    """Take two parents for every collection below another one, and make an object below each."""
    by_template = {anonymous(each.template): each for each in conversation.existing.collections}
    for collection in conversation.existing.collections:
        acting, parent = Acting(collection, conversation), collection.create.role.parent
        outer = by_template.get(anonymous(parent[0])) if parent is not None else None
        ways = _made(Acting(outer, conversation)) if outer is not None else _given(acting)
        if len(ways) < 2:
            continue
        if outer is not None:
            _try_empty(acting, ways[1])
        _try(acting, ways[0], ways[1])
        if outer is not None:
            unknown = conversation.existing.unknown_key(outer.template, ways[0][-1])
            for part in (collection.create, *collection.lists):
                _try_unknown(acting, part, (*ways[0][:-1], unknown))


def _made(outer: Acting) -> list[Way]:
    """The ways to two parents that are made."""
    found = [each for _ in range(2) if (each := outer.make(outer.create_draft(full=False))) is not None]
    return [(*each.way, each.key) for each in found] if len({each.key for each in found}) == len(found) else []


def _given(acting: Acting) -> list[Way]:
    """The ways to two parents that no operation makes, where a path names one; whether they exist nobody knows."""
    operation, name = acting.collection.create.operation, _owner(acting.collection)
    bare = acting.conversation.valid.bare(operation)
    parameter = next((each for each in parameters(operation) if each.place == "path" and each.name == name), None)
    if bare is None or parameter is None or not acting.conversation.client.target.is_local:
        return []
    text, instances = bare.path[name], acting.conversation.valid.instances
    is_number = shapes.types(operation, parameter.schema) == {"integer"}
    one: Key = int(text) if is_number and text.isdecimal() else text
    other = first_fitting(keys_like(one), lambda each: instances.fits(parameter.schema_pointer, each))
    names = variables(operation.path)
    above = tuple(bare.path[each] for each in names[: names.index(name)])
    return [(*above, one), (*above, other)] if other is not None else []


def _owner(collection: Collection) -> str:
    """The last variable in the path of a collection that names whose objects these are, empty if none does.

    That is `company_id` in `/companies/{company_id}/invoices`, and not `version` in `/{version}/invoices`.
    """
    found = ""
    for before, segment in pairwise(collection.template.split("/")):
        name = variables(segment)[0] if segment.startswith("{") and segment.endswith("}") else ""
        parts, noun = words(name), singular(words(before)[-1]) if words(before) else ""
        if noun and "{" not in before and parts and (parts[-1] in OWN_IDS or noun in parts):
            found = name
    return found


def _try_empty(acting: Acting, way: Way) -> None:
    """The list below a parent that was just made is answered like any other list, and has nothing yet."""
    for lister in acting.listers:
        if len(variables(lister.operation.path)) == len(way) and LISTING not in lister.operation.switched_off:
            lister.below(tuple(map(text_of, way))).ask()


def _try(acting: Acting, first: Way, second: Way) -> None:
    ours, theirs = (_make(acting, each) for each in (first, second))
    if ours is None or theirs is None or ours.key == theirs.key:
        return
    check_parent(acting, theirs, second[-1])
    _compare_parents(acting, (ours, theirs), (first[-1], second[-1]))
    for action in ("fetch", "change", "replace", "remove"):
        for part in acting.collection.all(action):
            _try_elsewhere(acting, part, ours, second)
    _list(acting, (ours, theirs), second)


def _compare_parents(acting: Acting, objects: tuple[Made, Made], keys: tuple[Key, Key]) -> None:
    """Objects below two parents do not both tell the key of the same one as that of their parent."""
    operation, role = acting.collection.create.operation, acting.collection.create.role
    ours, theirs = objects
    if role.parent is None or STATE in operation.switched_off or type(keys[0]) is not type(keys[1]):
        return
    segment = words(role.parent[0].rstrip("/").rpartition("/")[2])
    noun = singular(segment[-1]) if segment else ""
    names = {noun, *(f"{noun}{end}" for end in (*OWN_IDS, plain(role.parent[1])))} - {plain(role.parent[1])}
    said = theirs.exchange.request.json
    known = acting.conversation.existing.memory.given(role.parent[0])
    for name, told in theirs.value.items() if noun else ():
        if plain(name) not in names or (isinstance(said, dict) and name in said) or isinstance(told, bool):
            continue
        # A parent may be told otherwise than by its key, but then not alike by what is below another one.
        if type(told) is type(keys[1]) and told in known and told != keys[1] and ours.value.get(name) == told:
            summary = f"{name} is the same below two parents"
            acting.note(theirs.exchange, STATE, summary, f"{keys[1]!r} below the second one", repr(told))
            return


def _make(acting: Acting, way: Way) -> Made | None:
    """An object below a parent; its body names no other one."""
    draft = acting.create_draft(full=False)
    if draft is None:
        return None
    named = variables(draft.operation.path)[: len(way)]
    own = {plain(name): key for name, key in zip(named, way, strict=True)}
    if isinstance(draft.value, dict):
        said = {
            name: own[plain(name)]
            for name, value in draft.value.items()
            if value is not None and type(value) is type(own.get(plain(name)))
        }
        if said:
            draft = draft.with_json({**draft.value, **said}, draft.media_type)
    return acting.make(_below(draft, way))


def _below(draft: Draft, way: Sequence[Key]) -> Draft:
    """The same request below a parent."""
    names = variables(draft.operation.path)
    return replace(draft, path={**draft.path, **{name: text_of(key) for name, key in zip(names, way, strict=False)}})


def _try_elsewhere(acting: Acting, part: Part, made: Made, other: Way) -> None:
    """An object is not found below another parent than its own, and nothing becomes of it there."""
    place, operation = part.role.key, part.operation
    if not part.is_certain or place is None or place.where != "path" or STATE in operation.switched_off:
        return
    # Requests have to name the parent of an object, too.
    if len(variables(operation.path)) <= len(other) or part.role.upsert:
        return
    before = acting.state(made) if part.role.action != "fetch" else None
    exchange = acting.ask(acting.about(part, replace(made, way=tuple(map(text_of, other)))))
    if exchange is None:
        return
    if part.role.action == "fetch":
        shown = part.shown(exchange)
        if shown is not None and part.key_of(shown) == made.key:
            summary, expected = "an object is shown below another parent than its own", "a refusal"
            acting.note(exchange, STATE, summary, expected, exchange.response.describe())
    elif before is not None and exchange.accepted:
        after = acting.state(made)
        if after is not None and not difference(before, after, known(acting, made)[1]):
            return
        what = "removed" if part.role.action == "remove" else "changed"
        summary, expected = f"an object is {what} below another parent than its own", "a refusal"
        acting.note(exchange, STATE, summary, expected, exchange.response.describe())


def _list(acting: Acting, objects: tuple[Made, Made], parent: Way) -> None:
    """The list below a parent has its objects and no others."""
    ours, theirs = objects
    for lister in acting.listers:
        if len(variables(lister.operation.path)) != len(parent) or LISTING in lister.operation.switched_off:
            continue
        walk = lister.below(tuple(map(text_of, parent))).walk(size=lister.largest)
        page = next((page for page in walk.pages if ours.key in page.keys), None)
        is_missing = walk.complete and theirs.key not in walk.items and lister.is_whole_for(theirs.value)
        if page is not None:
            summary, expected = "a list has objects of another parent", f"no object {ours.key}"
            acting.note(page.exchange, LISTING, summary, expected, "it is listed")
        elif is_missing and walk.last is not None:
            summary, expected = "what was made is not listed", f"the object {theirs.key}"
            acting.note(walk.last, LISTING, summary, expected, walk.last.response.describe())


def _try_unknown(acting: Acting, part: Part, way: Way) -> None:
    """Below an unknown parent nothing is made or listed, where the contract says that it may be refused."""
    operation = part.operation
    draft = acting.conversation.valid.minimal(operation)
    declared = {int(key) for key in operation.responses if key.isdecimal()}
    if draft is None or not _NOT_THERE & declared or UNKNOWN in operation.switched_off:
        return
    if len(variables(operation.path)) != len(way):
        return
    exchange = acting.ask(_below(draft, way))
    if exchange is None or not exchange.accepted:
        return
    # An empty list says of an unknown object what it says of one without any, unless the contract tells them apart.
    summary = ""
    if part.role.action == "create" or _lists_some(part, exchange):
        summary = f"something is {'listed' if part.role.action == 'list' else 'made'} below an unknown object"
    elif _tells_unknown(acting.conversation, part):
        summary = "what is below an unknown object is told as an empty list"
    if summary:
        acting.note(exchange, UNKNOWN, summary, "404", exchange.response.describe())


def _tells_unknown(conversation: Conversation, part: Part) -> bool:
    """Whether a list is declared to be answered with 404, which not all operations of the contract are."""
    others = [each for each in conversation.operations if not variables(each.path)]
    return "404" in part.operation.responses and any("404" not in each.responses for each in others)


def _lists_some(part: Part, exchange: Exchange) -> bool:
    return bool(items_at(exchange.response.json, part.role.answer or (ITEMS,)))
