"""A store in an SQLite file, which survives the end of its process at any moment."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.store import DuplicateError, Record, dumped, following, loaded

# One row for each object, each unique value and each collection that ever had an object.
TABLES = """
CREATE TABLE IF NOT EXISTS collections (
    session TEXT, collection TEXT, last INTEGER NOT NULL, size INTEGER NOT NULL,
    PRIMARY KEY (session, collection)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
    session TEXT, collection TEXT, number INTEGER, key TEXT NOT NULL, scope TEXT NOT NULL, text BLOB NOT NULL,
    PRIMARY KEY (session, collection, number), UNIQUE (session, collection, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uniques (
    session TEXT, collection TEXT, name TEXT, value TEXT, number INTEGER NOT NULL,
    PRIMARY KEY (session, collection, name, value)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uniques_of_objects ON uniques (session, collection, number);
"""


class SqliteFile:
    """A file that holds the stores of any number of sessions."""

    def __init__(self, path: Path, keep: int | None = None) -> None:
        """Open or make the file at `path`; `CounterfoilError` if it cannot be, or is no such file."""
        self.keep = keep
        self.lock = RLock()
        try:
            self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            # A commit in the write-ahead log outlives the process; only a loss of power may undo the last ones.
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = NORMAL")
            self.connection.executescript(TABLES)
        except sqlite3.Error as error:
            hint = "name a file that counterfoil has made, or that is not there yet"
            location = Location(path.as_posix(), 0)
            raise CounterfoilError(Diagnostic(location, "cannot-store", str(error), hint)) from error

    def store(self, session: str = "") -> "SqliteStore":
        """The store of a session."""
        return SqliteStore(self, session)

    def close(self) -> None:
        """Close the file; its stores cannot be used any more."""
        with self.lock:
            self.connection.close()


class SqliteStore:
    """A `Store`, see there, of one session in a file."""

    def __init__(self, file: SqliteFile, session: str) -> None:
        self._file, self._session = file, session

    def add(self, collection: str, make: Callable[[int], Record]) -> None:
        """As the protocol says."""
        with self._transaction() as execute:
            number = self.last(collection) + 1
            record = make(number)
            self._insert(collection, number, record)
            last = following(number, record.key)
            execute(
                "INSERT INTO collections VALUES (?, ?, ?, 1) "
                "ON CONFLICT DO UPDATE SET last = excluded.last, size = size + 1",
                (self._session, collection, last),
            )
            if self._file.keep is not None:
                self._bound(collection, self._file.keep)

    def find(self, collection: str, key: str) -> bytes | None:
        """As the protocol says."""
        found = self._found(collection, key)
        return found[1] if found else None

    def change(self, collection: str, key: str, edit: Callable[[bytes], Record]) -> bool:
        """As the protocol says."""
        with self._transaction():
            found = self._found(collection, key)
            if found is None:
                return False
            number, text, scope = found
            record = edit(text)
            record.scope = scope
            self._delete(collection, number)
            self._insert(collection, number, record)
            return True

    def remove(self, collection: str, key: str) -> bool:
        """As the protocol says."""
        with self._transaction():
            found = self._found(collection, key)
            if found is not None:
                self._delete(collection, found[0])
                self._shrink(collection)
            return found is not None

    def all(self, collection: str, scope: str = "") -> list[bytes]:
        """As the protocol says."""
        query = "SELECT text FROM objects WHERE session = ? AND collection = ? AND ? IN ('', scope) ORDER BY number"
        with self._file.lock:
            return [text for (text,) in self._file.connection.execute(query, (self._session, collection, scope))]

    def last(self, collection: str) -> int:
        """As the protocol says."""
        query = "SELECT last FROM collections WHERE session = ? AND collection = ?"
        with self._file.lock:
            row = self._file.connection.execute(query, (self._session, collection)).fetchone()
        return row[0] if row else 0

    def clear(self) -> None:
        """As the protocol says."""
        with self._transaction() as execute:
            for table in ("collections", "objects", "uniques"):
                execute(f"DELETE FROM {table} WHERE session = ?", (self._session,))  # noqa: S608 - names of our own

    def dump(self) -> dict[str, Any]:
        """As the protocol says."""
        state: dict[str, Any] = {}
        with self._transaction() as execute:
            for name, last in execute("SELECT collection, last FROM collections WHERE session = ?", (self._session,)):
                state[name] = {"last": last, "objects": []}
            unique: dict[tuple[str, int], list[tuple[str, str]]] = {}
            query = "SELECT collection, number, name, value FROM uniques WHERE session = ?"
            for name, number, *key in execute(query, (self._session,)):
                unique.setdefault((name, number), []).append((key[0], key[1]))
            query = "SELECT collection, number, key, scope, text FROM objects WHERE session = ? ORDER BY number"
            for name, number, key, scope, text in execute(query, (self._session,)):
                record = Record(key, text, unique.get((name, number), ()), scope)
                state[name]["objects"].append(dumped(number, record, json.loads(text)))
        return state

    def load(self, state: dict[str, Any]) -> None:
        """As the protocol says."""
        with self._transaction() as execute:
            self.clear()
            for name, last, records in loaded(state, dump):
                listed = list(records)
                execute("INSERT INTO collections VALUES (?, ?, ?, ?)", (self._session, name, last, len(listed)))
                for number, record in listed:
                    try:
                        self._insert(name, number, record)
                    except DuplicateError:
                        raise ValueError(f"two objects of {name} have the same key or unique value") from None

    @contextmanager
    def _transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """All within happens, or nothing of it where an exception is raised."""
        connection = self._file.connection
        with self._file.lock:
            if connection.in_transaction:
                yield connection.execute
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection.execute
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _found(self, collection: str, key: str) -> tuple[int, bytes, str] | None:
        query = "SELECT number, text, scope FROM objects WHERE session = ? AND collection = ? AND key = ?"
        with self._file.lock:
            found: tuple[int, bytes, str] | None = self._file.connection.execute(
                query, (self._session, collection, key)
            ).fetchone()
        return found

    def _insert(self, collection: str, number: int, record: Record) -> None:
        execute, row = self._file.connection.execute, (self._session, collection)
        try:
            execute(
                "INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?)", (*row, number, record.key, record.scope, record.text)
            )
            for key in record.unique:
                execute("INSERT INTO uniques VALUES (?, ?, ?, ?, ?)", (*row, *key, number))
        except sqlite3.IntegrityError:
            raise DuplicateError from None

    def _delete(self, collection: str, number: int) -> None:
        for table in ("objects", "uniques"):
            query = f"DELETE FROM {table} WHERE session = ? AND collection = ? AND number = ?"  # noqa: S608 - as above
            self._file.connection.execute(query, (self._session, collection, number))

    def _bound(self, collection: str, keep: int) -> None:
        row = (self._session, collection)
        execute = self._file.connection.execute
        (size,) = execute("SELECT size FROM collections WHERE session = ? AND collection = ?", row).fetchone()
        for _ in range(size - keep):
            query = "SELECT min(number) FROM objects WHERE session = ? AND collection = ?"
            self._delete(collection, execute(query, row).fetchone()[0])
            self._shrink(collection)

    def _shrink(self, collection: str) -> None:
        query = "UPDATE collections SET size = size - 1 WHERE session = ? AND collection = ?"
        self._file.connection.execute(query, (self._session, collection))
