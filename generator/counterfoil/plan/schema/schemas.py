"""The schemas of a contract: following references, and merging `allOf` into one schema without loss."""

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree import references
from counterfoil.plan.schema import keywords

Schema = dict[str, Any]

_VALUES = ("enum", "const", "required", "type")
_NAMED = keywords.WITH_NAMED_SCHEMAS | {"$defs", "definitions"}
_ENTANGLED = (
    frozenset(("if", "then", "else")),
    frozenset(("prefixItems", "items")),
    frozenset(("contains", "minContains", "maxContains")),
)
UNEVALUATED = frozenset(("unevaluatedProperties", "unevaluatedItems"))
"""The keywords that depend on what all others of their schema evaluate (core, section 11)."""

_BITS = {"int32": 31, "int64": 63}
_LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_DEEPEST = 16


def assertions(schema: Any) -> Any:
    """A schema without what only annotates it."""
    if not isinstance(schema, dict):
        return schema
    return {key: value for key, value in schema.items() if key in keywords.KNOWN}


def bare(schema: Any, formats: bool = True) -> Any:
    """A schema without annotations, `format` being one unless `formats`, and the schemas inside it likewise.

    The formats of integers, which are OpenAPI's, are said as bounds.
    """
    kept = keywords.KNOWN | {"$anchor", "$defs", "definitions"}
    return _reduced(schema, kept if formats else kept - {"format"}, bounded=True)


def identity(schema: Any) -> str:
    """One text for schemas that are the same but for what is said about them."""
    return canonical(_reduced(schema, keywords.KNOWN | {"x-enum-varnames", "default", "readOnly", "writeOnly"}))


def is_intricate(schema: Any) -> bool:
    """Whether references in a schema depend on more than pointers: on `$id`, anchors, or the way taken to them."""
    if isinstance(schema, list):
        return any(map(is_intricate, schema))
    if not isinstance(schema, dict):
        return False
    reference = schema.get("$ref", "#/")
    plain = isinstance(reference, str) and (reference == "#" or reference.startswith("#/"))
    if not plain or isinstance(schema.get("$id"), str) or "$dynamicRef" in schema or "$dynamicAnchor" in schema:
        return True
    for key, value in schema.items():
        if key in keywords.KNOWN and key not in _VALUES:
            named = key in keywords.WITH_NAMED_SCHEMAS and isinstance(value, dict)
            if any(map(is_intricate, value.values())) if named else is_intricate(value):
                return True
    return False


def refers(schema: Any) -> bool:
    """Whether there is a reference in a schema."""
    if isinstance(schema, dict):
        return "$ref" in schema or "$dynamicRef" in schema or any(map(refers, schema.values()))
    return isinstance(schema, list) and any(map(refers, schema))


def _reduced(schema: Any, kept: frozenset[str], bounded: bool = False) -> Any:
    if not isinstance(schema, dict):
        return schema
    found: Schema = {}
    for key, value in schema.items():
        if key in keywords.WITH_SCHEMAS and isinstance(value, list):
            found[key] = [_reduced(part, kept, bounded) for part in value]
        elif key in _NAMED and isinstance(value, dict):
            found[key] = {name: _reduced(part, kept, bounded) for name, part in value.items()}
        elif key in keywords.WITH_SCHEMA:
            found[key] = _reduced(value, kept, bounded)
        elif key in kept:
            found[key] = value
    bits = _BITS.get(found["format"]) if bounded and isinstance(found.get("format"), str) else None
    if bits is not None and "integer" in types(found):
        del found["format"]
        found["minimum"] = max(found.get("minimum", -(2**bits)), -(2**bits))
        found["maximum"] = min(found.get("maximum", 2**bits), 2**bits - 1)
    return found


def types(schema: Schema) -> list[str]:
    """The value of `type` as a list, `integer` left out beside `number`; empty where it is not stated."""
    stated = schema.get("type", [])
    listed = [stated] if isinstance(stated, str) else list(stated)
    return [name for name in listed if name != "integer" or "number" not in listed]


def equal(first: Any, second: Any) -> bool:
    """Whether two JSON values are the same, booleans and numbers told apart."""
    return canonical(first) == canonical(second)


