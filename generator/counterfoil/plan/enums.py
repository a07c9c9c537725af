"""Enums whose values carry names (`x-enum-varnames`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.plan.naming import constant_name, distinct
from counterfoil.plan.schemas import Schema


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
