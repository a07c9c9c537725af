"""Names by which people recognise, at a server that others use, what a test has made."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.operation import Operation
from counterfoil.checks.unique import UniqueValues, mark_of_now

PREFIX = "counterfoil"

# What is called so holds a text that people choose freely.
_FREE = re.compile(r"(?:.*[_-])?(?:name|title|label|subject)|.*[a-z](?:Name|Title|Label)", re.DOTALL)
_FORMED = ("enum", "const", "format")


class RecognisableNames(UniqueValues):
    """Writes `counterfoil-…` into unique properties of request bodies, and into free texts that are names."""

    def __init__(self) -> None:
        self._run = mark_of_now()
        super().__init__(self._run)
        self._places: dict[str, list[tuple[shapes.Path, Any]]] = {}
        self._count = 0

    def refresh(self, operation: Operation, body: Any) -> Any:
        """`body` with names of this run wherever the contract allows them, and unique values that are new."""
        if operation.label not in self._places:
            self._places[operation.label] = list(_free_names(operation))
        changed = super().refresh(operation, body)
        for path, schema in self._places[operation.label]:
            holder = changed
            for name in path[:-1]:
                holder = holder.get(name) if isinstance(holder, dict) else None
            value = holder.get(path[-1]) if isinstance(holder, dict) else None
            if not isinstance(value, str) or not operation.accepts(schema, value):
                continue
            fresh = self._name(operation, schema, value)
            if fresh is not None:
                changed = copy.deepcopy(body) if changed is body else changed
                _set(changed, path, fresh)
        return changed

    def _name(self, operation: Operation, schema: Any, value: str) -> str | None:
        self._count += 1
        plain = f"{self._run}{self._count}"
        # What follows the prefix still tries what the value was there to try.
        texts = (f"{PREFIX}-{plain} {value}", f"{PREFIX}-{plain}", f"{PREFIX}_{plain}", f"{PREFIX}{plain}")
        return next((text for text in texts if operation.accepts(schema, text)), None)


def _free_names(operation: Operation) -> Iterator[tuple[shapes.Path, Any]]:
    for path, properties in shapes.objects(operation, operation.request_schema):
        for name, node in properties.items():
            resolved = operation.resolve(node)
            if not isinstance(resolved, dict) or "string" not in shapes.types(operation, node):
                continue
            nodes = [each for each in (node, resolved) if isinstance(each, dict)]
            unique = any(each.get("x-counterfoil", {}).get("unique") for each in nodes)
            if unique or (_FREE.fullmatch(name) and not any(key in resolved for key in _FORMED)):
                yield (*path, name), node


def _set(body: Any, path: shapes.Path, value: str) -> None:
    for name in path[:-1]:
        body = body[name]
    body[path[-1]] = value
