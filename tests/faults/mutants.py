"""Mechanical faults of a contract: each keyword of its requests a little other, each leaf of its successes wrong."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from tests.faults.altering import DROPPED
from tests.faults.faulty import Fault
from tests.faults.operators.answers import drop, edit, set_response
from tests.faults.operators.conditions import at
from tests.faults.operators.contracts import Contract, in_body

_LOWER = ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum")
_UPPER = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum")
# What validators assert; other formats say nothing about which texts are valid.
_FORMATS = frozenset({"date", "date-time", "email", "uuid", "uri", "ipv4", "ipv6", "time", "hostname"})
_METHODS = ("get", "put", "post", "delete", "patch")
_DEEPEST = 8

Mutation: TypeAlias = tuple[str, str, Any]  # the way to a keyword, what happens to it, its value


def of_requests(contract: Contract, vendor: str) -> Iterator[Fault]:
    """A stub for every keyword of request bodies in which it is tightened or loosened."""
    for label, operation in _operations(contract):
        media = _resolved(contract, operation.get("requestBody", {})).get("content", {}).get("application/json", {})
        if "schema" in media:
            for way, what, value in _of_schema(contract, media["schema"], "", 0):
                yield Fault(f"{label} {way} {what}", vendor, contract=in_body(label, way, value))


def of_answers(contract: Contract, vendor: str) -> Iterator[Fault]:
    """A stub for every leaf of successful answers that is left out, null, of another type or no member of its enum."""
    for label, operation in _operations(contract):
        for status, node in operation.get("responses", {}).items():
            media = _resolved(contract, node).get("content", {}).get("application/json", {})
            if status.startswith("2") and "schema" in media:
                for name, change in _of_leaves(contract, media["schema"], "", False, 0):
                    yield Fault(f"{label} {name}", vendor, at(label, change))


def _operations(contract: Contract) -> Iterator[tuple[str, Any]]:
    for path, item in contract["paths"].items():
        for method in _METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def _of_schema(contract: Contract, schema: Any, way: str, depth: int) -> Iterator[Mutation]:
    node = _resolved(contract, schema)
    if not isinstance(node, dict) or depth > _DEEPEST:
        return
    prefix = f"{way}/" if way else ""
    for keyword, value in node.items():
        for what, other in _others(keyword, value, node):
            yield prefix + keyword, what, other
    for name, child in node.get("properties", {}).items():
        yield from _of_schema(contract, child, f"{prefix}properties/{name.replace('/', '~1')}", depth + 1)
    for keyword in ("items", "additionalProperties"):
        if isinstance(node.get(keyword), dict):
            yield from _of_schema(contract, node[keyword], prefix + keyword, depth + 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, child in enumerate(node.get(keyword, [])):
            yield from _of_schema(contract, child, f"{prefix}{keyword}/{index}", depth + 1)


def _others(keyword: str, value: Any, node: Any) -> Iterator[tuple[str, Any]]:
    if keyword in _LOWER or keyword in _UPPER:
        step = 1 if keyword in _UPPER else -1
        counts = keyword.endswith(("Length", "Items", "Properties"))
        for what, other in (("tighter", value - step), ("looser", value + step)):
            if other >= 0 or not counts:
                yield what, other
    elif keyword == "enum" and len(value) > 1:
        yield "without the last", value[:-1]
        yield "dropped", DROPPED
    elif keyword == "required":
        for name in value:
            yield f"without {name}", [other for other in value if other != name]
        for name in node.get("properties", {}):
            if name not in value:
                yield f"with {name}", [*value, name]
    elif keyword == "type" and isinstance(value, str):
        yield "or null", [value, "null"]
        if value != "string":
            yield "or string", [value, "string"]
    elif keyword == "format" and value not in _FORMATS:
        return
    elif keyword in ("pattern", "format", "uniqueItems", "multipleOf", "const", "additionalProperties"):
        if keyword != "additionalProperties" or value is False:
            yield "dropped", DROPPED
    elif keyword in ("oneOf", "anyOf") and len(value) > 1:
        yield "without the last", value[:-1]


def _of_leaves(contract: Contract, schema: Any, pointer: str, required: bool, depth: int) -> Iterator[tuple[str, Any]]:
    node = _resolved(contract, schema)
    if not isinstance(node, dict) or depth > _DEEPEST or "anyOf" in node or "oneOf" in node:
        return
    types = node.get("type", [])
    types = [types] if isinstance(types, str) else types
    for name, child in node.get("properties", {}).items():
        step = name.replace("~", "~0").replace("/", "~1")
        yield from _of_leaves(contract, child, f"{pointer}/{step}", name in node.get("required", []), depth + 1)
    if "items" in node:
        yield from _of_leaves(contract, node["items"], f"{pointer}/*", False, depth + 1)
    if not pointer or node.get("properties"):
        return
    if required:
        yield f"{pointer} dropped", drop(pointer)
    if types and "null" not in types:
        yield f"{pointer} null", set_response(pointer, None)
    if types:
        yield (
            f"{pointer} of another type",
            edit(pointer, lambda value: str(value) if "string" not in types else [value]),
        )
    if "enum" in node:
        yield f"{pointer} not in the enum", set_response(pointer, "other" if "string" in types else 987654)


def _resolved(contract: Contract, node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        reference: str = node["$ref"]
        node = contract
        for token in reference.split("/")[1:]:
            node = node[token.replace("~1", "/").replace("~0", "~")]
    return node
