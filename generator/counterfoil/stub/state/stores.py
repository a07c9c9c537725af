"""Where stubs keep what they remember: in memory, or all of them in one file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from counterfoil.stub.state.memory import MemoryStore
from counterfoil.stub.state.store import Store

if TYPE_CHECKING:
    from counterfoil.stub.app import Stub


def remember(stubs: Mapping[str, "Stub"], path: Path | None = None, keep: int | None = None) -> None:
    """Let stubs, by name, keep what they remember in the SQLite file at `path`, or in memory without one.

    With `keep` no collection has more objects: the oldest are forgotten. `CounterfoilError` if the file cannot be used.
    """
    if path is None:
        if keep is not None:
            for stub in stubs.values():
                stub.remembering(lambda _: MemoryStore(keep))
        return
    from counterfoil.stub.state.sqlite import SqliteFile

    file = SqliteFile(path, keep)
    for name, stub in stubs.items():
        stub.remembering(_of(file.store, name))


def _of(store: Callable[[str], Store], name: str) -> Callable[[str], Store]:
    return lambda session: store(f"{name} {session}".strip())
