"""Placeholders in samples: text that names a type or asks for a value, and is none itself."""

import re
from collections.abc import Iterator
from typing import Any

_PLACEHOLDER = re.compile(r"<[^<>\n]+>")
_NUMBER = 123
_ANY = {"<any>", "<unknown>", "<object>"}
_BY_FORMAT = {
    "date-time": "2024-01-01T00:00:00Z",
    "date": "2024-01-01",
    "uuid": "11111111-1111-4111-8111-111111111111",
    "email": "someone@example.com",
    "uri": "https://example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
}


def is_generated(value: Any) -> bool:
    """Whether a sample was made from types by a tool.

    It then holds a placeholder such as `<string>`, or at least half of its strings read "string".
    """
    strings = list(_strings(value))
    return any(map(is_placeholder, strings)) or (0 < len(strings) <= 2 * strings.count("string"))


def is_placeholder(text: str) -> bool:
    """Whether a string is a type in angle brackets, such as `<string>`."""
    return bool(_PLACEHOLDER.fullmatch(text))


def holds_made_up_number(value: Any) -> bool:
    """Whether a value holds 123, which renderers of API pages print for every number without an example."""
    if isinstance(value, (dict, list)):
        return any(map(holds_made_up_number, value.values() if isinstance(value, dict) else value))
    return type(value) is int and value == _NUMBER


def names_any_type(text: str) -> bool:
    """Whether a placeholder leaves the type open."""
    return text in _ANY


def fill(value: Any, schema: Any) -> Any:
    """The sample `value` with a value that fits `schema` wherever it holds a placeholder.

    An example, a default or the first enum value that the schema states comes first, then a value of its format
    and length. The result depends on nothing but the arguments.
    """
    schema = schema if isinstance(schema, dict) else {}
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {name: fill(item, properties.get(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [fill(item, schema.get("items")) for item in value]
    if isinstance(value, str) and is_placeholder(value):
        return _string(schema)
    if type(value) is int and value == _NUMBER:
        return _number(schema)
    return value


def _string(schema: dict[str, Any]) -> Any:
    for stated in (*schema.get("examples", [])[:1], schema.get("default"), *schema.get("enum", [])[:1]):
        if stated is not None:
            return stated
    text = _BY_FORMAT.get(schema.get("format", ""), "string")
    text += "x" * (schema.get("minLength", 0) - len(text))
    return text[: schema.get("maxLength", len(text))]


def _number(schema: dict[str, Any]) -> Any:
    for stated in (*schema.get("examples", [])[:1], schema.get("default"), *schema.get("enum", [])[:1]):
        if stated is not None:
            return stated
    return min(max(_NUMBER, schema.get("minimum", _NUMBER)), schema.get("maximum", _NUMBER))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
