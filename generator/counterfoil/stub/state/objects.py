"""The objects that the calls of one operation are about: their collection, their keys, and what there is of them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from counterfoil.stub.answers.placeholders import compile_template
from counterfoil.stub.answers.sampling import Sampler, example_of
from counterfoil.stub.call import Call, RefusalError
from counterfoil.stub.contract_tree import ContractTree, Node, extension
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.schema_walk import Pointer
from counterfoil.stub.state.roles import Role
from counterfoil.stub.state.store import DuplicateError, Key, Record

REMOVED = "?removed"  # after the name of a collection: the examples of it that were removed
UNIQUE = frozenset({"username", "email", "slug", "login", "handle", "sku"})
_VARIABLE = re.compile(r"\{([^{}]+)\}")
UPDATED = re.compile(
    r"(?:updat|modif|chang)[a-z]*[_-]?(?:at|on|time|date|ts|timestamp)$|(?:time|date|gmt|ts)[_-]?(?:updat|modif|chang)[a-z]*$"
    r"|^(?:updated|modified)$",
    re.IGNORECASE,
)
_REFUSED = RefusalError("unknown-object")

Object = dict[str, Any]


class Objects:
    """What an operation of `role` finds and keeps.

    `parameters` are the Parameter Objects of the operation, `request` is the schema of its body.
    """

    def __init__(
        self, contract: ContractTree, role: Role, operation: Node, parameters: Sequence[Node], request: Node
    ) -> None:
        self.role = role
        self._contract, self._operation, self._request = contract, operation, request
        self._parameters = parameters
        self._identifier, self._scoped = role.identifier, role.scoped
        self._collection = _filled(role.collection)
        self._parent = _filled(role.parent[0]) if role.parent else None

    @property
    def identifier(self) -> str | None:
        """The property of an object that has its key, None where none is known."""
        return self.role.identifier[-1] if self.role.identifier else None

    @property
    def parents(self) -> list[str]:
        """The path parameters that name what the collection is below."""
        return _VARIABLE.findall(self.role.collection)

    def collection(self, call: Call[Any, Any]) -> str:
        """The name of the collection that a call is about; `RefusalError` if it is that of an unknown object.

        Only where the parents' collection ever had an object is one of them unknown.
        """
        if self._parent is not None and self.role.parent:
            parents, store = self._parent(call), call.session.store
            key = call.path_parameters[self.role.parent[1]]
            if store.last(parents) and store.find(parents, key) is None:
                raise _REFUSED
        return self._collection(call)

    def key(self, call: Call[Any, Any]) -> str | None:
        """The key that a call names, None if it names none."""
        place = self.role.key
        if place is None:
            return ""
        if place.where == "path":
            text = call.path_parameters.get(place.name[0])
            return self._known_as(call, text) if self.role.also and text is not None else text
        value: Any = call.value
        if place.where == "query":
            value = dict(call.query)
        for name in place.name:
            value = value.get(name) if isinstance(value, dict) else None
        return None if value is None else key_text(value)

    def _known_as(self, call: Call[Any, Any], text: str) -> str:
        """The key of the object that a text names, be it the key or another property; the text where there is none."""
        collection, store = self._collection(call), call.session.store
        if store.find(collection, text) is None:
            for each in map(json.loads, store.all(collection)):
                if any(each.get(name) is not None and key_text(each[name]) == text for name in self.role.also):
                    return key_text(pick(each, self.role.identifier))
        return text

    def find(self, call: Call[Any, Any], collection: str, key: str) -> Object | None:
        """An object that is there and may be seen, be it the contract's example."""
        text = call.session.store.find(collection, key)
        found = self.given(call, collection, key) if text is None else json.loads(text)
        return found if found is not None and self.is_seen(found) else None

    def is_seen(self, found: Object) -> bool:
        """Whether an object is as the role wants those to be that are seen."""
        return all(found.get(name) == value for name, value in self.role.only.items())

    def given(self, call: Call[Any, Any], collection: str, key: str) -> Object | None:
        """The contract's example with a key, if it is there from the start and was not removed."""
        if not self.role.given or (self.role.unknown != "example" and key not in self._example_keys):
            return None
        if call.session.store.find(collection + REMOVED, key) is not None:
            return None
        found = dict(self._example)
        if self.role.identifier and self.role.key:
            value: Any = key
            schema = self._contract.properties(self.role.shape).get(self.role.identifier[-1], {})
            if "string" not in (types := self._contract.types(schema)) and types & {"integer", "number"}:
                value = int(key) if re.fullmatch(r"-?[0-9]{1,18}", key) else None
            if value is not None and self._contract.accepts(schema, value):
                found[self.role.identifier[-1]] = value
        return found

    def record(
        self, call: Call[Any, Any], found: Object, default: str, *, told: Any = None, text: bytes | None = None
    ) -> Record:
        """An object as it is kept, under `default` where it does not tell its key.

        Its unique values are those of `told`, where that is given; `text` is its JSON text, where that is known.
        """
        value = pick(found, self._identifier) if self._identifier else None
        # Nothing can be named by an empty text.
        key = default if value is None or value == "" else str(value) if type(value) is int else key_text(value)
        unique = self.unique(found if told is None else told) if self._unique else ()
        return Record(key, text or dump(found), unique, call.path if self._scoped else "")

    def add(self, call: Call[Any, Any], collection: str, make: Callable[[int], Record]) -> None:
        """Keep a new object; `RefusalError` if there is one with its key or a unique value."""
        try:
            call.session.store.add(collection, make)
        except DuplicateError:
            raise RefusalError("duplicate") from None

    def edit(
        self, call: Call[Any, Any], collection: str, key: str, change: Callable[[Object], Object]
    ) -> Object | None:
        """The object after `change`, which is kept; None if there is no such object. `RefusalError` as `add`."""
        after: list[Object] = []

        def edit(text: bytes) -> Record:
            before = json.loads(text)
            if not self.is_seen(before):
                raise _REFUSED
            after.append(self._refreshed(call, change(before), before))
            record = self.record(call, after[0], key)
            record.key = key
            return record

        store = call.session.store
        try:
            if store.change(collection, key, edit):
                return after[0]
        except DuplicateError:
            raise RefusalError("duplicate") from None
        given = self.given(call, collection, key)
        if given is None:
            return None
        text = dump(given)
        self.add(call, collection, lambda _: edit(text))
        return after[0]

    def remove(self, call: Call[Any, Any], collection: str, key: str) -> Object | None:
        """The object that was there and is no more, None if there is no such object."""
        found = self.find(call, collection, key)
        if found is None:
            return None
        store = call.session.store
        if self.given(call, collection, key) is not None:
            store.add(collection + REMOVED, lambda _: Record(key, b"null"))
        store.remove(collection, key)
        return found

    def unique(self, value: Any) -> list[Key]:
        """The unique values of an object."""
        keys = []
        for name, fold in self._unique if isinstance(value, dict) else ():
            unique = value.get(name)
            if unique is not None:
                text = unique if type(unique) is str else f"\0{dump(unique).decode()}"
                keys.append((name, text.casefold() if fold else text))
        return keys

    def _refreshed(self, call: Call[Any, Any], after: Object, before: Object) -> Object:
        """An object whose time of its last change is now."""
        for name, value in after.items():
            if value is not None and value == before.get(name) and UPDATED.search(name):
                after[name] = _now(call.moment, value)
        return after

    @cached_property
    def _unique(self) -> list[tuple[str, bool]]:
        """Names of properties that are unique, and whether their case does not count.

        The extension tells; where a conflict is declared (409, RFC 9110, 15.5.10), names and descriptions do, too.
        """
        found = []
        conflicts = "409" in (self._operation.get("responses") or {})
        required = self._contract.required(self._request)
        for name, node in self._contract.properties(self._request).items():
            followed = self._contract.follow(node)[0]
            rule = extension("unique", node, followed)
            told = name.lower() in UNIQUE or re.search(r"\bunique\b", str(followed.get("description")), re.IGNORECASE)
            if rule:
                found.append((name, rule == "ignore-case"))
            elif conflicts and told and name in required and "string" in self._contract.types(followed):
                found.append((name, False))
        return found

    @cached_property
    def _example(self) -> Object:
        found = self.role.example
        if not isinstance(found, dict):
            found = Sampler(self._contract).value(self.role.shape)
        return found if isinstance(found, dict) else {}

    @cached_property
    def _example_keys(self) -> frozenset[str]:
        """The keys by which the contract itself asks for its example."""
        keys = set()
        if isinstance(self.role.example, dict) and self.role.identifier:
            keys.add(self.role.example.get(self.role.identifier[-1]))
        if self.role.key and self.role.key.where != "body":
            for node in self._parameters:
                if node.get("name") == self.role.key.name[0]:
                    schema = self._contract.follow(node.get("schema"))[0]
                    keys.add(example_of(self._contract, node))
                    keys |= {
                        value for value in (schema.get("example"), *(schema.get("examples") or ())) if _is_plain(value)
                    }
        return frozenset(key_text(key) for key in keys if _is_plain(key))


