"""Schemas as particular generators of documents write them, repaired: what they mean, said in JSON Schema.

Source of the formats that are kept: the OpenAPI Format Registry.
"""

import json
import re
from typing import Any, TypeGuard

from counterfoil import pointer as json_pointer
from counterfoil.contract.dialect.values import NUMBER
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.references import reference, resolve, target

_GO_FORMATS = {
    "float32": "float",
    "float64": "double",
    "time.time": "date-time",
    "gtime.time": "date-time",
    "uuid.uuid": "uuid",
}
# Names of types, which say nothing as a format: of Go, and of JSON itself.
_GO_TYPES = re.compile(
    r"(int|uint|bool|string|rune|error|any|interface|struct|uintptr|complex\d+|json\.\w+|gjson\.\w+|map\[.*|\[.*)(\s*\{.*\})?"
)
_JSON_TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
_TYPE_SEPARATOR = re.compile(r"\s*[|,/]\s*|\s+or\s+")
_OPEN_NAMES = re.compile(r"(interface|any)(\s*\{\s*\})?")
_TYPE_NAMES: dict[str, tuple[str, str | None]] = {
    "int": ("integer", None),
    "int32": ("integer", "int32"),
    "int64": ("integer", "int64"),
    "long": ("integer", "int64"),
    "float": ("number", "float"),
    "double": ("number", "double"),
    "decimal": ("number", None),
    "bool": ("boolean", None),
    "str": ("string", None),
    "text": ("string", None),
    "uuid": ("string", "uuid"),
    "date": ("string", "date"),
    "datetime": ("string", "date-time"),
    "date-time": ("string", "date-time"),
    "timestamp": ("string", "date-time"),
    "file": ("string", "binary"),
    "dict": ("object", None),
    "map": ("object", None),
    "list": ("array", None),
}


# How the values of a type are written in JSON.
_PLAIN = {
    "integer": re.compile(r"-?(0|[1-9]\d{0,199})"),
    "number": NUMBER,
    "boolean": re.compile("true|false"),
}

_COMPONENT_DEPTH = 3  # /components/section/name


def repair_schema(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Repair one schema, not what is below it."""
    if "$ref" in node:
        _parameter_as_schema(draft, pointer, node)
    if isinstance(node.get("type"), str):
        _type_name(draft, pointer, node)
    if isinstance(node.get("format"), str):
        _type_as_format(draft, pointer, node)
    if node.get("properties") == {}:
        draft.drop(node, pointer, "properties", "empty-properties", "an empty properties says nothing")
    if isinstance(node.get("required"), bool):
        draft.drop(node, pointer, "required", "required-boolean", "required lists names of properties")
    if isinstance(node.get("enum"), list):
        _enum_values(draft, pointer, node)
    if isinstance(node.get("properties"), dict):
        _required_properties(draft, pointer, node)
    _examples(draft, pointer, node)


def is_open_by_name(name: str, schema: Any) -> bool:
    """Whether a component stands for Go's empty interface: any JSON value, although it is written as an object."""
    return bool(_OPEN_NAMES.fullmatch(name)) and schema in ({"type": "object", "properties": {}}, {"type": "object"})


def _parameter_as_schema(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """A schema that refers to a parameter or header means the schema of that."""
    named = target(node)
    if named is None or not named.startswith(("/components/parameters/", "/components/headers/")):
        return
    found = resolve(draft.tree, node)
    if named.count("/") == _COMPONENT_DEPTH and isinstance(found, dict) and "schema" in found:
        draft.put(node, pointer, "$ref", reference(f"{named}/schema"), "parameter-as-schema", f"was #{named}")


def _type_name(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    stated = node["type"]
    if stated in _JSON_TYPES:
        return
    if stated.lower() in _JSON_TYPES:
        draft.put(node, pointer, "type", stated.lower(), "type-name", f"type {stated!r}")
    elif (names := _TYPE_SEPARATOR.split(stated.strip().lower())) and set(names) <= _JSON_TYPES:
        draft.put(node, pointer, "type", list(dict.fromkeys(names)), "type-name", f"type {stated!r}")
    elif stated.lower() in {"any", "mixed", ""}:
        draft.drop(node, pointer, "type", "type-name", f"type {stated!r} allows any value")
    elif stated.lower() in _TYPE_NAMES:
        name, form = _TYPE_NAMES[stated.lower()]
        where = draft.at(json_pointer.join(pointer, "type"))
        draft.put(node, pointer, "type", name, "type-name", f"type {stated!r}")
        if form and "format" not in node:
            draft.put(node, pointer, "format", form, "type-name", f"type {stated!r}", where=where)


def _type_as_format(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    stated = node["format"]
    bare = stated.strip().lstrip("*").strip()
    kept = _GO_FORMATS.get(bare.lower(), bare)
    note = f"format {stated!r}" + (": a Go pointer, which means optional" if stated.strip().startswith("*") else "")
    if not bare or _GO_TYPES.fullmatch(bare) or bare in _JSON_TYPES:
        draft.drop(node, pointer, "format", "type-as-format", note)
    elif kept != stated:
        draft.put(node, pointer, "format", kept, "type-as-format", note)


def _enum_values(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Where the type refuses all that is listed, the listed values are meant as the type writes them.

    `type: integer, enum: ["1", "2"]` lists 1 and 2, `type: string, enum: [2.0]` lists "2.0".
    """
    stated = node.get("type")
    types = [kind for kind in (stated if _is_texts(stated) else [stated]) if kind != "null"]
    values = [value for value in node["enum"] if value is not None]
    if not values or len(types) != 1:
        return
    kind = types[0]
    if not isinstance(kind, str):
        return
    if kind == "string" and all(isinstance(value, bool | int | float) for value in values):
        meant = {json.dumps(value): json.dumps(value) for value in values}
    elif kind in _PLAIN and _is_texts(values) and all(_PLAIN[kind].fullmatch(value) for value in values):
        meant = {json.dumps(value): json.loads(value) for value in values}
    else:
        return
    enum = [None if value is None else meant[json.dumps(value)] for value in node["enum"]]
    draft.put(node, pointer, "enum", enum, "enum-type", f"as values of type {kind}")


def _is_texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _required_properties(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """`required: true` in a property, as JSON Schema draft 3 had it, belongs to the list of the object."""
    names = [
        name
        for name, schema in node["properties"].items()
        if isinstance(schema, dict) and schema.get("required") is True
    ]
    listed = node.get("required")
    for name in names:
        if not isinstance(listed, list):
            listed = node["required"] = []
        if name not in listed:
            listed.append(name)
        where = draft.at(json_pointer.join(pointer, "properties", name, "required"))
        draft.record(json_pointer.join(pointer, "required", listed.index(name)), "required-boolean", "", where)


def _examples(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """`example` of OpenAPI becomes the first of JSON Schema's `examples`, a list of values."""
    if isinstance(node.get("examples"), dict):
        stated = node["examples"]
        values = [
            entry["value"] if isinstance(entry, dict) and "value" in entry else entry for entry in stated.values()
        ]
        draft.put(node, pointer, "examples", values, "schema-examples", "a map of examples")
    if "example" not in node:
        return
    below, above = json_pointer.join(pointer, "example"), json_pointer.join(pointer, "examples", 0)
    value = node.pop("example")
    if isinstance(node.get("examples"), list):
        if value in node["examples"]:
            draft.evidence.discard(below)
            return
        above = json_pointer.join(pointer, "examples", len(node["examples"]))
        node["examples"].append(value)
    else:
        node["examples"] = [value]
    draft.evidence.move(below, above)
    draft.record(above, "schema-examples", "was example")
