"""What a stub remembers, behind a protocol small enough for any database."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Key = tuple[str, str]  # name of a unique property, its value as text


class Store(Protocol):
    """Objects by collection. Each call is one transaction."""

    def next_number(self, collection: str) -> int:
        """A number that no earlier call had for this collection, counted from 1."""

    def add(self, collection: str, number: int, value: Mapping[str, Any], keys: Iterable[Key] = ()) -> bool:
        """Keep an object under its number; False, and nothing is kept, if an object there has one of the keys."""

    def has(self, collection: str, keys: Iterable[Key]) -> bool:
        """Whether an object of the collection has one of the keys."""

    def all(self, collection: str) -> list[Mapping[str, Any]]:
        """The objects of a collection in the order of their numbers."""

    def clear(self) -> None:
        """Forget everything; numbers begin at 1 again."""


class MemoryStore:
    """A `Store` that lives as long as its process."""

    def __init__(self) -> None:
        self._collections: dict[str, _Collection] = {}

    def next_number(self, collection: str) -> int:
        """As the protocol says."""
        kept = self._kept(collection)
        kept.last += 1
        return kept.last

    def add(self, collection: str, number: int, value: Mapping[str, Any], keys: Iterable[Key] = ()) -> bool:
        """As the protocol says."""
        kept, keys = self._kept(collection), tuple(keys)
        if any(key in kept.keys for key in keys):
            return False
        kept.keys.update(keys)
        kept.objects[number] = value
        return True

    def has(self, collection: str, keys: Iterable[Key]) -> bool:
        """As the protocol says."""
        taken = self._kept(collection).keys
        return any(key in taken for key in keys)

    def all(self, collection: str) -> list[Mapping[str, Any]]:
        """As the protocol says."""
        return list(self._kept(collection).objects.values())

    def clear(self) -> None:
        """As the protocol says."""
        self._collections.clear()

    def _kept(self, collection: str) -> "_Collection":
        try:
            return self._collections[collection]
        except KeyError:
            return self._collections.setdefault(collection, _Collection())


class _Collection:
    __slots__ = ("keys", "last", "objects")

    def __init__(self) -> None:
        self.last = 0
        self.objects: dict[int, Mapping[str, Any]] = {}
        self.keys: set[Key] = set()
