"""A JSON Schema that values fit, no tighter than they show."""

import re
from collections.abc import Sequence
from typing import Any

from counterfoil.checks.shapes import type_of

_FORMATS = {
    "date-time": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
}
_ORDER = ("object", "array", "string", "integer", "number", "boolean", "null")


def types_of(values: Sequence[Any]) -> list[str]:
    """The JSON types of values, in an order that does not depend on theirs; integers are numbers where both occur."""
    found = {type_of(value) for value in values}
    if "number" in found:
        found.discard("integer")
    return [name for name in _ORDER if name in found]


def schema_of(values: Sequence[Any]) -> dict[str, Any]:
    """A schema that all values fit; properties that every object has are required."""
    types = types_of(values)
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types} if types else {}
    objects = [value for value in values if isinstance(value, dict)]
    if names := dict.fromkeys(name for value in objects for name in value):
        schema["properties"] = {name: schema_of([each[name] for each in objects if name in each]) for name in names}
        if required := [name for name in names if all(name in each for each in objects)]:
            schema["required"] = required
    items = [item for value in values if isinstance(value, list) for item in value]
    if items:
        schema["items"] = schema_of(items)
    texts = [value for value in values if isinstance(value, str)]
    if texts and set(types) <= {"string", "null"}:
        for name, pattern in _FORMATS.items():
            if all(map(pattern.fullmatch, texts)):
                schema["format"] = name
                break
    return schema
