"""The schema of a body, from the fields that a page lists and the samples that it shows."""

import json
import re
from typing import Any, Literal

from counterfoil.documents.page.builder import Builder, Token
from counterfoil.documents.page.json_types import types_of
from counterfoil.documents.page.operation import Entry, Payload, inferred
from counterfoil.documents.page.schema_from_example import complete_schema
from counterfoil.documents.source.json_sample import JsonSample, Path
from counterfoil.evidence import Evidence

_OPEN = re.compile(
    r"\bkey[- /]?(?:and[- ])?values?\b|\bkeys must\b|\bmap of\b|\bdictionary of\b|^named\b|\b(?:free[- ]form|arbitrary"
    r"|open[- ]ended|custom)\b[^.]*\b(?:keys?|data|object|fields?|properties|metadata|attributes)\b",
    re.IGNORECASE,
)
_OPEN_NAMES = {"metadata", "meta_data", "custom_fields", "customfields", "labels", "custom_attributes"}


def payload_schema(payload: Payload) -> Builder:
    """The schema of a payload: what is documented first, completed by the samples."""
    schema = Builder()
    first = payload.entries[0].place if payload.entries else payload.samples[0].place(())
    if not payload.entries:
        schema.infer("type-from-example", first, {})
    else:
        root = _root(payload, schema)
        for entry in payload.entries:
            _insert(schema, root, entry)
        _open_maps(schema, ())
    for sample in payload.samples:
        complete_schema(schema, (), sample)
    return schema


def distinct_samples(payload: Payload) -> list[JsonSample]:
    """The samples of a payload, each value once."""
    distinct: dict[str, JsonSample] = {}
    for sample in payload.samples:
        distinct.setdefault(json.dumps(sample.value), sample)
    return list(distinct.values())


def _root(payload: Payload, schema: Builder) -> tuple[Token, ...]:
    """Make the schema that the listed fields belong to: the body's, or of a part of it that a sample has them in."""
    names = {name_steps(entry.name)[0] for entry in payload.entries if not entry.within}
    place = payload.entries[0].place
    if names == {"[]"}:
        schema.infer("array-from-field-name", place, {})
        schema.infer("array-from-field-name", place, "array", "type")
        return ()
    at: tuple[Token, ...] = ()
    evidence = inferred("object-from-fields", place)
    for sample in payload.samples:
        at, path = _home(sample.value, names)
        if at:
            rule = "array-from-example" if at == ("items",) else "envelope-from-example"
            evidence = inferred(rule, sample.place(path))
        break
    node: tuple[Token, ...] = ()
    while True:
        rest = at[len(node) :]
        schema.set(evidence, {}, *node)
        schema.set(evidence, "array" if rest[:1] == ("items",) else "object", *node, "type")
        if not rest:
            return at
        node += rest[:1] if rest[0] == "items" else rest[:2]


def _home(value: Any, names: set[str]) -> tuple[tuple[Token, ...], Path]:
    """The part of a sample that has members called `names`: its place in the schema and in the sample.

    It is the sample itself, an item of it, or a member or an item of a member if that has most of the names.
    """
    if isinstance(value, list):
        inner, path = _home(value[0], names) if value else ((), ())
        return ("items", *inner), (0, *path)
    if not isinstance(value, dict) or names & value.keys():
        return (), ()
    for name, member in value.items():
        first = member[0] if isinstance(member, list) and member else member
        if isinstance(first, dict) and 2 * len(names & first.keys()) > len(names):
            return ("properties", name, *(("items",) if first is not member else ())), (name,)
    return (), ()


def _insert(schema: Builder, root: tuple[Token, ...], entry: Entry) -> None:
    """Put a field at the place that its name says, making the objects and arrays that the name implies."""
    at = root
    steps = name_steps(entry.full_name)
    while steps:
        step, *steps = steps
        if step == "[]":
            _ensure(schema, at, "array", entry)
            at = (*at, "items")
        else:
            if _is_scalar(schema.get(*at)) and at[-2:-1] == ("properties",):
                step, steps = ".".join([str(at[-1]), step, *steps]), []
                at = at[:-2]
            at = _container(schema, at, entry)
            required = schema.get(*at, "required") or []
            if entry.required and entry.required_by and {*steps} <= {"[]"} and step not in required:
                schema.append(entry.required_by, step, *at, "required")
            at = (*at, "properties", step)
        if steps and schema.get(*at) is None:
            schema.infer("object-from-field-name", entry.place, {}, *at)
    _place(schema, at, entry)


def _is_scalar(schema: Any) -> bool:
    """Whether a schema is of a value without members, so that a dot behind its name belongs to another name."""
    return bool(schema) and not {*types_of(schema)} <= {"object", "array", "null"}


def name_steps(name: str) -> list[str]:
    """The steps that a printed field name takes: `items[].sku` is `items`, `[]`, `sku`."""
    return [step for part in re.split(r"\.|(\[\d*\])", name) if part for step in ["[]" if part[0] == "[" else part]]


def _container(schema: Builder, at: tuple[Token, ...], entry: Entry) -> tuple[Token, ...]:
    """The object whose member a field is: the node itself, or its items if it is documented as an array."""
    if "array" in types_of(schema.get(*at) or {}):
        if schema.get(*at, "items") is None:
            schema.infer("items-from-fields", entry.place, {}, *at, "items")
        at = (*at, "items")
    _ensure(schema, at, "object", entry)
    if schema.get(*at, "properties") is None:
        schema.infer("object-from-fields", entry.place, {}, *at, "properties")
    return at


def _ensure(schema: Builder, at: tuple[Token, ...], kind: Literal["object", "array"], entry: Entry) -> None:
    if not types_of(schema.get(*at) or {}):
        schema.infer(f"{kind}-from-field-name", entry.place, kind, *at, "type")


def _place(schema: Builder, at: tuple[Token, ...], entry: Entry) -> None:
    """Set a field's schema; what was implied by the names of fields before it stays below it."""
    earlier = schema.get(*at)
    before = Builder()
    if earlier is not None:
        before.graft(schema, at)
    schema.graft(entry.schema, (), *at)
    for keyword in ("properties", "items", "required"):
        if keyword in before.tree and keyword not in schema.get(*at):
            schema.graft(before, (keyword,), *at, keyword)
    if not types_of(schema.get(*at)) and "type" in before.tree:
        schema.graft(before, ("type",), *at, "type")


def _open_maps(schema: Builder, at: tuple[Token, ...]) -> None:
    """Objects that are said to hold any keys take any: samples show but some of these."""
    node: dict[str, Any] = schema.get(*at)
    for name, child in node.get("properties", {}).items():
        here = (*at, "properties", name)
        if "object" in types_of(child) and not {"properties", "additionalProperties"} & child.keys():
            described = _OPEN.search(child.get("description", ""))
            if described or name.lower() in _OPEN_NAMES:
                schema.set(_open_evidence(schema, here, bool(described)), True, *here, "additionalProperties")
        _open_maps(schema, here)
    if isinstance(node.get("items"), dict):
        _open_maps(schema, (*at, "items"))


def _open_evidence(schema: Builder, at: tuple[Token, ...], described: bool) -> Evidence:
    place = schema.place(*at, "description") if described else schema.place(*at)
    return inferred("open-object-from-description" if described else "open-object-from-name", place)
