"""A valid value with everything in it that may be there."""

import copy
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.leaves import leaves
from counterfoil.checks.cases.variants.facets import facets, stated
from counterfoil.checks.cases.variants.names import entry_names

_DEEPEST = 5  # objects inside each other that are filled
_WIDEST = 200  # properties, from which on no more are added
_MOST = 1_000  # texts, numbers and other values without parts, from which on nothing is added that would exceed it

Part = tuple[Any, str, Any]
"""A schema, its pointer, and a value that it accepts."""


class Schemas(Protocol):
    """What the contract says of values."""

    tree: Any

    def fits(self, pointer: str, value: Any) -> bool:
        """Whether the schema at `pointer` accepts a value."""

    def accepts(self, schema: Any, value: Any) -> bool:
        """Whether a schema accepts a value, wherever it stands."""

    def sample(self, schema: Any) -> Any:
        """A value for a schema."""


def filled(schemas: Schemas, schema: Any, pointer: str, value: Any) -> Any:
    """What becomes of `value`, which the schema at `pointer` accepts, when all is added that may be.

    What is near comes before what lies deeper, up to a number of values: schemas that hold each other have no end.
    """
    whole = copy.deepcopy(value)
    filling = _Filling(schemas, pointer, whole)
    level: list[Part] = [(schema, pointer, whole)]
    for _ in range(_DEEPEST):
        level = [part for each in level for part in filling.fill(*each) if isinstance(part[2], dict | list)]
    return whole


class _Filling:
    """Adds to parts of a whole what leaves that valid."""

    def __init__(self, schemas: Schemas, pointer: str, whole: Any) -> None:
        self._schemas = schemas
        self._whole: Callable[[], bool] = lambda: schemas.fits(pointer, whole)
        self._left = _MOST - _size(whole)

    def fill(self, schema: Any, pointer: str, value: Any) -> Iterator[Part]:
        """Add to an object or array; its parts."""
        applying = list(facets(self._schemas.tree, schema, pointer, value, self._schemas.fits))
        if isinstance(value, list):
            for items, place in stated(applying, "items"):
                if not value or (len(value) == 1 and any(stated(applying, "contains"))):
                    self._add(value, len(value), items)
                yield from ((items, place, item) for item in value)
            return
        for properties, holder in stated(applying, "properties") if isinstance(value, dict) else ():
            for name, node in properties.items():
                if name not in value and len(value) < _WIDEST:
                    self._add(value, name, node)
                if name in value:
                    yield node, json_pointer.join(holder, name), value[name]
        for node, _ in stated(applying, "additionalProperties") if isinstance(value, dict) else ():
            if not value and isinstance(node, dict):
                for name in entry_names(applying, self._schemas.accepts, 1):
                    self._add(value, name, node)

    def _add(self, holder: Any, step: str | int, schema: Any) -> None:
        """Put a value into an object or an empty list, if there is room and the whole is valid with it."""
        made = self._schemas.sample(schema)
        size = _size(made)
        if size > self._left:
            return
        if isinstance(holder, list):
            holder.append(made)
        else:
            holder[step] = made
        if self._whole():
            self._left -= size
        else:
            del holder[step]


def _size(value: Any) -> int:
    return sum(1 for _ in leaves(value))
