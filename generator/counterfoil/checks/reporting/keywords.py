"""The keywords of JSON Schema that requests to an operation are held to, each with its JSON Pointer."""

from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.instances import preference
from counterfoil.checks.cases.parameters import parameters
from counterfoil.checks.operation import Operation
from counterfoil.checks.schema_paths import followed

# Those that a value alone can break (JSON Schema Validation, 6 and 7; Core, 10.2 and 10.3).
KEYWORDS = (
    "type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "required", "minProperties", "maxProperties", "minItems", "maxItems",
    "uniqueItems", "anyOf", "oneOf",
)  # fmt: skip
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_ALTERNATIVES = ("anyOf", "oneOf", "not", "if", "then", "else")
_SCHEMAS = ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else")


def stated_keywords(operation: Operation) -> dict[str, str]:
    """The pointers of all keywords of the body and the parameters of an operation, and what each is a part of.

    That is the pointer of the body's schema or of the parameter: a request that keeps it as a whole keeps the keyword.
    It is empty below alternatives, of which a request need not keep all. A schema that several places refer to is
    walked once.
    """
    found: dict[str, str] = {}
    body, place = followed(
        operation.contract, operation.tree.get("requestBody"), json_pointer.join(operation.pointer, "requestBody")
    )
    content = body.get("content", {}) if isinstance(body, dict) else {}
    name = min(content, key=preference, default=None)
    if name is not None:
        at = json_pointer.join(place, "content", name, "schema")
        _walk(operation.contract, content[name].get("schema"), at, at, found)
    for parameter in parameters(operation):
        _walk(operation.contract, parameter.schema, parameter.schema_pointer, parameter.pointer, found)
    return found


def _walk(tree: Any, node: Any, pointer: str, whole: str, found: dict[str, str]) -> None:
    seen = set()
    waiting = [(node, pointer, whole)]
    while waiting:
        node, pointer, part_of = waiting.pop()
        if not isinstance(node, dict) or pointer in seen:
            continue
        seen.add(pointer)
        if "$ref" in node:
            waiting.append((*followed(tree, node, pointer), part_of))
        for keyword, value in node.items():
            place = json_pointer.join(pointer, keyword)
            if keyword in KEYWORDS:
                found.setdefault(place, part_of)
            if keyword in _MAPS and isinstance(value, dict):
                waiting.extend((child, json_pointer.join(place, name), part_of) for name, child in value.items())
            elif keyword in _LISTS and isinstance(value, list):
                below = "" if keyword in _ALTERNATIVES else part_of
                waiting.extend((child, json_pointer.join(place, index), below) for index, child in enumerate(value))
            elif keyword in _SCHEMAS:
                waiting.append((value, place, "" if keyword in _ALTERNATIVES else part_of))
