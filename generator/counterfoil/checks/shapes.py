"""What objects a schema speaks of: their properties, through references, compositions and alternatives."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from counterfoil.checks.operation import Operation

_DEEPEST = 6
ANYTHING: dict[str, Any] = {}  # a schema

Path = tuple[str, ...]


def properties(operation: Operation, schema: Any) -> dict[str, Any]:
    """Property name → schema, of all that `schema` and the alternatives in it declare."""
    return operation.remembered_of(schema, "properties", lambda: _properties(operation, schema))


def _properties(operation: Operation, schema: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts(operation, schema):
        found |= part.get("properties", {})
    return found


def declared(operation: Operation, schema: Any, name: str) -> list[Any]:
    """What `schema` and each of the alternatives in it declare of a property."""
    return [part["properties"][name] for part in parts(operation, schema) if name in part.get("properties", {})]


def holding(operation: Operation, schema: Any, value: Any) -> dict[str, Any]:
    """Property name → schema, of all that `schema` declares and those of its alternatives that `value` is valid by."""
    if not any("anyOf" in part or "oneOf" in part for part in parts(operation, schema)):
        return properties(operation, schema)
    found: dict[str, Any] = {}
    for part in _parts(operation, schema, lambda branch: operation.accepts(branch, value)):
        found |= part.get("properties", {})
    return found


def objects(
    operation: Operation, schema: Any, path: Path = (), deepest: int = _DEEPEST
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object that an instance of `schema` holds outside of arrays: where, and its declared properties.

    `deepest` is how many others may be around it.
    """
    own = properties(operation, schema)
    if own:
        yield path, own
    if len(path) < deepest:
        for name, child in own.items():
            yield from objects(operation, child, (*path, name), deepest)


def at(operation: Operation, schema: Any, path: Path) -> Any:
    """The schema of what stands at a place outside of arrays, `ANYTHING` where `schema` says nothing of it."""
    for name in path:
        schema = properties(operation, schema).get(name, ANYTHING)
    return schema


def items(operation: Operation, schema: Any) -> Any:
    """The schema of the items of an array, `ANYTHING` where `schema` says nothing of them."""
    return next((part["items"] for part in parts(operation, schema) if "items" in part), ANYTHING)


def types(operation: Operation, schema: Any) -> frozenset[str]:
    """The JSON types that `schema` names, without null; empty where it names none."""
    return operation.remembered_of(schema, "types", lambda: _types(operation, schema))


def _types(operation: Operation, schema: Any) -> frozenset[str]:
    named: set[str] = set()
    for part in parts(operation, schema):
        declared = part.get("type", [])
        named.update([declared] if isinstance(declared, str) else declared)
        values = [*part.get("enum", []), *([part["const"]] if "const" in part else [])]
        if not declared:
            named.update(type_of(value) for value in values)
    return frozenset(named - {"null"})


def choices(operation: Operation, schema: Any) -> list[Any] | None:
    """The values that `schema` lists, without null; None where it lists none."""
    for part in parts(operation, schema):
        if "enum" in part:
            return [value for value in part["enum"] if value is not None]
    return None


def default(operation: Operation, schema: Any) -> Any:
    """What `schema`, or else what it refers to, declares as its default; None where there is none."""
    nodes = (schema, operation.resolve(schema))
    return next((node["default"] for node in nodes if isinstance(node, dict) and "default" in node), None)


def is_null_by_default(operation: Operation, schema: Any) -> bool:
    """Whether `schema`, or else what it refers to, declares null as its default."""
    nodes = (schema, operation.resolve(schema))
    return next((node["default"] is None for node in nodes if isinstance(node, dict) and "default" in node), False)


def alike(operation: Operation, sent: Any, received: Any) -> bool:
    """Whether two schemas describe the same kind of value: equal types, no choice that the other side lacks.

    Of lists, these are the types of their items.
    """
    here, there = types(operation, sent), types(operation, received)
    if "number" in here | there:
        here, there = here - {"integer"}, there - {"integer"}
    offered, known = choices(operation, sent), choices(operation, received)
    if offered is not None and known is not None and any(value not in known for value in offered):
        return False
    if here == there == {"array"}:
        inner = types(operation, items(operation, sent)), types(operation, items(operation, received))
        return not all(inner) or inner[0] == inner[1]
    return here == there


def type_of(value: Any) -> str:
    """The JSON type of a value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    names: Mapping[type, str] = {str: "string", int: "integer", dict: "object", list: "array", type(None): "null"}
    return names[type(value)]


def parts(operation: Operation, schema: Any) -> list[dict[str, Any]]:
    """A schema and all that its compositions hold, references followed."""
    return operation.remembered_of(schema, "parts", lambda: list(_parts(operation, schema)))


def _parts(
    operation: Operation, schema: Any, counts: Callable[[Any], bool] = lambda _: True, depth: int = _DEEPEST
) -> Iterator[dict[str, Any]]:
    """A schema, all that its `allOf` holds, and those of its alternatives that count."""
    schema = operation.resolve(schema)
    if not isinstance(schema, dict) or depth == 0:
        return
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword, []):
            if keyword == "allOf" or counts(branch):
                yield from _parts(operation, branch, counts, depth - 1)
