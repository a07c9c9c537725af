"""What a stub remembers, behind a protocol small enough for any database."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

Key = tuple[str, str]  # name of a unique property, its value as text


@dataclass(slots=True)
class Record:
    """An object as it is kept.

    `key` tells it from the others of its collection, `text` is its JSON text in UTF-8, `unique` are the values that
    no other object of the collection may have, `scope` is the path that it was created at where that is another one
    than the collection.
    """

    key: str
    text: bytes
    unique: Collection[Key] = ()
    scope: str = ""


_HIGHEST = 1_000_000


def following(number: int, key: str) -> int:
    """The last number of a collection after an object was added under `number`.

    Keys that clients chose may be numbers, too: those that are made later begin above them.
    """
    return max(number, int(key)) if len(key) < 8 and key.isdecimal() and int(key) <= _HIGHEST else number


class DuplicateError(Exception):
    """Another object has the key, or one of the unique values."""


class Store(Protocol):
    """Objects by collection and key. Each call is one transaction, safe in threads, and whole or not at all."""

    def add(self, collection: str, make: Callable[[int], Record]) -> None:
        """Keep what `make` returns for the number of the new object, one more than the last; `DuplicateError`.

        What `make` raises is raised, and leaves no trace.
        """

    def find(self, collection: str, key: str) -> bytes | None:
        """The text of an object."""

    def change(self, collection: str, key: str, edit: Callable[[bytes], Record]) -> bool:
        """Put what `edit` makes of an object's text in its place; False if there is none. `DuplicateError`."""

    def remove(self, collection: str, key: str) -> bool:
        """Forget an object and its unique values; False if there is none."""

    def all(self, collection: str, scope: str = "") -> list[bytes]:
        """The texts of a collection, or of those of one scope, in the order in which they were added."""

    def last(self, collection: str) -> int:
        """The number of the object that was added last, 0 if there never was one."""

    def clear(self) -> None:
        """Forget everything; numbers begin at 1 again."""

    def dump(self) -> dict[str, Any]:
        """Everything as a JSON value: collection → `last` and `objects`, see `dumped`."""

    def load(self, state: dict[str, Any]) -> None:
        """Forget everything and keep what `dump` told instead; `ValueError` if that is not its form."""


def dumped(number: int, record: Record, value: Any) -> dict[str, Any]:
    """An object as `Store.dump` tells it; `value` is its parsed text."""
    told = {"number": number, "key": record.key, "value": value}
    if record.unique:
        told["unique"] = [list(key) for key in record.unique]
    if record.scope:
        told["scope"] = record.scope
    return told


def loaded(state: Any, dump: Callable[[Any], bytes]) -> Iterator[tuple[str, int, Iterable[tuple[int, Record]]]]:
    """Collections with their last number and their objects, read from what `Store.dump` told; `ValueError`."""
    if not isinstance(state, dict):
        raise ValueError("a state is an object of collections")  # noqa: TRY004 - of what was sent, not of a program
    for name, held in state.items():
        listed = held.get("objects") if isinstance(held, dict) else None
        if not isinstance(listed, list):
            raise ValueError(f"the collection {name} has no list `objects`")  # noqa: TRY004 - as above
        records: list[tuple[int, Record]] = []
        for place, each in enumerate(listed, 1):
            if not isinstance(each, dict) or "value" not in each or not isinstance(each.get("key"), str):
                raise ValueError(f"object {place} of {name} has no `key` or no `value`")
            number = each.get("number", place)
            unique = [(str(one), str(other)) for one, other in each.get("unique") or ()]
            record = Record(each["key"], dump(each["value"]), unique, str(each.get("scope") or ""))
            records.append((int(number), record))
        last = max([int(held.get("last") or 0), *(number for number, _ in records)])
        yield name, last, records
