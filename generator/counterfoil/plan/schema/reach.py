"""Walking from the bodies of operations to every schema that they need."""

from collections.abc import Iterable, Iterator
from typing import Any

from counterfoil.plan.schema import keywords
from counterfoil.plan.schema.schemas import Schema, Schemas


def subschemas(schema: Schema) -> Iterator[Any]:
    """The schemas directly inside a schema, definitions that only references may reach left out."""
    for key, value in schema.items():
        if key in keywords.WITH_SCHEMA:
            yield value
        elif key in keywords.WITH_SCHEMAS and isinstance(value, list):
            yield from value
        elif key in keywords.WITH_NAMED_SCHEMAS and isinstance(value, dict):
            yield from value.values()


def reach(schemas: Schemas, roots: Iterable[Any]) -> tuple[list[Schema], set[int]]:
    """All object schemas that the roots contain or refer to, and the ids of those that some `$ref` names."""
    seen: set[int] = set()
    found: list[Schema] = []
    targets: set[int] = set()
    stack = list(roots)[::-1]
    while stack:
        schema = stack.pop()
        if not isinstance(schema, dict) or id(schema) in seen:
            continue
        seen.add(id(schema))
        found.append(schema)
        inner = list(subschemas(schema))
        if isinstance(schema.get("$ref"), str):
            try:
                target = schemas.resolve(schema["$ref"])
            except LookupError:
                target = None
            if isinstance(target, dict):
                targets.add(id(target))
                inner.append(target)
        stack += inner[::-1]
    return found, targets