def key_text(value: Any) -> str:
    """A key as it stands in a path."""
    return value if isinstance(value, str) else dump(value).decode()


def template_of(values: Mapping[str, Any]) -> Callable[[Any], Object]:
    """A function from a call to what an operation sets."""
    made: Callable[[Any], Object] = compile_template(dict(values))
    return made


def pick(value: Any, pointer: Pointer) -> Any:
    """What stands at a place of a JSON value, None if nothing does."""
    for name in pointer:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _now(moment: float, like: Any) -> Any:
    """The moment of a call in the form of another one."""
    if isinstance(like, bool) or not isinstance(like, str | int):
        return like
    if isinstance(like, int):
        return int(moment * 1000) if like >= 100_000_000_000 else int(moment)
    match = re.fullmatch(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.(\d+))?Z)?", like)
    if match is None:
        return like
    if "T" not in like:
        return compile_template("{today}")(_Moment(moment))
    digits = len(match[1] or "")
    name = "{now}" if not digits else "{now-microseconds}" if digits > 3 else "{now-milliseconds}"
    return compile_template(name)(_Moment(moment))


class _Moment:
    def __init__(self, moment: float) -> None:
        self.moment = moment


def _filled(template: str) -> Callable[[Call[Any, Any]], str]:
    """A function from a call to a path template with the call's values in it."""
    names = _VARIABLE.findall(template)
    if not names:
        return lambda _: template

    def fill(call: Call[Any, Any]) -> str:
        values = call.path_parameters
        return _VARIABLE.sub(lambda match: quote(values.get(match[1], match[0]), safe="{}"), template)

    return fill