def canonical(value: Any) -> str:
    """One text for each JSON value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


class Schemas:
    """The schemas of one OpenAPI 3.1 tree, with the place of each. `others` are documents elsewhere, by their URIs."""

    def __init__(self, tree: dict[str, Any], others: Mapping[str, Any] = MappingProxyType({})) -> None:
        self.tree, self.others = tree, others
        self._homes = {id(node): pointer for pointer, node in _objects(tree)}
        self._flat: dict[int, tuple[Schema, Schema | None]] = {}
        self._joined: dict[str, Schema] = {}

    def home(self, schema: Any) -> str | None:
        """The JSON Pointer of a node of the tree; None for one that was made while merging."""
        return self._homes.get(id(schema))

    def order(self) -> dict[int, int]:
        """Where each object of the tree stands, by id: components before the rest, and inner ones before outer ones."""
        components = self.tree.get("components", {})
        found: dict[int, int] = {}
        stack: list[tuple[Any, bool]] = [(self.tree, False), (components, False)]
        while stack:
            node, done = stack.pop()
            if done:
                found.setdefault(id(node), len(found))
            elif isinstance(node, dict | list) and id(node) not in found:
                stack.append((node, True))
                stack += [(part, False) for part in reversed(node.values() if isinstance(node, dict) else node)]
        return found

    def resolve(self, reference: str) -> Any:
        """What a `$ref` names; `LookupError` if that is nothing in this tree."""
        pointer = references.local(reference)
        if pointer is None:
            raise LookupError(reference)
        try:
            return json_pointer.resolve(self.tree, pointer)
        except ValueError as error:
            raise LookupError(reference) from error

    def flat(self, schema: Any) -> Schema | None:
        """The assertions of a schema with `$ref` and `allOf` merged in; None where that would lose something."""
        if not isinstance(schema, dict):
            return None
        known = self._flat.get(id(schema))
        if known is None:
            known = self._flat[id(schema)] = (schema, self._merge(schema, 0))
        return known[1]

    def joined(self, parts: Iterable[Any], **annotations: Any) -> Schema:
        """The schema of what all parts accept: one object whenever the same parts meet, so that recursion ends."""
        found: dict[str, Any] = {}
        for part in parts:
            inner = part["allOf"] if isinstance(part, dict) and part.keys() == {"allOf"} else [part]
            found |= {canonical(each): each for each in inner}
        key = canonical([*found, annotations])
        return self._joined.setdefault(key, {"allOf": list(found.values()), **annotations})

    def _merge(self, schema: Any, depth: int) -> Schema | None:
        if schema is True:
            return {}
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return None
        own = assertions(schema)
        parts: list[Any] = []
        if "$ref" in own:
            try:
                parts.append(self.resolve(own.pop("$ref")))
            except LookupError:
                return None
        parts += own.pop("allOf", [])
        merged: Schema | None = {}
        for part in (self._merge(part, depth + 1) for part in parts):
            merged = (
                None if merged is None or part is None or part.keys() & UNEVALUATED else self._combine(merged, part)
            )
        return _evaluated(None if merged is None else self._combine(merged, own))

    def _combine(self, first: Schema, second: Schema) -> Schema | None:
        """One schema that accepts what both accept, or None where their keywords cannot be put into one object."""
        if not first or not second:
            return dict(first or second)
        if any(first.keys() & group and second.keys() & group for group in _ENTANGLED):
            return None
        if _closes_out(first, second) or _closes_out(second, first):
            return None
        result = dict(first)
        for key, value in second.items():
            if key not in result:
                result[key] = value
                continue
            merged = self._merge_keyword(key, result[key], value)
            if merged is None:
                return None
            result[key] = merged
        return result

    def _merge_keyword(self, key: str, first: Any, second: Any) -> Any:
        if key == "properties":
            return {
                **first,
                **{name: self._both(first[name], value) if name in first else value for name, value in second.items()},
            }
        if key == "required":
            return list(dict.fromkeys([*first, *second]))
        if key == "type":
            return _common_types(first, second)
        if key == "enum":
            allowed = {canonical(value) for value in second}
            return [value for value in first if canonical(value) in allowed] or None
        if key in _LOWEST:
            return max(first, second)
        if key in _HIGHEST:
            return min(first, second)
        return first if equal(first, second) else None

    def _both(self, first: Any, second: Any) -> Any:
        if first is True or assertions(first) == {}:
            return second
        if second is True or assertions(second) == {} or equal(assertions(first), assertions(second)):
            return first
        return self.joined([first, second])


def _closes_out(closed: Schema, other: Schema) -> bool:
    """Whether properties that `other` speaks of fall under a rule in `closed` for properties it does not name."""
    if closed.get("additionalProperties", True) in (True, {}):
        return False
    named = closed.get("properties", {}).keys()
    further = other.get("properties", {}).keys() - named
    return bool(further) or "patternProperties" in other or "additionalProperties" in other


def _common_types(first: Any, second: Any) -> Any:
    left, right = ([value] if isinstance(value, str) else list(value) for value in (first, second))
    common = [name for name in left if name in right or (name == "integer" and "number" in right)]
    common += [name for name in right if name == "integer" and "number" in left and name not in common]
    return (common[0] if len(common) == 1 else common) or None


def _evaluated(schema: Schema | None) -> Schema | None:
    """`unevaluatedProperties` said as `additionalProperties`, where all properties that count stand in one object."""
    if schema is None or "unevaluatedProperties" not in schema:
        return schema
    if schema.keys() & {"anyOf", "oneOf", "if", "not", "dependentSchemas", "$dynamicRef"}:
        return schema
    rest = {key: value for key, value in schema.items() if key != "unevaluatedProperties"}
    rest.setdefault("additionalProperties", schema["unevaluatedProperties"])
    return rest


def _objects(tree: Any) -> Iterator[tuple[str, Any]]:
    """Every JSON object of a tree with its pointer; one that stands at several places with the first of them."""
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", tree)]
    while stack:
        pointer, node = stack.pop()
        if id(node) in seen or not isinstance(node, dict | list):
            continue
        seen.add(id(node))
        if isinstance(node, dict):
            yield pointer, node
        items = node.items() if isinstance(node, dict) else enumerate(node)
        stack += reversed([(json_pointer.join(pointer, key), value) for key, value in items])
