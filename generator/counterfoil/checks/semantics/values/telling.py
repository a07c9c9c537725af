"""The objects that an answer tells of, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

from counterfoil.checks.objects.contexts import context, said
from counterfoil.checks.objects.made import name_in
from counterfoil.checks.operation import Operation
from counterfoil.checks.property_tests import names
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.schema_walk import ITEMS, Pointer, at
from counterfoil.stub.state.roles import Role

_MOST = 30  # objects of a list that are looked at

Key = tuple[str, str]  # the collection of an object, and its key as text


@dataclass(frozen=True, slots=True)
class Told:
    """An object as an answer tells it; `key` is None where the answer does not say which one it is."""

    key: Key | None
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Telling:
    """An accepted request, what its operation does, the whole answer and the objects in it."""

    exchange: Exchange
    role: Role
    body: Any
    objects: list[Told]

    @property
    def operation(self) -> Operation:
        """The operation that was asked."""
        return self.exchange.operation

    @property
    def creates(self) -> bool:
        """Whether the request made an object."""
        return self.role.action == "create" and bool(self.objects)

    @property
    def makes(self) -> bool:
        """Whether the request made an object, be it at a key of the client's own."""
        is_new = self.role.action == "replace" and self.exchange.response.status == HTTPStatus.CREATED
        return self.creates or (is_new and bool(self.objects))

    @property
    def properties(self) -> dict[str, Any]:
        """Property name → schema of the objects told."""
        operation, schema = self.operation, self.exchange.response_schema
        return operation.remembered(
            ("properties told", id(schema)),
            lambda: operation.schemas.properties(at(operation.schemas, schema or {}, self.role.answer or ())),
        )

    @property
    def is_first_hand(self) -> bool:
        """Whether this is an answer of its own, and no repetition.

        Tools that report what was answered may repeat it, and seed the random numbers of a server in this process.
        """
        return self.exchange.source not in names.PHASES

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the schema of the answer."""
        exchange = self.exchange
        return self.operation.schema_pointer(exchange.documented, exchange.response.header("content-type"))

    def place(self, name: str) -> str:
        """Where the answer has a property of the objects, as findings name it."""
        return "/".join(("", *(self.role.answer or ()), name))


class Look(Protocol):
    """A check of what accepted requests are told of objects."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its checks."""

    def see(self, telling: Telling, report: Report) -> None:
        """Look at one answer and note what is wrong with it."""

    def finish(self, report: Report) -> None:
        """Note what only all answers together show."""


def telling(exchange: Exchange) -> Telling | None:
    """What an exchange tells of objects; None where nothing was accepted, or the contract lets nothing be inferred."""
    if not exchange.accepted or exchange.request.method != exchange.operation.method:
        return None
    role = role_of(exchange.operation)
    by_example = role.action == "answer" or role.unknown == "example"
    if by_example or role.answer is None or not isinstance(exchange.response_schema, dict):
        return None
    body = exchange.response.json
    if body is NOTHING:
        return None
    collection = _collection(exchange, role)
    return Telling(exchange, role, body, [_told(role, collection, value) for value in _values(body, role.answer)])


def removed(exchange: Exchange) -> Key | None:
    """The object that an exchange has removed; None where it has removed none, or does not name it."""
    role = role_of(exchange.operation)
    if role.action != "remove" or role.key is None or not exchange.accepted:
        return None
    return _collection(exchange, role), name_in(exchange, role.key)


def _collection(exchange: Exchange, role: Role) -> str:
    """The collection that a request is about: its template, with the variables and the context that the request has."""
    names = context(exchange.operation)
    found = _path(exchange, role) if "{" in role.collection else role.collection
    return " ".join((found, *said(exchange, names))) if names else found


def _path(exchange: Exchange, role: Role) -> str:
    own, template = exchange.operation.path.split("/"), role.collection.split("/")
    sent = urlsplit(exchange.request.url).path.split("/")[-len(own) :]
    return "/".join(sent[: len(template)]) if own[: len(template)] == template else role.collection


def _told(role: Role, collection: str, value: dict[str, Any]) -> Told:
    key: Any = value
    for name in role.identifier:
        key = key.get(name) if isinstance(key, dict) else None
    known = bool(role.identifier) and isinstance(key, str | int) and not isinstance(key, bool) and key != ""
    return Told((collection, str(key)) if known else None, value)


def _values(body: Any, pointer: Pointer) -> Iterator[dict[str, Any]]:
    held = [body]
    for name in pointer:
        if name == ITEMS:
            held = [item for each in held if isinstance(each, list) for item in each[:_MOST]]
        else:
            held = [each[name] for each in held if isinstance(each, dict) and name in each]
    yield from (each for each in held if isinstance(each, dict))
