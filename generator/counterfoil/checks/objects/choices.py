"""Values of which there are few, so that each of them can be tried."""

from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.operation import Operation

_MOST = 10  # integers between two bounds


def choices(operation: Operation, schema: Any) -> list[Any]:
    """All values that `schema` allows but null: those it lists, both truth values, integers between near bounds.

    Empty where there are many.
    """
    kinds = shapes.types(operation, schema)
    listed = shapes.choices(operation, schema)
    if listed is not None:
        return listed
    if kinds == {"boolean"}:
        return [False, True]
    least, most = (_bound(operation, schema, name) for name in ("minimum", "maximum"))
    if kinds == {"integer"} and least is not None and most is not None and most - least < _MOST:
        return list(range(least, most + 1))
    return []


def _bound(operation: Operation, schema: Any, name: str) -> int | None:
    found = (part[name] for part in shapes.parts(operation, schema) if name in part)
    return next((each for each in found if isinstance(each, int) and not isinstance(each, bool)), None)
