"""Another valid value in the place of one that an object has."""

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.objects.collections import Key, at
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft
from counterfoil.stub.state.roles import Role

# Letters of hexadecimal digits stay such.
_ALPHABETS = ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ")


def another(operation: Operation, schema: Any, value: Any) -> Iterator[Any]:
    """Values that differ from `value` and may be valid by `schema`, the likeliest first."""
    for choice in shapes.choices(operation, schema) or ():
        if choice != value or isinstance(choice, bool) != isinstance(value, bool):
            yield choice
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, value + 0.5, value * 2)
    elif isinstance(value, str):
        yield from (f"{value} two", f"{value}2", *_one_character(value))
    elif isinstance(value, list):
        if value:
            yield from ([*value, each] for each in another(operation, shapes.items(operation, schema), value[-1]))
        yield value[:-1]
    elif isinstance(value, dict):
        inner = shapes.properties(operation, schema)
        for name, each in value.items():
            for other in another(operation, inner.get(name, {}), each):
                yield {**value, name: other}


def _one_character(text: str) -> Iterator[str]:
    """The text with another of its last letters and digits; the first ones often are of a fixed form."""
    places = [place for place, character in enumerate(text) if character.isascii() and character.isalnum()]
    for place in places[:-6:-1]:
        for other in ("2", "3", "b", "c", "B", "C"):
            if other != text[place] and other.isdigit() == text[place].isdigit():
                yield text[:place] + other + text[place + 1 :]


def changed(body: Any, way: tuple[str, ...], values: dict[str, Any]) -> Any:
    """A body in which the object at `way` has other values."""
    result = copy.deepcopy(body)
    holder = result
    for name in way:
        holder = holder[name]
    holder.update(copy.deepcopy(values))
    return result


def first_fitting(candidates: Iterator[Any], fits: Callable[[Any], bool], most: int = 40) -> Any:
    """The first of some values that fits, None if none of the first `most` does."""
    for _, value in zip(range(most), candidates, strict=False):
        if fits(value):
            return value
    return None


def without(body: Any, way: tuple[str, ...], name: str) -> Any:
    """A body in which the object at `way` lacks a property."""
    result = copy.deepcopy(body)
    holder = result
    for each in way:
        holder = holder[each]
    del holder[name]
    return result


def unknown_key(key: Key) -> Key:
    """A key of the same form that no object has, as far as one can know."""
    if isinstance(key, int):
        return key + 1_000_003
    places = [place for place, character in enumerate(key) if character.isascii() and character.isalnum()]
    text = list(key)
    # Of the form of what is there: a digit in place of a digit, a letter of the same case in place of a letter.
    for place in places[-6:]:
        text[place] = _other(text[place])
    return "".join(text) if places else f"{key}0"


def keys_like(key: Key, most: int = 1000) -> Iterator[Key]:
    """Other keys of the form of one, none of them twice."""
    if isinstance(key, int):
        yield from (key + number for number in range(1, most))
        return
    places = [place for place, character in enumerate(key) if character.isascii() and character.isalnum()][-6:]
    for number in range(1, most) if places else ():
        text, rest = list(key), number
        for place in reversed(places):
            alphabet = next(each for each in _ALPHABETS if key[place] in each)
            rest, step = divmod(rest, len(alphabet))
            text[place] = alphabet[(alphabet.index(key[place]) + step) % len(alphabet)]
        if not rest:
            yield "".join(text)
    yield from (f"{key}{number}" for number in range(1, most))


def _other(character: str) -> str:
    return {"9": "0", "f": "a", "z": "a", "F": "A", "Z": "A"}.get(character, chr(ord(character) + 1))


def place_in(body: Any, names: frozenset[str]) -> tuple[str, ...]:
    """Where in the body of a request an object with properties of these names is told."""
    best: tuple[str, ...] = ()
    most = len(names & body.keys()) if isinstance(body, dict) else 0
    for name, inner in body.items() if isinstance(body, dict) else ():
        if isinstance(inner, dict) and len(names & inner.keys()) > most:
            best, most = (name,), len(names & inner.keys())
    return best


def made_up_keys(body: ValidBody, role: Role) -> list[Any]:
    """The keys that valid bodies have where nobody knows one."""
    way, name = place_in(body.full, frozenset(role.identifier)), role.identifier[-1] if role.identifier else ""
    return [at(each, (*way, name)) for each in (body.documented, body.full, body.minimal)]


def in_body_too(draft: Draft, role: Role, key: Key, told: Iterable[Any]) -> Draft:
    """The same request with a key that its path or query names in its body, too, where that has one of the keys `told`.

    A body that contradicts the path of a request is nobody's idea of a valid one.
    """
    if role.key is None or role.key.where == "body" or not role.identifier or not isinstance(draft.value, dict):
        return draft
    body, name = draft.value, role.identifier[-1]
    way = place_in(body, frozenset(draft.operation.schemas.properties(role.shape)))
    value = at(body, (*way, name))
    if type(value) is not type(key) or value == key or value not in list(told):
        return draft
    return draft.with_json(changed(body, way, {name: key}), draft.media_type)
