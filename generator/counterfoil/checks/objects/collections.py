"""The collections of a contract: which operation makes, lists, shows, changes and removes the objects of each."""

import copy
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.parameters import parameters, readings
from counterfoil.checks.operation import Operation, is_json
from counterfoil.checks.roles import role_of
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.schema_walk import ITEMS, Pointer
from counterfoil.stub.schema_walk import at as schema_at
from counterfoil.stub.state.roles import Action, Place, Role

_VARIABLE = re.compile(r"\{([^{}]+)\}")

_ASKING = frozenset({"POST", "QUERY"})
_DEEPEST = 1  # objects around a list

Key = str | int


@dataclass(frozen=True, slots=True)
class Part:
    """An operation and what it does with the objects of a collection."""

    operation: Operation
    role: Role

    @property
    def is_certain(self) -> bool:
        """Whether the contract says that what was not made, or is gone, is refused."""
        return self.role.unknown == "refuse"

    def shown(self, exchange: Exchange | None) -> dict[str, Any] | None:
        """The object that an accepted request was answered with, None where there is none."""
        if exchange is None or not exchange.accepted or self.role.answer is None or ITEMS in self.role.answer:
            return None
        found = at(exchange.response.json, self.role.answer)
        return found if isinstance(found, dict) else None

    def key_of(self, found: Any) -> Key | None:
        """The key of an object as answers tell it, None where it tells none."""
        value = at(found, self.role.identifier) if self.role.identifier else None
        return value if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None

    def can_tell(self, name: str, value: Any) -> bool:
        """Whether answers may show an object with this value of a property."""
        return name not in (known := self.told) or self.operation.accepts(known[name], value)

    @property
    def told(self) -> dict[str, Any]:
        """Property name → schema, of objects as answers of success tell them; empty where none is declared."""
        return self.operation.remembered(("told", self.role.answer), self._told)

    def _told(self) -> dict[str, Any]:
        operation = self.operation
        contents = (operation.responses[key].tree.get("content", {}) for key in operation.success_keys)
        media = (each for content in contents for name, each in content.items() if is_json(name))
        schema = next((each.get("schema") for each in media), None)
        if self.role.answer is None or not isinstance(schema, dict):
            return {}
        return shapes.properties(operation, schema_at(operation.schemas, schema, self.role.answer))

    def named(self, draft: Draft, key: Key) -> Draft:
        """The same request about the object with a key."""
        return draft if self.role.key is None else naming(draft, self.role.key, key)


@dataclass(slots=True)
class Collection:
    """The operations of the collection at the path template `template`; `create` makes objects that it answers with.

    `searches` list objects for requests that say which, such as `POST /orders/search`.
    """

    template: str
    create: Part
    parts: list[Part] = field(default_factory=list)
    searches: list[Part] = field(default_factory=list)

    def part(self, *actions: Action) -> Part | None:
        """The first operation that does one of these things to an object that it is told the key of."""
        return next(iter(self.all(*actions)), None)

    def all(self, *actions: Action) -> list[Part]:
        """All operations that do one of these things."""
        return [part for part in self.parts if part.role.action in actions and part.role.key is not None]

    @property
    def lists(self) -> list[Part]:
        """The operations that list the objects."""
        return [part for part in self.parts if part.role.action == "list" and part.is_certain]


def collections(operations: Sequence[Operation]) -> tuple[dict[str, Collection], dict[str, Part]]:
    """The collections with an operation that makes objects, by template; the role of every operation, by its label."""
    parts = {each.label: Part(each, role_of(each)) for each in operations}
    found: dict[str, Collection] = {}
    for part in parts.values():
        role = part.role
        if role.action == "create" and role.identifier and role.answer is not None and part.is_certain:
            found.setdefault(anonymous(role.collection), Collection(role.collection, part))
    for part in parts.values():
        if makes_at_key(part.role) and part.is_certain:
            found.setdefault(anonymous(part.role.collection), Collection(part.role.collection, part))
    for part in parts.values():
        if (collection := found.get(anonymous(part.role.collection))) is not None:
            collection.parts.append(part)
        for each in found.values() if part.role.action == "answer" else ():
            if (searching := _searching(part.operation, each)) is not None:
                each.searches.append(searching)
    return found, parts


def makes_at_key(role: Role) -> bool:
    """Whether an operation makes the object that its path names, where there is none."""
    is_named = role.key is not None and role.key.where == "path" and bool(role.identifier)
    return role.action == "replace" and role.upsert and is_named and role.answer is not None


def _searching(operation: Operation, collection: Collection) -> Part | None:
    """What lists objects of a collection at a path below its own, with what they are chosen by in the body."""
    create = collection.create
    if operation.method not in _ASKING or not operation.request_content:
        return None
    if operation.path.rpartition("/")[0] != collection.template:
        return None
    wanted = shapes.properties(create.operation, create.role.shape).keys()
    schemas = (operation.responses[key].schema_for("application/json") for key in operation.success_keys)
    for schema in schemas:
        for path, own in shapes.objects(operation, schema, deepest=_DEEPEST):
            for name, held in own.items():
                item = shapes.items(operation, held)
                known = shapes.properties(operation, item)
                if create.role.identifier[-1] in known and 2 * len(known.keys() & wanted) > len(wanted):
                    shape = operation.resolve(item)
                    role = Role("list", collection.template, identifier=create.role.identifier, shape=shape)
                    return Part(operation, replace(role, answer=(*path, name, ITEMS)))
    return None


def anonymous(template: str) -> str:
    """A path template without the names of its variables."""
    return _VARIABLE.sub("{}", template)


def variables(template: str) -> list[str]:
    """The names of the variables of a path template, in order."""
    return _VARIABLE.findall(template)


def naming(draft: Draft, place: Place, key: Key) -> Draft:
    """The same request with a key where it names its object."""
    text = key if isinstance(key, str) else json.dumps(key)
    if place.where != "body":
        return draft.with_parameter(place.where, place.name[0], [(place.name[0], text)])
    if draft.value is NOTHING or not isinstance(at(draft.value, place.name[:-1]), dict):
        return draft
    value = copy.deepcopy(draft.value)
    at(value, place.name[:-1])[place.name[-1]] = key
    return draft.with_json(value, draft.media_type)


def nameable(operation: Operation, place: Place, key: Key, instances: Instances) -> bool:
    """Whether a request may name a key at a place."""
    if place.where == "body":
        return True
    parameter = next((each for each in parameters(operation) if each.name == place.name[0]), None)
    if parameter is None or parameter.schema is None:
        return parameter is not None
    return any(instances.fits(parameter.schema_pointer, value) for value in readings(text_of(key)))


def at(value: Any, pointer: Iterable[str]) -> Any:
    """What stands at a place of a JSON value, None if nothing does."""
    for name in pointer:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def items_at(value: Any, pointer: Pointer) -> list[Any] | None:
    """The objects of a list that an answer has at `pointer`, with `*` for its items; None if there is no list."""
    place = pointer.index(ITEMS) if ITEMS in pointer else len(pointer)
    listed = at(value, pointer[:place])
    return [at(each, pointer[place + 1 :]) for each in listed] if isinstance(listed, list) else None
