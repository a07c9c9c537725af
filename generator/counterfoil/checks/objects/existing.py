"""Objects for requests that need some: made when one is first asked for, and again once it is gone."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from counterfoil.checks import shapes
from counterfoil.checks.cases.valid_requests import ValidBody, ValidRequests
from counterfoil.checks.objects.collections import (
    Collection,
    Key,
    Part,
    anonymous,
    at,
    collections,
    makes_at_key,
    nameable,
    naming,
)
from counterfoil.checks.objects.made import Made, Memory, in_context, made_by, name_in
from counterfoil.checks.objects.references import references
from counterfoil.checks.objects.removed import is_not_there, marks, tells_none
from counterfoil.checks.objects.telling import telling
from counterfoil.checks.objects.values import (
    changed,
    first_fitting,
    in_body_too,
    keys_like,
    made_up_keys,
    place_in,
    unknown_key,
    without,
)
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange, Intent
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.state.inference.names import plain
from counterfoil.stub.state.roles import Place

SOURCE = "objects"
_MOST_FAILURES = 3

Send = Callable[[Draft], Exchange | None]


class Existing:
    """Knows for each collection an object that is there, if any operation makes some."""

    def __init__(self, operations: Sequence[Operation], valid: ValidRequests) -> None:
        self._operations, self._valid = operations, valid
        self._made: dict[str, Made] = {}
        self._failures: dict[str, int] = {}
        self._busy: set[str] = set()
        self._keys: set[str] = set()
        self._modest: set[str] = set()
        self._keeping: set[str] = set()  # collections in which what is removed stays, marked as such
        self._named: set[tuple[str, str]] = set()  # keys that requests were accepted with, by collection
        self._lost: Counter[tuple[str, Intent]] = Counter()  # objects that operations called not there
        self._references: dict[str, list[tuple[Place, str]]] = {}  # by operation

    @cached_property
    def memory(self) -> Memory:
        """The objects that the run has made."""
        return Memory(self._known[1])

    @cached_property
    def _known(self) -> tuple[dict[str, Collection], dict[str, Part]]:
        return collections(self._operations)

    @property
    def collections(self) -> list[Collection]:
        """The collections whose objects an operation makes, in the order of the contract."""
        return list(self._known[0].values())

    def aimed(self, draft: Draft, send: Send) -> Draft:
        """The same request about objects that exist, wherever it names those of a valid request made up.

        `send` sends a request that makes an object. What names another object on purpose stays.
        """
        part = self._known[1].get(draft.operation.label)
        if part is None or draft.route:
            return draft
        draft = self._referring(draft, send)
        if part.role.parent is not None:
            draft = self._aim(draft, anonymous(part.role.parent[0]), Place("path", (part.role.parent[1],)), send)
        if part.role.key is not None:
            name, by = self._named_by(part)
            aimed = self._aim(draft, name, part.role.key, send, by)
            body = self._valid.body(draft.operation) if aimed is not draft else None
            if body is None or name not in self._made:
                return aimed
            return in_body_too(aimed, part.role, self._made[name].key, made_up_keys(body, part.role))
        return draft

    def note(self, exchange: Exchange) -> None:
        """Learn from an exchange which object is there no more."""
        self.memory.note(exchange)
        part = self._known[1].get(exchange.operation.label)
        if part is None or part.role.key is None:
            return
        name, by = self._named_by(part)
        shows = part.role.answer is None or part.shown(exchange) is not None
        if exchange.accepted and shows and part.role.action != "remove":
            self._named.add((name, name_in(exchange, part.role.key)))
        made = self._made.get(name)
        key = _key(made, by) if made is not None else None
        if key is None or not _is_about(exchange, part.role.key, key):
            return
        if part.role.action != "remove":
            return
        if exchange.authenticated and made is not None and marks(exchange, part, made):
            self._keeping.add(name)
        # Some ways to give credentials are for servers to allow; with these, too, it is there no more.
        if exchange.response.status < 300:
            self._forget(name)

    def _forget(self, name: str) -> None:
        """What is there no more has nothing below it either."""
        key = text_of(self._made.pop(name).key)
        for other in [other for other, made in self._made.items() if key in made.way]:
            del self._made[other]

    def forget_lost(self, exchange: Exchange) -> bool:
        """Forget the objects that a request names where it is refused as if one of them were not there; whether so.

        Such a refusal tells nothing of the rest of the request. An operation that says the same of new objects, some
        times in a row, means something else.
        """
        label = exchange.operation.label
        part, about = self._known[1].get(label), (label, exchange.intent)
        if part is None or not is_not_there(exchange) or not (exchange.meets and exchange.authenticated):
            return False
        named = self._named_in(exchange, part)
        if not named or self._lost[about] >= _MOST_FAILURES:
            return False
        self._lost[about] += 1
        for name in named:
            if name in self._made:
                self._forget(name)
        return True

    def find_again(self, exchange: Exchange) -> None:
        """Learn from the answer to a request that was sent again about new objects."""
        if not is_not_there(exchange):
            del self._lost[exchange.operation.label, exchange.intent]

    def _named_in(self, exchange: Exchange, part: Part) -> list[str]:
        """The collections of the objects that a request names; none where one of these was not made for that."""
        role = part.role
        places = [] if role.parent is None else [(anonymous(role.parent[0]), "", Place("path", (role.parent[1],)))]
        places += [] if role.key is None else [(*self._named_by(part), role.key)]
        for name, by, place in places:
            made = self._made.get(name)
            key = _key(made, by) if made is not None else None
            if made is None or key is None or name_in(exchange, place) != text_of(key):
                return []
            if not in_context(made, exchange):
                return []
        return [name for name, _, _ in places]

    def may_show_removed(self, exchange: Exchange) -> bool:
        """Whether an answer about what was removed is right although it is a success.

        So it is where it tells null in its place, and where removal only changes objects, as an answer has told.
        """
        part = self._known[1].get(exchange.operation.label)
        return part is not None and (tells_none(exchange, part) or self._named_by(part)[0] in self._keeping)

    def is_made_up(self, exchange: Exchange) -> bool:
        """Whether a request names an object that nobody has seen, so that there is none as far as one can know."""
        part = self._known[1].get(exchange.operation.label)
        text = name_in(exchange, part.role.key) if part is not None and part.role.key is not None else ""
        if part is None or not text:
            return False
        name, by = self._named_by(part)
        made = self._made.get(name)
        known = {*self.memory.given(name), _key(made, by) if made is not None else None}
        return (name, text) not in self._named and text not in {text_of(key) for key in known if key is not None}

    def unknown_key(self, template: str, key: Key) -> Key:
        """A key of the form of one that no object of the collection at a path template has, as far as one can know."""
        name = anonymous(template)
        known = {text_of(each) for each in self.memory.given(template)}
        known |= {text for each, text in self._named if each == name}
        candidates = chain([unknown_key(key)], keys_like(key))
        return next((each for each in candidates if text_of(each) not in known), unknown_key(key))

    def draft(self, collection: Collection, *, full: bool = False, variant: int = 0) -> Draft | None:
        """A request that makes an object, as documented or with everything that may be in its body, in telling values.

        Where clients choose the keys of objects it has one that no other has, or leaves that to the server.
        """
        operation, role = collection.create.operation, collection.create.role
        draft, body = self._valid.bare(operation), self._valid.body(operation)
        if draft is None or body is None:
            return draft if not operation.request_content else None
        value = self._whole(collection, body, variant) if full else body.documented
        shown = frozenset(shapes.properties(operation, role.shape))
        holder = at(value, way := place_in(value, shown))
        if makes_at_key(role) and role.key is not None:
            return self._at_new_key(collection, draft.with_json(value, body.media_type), role.key)
        name = role.identifier[-1]
        if isinstance(holder, dict) and isinstance(old := holder.get(name), str | int) and not isinstance(old, bool):
            candidates = chain(
                [without(value, way, name)], (changed(value, way, {name: key}) for key in keys_like(old))
            )
            fresh = (
                each
                for each in candidates
                if name not in at(each, way) or f"{collection.template} {at(each, way)[name]}" not in self._keys
            )
            value = first_fitting(fresh, lambda each: self._valid.instances.fits(body.pointer, each)) or value
            self._keys.add(f"{collection.template} {at(value, way).get(name)}")
        return draft.with_json(value, body.media_type)

    def _at_new_key(self, collection: Collection, draft: Draft, place: Place) -> Draft:
        """The same request with a key in its path that no other object has, and in its body where that tells it."""
        operation, name = draft.operation, place.name[0]
        fresh = (key for key in keys_like(draft.path[name]) if f"{collection.template} {key}" not in self._keys)
        instances, role = self._valid.instances, collection.create.role
        key = first_fitting(fresh, lambda each: nameable(operation, place, each, instances))
        if key is None:
            return draft
        self._keys.add(f"{collection.template} {key}")
        body = self._valid.body(operation)
        named = naming(draft, place, key)
        return named if body is None else in_body_too(named, role, key, made_up_keys(body, role))

    def _whole(self, collection: Collection, body: ValidBody, variant: int) -> Any:
        """A body with everything in it; in other values than telling ones where the server has refused those."""
        if collection.template in self._modest:
            return body.full
        return telling(collection.create.operation, self._valid.instances, body, variant)

    def make(self, collection: Collection, send: Send, draft: Draft | None = None) -> Made | None:
        """A new object, of a documented request if no other is given; None where none was made."""
        draft = draft or self.draft(collection)
        if draft is None:
            return None
        draft = self.aimed(draft, send)
        exchange = send(draft)
        if exchange is not None and 400 <= exchange.response.status < 500:
            self._modest.add(collection.template)
        return None if exchange is None else made_by(collection.create, exchange)

    def _object(self, name: str, send: Send) -> Made | None:
        """An object of a collection that is there, made if there is none."""
        collection = self._known[0].get(name)
        if collection is None or name in self._busy or self._failures.get(name, 0) >= _MOST_FAILURES:
            return None
        if name not in self._made:
            self._busy.add(name)
            try:
                made = self.make(collection, send)
            finally:
                self._busy.discard(name)
            if made is None:
                self._failures[name] = self._failures.get(name, 0) + 1
                return None
            self._made[name] = made
        return self._made[name]

    def _referring(self, draft: Draft, send: Send) -> Draft:
        """The same request whose body names objects of other collections that are there; a valid one stays so."""
        body = self._valid.body(draft.operation)
        if body is None or not body.is_json or not isinstance(draft.value, dict):
            return draft
        fits = self._valid.instances.fits
        for place, name in self.references(draft.operation):
            other = self._aim(draft, name, place, send)
            if other is not draft and fits(body.pointer, other.value) is fits(body.pointer, draft.value):
                draft = other if draft.altered is None or other.is_altered else draft
        return draft

    def references(self, operation: Operation) -> list[tuple[Place, str]]:
        """Where the body of an operation names objects of other collections, and the collection each time."""
        if operation.label not in self._references:
            part, body = self._known[1].get(operation.label), self._valid.body(operation)
            found = [] if part is None or body is None else references(part, self._known[0], body.full)
            self._references[operation.label] = found
        return self._references[operation.label]

    def _named_by(self, part: Part) -> tuple[str, str]:
        """The collection whose objects an operation names, and the property that it names them by, empty for their key.

        `/variables/name/{name}` names those of `/variables` by `name`.
        """
        name, place = anonymous(part.role.collection), part.role.key
        if name not in self._known[0] and place is not None and place.where == "path":
            for owner, collection in self._known[0].items():
                between = name.removeprefix(f"{owner}/")
                create = collection.create
                shown = shapes.properties(create.operation, create.role.shape)
                by = next((each for each in shown if plain(each) == plain(place.name[-1])), "")
                if by and between != name and "{" not in between:
                    return owner, by
        return name, ""

    def _aim(self, draft: Draft, name: str, place: Place, send: Send, by: str = "") -> Draft:
        if name not in self._known[0] or not self._is_made_up(draft, place):
            return draft
        made = self._object(name, send)
        key = _key(made, by) if made is not None else None
        if key is None or not nameable(draft.operation, place, key, self._valid.instances):
            return draft
        return naming(draft, place, key)

    def _is_made_up(self, draft: Draft, place: Place) -> bool:
        """Whether a request names the object that valid requests name which were made up from the contract."""
        where = place.name[0]
        bare = self._valid.bare(draft.operation)
        if place.where == "path":
            return bare is not None and draft.path.get(where) == bare.path.get(where)
        if place.where == "query":
            sent = [pair for pair in draft.query if pair[0] == where]
            return bare is not None and bool(sent) and sent == [pair for pair in bare.query if pair[0] == where]
        body, value = self._valid.body(draft.operation), at(draft.value, place.name)
        # An empty text names none, as null does.
        if body is None or value in (None, ""):
            return False
        return any(_same(value, at(each, place.name)) for each in (body.documented, body.full, body.minimal))


def _key(made: Made, by: str) -> Key | None:
    """What an object is named by: its key, or the value of the property `by`."""
    value = made.value.get(by) if by else made.key
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _is_about(exchange: Exchange, place: Place, key: Key) -> bool:
    """Whether a request names an object."""
    if place.where == "body":
        return _same(at(exchange.request.json, place.name), key)
    parts = urlsplit(exchange.request.url)
    if place.where == "path":
        return text_of(key) in map(unquote, parts.path.split("/"))
    return (place.name[0], text_of(key)) in parse_qsl(parts.query)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
