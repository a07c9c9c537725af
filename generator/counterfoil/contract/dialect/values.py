"""Values of keywords as YAML and generators of documents write them, brought to the JSON type that they have."""

import json
import re
from typing import Any

from counterfoil.contract.tree.draft import Draft

# Numbers of JSON that a double can hold, and that Python converts.
NUMBER = re.compile(r"-?(0|[1-9]\d{0,199})(\.\d{1,200})?([eE][+-]?\d{1,2})?")
_NUMBERS = (
    "multipleOf", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minLength", "maxLength", "minItems",
    "maxItems", "minContains", "maxContains", "minProperties", "maxProperties",
)  # fmt: skip
_BOOLEANS = ("nullable", "x-nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems")
_TEXTS = ("title", "description", "format", "pattern", "$comment")
_LISTS = ("required", "type")
# Keywords that may hold null.
_NULLABLE = frozenset({"const", "default", "example"})


def repair_values(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Bounds and switches that are written as texts are numbers and booleans, texts that look like numbers are texts.

    What is listed twice is meant once, and a keyword without a value is not there.
    """
    for key in [key for key, value in node.items() if type(value) not in _AS_EXPECTED.get(key, _ANYTHING)]:
        if node[key] is None:
            if key not in _NULLABLE:
                draft.drop(node, pointer, key, "empty-field", f"{key} without a value")
        else:
            _REPAIRS[key](draft, pointer, node, key)


def _number(draft: Draft, pointer: str, node: dict[str, Any], key: str) -> None:
    stated = node[key]
    if isinstance(stated, str) and NUMBER.fullmatch(stated):
        draft.put(node, pointer, key, json.loads(stated), "number-expected", f"was {stated!r}")


def _boolean(draft: Draft, pointer: str, node: dict[str, Any], key: str) -> None:
    stated = node[key]
    if isinstance(stated, str) and stated.lower() in {"true", "false"}:
        draft.put(node, pointer, key, stated.lower() == "true", "boolean-expected", f"was {stated!r}")


def _text(draft: Draft, pointer: str, node: dict[str, Any], key: str) -> None:
    stated = node[key]
    if isinstance(stated, bool | int | float):
        draft.put(node, pointer, key, json.dumps(stated), "text-expected", f"was {json.dumps(stated)}")


def _listed(draft: Draft, pointer: str, node: dict[str, Any], key: str) -> None:
    stated = node[key]
    if isinstance(stated, list) and all(isinstance(name, str) for name in stated):
        once = list(dict.fromkeys(stated))
        if len(once) < len(stated):
            draft.put(node, pointer, key, once, f"{key}-once", "names repeated")


_REPAIRS = {
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_BOOLEANS, _boolean),
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_LISTS, _listed),
}
_ANYTHING: frozenset[type] = frozenset({str, int, float, bool, list, dict})
_AS_EXPECTED: dict[str, frozenset[type]] = {
    **dict.fromkeys(_NUMBERS, frozenset({int, float})),
    **dict.fromkeys(_BOOLEANS, frozenset({bool})),
    **dict.fromkeys(_TEXTS, frozenset({str})),
    **dict.fromkeys(_LISTS, frozenset({str})),
}
"""The types of values in which nothing is to be repaired, which nearly all are."""
