"""Schemas that hold together as one schema: references followed, the parts of `allOf` united."""

from collections.abc import Mapping
from typing import Any

from counterfoil.stub.contract_tree import ContractTree, Node

DEEPEST = 24  # parts inside each other
BY_NAME = ("properties", "patternProperties")


def merge_parts(contract: ContractTree, schema: Node, depth: int = 0) -> Node:
    """A schema with what it refers to and the parts of its `allOf` put into it."""
    followed, _ = contract.follow(schema)
    beside = {key: part for key, part in schema.items() if key != "$ref"} if "$ref" in schema else {}
    parts = followed.get("allOf") or ()
    if depth > DEEPEST or not (beside or parts):
        return followed
    own = {key: part for key, part in followed.items() if key != "allOf"}
    merged: dict[str, Any] = {}
    inner = (merge_parts(contract, part, depth + 1) for part in parts if isinstance(part, Mapping))
    for part in [*inner, own, beside]:
        unite(merged, part)
    return merged


def unite(into: dict[str, Any], part: Node) -> None:
    """Unite the keywords of two schemas that both hold."""
    for key, value in part.items():
        known = into.get(key)
        if key in BY_NAME and isinstance(known, Mapping) and isinstance(value, Mapping):
            into[key] = {
                **known,
                **{name: {"allOf": [known[name], node]} if name in known and known[name] != node else node
                   for name, node in value.items()},
            }  # fmt: skip
        elif key == "xml" and known:
            into[key] = {**known, **value}
        elif key == "required" and known:
            into[key] = list(dict.fromkeys([*known, *value]))
        elif key == "enum" and known:
            into[key] = [each for each in known if each in value] or value
        elif key == "type" and known:
            into[key] = _both(known, value)
        elif key in ("minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum") and known is not None:
            into[key] = max(known, value)
        elif key in ("maximum", "maxLength", "maxItems", "maxProperties", "exclusiveMaximum") and known is not None:
            into[key] = min(known, value)
        elif key in ("items", "additionalProperties") and isinstance(known, Mapping) and isinstance(value, Mapping):
            into[key] = value if known == value else {"allOf": [known, value]}
        elif key in ("oneOf", "anyOf") and known and known != value:
            into.setdefault("allOf", [])
            into["allOf"] = [*into["allOf"], {key: value}]
        else:
            into[key] = value


def _both(one: Any, other: Any) -> Any:
    first = [one] if isinstance(one, str) else list(one)
    second = [other] if isinstance(other, str) else list(other)
    shared = [kind for kind in first if kind in second]
    if "number" in first and "integer" in second:
        shared.append("integer")
    if "integer" in first and "number" in second:
        shared.append("integer")
    return shared or other
