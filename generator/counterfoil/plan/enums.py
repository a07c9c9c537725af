"""Enums whose values carry names (`x-enum-varnames`), and enums that several properties share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.plan.naming import class_name, constant_name, distinct
from counterfoil.plan.schemas import Schema, Schemas, assertions, canonical


@dataclass(frozen=True)
class Member:
    """A member of an `IntEnum`: its name, value, and what is said of it."""

    name: str
    value: int
    doc: str = ""


def is_named(schema: Schema, values: Sequence[Any]) -> bool:
    """Whether a schema states integers with a name for each of them; `values` are those that it accepts."""
    names, stated = schema.get("x-enum-varnames"), schema.get("enum")
    if not isinstance(names, list) or not isinstance(stated, list) or len(names) != len(stated):
        return False
    whole = all(type(value) is int for value in stated) and len(set(stated)) == len(stated)
    return whole and list(values) == stated and all(isinstance(name, str) for name in names)


def members(schema: Schema) -> tuple[Member, ...]:
    """The members that `x-enum-varnames` names, with the texts of `x-enum-descriptions` where there is one for each."""
    names = distinct([constant_name(name) for name in schema["x-enum-varnames"]], "_")
    docs = schema.get("x-enum-descriptions")
    texts = docs if isinstance(docs, list) and len(docs) == len(names) else [""] * len(names)
    return tuple(
        Member(name, value, text if isinstance(text, str) else "")
        for name, value, text in zip(names, schema["enum"], texts, strict=True)
    )


def shared_enums(
    schemas: Schemas, reached: Iterable[Schema], named: Mapping[int, Any]
) -> dict[int, tuple[Schema, str]]:
    """Enums that stand at several properties of one name with the same values: node id → (node, common name)."""
    groups: dict[str, dict[str, list[Schema]]] = defaultdict(lambda: defaultdict(list))
    for schema in reached:
        for key, part in schema["properties"].items() if isinstance(schema.get("properties"), dict) else ():
            inner = _enum_of(part)
            if inner is not None and id(inner) not in named and schemas.home(inner):
                groups[key][_identity(inner)].append(inner)
    names = {name for _, name in named.values()}
    found: dict[int, tuple[Schema, str]] = {}
    for key, by_values in groups.items():
        shared = [list({id(node): node for node in group}.values()) for group in by_values.values()]
        shared = [group for group in shared if len(group) > 1]
        if len(shared) == 1 and class_name(key) not in names:
            found |= {id(node): (node, class_name(key)) for node in shared[0]}
    return found


def _enum_of(schema: Any) -> Schema | None:
    """The enum that a property, or the items of an array, consists of."""
    while isinstance(schema, dict) and schema.get("type") == "array":
        schema = schema.get("items")
    if not isinstance(schema, dict) or "$ref" in schema or not isinstance(schema.get("enum"), list):
        return None
    return schema if len(schema["enum"]) > 1 else None


def _identity(schema: Schema) -> str:
    return canonical([assertions(schema), schema.get("x-enum-varnames")])
