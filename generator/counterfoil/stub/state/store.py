"""What a stub remembers, behind a protocol small enough for any database."""

from collections.abc import Collection
from typing import Protocol

Key = tuple[str, str]  # name of a unique property, its value as text


class Store(Protocol):
    """Objects, as JSON texts, by collection and number. Each call is one transaction."""

    def reserve(self, collection: str, keys: Collection[Key] = ()) -> int | None:
        """Take the keys for a new object: its number, one more than the last; None if another object has a key."""

    def put(self, collection: str, number: int, text: bytes) -> None:
        """Keep an object under a number that was reserved."""

    def all(self, collection: str) -> list[bytes]:
        """The objects of a collection in the order of their numbers."""

    def clear(self) -> None:
        """Forget everything; numbers begin at 1 again."""


class MemoryStore:
    """A `Store` that lives as long as its process."""

    def __init__(self) -> None:
        self._collections: dict[str, _Collection] = {}

    def reserve(self, collection: str, keys: Collection[Key] = ()) -> int | None:
        """As the protocol says."""
        kept = self._kept(collection)
        for key in keys:
            if key in kept.keys:
                return None
        kept.keys.update(keys)
        kept.last += 1
        return kept.last

    def put(self, collection: str, number: int, text: bytes) -> None:
        """As the protocol says."""
        self._kept(collection).objects[number] = text

    def all(self, collection: str) -> list[bytes]:
        """As the protocol says."""
        return [text for _, text in sorted(self._kept(collection).objects.items())]

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
        self.objects: dict[int, bytes] = {}
        self.keys: set[Key] = set()
