"""Values in the place of an object: which properties it has, what they are called, and how many there are."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.variants import texts
from counterfoil.checks.cases.variants.change import EMPTY, SEVERAL_UNDECLARED, UNDECLARED, Change
from counterfoil.checks.cases.variants.facets import Facet, facets, stated
from counterfoil.checks.cases.variants.names import entry_names
from counterfoil.checks.cases.variants.pattern_texts import near
from counterfoil.checks.cases.variants.scalars import MEMBERS
from counterfoil.stub.answers.patterns import matching

MANY = 260  # properties of a large map, and up to which their number is tried: more than a byte counts
_FEW_NAMES = 12
_ODD_NAMES = ("ключ \U0001f511 \"'", "a.b[0]/c~d", "0", " Key ", "key", "KEY")
# Names that have a meaning in languages or databases: the members of every object of JavaScript, operators, nothing.
_NAMES_OF_PROGRAMS = (*MEMBERS, "$set", "")
# Several at once, one of them of another script.
_SEVERAL = dict.fromkeys(("counterfoilExtra", "counterfoil_\u00e4\u0436", "a", "counterfoil-4", "Counterfoil5"), "text")
# What a value may be of which nothing is said.
_ANYTHING: Mapping[str, Any] = {
    "text": " a ",
    "empty": "",
    "number": -1.25,
    "digits": 0.123456789012345,
    "integer": 2**53 - 1,
    "large": 2**53 + 2,
    "negative": -(2**40) - 1,
    "zero": 0,
    "truth": False,
    "nothing": None,
    "list": [2, "1", None, [], {}, 2],
    "object": {"a": {"b": {"c": [{"D e": "Aa"}]}}, "none": {}},
}


def required(applying: list[Facet]) -> dict[str, str]:
    """The properties that no object may lack, each with the pointer of the keyword that says so."""
    return {name: place for names, place in stated(applying, "required") for name in names}


def children(value: dict[str, Any], applying: list[Facet]) -> Iterator[tuple[Any, str, str]]:
    """The schemas of the properties that a value has: declared ones, one of each pattern, one of the others."""
    known = _declared(applying)
    for facet in applying:
        for name, schema in facet.node.get("properties", {}).items():
            if name in value:
                yield schema, facet.at("properties", name), name
        others = (name for name in value if name not in known)
        if isinstance(schema := facet.node.get("additionalProperties"), dict) and (name := next(others, None)):
            yield schema, facet.at("additionalProperties"), name
        for pattern, schema in facet.node.get("patternProperties", {}).items():
            if (name := matching(pattern)) in value:
                yield schema, facet.at("patternProperties", pattern), str(name)


def missing(value: Any, applying: list[Facet], instances: Instances) -> Iterator[tuple[str, Change]]:
    """The declared properties that an object lacks, each with a value to add."""
    for properties, holder in stated(applying, "properties") if isinstance(value, dict) else ():
        for name, schema in properties.items():
            if name not in value:
                yield name, Change("is added", instances.sample(schema), json_pointer.join(holder, name))


def choices(value: Any, applying: list[Facet], instances: Instances) -> Iterator[tuple[str, Change]]:
    """The declared properties for which values are listed, each with every one of these; none that is read-only."""
    for properties, holder in stated(applying, "properties") if isinstance(value, dict) else ():
        for name, schema in properties.items():
            place, own = json_pointer.join(holder, name), value.get(name)
            if instances.is_read_only(place):
                continue
            for values, at in stated(list(facets(instances.tree, schema, place, own, instances.fits)), "enum"):
                yield from ((name, Change(f"is {each!r}, with little else", each, at)) for each in values)


def changes(value: dict[str, Any], applying: list[Facet], instances: Instances) -> Iterator[Change]:
    """Properties that are not declared, their number at and outside of its bounds, names and entries of maps."""
    pointer = applying[0].pointer if applying else ""
    extra = next((place for _, place in stated(applying, "additionalProperties")), pointer)
    yield Change(UNDECLARED, {**value, "counterfoilExtra": "text"}, extra)
    yield Change(SEVERAL_UNDECLARED, {**value, **_SEVERAL}, extra)
    yield Change(EMPTY, {}, pointer)
    yield Change("is JSON in a text", json.dumps(value), pointer)
    yield Change("is in a list", [value], pointer)
    for keyword in ("minProperties", "maxProperties"):
        for limit, place in stated(applying, keyword):
            for count in (limit - 1, limit, limit + 1):
                if 0 <= count <= MANY:
                    entries = _entries(value, applying, count, instances)
                    yield Change(f"has {count} properties where {keyword} is {limit}", entries, place)
    for schema, place in stated(applying, "additionalProperties"):
        if isinstance(schema, dict):
            made, names = instances.sample(schema), entry_names(applying, instances.accepts, 3)
            yield Change("has several entries", {**value, **dict.fromkeys(names, made)}, place)
            for name in names[:1]:
                yield Change("has an entry of another type", {**value, name: [None]}, place)
                yield Change("has an entry of null", {**value, name: None}, place)
            yield from _with_odd_names(value, applying, made, place, instances)
            if schema and not any(stated(applying, "maxProperties")):
                yield _with_many_entries(value, applying, place, instances)
    if _is_free(applying):
        yield Change("has values of all types", {**value, **_ANYTHING}, pointer)
        if not any(isinstance(schema, dict) for schema, _ in stated(applying, "additionalProperties")):
            yield from _with_odd_names(value, applying, "text", pointer, instances)
            if not any(stated(applying, "maxProperties")):
                yield _with_many_entries(value, applying, pointer, instances)
    yield from _named(value, applying, instances)


def _with_many_entries(value: dict[str, Any], applying: list[Facet], place: str, instances: Instances) -> Change:
    """As many entries as hardly anybody has; a limit for them is seldom part of a schema."""
    return Change("has many entries", _entries(value, applying, MANY, instances), place, must=False)


def _is_free(applying: list[Facet]) -> bool:
    """Whether nothing is said of the entries of an object."""
    named = ("properties", "patternProperties", "anyOf", "oneOf", "if", "dependentSchemas", "unevaluatedProperties")
    return (
        bool(applying)
        and not any(any(stated(applying, keyword)) for keyword in named)
        and all(schema in (True, {}) for schema, _ in stated(applying, "additionalProperties"))
    )


def _with_odd_names(
    value: dict[str, Any], applying: list[Facet], made: Any, place: str, instances: Instances
) -> Iterator[Change]:
    """Entries whose names are odd, as many as there may be."""
    rules = [names for names, _ in stated(applying, "propertyNames")]
    most = min((limit for limit, _ in stated(applying, "maxProperties")), default=MANY) - len(value)
    for label, names, must in (("odd names", _ODD_NAMES, True), ("names of programs", _NAMES_OF_PROGRAMS, False)):
        fitting = [name for name in names if all(instances.accepts(rule, name) for rule in rules)] or [names[0]]
        yield Change(f"has {label}", {**value, **dict.fromkeys(fitting[: max(most, 1)], made)}, place, must)


def _named(value: dict[str, Any], applying: list[Facet], instances: Instances) -> Iterator[Change]:
    """Entries whose names are bound by rules."""
    item = _item(applying, instances)
    for names, place in stated(applying, "propertyNames"):
        own = Facet(names if isinstance(names, dict) else {}, place)
        known = next(iter(value), "key")
        rest = {name: held for name, held in value.items() if name != known}
        for change in texts.texts(known, [own], briefly=True):
            if isinstance(change.value, str):
                held = value.get(known, item)
                yield Change(f"has a name that {change.label}", {**rest, change.value: held}, change.pointer or place)
    for facet in applying:
        for pattern, schema in facet.node.get("patternProperties", {}).items():
            place = facet.at("patternProperties", pattern)
            name, made = matching(pattern), instances.sample(schema)
            if name is None:
                continue
            yield Change("has an entry of this pattern", {**value, name: made}, place)
            yield Change("has a wrong entry of this pattern", {**value, name: [None]}, place)
            for label, other in list(near(pattern))[:_FEW_NAMES]:
                yield Change(f"has a name near the pattern: {label}", {**value, other: made}, place)


def _declared(applying: list[Facet]) -> set[str]:
    return {name for properties, _ in stated(applying, "properties") for name in properties}


def _item(applying: list[Facet], instances: Instances) -> Any:
    schema = next((schema for schema, _ in stated(applying, "additionalProperties")), None)
    return instances.sample(schema) if isinstance(schema, dict) else "text"


def _entries(value: dict[str, Any], applying: list[Facet], count: int, instances: Instances) -> dict[str, Any]:
    """So many properties: those that there are, and others as additional ones may be."""
    item = _item(applying, instances)
    kept = dict(list(value.items())[:count])
    names = [name for name in entry_names(applying, instances.accepts, count + len(kept)) if name not in kept]
    return kept | dict.fromkeys(names[: count - len(kept)], item)
