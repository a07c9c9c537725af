"""Values that differ from a valid one in one place: every change that its schemas give rise to, at any depth."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases import scalars
from counterfoil.checks.cases.facets import Facet, branches, facets, stated, types
from counterfoil.checks.cases.scalars import Change
from counterfoil.checks.shapes import type_of

DEEPEST = 8
_SHALLOW = 2  # steps from the root, as far as other alternatives are looked into
MANY = 200  # items of a large array
_REMOVED: Any = object()

Sample = Callable[[Any], Any]  # from a schema to a valid value
Fits = Callable[[str, Any], bool]  # whether a value fits the schema at a pointer


class Variant(NamedTuple):
    """A whole value with one change in it. `place` names where, `pointer` the keyword that the change is about.

    `path` are the steps to that place.
    """

    place: str
    label: str
    value: Any
    pointer: str
    path: tuple[str | int, ...] = ()


class Walk:
    """Makes variants of values by the schemas of the contract `tree`."""

    def __init__(self, tree: Any, sample: Sample, fits: Fits) -> None:
        self._tree, self._sample, self._fits = tree, sample, fits

    def variants(self, schema: Any, pointer: str, value: Any) -> Iterator[Variant]:
        """Every variant of `value`, which the schema at `pointer` accepts, once each."""
        seen = {_key(value)}
        for path, change in self._below(schema, pointer, value, ()):
            changed = _changed(value, path, change.value)
            key = _key(changed)
            if key not in seen:
                seen.add(key)
                place = ".".join(map(str, path))
                yield Variant(place, change.label, changed, change.pointer, path)

    def _below(
        self, schema: Any, pointer: str, value: Any, path: tuple[str | int, ...]
    ) -> Iterator[tuple[tuple[str | int, ...], Change]]:
        if len(path) > DEEPEST:
            return
        applying = list(self._applying(schema, pointer, value))
        for change in self._changes(value, applying):
            yield path, change
        for branch, place in branches(applying):
            other = self._sample(branch)
            yield path, Change("is another alternative", other, place)
            is_new = isinstance(other, dict) and self._fits(place, other) and not self._fits(place, value)
            if is_new and len(path) <= _SHALLOW:
                for below, change in self._properties(other, list(self._applying(branch, place, other)), ()):
                    changed = _changed(other, below, change.value)
                    yield (
                        path,
                        Change(f"is another alternative whose {_told(below)} {change.label}", changed, change.pointer),
                    )
        if isinstance(value, dict):
            yield from self._properties(value, applying, path)
        elif isinstance(value, list) and value:
            for items, place in stated(applying, "items"):
                yield from self._below(items, place, value[0], (*path, 0))

    def _applying(self, schema: Any, pointer: str, value: Any) -> Iterator[Facet]:
        return facets(self._tree, schema, pointer, lambda place: self._fits(place, value))

    def _changes(self, value: Any, applying: list[Facet]) -> Iterator[Change]:
        allowed = types(applying)
        yield from scalars.enumerated(value, applying)
        if isinstance(value, str):
            yield from scalars.texts(value, applying)
        elif isinstance(value, bool):
            yield Change("is the other truth value", not value, "")
            yield Change("is a truth value as text", str(value).lower(), "")
            yield Change("is a truth value as number", int(value), "")
        elif isinstance(value, int | float):
            yield from scalars.numbers(value, applying, whole="number" not in allowed)
        elif isinstance(value, list):
            yield from self._lists(value, applying)
        elif isinstance(value, dict):
            yield from self._objects(value, applying)
        place = next((place for _, place in stated(applying, "type")), applying[0].pointer if applying else "")
        for kind, other in scalars.OF_OTHER_TYPES.items():
            if kind != type_of(value):
                yield Change(f"is of type {kind}", other, place)

    def _lists(self, value: list[Any], applying: list[Facet]) -> Iterator[Change]:
        pointer = applying[0].pointer if applying else ""
        yield Change("is empty", [], pointer)
        items = next((self._sample(schema) for schema, _ in stated(applying, "items")), "text")
        first = value[0] if value else items
        for keyword in ("minItems", "maxItems"):
            for limit, place in stated(applying, keyword):
                for count in (limit - 1, limit, limit + 1):
                    if 0 <= count <= MANY * 10:
                        yield Change(
                            f"has {count} items where {keyword} is {limit}", _items(value, first, count), place
                        )
        for _, place in stated(applying, "uniqueItems"):
            yield Change("has an item twice", [first, first], place)
        yield Change("has an item twice", [first, first], pointer)
        yield Change("has many items", _items(value, first, MANY), pointer)
        yield Change("has null among its items", [*value, None], pointer)

    def _objects(self, value: dict[str, Any], applying: list[Facet]) -> Iterator[Change]:
        pointer = applying[0].pointer if applying else ""
        declared = {name for properties, _ in stated(applying, "properties") for name in properties}
        extra = next((place for _, place in stated(applying, "additionalProperties")), pointer)
        yield Change("has a property that is not declared", {**value, "counterfoilExtra": "text"}, extra)
        yield Change("is an empty object", {}, pointer)
        for keyword in ("minProperties", "maxProperties"):
            for limit, place in stated(applying, keyword):
                for count in (limit - 1, limit, limit + 1):
                    if 0 <= count <= MANY:
                        entries = self._entries(value, applying, count)
                        yield Change(f"has {count} properties where {keyword} is {limit}", entries, place)
        for schema, place in stated(applying, "additionalProperties"):
            if isinstance(schema, dict) and not declared:
                yield Change(
                    "has several entries", {f"key {number}": self._sample(schema) for number in range(3)}, place
                )
                yield Change("has an entry of another type", {"key": [None]}, place)
                yield Change("has odd names", {"ключ \U0001f511 \"'": self._sample(schema)}, place)

    def _entries(self, value: dict[str, Any], applying: list[Facet], count: int) -> dict[str, Any]:
        """So many properties: those that there are, and others as additional ones may be."""
        schema = next((schema for schema, _ in stated(applying, "additionalProperties")), None)
        item = self._sample(schema) if isinstance(schema, dict) else "text"
        kept = dict(list(value.items())[:count])
        return kept | {f"key {number}": item for number in range(len(kept), count)}

    def _properties(
        self, value: dict[str, Any], applying: list[Facet], path: tuple[str | int, ...]
    ) -> Iterator[tuple[tuple[str | int, ...], Change]]:
        required = {name: place for names, place in stated(applying, "required") for name in names}
        for properties, holder in stated(applying, "properties"):
            for name, schema in properties.items():
                place = json_pointer.join(holder, name)
                if name not in value:
                    yield (*path, name), Change("is added", self._sample(schema), place)
                    continue
                yield (*path, name), Change("is absent", _REMOVED, required.get(name, place))
                yield from self._below(schema, place, value[name], (*path, name))
        for schema, holder in stated(applying, "additionalProperties"):
            known = {name for properties, _ in stated(applying, "properties") for name in properties}
            name = next((name for name in value if name not in known), None)
            if name is not None and isinstance(schema, dict):
                yield from self._below(schema, holder, value[name], (*path, name))


def _changed(value: Any, path: tuple[str | int, ...], replacement: Any) -> Any:
    if not path:
        return replacement
    result = copy.deepcopy(value)
    holder = result
    for step in path[:-1]:
        holder = holder[step]
    if replacement is _REMOVED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = replacement
    return result


def _told(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))


def _items(value: list[Any], first: Any, count: int) -> list[Any]:
    """So many items; different ones where they are texts or numbers."""
    made = list(value[:count])
    for number in range(len(made), count):
        if isinstance(first, str):
            made.append(f"{first}{number}")
        else:
            made.append(first + number if isinstance(first, int) and not isinstance(first, bool) else first)
    return made


def _key(value: Any) -> str:
    # By text, since 1, 1.0 and true are equal in Python.
    return json.dumps(value, sort_keys=True)
