"""Schemas that contradict themselves: told of, since models and validators take them at their word.

Source: JSON Schema 2020-12 Validation, section 6.
"""

from typing import Any

import jsonschema_rs

from counterfoil import pointer as json_pointer
from counterfoil.contract.checking.closed_all_of import ClosedAllOf, is_closed, matches
from counterfoil.contract.checking.examples import violation
from counterfoil.contract.suggestion import did_you_mean
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.references import resolve

_HINT = "correct the page, or say in the overlay what holds"
# Lower and upper bound, what they bound, and whether it may be as much as either.
_BOUNDS = (
    ("minimum", "maximum", "number", True),
    ("minimum", "exclusiveMaximum", "number", False),
    ("exclusiveMinimum", "maximum", "number", False),
    ("exclusiveMinimum", "exclusiveMaximum", "number", False),
    ("minLength", "maxLength", "string", True),
    ("minItems", "maxItems", "array", True),
    ("minContains", "maxContains", "array", True),
    ("minProperties", "maxProperties", "object", True),
)
_LOWER = frozenset(lower for lower, *_ in _BOUNDS)
_OF_VALUES = (
    "type", "format", "pattern", "minLength", "maxLength", "multipleOf", "minimum", "exclusiveMinimum", "maximum",
    "exclusiveMaximum",
)  # fmt: skip
_MOST_VALUES = 3  # that are told of one enum


def check_contradictions(draft: Draft) -> None:
    """Report what no value can fulfil, schema by schema, in place.

    It holds as it is stated, all but what nobody means: an `enum` without values, and an `allOf` that is closed so
    that nothing is left (see `ClosedAllOf`).
    """
    closed = ClosedAllOf(draft)
    some_are_closed = any(kind == "schema" and is_closed(node) for kind, _, node in draft.walk())
    for kind, pointer, node in draft.walk():
        if kind != "schema":
            continue
        if "allOf" in node:
            if some_are_closed:
                closed.check(pointer, node)
            _types(draft, pointer, node)
        if "enum" in node or "const" in node:
            _values(draft, pointer, node)
        if "required" in node:
            _required(draft, pointer, node)
        if not _LOWER.isdisjoint(node):
            _bounds(draft, pointer, node)
    closed.report()


def _bounds(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    for lower, upper, what, is_inclusive in _BOUNDS:
        if lower in node and upper in node:
            low, high = node[lower], node[upper]
            if low > high or (low == high and not is_inclusive):
                message = f"{lower} {low} and {upper} {high}: no {what} is valid"
                draft.report(json_pointer.join(pointer, lower), "contradictory-bounds", message, _HINT, "warning")


def _values(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Values that the schema lists and, by what else it says of them, refuses."""
    validator = None
    rest = {key: node[key] for key in _OF_VALUES if key in node}
    for key, stated in (("enum", node.get("enum")), ("const", [node["const"]] if "const" in node else None)):
        if not isinstance(stated, list):
            continue
        below = json_pointer.join(pointer, key)
        if not stated:
            draft.report(below, "empty-enum", "enum lists nothing: left out", _HINT, "warning")
            draft.drop(node, pointer, key, "empty-enum", "no value would be valid")
        if not rest or _plainly_typed(rest, stated):
            continue
        validator = validator or jsonschema_rs.Draft202012Validator(rest, validate_formats=True)
        refused = [error for value in stated for error in list(validator.iter_errors(value))[:1]]
        if refused:
            told = "; ".join(map(violation, refused[:_MOST_VALUES])) + ("; …" if len(refused) > _MOST_VALUES else "")
            nothing = ": no value is valid" if len(refused) == len(stated) else ""
            draft.report(below, f"{key}-violates-contract", told + nothing, _value_hint(refused), "warning")


def _plainly_typed(rest: dict[str, Any], values: list[Any]) -> bool:
    """Whether these are texts and the schema says no more of them than that; the usual case, told quickly."""
    return rest.keys() == {"type"} and rest["type"] == "string" and all(isinstance(value, str) for value in values)


def _value_hint(refused: list[jsonschema_rs.ValidationError]) -> str:
    if all(error.instance is None for error in refused):
        return 'if null is meant, say so: nullable: true before OpenAPI 3.1, else type: [..., "null"]'
    return _HINT


def _types(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Members of an `allOf` that have no type in common."""
    stated: list[list[str]] = []
    for member in (node, *node["allOf"]):
        found = resolve(draft.tree, member)
        if isinstance(found, dict) and "type" in found:
            stated.append([found["type"]] if isinstance(found["type"], str) else found["type"])
    sets = [{*types, "integer"} if "number" in types else set(types) for types in stated]
    if sets and not set.intersection(*sets):
        shown = " and ".join(dict.fromkeys(" or ".join(types) for types in stated))
        message = f"nothing is {shown} at once: no value is valid"
        draft.report(json_pointer.join(pointer, "allOf"), "contradictory-types", message, _HINT, "warning")


def _required(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Required properties that the schema itself refuses."""
    properties = node.get("properties", {})
    for index, name in enumerate(node["required"]):
        if properties.get(name) is False:
            reason, hint = "is false", _HINT
        elif name not in properties and node.get("additionalProperties") is False and not _by_pattern(node, name):
            reason = "is refused by additionalProperties: false"
            hint = did_you_mean(name, sorted(properties.keys() - set(node["required"])), _HINT)
        else:
            continue
        message = f"the required property {name} {reason}: no object is valid"
        draft.report(
            json_pointer.join(pointer, "required", index), "required-property-refused", message, hint, "warning"
        )


def _by_pattern(node: dict[str, Any], name: str) -> bool:
    return any(matches(pattern, name) for pattern in node.get("patternProperties", {}))
