"""Object schemas: when they are classes, which fields these have, and which rules are left to be checked."""

from collections.abc import Iterator
from typing import Any

from counterfoil.plan.names.naming import Names, attribute_name
from counterfoil.plan.schema.schemas import Schema, assertions


def is_class(flat: Schema) -> bool:
    """Whether an object schema becomes a class; one that names no property is a plain mapping."""
    named = any(part is not False for part in flat.get("properties", {}).values())
    return named or (flat.get("additionalProperties") is False and "patternProperties" not in flat)


def field_schemas(flat: Schema, snake: bool) -> Iterator[tuple[str, str, Any, bool]]:
    """Attribute name, property name, schema and whether it is required, of each property that may be present.

    `snake`: whether attributes have names in snake case.
    """
    required = set(flat.get("required", ()))
    names = Names()
    properties = {key: part for key, part in flat.get("properties", {}).items() if part is not False}
    own = [key for key in properties if attribute_name(key, snake) == key]
    attributes = {
        key: names.claim(attribute_name(key, snake)) for key in [*own, *(key for key in properties if key not in own)]
    }
    for key, part in properties.items():
        yield attributes[key], key, part, key in required


def object_rules(flat: Schema) -> tuple[list[Any], Schema]:
    """What properties that are not fields may hold, as schemas of which one has to fit, and the rules to be checked.

    No schema stands for any value. The rules do not repeat what fields and value types say already.
    """
    rules = {key: flat[key] for key in ("dependentRequired", "dependentSchemas") if flat.get(key)}
    properties = flat.get("properties", {})
    if assertions(flat.get("propertyNames", True)) not in (True, {}, {"type": "string"}):
        rules["propertyNames"] = flat["propertyNames"]
    if is_class(flat):
        rules |= {key: flat[key] for key in ("minProperties", "maxProperties") if key in flat}
    missing = [key for key in dict.fromkeys(flat.get("required", ())) if properties.get(key, False) is False]
    if missing:
        rules["required"] = missing
    refused = {key: False for key, part in properties.items() if part is False}
    if refused:
        rules["properties"] = refused
    extra = flat.get("additionalProperties", True)
    if not flat.get("patternProperties"):
        return ([extra] if assertions(extra) not in (True, {}) else []), rules
    rules["patternProperties"] = flat["patternProperties"]
    if extra is not True:
        rules["additionalProperties"] = extra
        rules["properties"] = {**dict.fromkeys(properties, True), **refused}
    values = [part for part in (*flat["patternProperties"].values(), extra) if part is not False]
    return ([] if any(assertions(part) in (True, {}) for part in values) else values), rules
