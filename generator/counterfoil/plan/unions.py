"""The arms of `anyOf` and `oneOf` together with the keywords beside them."""

from collections.abc import Sequence
from typing import Any

from counterfoil.plan.facts import Facts
from counterfoil.plan.inline_names import variant_label
from counterfoil.plan.schemas import Schema, Schemas, types


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
        both = {"allOf": [rest, arm], **({"title": label} if (label := variant_label(arm)) else {})}
        flat = schemas.flat(both)
        if flat is None or types(flat) != ["object"]:
            return None
        merged.append(both)
    return merged


def _covers(facts: Facts, rest: Schema, arms: Sequence[Any]) -> bool:
    """Whether the arms accept no type that `rest` does not allow."""
    allowed = facts.kinds(rest)
    return all(facts.kinds(arm) <= allowed for arm in arms)
