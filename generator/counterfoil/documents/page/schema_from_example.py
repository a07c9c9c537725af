"""Schemas inferred from JSON samples.

Each keyword that is inferred carries the place of the sample's node that it was read off, and one of the rules
`type-from-example`, `format-from-example`, `property-from-example`, `items-from-example`, `nullable-from-example`.
"""

import re
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.documents.page.builder import Builder, Token
from counterfoil.documents.page.json_types import type_of, types_of
from counterfoil.documents.page.placeholders import is_generated, names_any_type
from counterfoil.documents.source.json_sample import JsonSample, Path

_FORMATS = (
    ("date-time", re.compile(r"\d{4}-[01]\d-[0-3]\d[Tt][0-2]\d:[0-5]\d:[0-6]\d(?:\.\d+)?(?:[Zz]|[+-][0-2]\d:[0-5]\d)")),
    ("date", re.compile(r"\d{4}-[01]\d-[0-3]\d")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")),
    ("email", re.compile(r"[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    ("uri", re.compile(r"https?://[^\s<>\"{}|\\^`]+")),
)
_CLOSED = {"anyOf", "oneOf", "allOf", "$ref", "const"}


def complete_schema(target: Builder, at: tuple[Token, ...], sample: JsonSample, origin: Path = ()) -> None:
    """Add to the schema at `at` what it leaves open and the sample, from its node at `origin` on, shows.

    Members are never inferred to be required. What is stated stays as it is; only null is added to a type when
    the sample shows it. In a sample with placeholders 123 stands for any number; an object with several members,
    each of which is an empty object, was cut off there.
    """
    shape = _Inference(sample).node(_at(sample.value, origin), origin, "type-from-example")
    if target.get(*at) is None:
        _adopt(target, at, shape, ())
    else:
        _complete(target, at, shape, ())


def _complete(target: Builder, at: tuple[Token, ...], shape: Builder, origin: tuple[Token, ...]) -> None:
    stated, implied = target.get(*at), shape.get(*origin)
    if not isinstance(stated, dict) or not implied or _CLOSED & stated.keys():
        return
    types = types_of(stated)
    if types and not {*types_of(implied)} - {"null"} <= {*types}:
        return
    if types and "null" in types_of(implied) and "null" not in types and "enum" not in stated:
        evidence = shape.evidence.history(json_pointer.join("", *origin, "type"))[-1]
        target.set(evidence, [*types, "null"], *at, "type")
    valued = {"enum", "pattern"} & stated.keys()
    opened = "additionalProperties" in stated
    for keyword in [keyword for keyword in implied if keyword not in stated]:
        if keyword == "properties" and not opened:
            target.graft(shape, (*origin, keyword), *at, keyword)
            for name in implied["properties"]:
                _forget_bare_nulls(target, (*at, keyword, name))
        elif keyword == "items":
            _adopt(target, (*at, keyword), shape, (*origin, keyword))
        elif keyword in ("type", "format") and not valued and implied.get("type") != "null":
            target.graft(shape, (*origin, keyword), *at, keyword)
    if "items" in implied and "items" in stated:
        _complete(target, (*at, "items"), shape, (*origin, "items"))
    for name in implied.get("properties", {}):
        if name in stated.get("properties", {}):
            _complete(target, (*at, "properties", name), shape, (*origin, "properties", name))
        elif "properties" in stated and not opened:
            _adopt(target, (*at, "properties", name), shape, (*origin, "properties", name))


def _adopt(target: Builder, at: tuple[Token, ...], shape: Builder, origin: tuple[Token, ...]) -> None:
    """Set the schema at `at` to a part of the shape."""
    target.graft(shape, origin, *at)
    _forget_bare_nulls(target, at)


class _Inference:
    """The shape of one sample; `{"type": "null"}` in it says no more than that null was seen."""

    def __init__(self, sample: JsonSample) -> None:
        self.sample = sample
        self.generated = sample.from_types or is_generated(sample.value)

    def node(self, value: Any, path: Path, rule: str) -> Builder:
        schema, place = Builder(), self.sample.place(path)
        schema.infer(rule, place, {})
        kind = self.type_of(value)
        if kind:
            schema.infer("nullable-from-example" if value is None else "type-from-example", place, kind, "type")
        if isinstance(value, dict) and value:
            schema.infer("property-from-example", place, {}, "properties")
            cut_off = len(value) > 1 and all(member == {} for member in value.values())
            for name, member in value.items():
                child = self.node("<any>" if cut_off else member, (*path, name), "property-from-example")
                schema.graft(child, (), "properties", name)
        elif isinstance(value, list) and value:
            items = [self.node(item, (*path, index), "items-from-example") for index, item in enumerate(value)]
            for item in items[1:]:
                _merge(items[0], (), item, ())
            schema.graft(items[0], (), "items")
        elif isinstance(value, str):
            for name, pattern in _FORMATS:
                if pattern.fullmatch(value):
                    schema.infer("format-from-example", place, name, "format")
                    break
        return schema

    def type_of(self, value: Any) -> str | None:
        if isinstance(value, str) and names_any_type(value):
            return None
        if self.generated and type(value) is int and value == 123:
            return "number"
        return type_of(value)


def _merge(one: Builder, at: tuple[Token, ...], other: Builder, origin: tuple[Token, ...]) -> None:
    """Widen the shape at `at` so that the shape at `origin` of another item of the same array fits it, too."""
    mine, theirs = one.get(*at), other.get(*origin)
    types = list(dict.fromkeys([*types_of(mine), *types_of(theirs)]))
    if not types_of(mine) or not types_of(theirs):
        for keyword in list(mine):
            _discard(one, *at, keyword)
        return
    if {"number", "integer"} <= {*types}:
        types.remove("integer")
    types.sort(key=lambda kind: kind == "null")
    if types != types_of(mine):
        if "null" not in types_of(mine) and mine.get("format") and types_of(theirs) != ["null"]:
            _discard(one, *at, "format")
        evidence = other.evidence.history(json_pointer.join("", *origin, "type"))[-1]
        one.set(evidence, types[0] if len(types) == 1 else types, *at, "type")
    elif mine.get("format") != theirs.get("format"):
        _discard(one, *at, "format")
    for keyword in [keyword for keyword in theirs if keyword not in mine and keyword != "format"]:
        one.graft(other, (*origin, keyword), *at, keyword)
    if types_of(mine)[:1] == ["null"] and "format" in theirs:
        one.graft(other, (*origin, "format"), *at, "format")
    if "items" in theirs:
        _merge(one, (*at, "items"), other, (*origin, "items"))
    for name in theirs.get("properties", {}):
        if name in mine["properties"]:
            _merge(one, (*at, "properties", name), other, (*origin, "properties", name))
        else:
            one.graft(other, (*origin, "properties", name), *at, "properties", name)


def _discard(target: Builder, *tokens: Token) -> None:
    parent = target.get(*tokens[:-1])
    if isinstance(parent, dict) and parent.pop(tokens[-1], None) is not None:
        target.evidence.discard(json_pointer.join("", *tokens))


def _forget_bare_nulls(target: Builder, at: tuple[Token, ...]) -> None:
    """A member that was seen as null only may be anything."""
    schema = target.get(*at)
    history = target.evidence.history(json_pointer.join("", *at, "type"))
    if schema.get("type") == "null" and history and history[-1].rule == "nullable-from-example":
        _discard(target, *at, "type")
    if isinstance(schema.get("items"), dict):
        _forget_bare_nulls(target, (*at, "items"))
    for name in schema.get("properties", {}):
        _forget_bare_nulls(target, (*at, "properties", name))


def _at(value: Any, path: Path) -> Any:
    for token in path:
        value = value[token]
    return value
