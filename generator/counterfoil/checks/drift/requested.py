"""Which schemas of a contract requests are held to."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.operation import operations


class Requested:
    """The schemas of the bodies of all requests of a contract."""

    def __init__(self, contract: Mapping[str, Any]) -> None:
        self._contract = dict(contract)

    def has(self, pointer: str) -> bool:
        """Whether a request is held to the schema at a pointer, or to one that this is a part of."""
        return any(pointer == each or pointer.startswith(f"{each}/") for each in self._pointers)

    @cached_property
    def _pointers(self) -> frozenset[str]:
        found: set[str] = set()
        waiting = [
            json_pointer.join(operation.pointer, "requestBody")
            for operation in operations(self._contract)
            if "requestBody" in operation.tree
        ]
        while waiting:
            pointer = waiting.pop()
            if pointer not in found:
                found.add(pointer)
                try:
                    waiting += _references(json_pointer.resolve(self._contract, pointer))
                except LookupError:
                    continue
        return frozenset(found)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str) and node["$ref"].startswith("#/"):
        yield node["$ref"][1:]
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _references(child)
