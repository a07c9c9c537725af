"""Files on disk: replace a vendor's folder as a whole, or tell how it differs."""

import difflib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from counterfoil.emit.lock import LOCK, read_lock
from counterfoil.location import CounterfoilError, Diagnostic, Location

DIFF_LINES = 30


def write(files: Mapping[str, str], folder: Path) -> bool:
    """Make `folder` hold exactly `files` (relative path → text); True if that changed anything.

    The files are written beside the folder and swapped in by renaming, so a reader sees all of the old or all of the
    new ones, and a failure leaves the old ones. `CounterfoilError` if the folder is not one that was written here, or
    holds files that someone else put there.
    """
    _check_paths(files)
    _check_ours(folder)
    if folder.is_dir() and _texts(folder) == files:
        (folder / LOCK).touch()
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        for path, text in files.items():
            file = new / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8"))
        existed = folder.exists()
        if existed:
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if existed:
                old.rename(folder)
            raise
    return True


def compare(files: Mapping[str, str], folder: Path) -> list[str]:
    """How `folder` differs from `files`: lines of a shortened unified diff, none if it holds exactly these."""
    present = _texts(folder) if folder.is_dir() else {}
    lines: list[str] = []
    for path in sorted({*files, *present}):
        if files.get(path) != present.get(path):
            lines += _shortened(_diff(folder / path, present.get(path), files.get(path)))
    return lines


def _diff(path: Path, old: str | None, new: str | None) -> Iterator[str]:
    if new is None:
        return iter([f"{path}: is not generated any more"])
    if old is None:
        return iter([f"{path}: is missing"])
    return difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"{path} (as it is)", f"{path} (as generated)", lineterm="", n=1
    )


def _shortened(lines: Iterator[str]) -> list[str]:
    found = list(lines)
    rest = len(found) - DIFF_LINES
    return [*found[:DIFF_LINES], f"… {rest} more lines differ"] if rest > 0 else found


def _check_paths(files: Mapping[str, str]) -> None:
    for path in files:
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "\\" in path or not pure.name:
            raise ValueError(f"not a path below the output folder: {path!r}")


def _check_ours(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        message, hint = "is not a folder", "remove it, or choose another folder with --out"
    elif not folder.is_dir() or not any(folder.iterdir()):
        return
    elif (lock := read_lock(folder)) is None:
        message, hint = f"is not empty and has no {LOCK}", "remove it, or choose another folder with --out"
    elif strangers := sorted(set(file_paths(folder)) - {LOCK, *lock.get("outputs", {})}):
        message, hint = f"holds files that were not generated: {', '.join(strangers)}", "move them elsewhere"
    else:
        return
    raise CounterfoilError(Diagnostic(Location(folder.as_posix(), 0), "not-generated", message, hint))


def file_paths(folder: Path) -> dict[str, Path]:
    """Relative path → file, of all files below the folder but Python's and tools' caches."""
    found = {}
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and not name.endswith("_cache")]
        for name in names:
            file = Path(root, name)
            found[file.relative_to(folder).as_posix()] = file
    return found


def _texts(folder: Path) -> dict[str, str]:
    return {path: file.read_bytes().decode("utf-8", "replace") for path, file in file_paths(folder).items()}
