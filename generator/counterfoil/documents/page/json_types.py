"""The types of JSON Schema: those that a schema allows, and that of a value."""

from typing import Any

_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
    list: "array",
    str: "string",
    type(None): "null",
}


def types_of(schema: dict[str, Any]) -> list[str]:
    """The types that a schema allows by its `type` keyword, as a list; empty where it has none."""
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def type_of(value: Any) -> str:
    """The narrowest type of a JSON value: `integer` for every number without a fraction or exponent."""
    return _TYPES[type(value)]
