"""A store that lives as long as its process."""

import json
from collections.abc import Callable
from threading import RLock
from typing import Any, Final

from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.store import DuplicateError, Key, Record, dumped, following, loaded

# A record as a tuple of plain values, which garbage collection need not visit however many there are.
_Fields = tuple[str, bytes, tuple[Key, ...], str]
KEY: Final = 0
TEXT: Final = 1
UNIQUE: Final = 2
SCOPE: Final = 3


class MemoryStore:
    """A `Store`, see there. With `keep`, the oldest objects of a collection that has more are forgotten."""

    def __init__(self, keep: int | None = None) -> None:
        self._keep = keep
        self._lock = RLock()
        self._collections: dict[str, _Collection] = {}

    def add(self, collection: str, make: Callable[[int], Record]) -> None:
        """As the protocol says."""
        self._lock.acquire()  # `with` takes twice as long
        try:
            kept = self._collections.get(collection)
            if kept is None:
                kept = self._collections.setdefault(collection, _Collection())
            number = kept.last + 1
            record = make(number)
            kept.add(number, record)
            kept.last = number if record.key == str(number) else following(number, record.key)
            if self._keep is not None and len(kept.records) > self._keep:
                kept.forget_oldest()
        finally:
            self._lock.release()

    def find(self, collection: str, key: str) -> bytes | None:
        """As the protocol says."""
        with self._lock:
            kept = self._collections.get(collection)
            number = kept.numbers.get(key) if kept else None
            return kept.records[number][TEXT] if kept and number is not None else None

    def change(self, collection: str, key: str, edit: Callable[[bytes], Record]) -> bool:
        """As the protocol says."""
        with self._lock:
            kept = self._collections.get(collection)
            number = kept.numbers.get(key) if kept else None
            if kept is None or number is None:
                return False
            before = kept.records[number]
            after = edit(before[TEXT])
            after.scope = before[SCOPE]
            kept.release(before)
            try:
                kept.add(number, after)
            except DuplicateError:
                kept.add(number, Record(*before))
                raise
            return True

    def remove(self, collection: str, key: str) -> bool:
        """As the protocol says."""
        with self._lock:
            kept = self._collections.get(collection)
            number = kept.numbers.get(key) if kept else None
            if kept is None or number is None:
                return False
            kept.release(kept.records.pop(number))
            return True

    def all(self, collection: str, scope: str = "") -> list[bytes]:
        """As the protocol says."""
        with self._lock:
            kept = self._collections.get(collection)
            return [each[TEXT] for each in kept.records.values() if not scope or each[SCOPE] == scope] if kept else []

    def last(self, collection: str) -> int:
        """As the protocol says."""
        kept = self._collections.get(collection)
        return kept.last if kept else 0

    def clear(self) -> None:
        """As the protocol says."""
        with self._lock:
            self._collections.clear()

    def dump(self) -> dict[str, Any]:
        """As the protocol says."""
        with self._lock:
            return {
                name: {
                    "last": kept.last,
                    "objects": [
                        dumped(number, Record(*each), json.loads(each[TEXT])) for number, each in kept.records.items()
                    ],
                }
                for name, kept in self._collections.items()
            }

    def load(self, state: dict[str, Any]) -> None:
        """As the protocol says."""
        collections: dict[str, _Collection] = {}
        for name, last, records in loaded(state, dump):
            kept = collections[name] = _Collection()
            kept.last = last
            for number, record in sorted(records, key=lambda each: each[0]):
                try:
                    kept.add(number, record)
                except DuplicateError:
                    raise ValueError(f"two objects of {name} have the same key or unique value") from None
        with self._lock:
            self._collections = collections


class _Collection:
    """Objects by number, in its order, since neither a change nor a removal disturbs that."""

    __slots__ = ("first", "last", "numbers", "records", "unique")

    def __init__(self) -> None:
        self.first, self.last = 1, 0
        self.records: dict[int, _Fields] = {}
        self.numbers: dict[str, int] = {}
        self.unique: set[Key] = set()

    def add(self, number: int, record: Record) -> None:
        if record.key in self.numbers:
            raise DuplicateError
        if record.unique:
            if not self.unique.isdisjoint(record.unique):
                raise DuplicateError
            self.unique.update(record.unique)
        self.records[number] = (record.key, record.text, tuple(record.unique), record.scope)
        self.numbers[record.key] = number

    def release(self, record: _Fields) -> None:
        del self.numbers[record[KEY]]
        self.unique.difference_update(record[UNIQUE])

    def forget_oldest(self) -> None:
        # Not `next(iter(…))`, which passes over all that were removed before, each time.
        while self.first not in self.records:
            self.first += 1
        self.release(self.records.pop(self.first))
