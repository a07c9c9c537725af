"""Schemas made of schemas: `allOf` that does not merge, `anyOf` and `oneOf` with keywords beside them."""

from collections.abc import Sequence
from typing import Any

from counterfoil.plan.names.inline_names import variant_label
from counterfoil.plan.schema.facts import Facts
from counterfoil.plan.schema.schemas import UNEVALUATED, Schema, Schemas, assertions, types


def merged_arms(schemas: Schemas, facts: Facts, arms: Sequence[Any], rest: Schema) -> list[Any] | None:
    """The arms of a union with the keywords beside it, `rest`, put into each of them; None where that is no gain."""
    if rest.keys() <= {"type"} and _covers(facts, rest, arms):
        return list(arms)
    if not rest.keys() <= {"type", "properties", "required"}:
        return None
    if "properties" in rest and not any((schemas.flat(arm) or {}).get("properties") for arm in arms):
        return None
    merged = []
    for arm in arms:
        both = schemas.joined([rest, arm], **({"title": label} if (label := variant_label(arm)) else {}))
        flat = schemas.flat(both)
        if flat is None or types(flat) != ["object"]:
            return None
        merged.append(both)
    return merged


def best_part(schemas: Schemas, schema: Schema) -> tuple[Any, Any] | None:
    """The part of an `allOf` that says most, and a rule that says the rest; None if no part can be told in one object.

    `$ref` and the keywords beside `allOf` count as parts.
    """
    own = assertions(schema)
    parts = [{"$ref": own.pop("$ref")}] if "$ref" in own else []
    parts += own.pop("allOf", [])
    rest = {key: value for key, value in own.items() if key not in UNEVALUATED}
    parts += [rest] if rest else []
    flats = [schemas.flat(part) for part in parts]
    sizes = [-1 if flat is None else len(flat.get("properties", {})) * 2 + ("type" in flat) for flat in flats]
    best = sizes.index(max(sizes))
    if flats[best] is None:
        return None
    others = {"allOf": [part for index, part in enumerate(parts) if index != best]}
    return parts[best], schema if schema.keys() & UNEVALUATED else others


def _covers(facts: Facts, rest: Schema, arms: Sequence[Any]) -> bool:
    """Whether the arms accept no type that `rest` does not allow."""
    allowed = facts.kinds(rest)
    return all(facts.kinds(arm) <= allowed for arm in arms)
