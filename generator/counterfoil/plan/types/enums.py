"""Enums whose values carry names (`x-enum-varnames`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from counterfoil.plan.names.naming import constant_name, distinct
from counterfoil.plan.schema import keywords
from counterfoil.plan.schema.schemas import Schema, bare, refers

_OF_CONTAINERS = keywords.OF_TYPE["object"] | keywords.OF_TYPE["array"]


@dataclass(frozen=True)
class Member:
    """A member of an `IntEnum`: its name, value, and what is said of it."""

    name: str
    value: int
    doc: str = ""


def accepted_values(schema: Schema, formats: bool) -> tuple[list[Any], Schema]:
    """The values of an enum, or of a constant, that the keywords beside it accept too, and those not asked.

    Keywords with references are not asked: which values these accept has to be checked. `formats`: whether `format` is
    asserted.
    """
    values = list(schema["enum"]) if "enum" in schema else [schema["const"]]
    others = {key: value for key, value in schema.items() if key != "enum"}
    if not any(isinstance(value, dict | list) for value in values):
        others = {key: value for key, value in others.items() if key not in _OF_CONTAINERS}
    if refers(others):
        return values, others
    validator = jsonschema_rs.Draft202012Validator(bare(others, formats), validate_formats=formats)
    return [value for value in values if validator.is_valid(value)], {}


def is_named(schema: Schema, values: Sequence[Any]) -> bool:
    """Whether a schema states integers with a name for each of them; `values` are those that it accepts.

    Null may be among them, with a name or without.
    """
    names, stated = schema.get("x-enum-varnames"), schema.get("enum")
    if not isinstance(names, list) or not isinstance(stated, list):
        return False
    whole = [value for value in stated if value is not None]
    if len(names) not in (len(stated), len(whole)) or not all(isinstance(name, str) for name in names):
        return False
    distinct_integers = all(type(value) is int for value in whole) and len(set(whole)) == len(whole) > 0
    return distinct_integers and [value for value in values if value is not None] == whole


def members(schema: Schema) -> tuple[Member, ...]:
    """The members that `x-enum-varnames` names, with the texts of `x-enum-descriptions` where there is one for each."""
    stated = schema["enum"]
    named = _whole(schema["x-enum-varnames"], stated)
    docs = schema.get("x-enum-descriptions")
    texts = _whole(docs, stated) if isinstance(docs, list) else []
    if len(texts) != len(named):
        texts = [""] * len(named)
    values = [value for value in stated if value is not None]
    return tuple(
        Member(name, value, text if isinstance(text, str) else "")
        for name, value, text in zip(distinct(list(map(constant_name, named)), "_"), values, texts, strict=True)
    )


def _whole(texts: list[Any], values: Sequence[Any]) -> list[Any]:
    """The texts for the values that are not null, where null has one too."""
    if len(texts) != len(values):
        return texts
    return [text for text, value in zip(texts, values, strict=True) if value is not None]
