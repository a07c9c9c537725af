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
    for key in _NUMBERS:
        stated = node.get(key)
        if isinstance(stated, str) and NUMBER.fullmatch(stated):
            draft.put(node, pointer, key, json.loads(stated), "number-expected", f"was {stated!r}")
    for key in _BOOLEANS:
        stated = node.get(key)
        if isinstance(stated, str) and stated.lower() in {"true", "false"}:
            draft.put(node, pointer, key, stated.lower() == "true", "boolean-expected", f"was {stated!r}")
    for key in _TEXTS:
        stated = node.get(key)
        if isinstance(stated, bool | int | float):
            draft.put(node, pointer, key, json.dumps(stated), "text-expected", f"was {json.dumps(stated)}")
    for key in _LISTS:
        stated = node.get(key)
        if isinstance(stated, list) and all(isinstance(name, str) for name in stated):
            once = list(dict.fromkeys(stated))
            if len(once) < len(stated):
                draft.put(node, pointer, key, once, f"{key}-once", "names repeated")
    for key in [key for key, value in node.items() if value is None and key not in _NULLABLE]:
        draft.drop(node, pointer, key, "empty-field", f"{key} without a value")
