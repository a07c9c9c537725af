"""What was made is shown and listed as it was made, once, and counted."""

from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting, told
from counterfoil.checks.objects.collections import Key, Part, nameable, variables
from counterfoil.checks.objects.comparing import difference, shown_otherwise
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.made import Made, alongside
from counterfoil.checks.objects.pages import Walk
from counterfoil.checks.probes.resources import absent, locations
from counterfoil.checks.probes.resources.losses import at_place, loss
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import OWN_IDS, named, plain, words
from counterfoil.stub.state.objects import UPDATED

AVAILABLE = "ensure_resource_availability"
STATE = locations.STATE
LISTING = absent.LISTING
NAMES = (STATE, LISTING)

# Words in names of what may keep objects out of lists.
_SHOWING = frozenset(
    named(
        "active archived deleted disabled draft enabled expired expires expiry hidden inactive listed private public "
        "published removed state status visibility visible",
        True,
    )
)


def run(conversation: Conversation) -> None:
    """Make objects of each collection, with much in them and with little, and look for them."""
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        is_local = conversation.client.target.is_local
        older = frozenset(conversation.existing.memory.given(collection.template))
        before = [lister.walk(size=lister.largest) if is_local else None for lister in acting.listers]
        one = acting.make(acting.create_draft()) or acting.make(acting.create_draft(full=False))
        two = acting.make(acting.create_draft(full=False)) if one is not None else None
        if one is None or two is None or one.key == two.key:
            continue
        draft = acting.least_draft()
        three = acting.make(draft) if draft is not None else None
        objects = (one, two) if three is None or three.key in (one.key, two.key) else (one, two, three)
        for made in objects:
            locations.check(acting, made)
            _fetch(acting, made)
        _fetch_again(acting, one)
        for lister, so_far in zip(acting.listers, before, strict=True):
            if LISTING not in lister.operation.switched_off:
                walk = lister.walk(size=lister.largest)
                _list(acting, lister, objects, walk)
                _list_again(acting, lister, objects, walk)
                if so_far is not None:
                    _compare(acting, lister, objects, so_far, walk, older)
                    _look_for_older(acting, lister, objects, walk)


def _compare(
    acting: Acting, lister: Lister, objects: tuple[Made, ...], before: Walk, after: Walk, older: frozenset[Key]
) -> None:
    """A list has what was made, and nothing that nobody made, and its total counts that.

    `older` are the keys of what was made when the list was `before`.
    """
    others = set(after.keys) - set(before.keys) - {made.key for made in objects}
    late = sorted(map(str, older & others))  # below another parent objects may have the keys of those that are new here
    is_sure = before.complete and after.complete
    if late and is_sure and before.last is not None:
        got = before.last.response.describe()
        acting.note(before.last, LISTING, "what was made is not listed", f"the object {late[0]}", got)
    elif others and is_sure and LISTING not in acting.collection.create.operation.switched_off:
        exchange, summary = objects[0].exchange, "more is made than was asked for"
        acting.note(exchange, LISTING, summary, f"{len(objects)} objects", f"{min(map(str, others))}, too")
    if lister.is_whole and before.total is not None and after.total is not None and after.last is not None:
        _judge_total(acting, after.last, (before.total, after.total), len(objects))


def _look_for_older(acting: Acting, lister: Lister, objects: tuple[Made, ...], walk: Walk) -> None:
    """A list has what was made before, too, as long as nobody was asked to change it."""
    known = acting.conversation.existing.memory.untouched(acting.collection.template)
    if walk.pages and all(made.key in walk.items for made in objects):
        absent.note(acting, lister, alongside(walk.pages[0].exchange, known), walk)


def _fetch_again(acting: Acting, made: Made) -> None:
    """To be shown changes nothing (RFC 9110, 9.2.1), not even the time of the last change."""
    part = acting.collection.part("fetch")
    if part is None or part.operation.method != "GET" or STATE in part.operation.switched_off:
        return
    shown = [found[2] for _ in range(2) if (found := acting.fetched(made)) is not None and found[2] is not None]
    if len(shown) < 2 or not acting.conversation.client.target.is_local:
        return
    changed = {name for name in shown[0] if UPDATED.search(name)} | acting.settable
    if place := difference(shown[0], shown[1], changed):
        name, summary = place.removeprefix("/"), f"to be shown changes an object at {place}"
        acting.note(
            acting.conversation.exchanges[-1], STATE, summary, repr(shown[0].get(name)), repr(shown[1].get(name))
        )


