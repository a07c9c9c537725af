"""Enums whose values carry names (`x-enum-varnames`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from counterfoil.plan import keywords
from counterfoil.plan.naming import constant_name, distinct
from counterfoil.plan.schemas import Schema, refers

_OF_CONTAINERS = keywords.OF_TYPE["object"] | keywords.OF_TYPE["array"]


@dataclass(frozen=True)
class Member:
    """A member of an `IntEnum`: its name, value, and what is said of it."""

    name: str
    value: int
    doc: str = ""


def accepted_values(schema: Schema, formats: bool) -> list[Any]:
    """The values of an enum, or of a constant, that the keywords beside it accept too.

    Beside keywords with references all values are kept. `formats`: whether `format` is asserted.
    """
    values = list(schema["enum"]) if "enum" in schema else [schema["const"]]
    others = {key: value for key, value in schema.items() if key != "enum"}
    if not any(isinstance(value, dict | list) for value in values):
        others = {key: value for key, value in others.items() if key not in _OF_CONTAINERS}
    if not others or refers(others):
        return values
    validator = jsonschema_rs.Draft202012Validator(others, validate_formats=formats)
    return [value for value in values if validator.is_valid(value)]


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
