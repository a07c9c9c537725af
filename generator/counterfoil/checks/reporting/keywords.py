"""The keywords of JSON Schema that requests to an operation are held to, each with its JSON Pointer."""

from collections.abc import Iterator
from typing import Any

from counterfoil import pointer as json_pointer
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
_SCHEMAS = ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else")


def stated_keywords(operation: Operation) -> Iterator[str]:
    """The pointers of all keywords of the JSON body and the parameters of an operation, once each.

    A schema that several places refer to is walked where it stands.
    """
    seen: set[str] = set()
    body, place = followed(
        operation.contract, operation.tree.get("requestBody"), json_pointer.join(operation.pointer, "requestBody")
    )
    name = operation.json_media_type
    if isinstance(body, dict) and name is not None and name in body.get("content", {}):
        schema = body["content"][name].get("schema")
        yield from _below(operation.contract, schema, json_pointer.join(place, "content", name, "schema"), seen)
    for parameter in parameters(operation):
        if parameter.schema is not None:
            yield from _below(operation.contract, parameter.schema, parameter.schema_pointer, seen)


def _below(tree: Any, node: Any, pointer: str, seen: set[str]) -> Iterator[str]:
    waiting = [(node, pointer)]
    while waiting:
        node, pointer = waiting.pop()
        if not isinstance(node, dict) or pointer in seen:
            continue
        seen.add(pointer)
        if "$ref" in node:
            waiting.append(followed(tree, node, pointer))
        for keyword, value in node.items():
            place = json_pointer.join(pointer, keyword)
            if keyword in KEYWORDS and place not in seen:
                seen.add(place)
                yield place
            if keyword in _MAPS and isinstance(value, dict):
                waiting.extend((child, json_pointer.join(place, name)) for name, child in value.items())
            elif keyword in _LISTS and isinstance(value, list):
                waiting.extend((child, json_pointer.join(place, index)) for index, child in enumerate(value))
            elif keyword in _SCHEMAS:
                waiting.append((value, place))