def _list_again(acting: Acting, lister: Lister, objects: tuple[Made, ...], walk: Walk) -> None:
    """To be listed changes nothing (RFC 9110, 9.2.1), not even the time of the last change."""
    times = {name for made in objects for name in walk.items.get(made.key, ()) if UPDATED.search(name)}
    if not times or lister.operation.method != "GET" or not acting.conversation.client.target.is_local:
        return
    items = lister.walk(size=lister.largest).items
    for made in objects:
        one, other = walk.items.get(made.key), items.get(made.key)
        place = difference(one, other, times) if one is not None and other is not None else ""
        if one is not None and other is not None and place:
            name, summary = place.removeprefix("/"), f"to be listed changes an object at {place}"
            exchange = acting.conversation.exchanges[-1]
            acting.note(exchange, LISTING, summary, repr(one.get(name)), repr(other.get(name)))
            return


def check_parent(acting: Acting, made: Made, key: Key) -> None:
    """An object that was made below another one tells of that, if it tells of any by the name that the path has."""
    operation, role = acting.collection.create.operation, acting.collection.create.role
    names, said = variables(operation.path), made.exchange.request.json
    own = {plain(name): name for name in made.value if not isinstance(said, dict) or name not in said}
    for name in names if STATE not in operation.switched_off else ():
        told = made.value.get(own.get(plain(name), "")) if plain(name) not in OWN_IDS else None
        # A parent may be named otherwise than in the path, but not as another one is.
        others = acting.conversation.existing.memory.given(role.parent[0]) if role.parent is not None else ()
        if told != key and told in others:
            summary = f"{own[plain(name)]} is not that of the path"
            acting.note(made.exchange, STATE, summary, repr(key), repr(told))


def count(acting: Acting, lister: Lister, before: int | None, step: int) -> None:
    """A total that was told before is another one by `step`, after so many objects were made, or removed."""
    after = total(acting, lister) if before is not None else None
    if before is not None and after is not None:
        _judge_total(acting, acting.conversation.exchanges[-1], (before, after), step)


def _judge_total(acting: Acting, exchange: Exchange, totals: tuple[int, int], step: int) -> None:
    if totals[1] - totals[0] != step:
        what = "made" if step > 0 else "removed"
        summary, expected = f"the total does not count what was {what}", f"{totals[0]} {step:+}"
        acting.note(exchange, LISTING, summary, expected, str(totals[1]))


def total(acting: Acting, lister: Lister) -> int | None:
    """How many objects a list says there are; None where it does not, or where others may make some."""
    if not acting.conversation.client.target.is_local or not lister.is_whole:
        return None
    name = lister.names.get("size")
    page = lister.page([(name, 1)] if name is not None and lister.fits(name, 1) else [])
    return page.total if page is not None else None


def known(acting: Acting, made: Made) -> tuple[dict[str, Any], frozenset[str]]:
    """What an object is by the request that made it and the answer, and the names of what the request said."""
    operation, role = acting.collection.create.operation, acting.collection.create.role
    shown = shapes.properties(operation, role.shape)
    said = told(made.exchange, frozenset(shown))
    asked = shapes.properties(operation, operation.request_schema)
    for name, value in made.exchange.request.json.items() if isinstance(made.exchange.request.json, dict) else ():
        if value is said:
            asked = shapes.properties(operation, asked.get(name))
    sure = frozenset(
        name for name in said if name in shown and name in asked and shapes.alike(operation, asked[name], shown[name])
    )
    # Where null is not among the values of an answer, a default takes its place.
    unsaid = {name: said[name] for name in sure if name not in made.value and said[name] is not None}
    return {**unsaid, **made.value}, sure


def _name(acting: Acting, made: Made) -> None:
    """The key of what was made is one that requests may name."""
    part, instances = acting.collection.part("fetch"), acting.conversation.valid.instances
    if part is None or part.role.key is None or STATE in part.operation.switched_off:
        return
    # Numbers may go further than is stated of those that requests are to name, and texts may be of another form than
    # answers are stated to tell: that is the contract's fault.
    if isinstance(made.key, int) or nameable(part.operation, part.role.key, made.key, instances):
        return
    shown = _examples(acting.collection.create)
    if not shown or any(nameable(part.operation, part.role.key, each, instances) for each in shown):
        summary, expected = "what was made has a key that requests cannot name", "a key that the contract allows"
        acting.note(made.exchange, STATE, summary, expected, repr(made.key))


