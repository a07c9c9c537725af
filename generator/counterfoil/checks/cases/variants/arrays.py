"""Values in the place of an array: how many items, which ones, and in which order."""

import string
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from typing import Any

from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.variants import scalars, texts
from counterfoil.checks.cases.variants.change import Change
from counterfoil.checks.cases.variants.facets import Facet, facets, stated
from counterfoil.checks.shapes import type_of

MANY = 260  # items of a large array: more than a byte counts
_LONGEST_LIMIT = 2_000
_SEEDS = 8  # tries to make another item
_MOST_SEEDS = 100
_WRONG_ITEMS = 2  # that are of the right type

# What no item is where the value at hand is of another type.
_WRONG: dict[str, Any] = {"object": {}, "array": []}


def children(value: list[Any], applying: list[Facet]) -> Iterator[tuple[Any, str, int]]:
    """The schemas of the items that are looked into, those of fixed places and one of the others."""
    fixed = 0
    for facet in applying:
        for index, schema in enumerate(facet.node.get("prefixItems") or ()):
            if index < len(value):
                yield schema, facet.at("prefixItems", index), index
            fixed = max(fixed, index + 1)
    # What an array contains may be its first item, and every change of that be refused for its lack.
    index = len(value) - 1 if any(stated(applying, "contains")) else fixed
    for items, place in stated(applying, "items"):
        if fixed <= index < len(value):
            yield items, place, index


def changes(value: list[Any], applying: list[Facet], instances: Instances) -> Iterator[Change]:
    """Numbers of items at and outside of their bounds, equal ones, different ones in both orders, a wrong one."""
    pointer = applying[0].pointer if applying else ""
    items, place = next(stated(applying, "items"), ({}, pointer))
    first = value[0] if value else instances.sample(items)
    other = _different(first, items, instances)
    distinct = any(stated(applying, "uniqueItems"))
    of_count = partial(_items, value, first, items=items, instances=instances, distinct=distinct)
    yield Change("is empty", [], pointer)
    for keyword in ("minItems", "maxItems"):
        for limit, bound in stated(applying, keyword):
            for count in (limit, limit - 1, limit + 1):
                if 0 <= count <= _LONGEST_LIMIT:
                    yield Change(f"has {count} items where {keyword} is {limit}", of_count(count), bound)
    unique = next((place for _, place in stated(applying, "uniqueItems")), pointer)
    if other is not None:
        yield Change("has two different items", [first, other], pointer)
        yield Change("has two different items the other way round", [other, first], pointer)
        yield Change("has an item twice, not in a row", [first, other, first], unique)
    yield Change("has an item twice", [first, first], unique)
    yield Change("has many items", of_count(MANY), pointer)
    yield Change("has null among its items", [*value, None], place)
    yield Change("has a wrong item at its end", [*value, _WRONG.get(type_of(first), [None])], place)
    for wrong in islice(_just_wrong(first, items, place, instances), _WRONG_ITEMS):
        yield Change("has an item at its end that breaks a rule", [*(value or [first]), wrong], place)
    yield Change("is its item, in no list", first, pointer)
    yield Change("is an object of its items", {str(index): item for index, item in enumerate(value)}, pointer)
    for schema, wanted in stated(applying, "contains"):
        lacking = next((each for each in _several(items, instances) if not instances.accepts(schema, each)), None)
        if lacking is not None:
            yield Change("contains nothing that is asked for", [lacking], wanted)
        made = instances.sample(schema)
        for count in (1, 2, 3):
            yield Change(f"contains {count} of what is asked for", [made] * count, wanted)


def _just_wrong(first: Any, items: Any, place: str, instances: Instances) -> Iterator[Any]:
    """Items of the type of `first` that break one of their other rules each."""
    applying = list(facets(instances.tree, items, place, first, instances.fits))
    found: Iterator[Change] = scalars.enumerated(first, applying)
    if isinstance(first, str):
        found = chain(found, texts.texts(first, applying, briefly=True))
    elif isinstance(first, int | float) and not isinstance(first, bool):
        found = chain(found, scalars.numbers(first, applying, whole=isinstance(first, int)))
    broken: set[str] = set()
    for change in found:
        is_alike = type_of(change.value) == type_of(first) and change.pointer not in broken
        if is_alike and change.pointer and not instances.fits(place, change.value):
            broken.add(change.pointer)
            yield change.value
    if isinstance(first, dict):
        # Half of an item is of the type, too.
        yield from (less for name in first if not instances.fits(place, less := _without(first, name)))


def _without(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: held for key, held in value.items() if key != name}


def _several(items: Any, instances: Instances, tries: int = _SEEDS) -> Iterator[Any]:
    if isinstance(items, dict):
        yield from items.get("enum", ())
        yield from (instances.varied(items, str(seed)) for seed in range(min(tries, _MOST_SEEDS)))


def _different(first: Any, items: Any, instances: Instances) -> Any:
    """A valid item other than `first`; None if none is found. Texts come before it in order, numbers below it."""
    near: list[Any] = []
    if isinstance(first, str):
        near = ["Aa", "AA", "00"]
    elif isinstance(first, int | float) and not isinstance(first, bool):
        near = [first - 1, first + 1]
    for each in chain(near, _several(items, instances)):
        if each != first and each is not None and (not isinstance(items, dict) or instances.accepts(items, each)):
            return each
    return None


def _items(value: list[Any], first: Any, count: int, items: Any, instances: Instances, *, distinct: bool) -> list[Any]:
    """So many items, valid if they can be had: different ones where they are texts or numbers, or must be."""
    made = list(value[:count])
    if len(made) == count:
        return made
    fits = instances.accepts(items, next(_counted(first))) if isinstance(first, str | int) else False
    others = chain(_lettered(first), _several(items, instances, count * 4))
    source = _counted(first) if fits or not distinct else (each for each in others if instances.accepts(items, each))
    for each in source:
        if not distinct or each not in made:
            made.append(each if distinct or (fits and instances.accepts(items, each)) else first)
        if len(made) == count:
            return made
    return made + [first] * (count - len(made))


def _lettered(first: Any) -> Iterator[str]:
    """Texts like another one that differ in their last letter."""
    for letter in string.ascii_letters if isinstance(first, str) else ():
        yield from (f"{first}{letter}", f"{first[:-1]}{letter}")


def _counted(first: Any) -> Iterator[Any]:
    """Values like a text or number, and different from it; of others, that again and again."""
    for number in range(1, _LONGEST_LIMIT):
        if isinstance(first, str):
            yield f"{first}{number}"
        else:
            yield first + number if isinstance(first, int) and not isinstance(first, bool) else first
