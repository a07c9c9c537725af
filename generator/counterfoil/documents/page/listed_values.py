"""Values that a type or a cell lists, such as `a, b or c`."""

import re
from typing import Any

from counterfoil.documents.source.json_sample import read_json_value


def read_values(text: str) -> list[Any]:
    """The values of a list such as `a, b or c`, `"a" | "b"`, `1/2/3`, quotes and code ticks removed."""
    quoted = re.findall(r"[`\"'“]([^`\"'”]+)[`\"'”]", text)
    if quoted:
        return list(dict.fromkeys(quoted))
    parts = re.split(r"\s*(?:[,，、;|]|\bor\b|\band\b)\s*", text)
    if len([part for part in parts if part]) < 2 and "/" in text:
        parts = text.split("/")
    return list(dict.fromkeys(part.strip(" .") for part in parts if part.strip(" .")))


def typed_values(values: list[Any], kind: Any) -> list[Any]:
    """Values read from text, brought into the JSON type that they are declared with where they fit it."""
    if kind not in ("integer", "number", "boolean"):
        return values
    typed = []
    for value in values:
        read = read_json_value(str(value).lower())
        if read is None or isinstance(read.value, (dict, list)):
            return values
        typed.append(read.value)
    return typed