def _examples(create: Part) -> list[str]:
    """The keys that the contract shows in what answers tell of an object."""
    known = create.told.get(create.role.identifier[-1]) if create.role.identifier else None
    node = create.operation.resolve(known)
    shown = [node.get("example"), *node.get("examples", ())] if isinstance(node, dict) else []
    return [each for each in shown if isinstance(each, str)]


def _fetch(acting: Acting, made: Made) -> None:
    _name(acting, made)
    found = acting.fetched(made)
    if found is not None and found[2] is None and acting.waits():
        found = acting.fetched(made)
    if found is None:
        return
    part, exchange, shown = found
    off = part.operation.switched_off
    if shown is None:
        if AVAILABLE not in off and _is_refused_as_unknown(exchange):
            summary = "what was made is not there"
            acting.note(exchange, AVAILABLE, summary, f"the object {made.key}", exchange.response.describe())
        return
    if STATE in off:
        return
    value, sure = known(acting, made)
    key = part.key_of(shown)
    if key is not None and key != made.key:
        acting.note(exchange, STATE, "another object is shown", str(made.key), str(key))
    elif place := shown_otherwise(part, value, shown, sure):
        name = place.removeprefix("/")
        summary = f"what was made is shown otherwise at {place}"
        acting.note(exchange, STATE, summary, repr(value.get(name)), repr(shown.get(name)))
    else:
        note_loss(acting, part, made, shown, exchange)


def note_loss(acting: Acting, part: Part, made: Made, shown: dict[str, Any], exchange: Exchange) -> None:
    """Note what made an object and is no more told of it."""
    if place := loss(part, made, shown):
        summary = f"what was made is shown otherwise at {place}"
        got = repr(found) if (found := at_place(shown, place)) is not None else "nothing"
        acting.note(exchange, STATE, summary, repr(at_place(made.value, place)), got)


def _is_refused_as_unknown(exchange: Exchange) -> bool:
    """Whether an answer says that there is no such object; what is no JSON may be the object, or a file of it."""
    status, body = exchange.response.status, exchange.response.body
    if 200 <= status < 300:
        return not body or exchange.response.json is not NOTHING
    return status in (404, 410)


def _list(acting: Acting, lister: Lister, objects: tuple[Made, ...], walk: Walk) -> None:
    if not walk.pages:
        if walk.complete:
            _missing(acting, lister, objects[0])
        return
    keys, items = walk.keys, walk.items
    twice = next((key for page in walk.pages for key in page.keys if page.keys.count(key) > 1), None)
    if twice is not None:
        page = next(page for page in walk.pages if page.keys.count(twice) > 1)
        acting.note(page.exchange, LISTING, "an object is listed more than once", f"{twice} once", "more than once")
        return
    for made in objects:
        times = keys.count(made.key)
        exchange = next((page.exchange for page in walk.pages if made.key in page.keys), walk.pages[-1].exchange)
        if times > 1 and acting.conversation.client.target.is_local:
            summary = "an object is listed more than once"
            acting.note(exchange, LISTING, summary, f"{made.key} once", f"{times} times")
        elif times == 0 and walk.complete and not _comes_later(acting, lister, made):
            others = [other for other in objects if other.key in items]
            if not any(_may_hide(made, other) for other in others):
                _missing(acting, lister, made, exchange)
        elif times:
            value, sure = known(acting, made)
            place = shown_otherwise(lister.part, value, items[made.key], sure)
            name = place.removeprefix("/")
            if place:
                summary = f"what was made is listed otherwise at {place}"
                acting.note(exchange, LISTING, summary, repr(value.get(name)), repr(items[made.key].get(name)))


def _may_hide(made: Made, other: Made) -> bool:
    """Whether an object differs from another one in what lists often choose objects by, unasked."""
    names = (name for name in made.value if not _SHOWING.isdisjoint(words(name)))
    return any(made.value[name] != other.value.get(name) for name in names)


def _comes_later(acting: Acting, lister: Lister, made: Made) -> bool:
    return acting.waits() and made.key in lister.walk(size=lister.largest).keys


def _missing(acting: Acting, lister: Lister, made: Made, exchange: Exchange | None = None) -> None:
    if not lister.is_whole_for(made.value):
        return
    exchange = exchange or lister.ask()
    if exchange is not None and exchange.accepted:
        summary = "what was made is not listed"
        acting.note(exchange, LISTING, summary, f"the object {made.key}", exchange.response.describe())
