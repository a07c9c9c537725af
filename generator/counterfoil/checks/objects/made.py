"""Objects that a run has made: what was told of each, and which of them nobody was asked to change since."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from counterfoil.checks.objects.collections import Key, Part, anonymous, at, makes_at_key, variables
from counterfoil.checks.objects.contexts import context, said
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.state.roles import Place

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, 9.2.1
_SHOWING = frozenset({"fetch", "list"})


@dataclass(frozen=True, slots=True)
class Made:
    """An object that a run has made: its key, what the answer told of it, and the exchange that made it.

    `way` holds the texts of the variables of the collection's path, in order.
    """

    key: Key
    value: dict[str, Any]
    exchange: Exchange
    way: tuple[str, ...]


def made_by(create: Part, exchange: Exchange) -> Made | None:
    """The object that an accepted request has made, None where the answer does not tell which one that is."""
    value = create.shown(exchange)
    key = create.key_of(value)
    if value is None or key is None or _has_others(create, exchange):
        return None
    return Made(key, value, exchange, way_of(exchange)[: len(variables(create.role.collection))])


def way_of(exchange: Exchange) -> tuple[str, ...]:
    """The texts of the variables in the path of a request, in order; empty where its path is not the operation's."""
    return tuple(map(unquote, exchange.variables or ()))


def alongside(exchange: Exchange, objects: Iterable[Made]) -> list[Made]:
    """Those of `objects` that were made below what a request is below, and in the same context."""
    way = way_of(exchange)
    return [made for made in objects if made.way[: len(way)] == way and in_context(made, exchange)]


def in_context(made: Made, exchange: Exchange) -> bool:
    """Whether a request says of whose objects it is about what the one said that has made an object."""
    names = context(made.exchange.operation)
    return not names or said(made.exchange, names) == said(exchange, names)


def name_in(exchange: Exchange, place: Place) -> str:
    """The text that a request names its object by, empty where it names none."""
    if place.where == "body":
        value = at(exchange.request.json, place.name)
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        return text_of(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if place.where == "path":
        texts = dict(zip(variables(exchange.operation.path), way_of(exchange), strict=False))
        return texts.get(place.name[0], "")
    return dict(parse_qsl(urlsplit(exchange.request.url).query)).get(place.name[0], "")


class Memory:
    """Sees every exchange of a run, and keeps the objects that it has made; `parts` are all operations by label."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._kept: dict[tuple[str, Key], Made] = {}
        self._places: dict[str, list[tuple[str, Key]]] = {}  # of kept objects, by the texts of their keys
        self._given: dict[str, set[Key]] = {}

    def given(self, template: str) -> set[Key]:
        """The keys of all objects that were made in the collection at a path template, those that are gone included."""
        return self._given.get(anonymous(template), set())

    def untouched(self, template: str) -> list[Made]:
        """The objects of a collection that no request has named since they were made, in the order of that."""
        name = anonymous(template)
        return [made for (each, _), made in self._kept.items() if each == name]

    def note(self, exchange: Exchange) -> None:
        """Learn from an exchange what was made, and forget whatever it may have changed."""
        part = self._parts.get(exchange.operation.label)
        if exchange.request.method in SAFE or not 200 <= exchange.response.status < 300:
            return
        action = part.role.action if part is not None and exchange.meets else "answer"
        is_new = part is not None and makes_at_key(part.role) and exchange.response.status == HTTPStatus.CREATED
        if part is not None and (action == "create" or (is_new and exchange.meets)):
            made = made_by(part, exchange)
            if made is not None:
                self._keep(anonymous(part.role.collection), made)
        elif action not in _SHOWING:
            removes = exchange.request.method == "DELETE" or action == "remove"
            if removes and (part is None or part.role.key is None):
                self._kept.clear()
            else:
                self._forget(set(_named(exchange)), removes=removes)

    def _keep(self, name: str, made: Made) -> None:
        known = self._given.setdefault(name, set())
        if made.key in known:
            self._kept.pop((name, made.key), None)
        else:
            self._kept[name, made.key] = made
            self._places.setdefault(text_of(made.key), []).append((name, made.key))
        known.add(made.key)

    def _forget(self, texts: set[str], *, removes: bool) -> None:
        """Forget what is named; where it is removed, also what is below it or tells of it."""
        found = [place for text in texts for place in self._places.get(text, ())]
        if removes:
            telling = ((place, {*made.way, *_texts(made.value)}) for place, made in self._kept.items())
            found += [place for place, told in telling if not told.isdisjoint(texts)]
        for place in found:
            self._kept.pop(place, None)


def _named(exchange: Exchange) -> Iterator[str]:
    """The texts that a request may name objects by."""
    yield from way_of(exchange)
    yield from (text for _, text in parse_qsl(urlsplit(exchange.request.url).query))
    yield from _texts(exchange.request.json)


def _texts(value: Any) -> Iterator[str]:
    for each in value.values() if isinstance(value, dict) else ():
        for item in each if isinstance(each, list) else (each,):
            if isinstance(item, str | int) and not isinstance(item, bool):
                yield item if isinstance(item, str) else json.dumps(item)


def _has_others(create: Part, exchange: Exchange) -> bool:
    """Whether an answer tells other objects beside the one, so that one cannot know which of them were made."""
    beside = at(exchange.response.json, (create.role.answer or ())[:-1]) if create.role.answer else None
    lists = [value for value in beside.values() if isinstance(value, list)] if isinstance(beside, dict) else []
    return any(create.key_of(each) is not None for value in lists for each in value)
