"""Files that commands write for people: as a whole or not at all, and known to be impossible before work is wasted."""

import os
import tempfile
from pathlib import Path

from counterfoil.location import CounterfoilError, Diagnostic, Location


def check_writable(path: Path) -> None:
    """`CounterfoilError` where no file `path` can be made, even with folders made for it; nothing is written."""
    if path.is_dir():
        raise not_written(path, "this is a folder")
    above = next(folder for folder in path.absolute().parents if os.path.lexists(folder))
    if not above.is_dir():
        raise not_written(path, f"{above.name} is no folder")
    if not os.access(above, os.W_OK | os.X_OK):
        raise not_written(path, "permission denied")


def write(path: Path, text: str) -> None:
    """Replace a file, in a folder that is made if need be; `CounterfoilError` where that fails.

    What is there and no file, such as `/dev/stdout`, stays what it is and is written to.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_text(text, "utf-8", newline="")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as scratch:
            file = Path(scratch) / path.name
            file.write_text(text, "utf-8", newline="")
            file.replace(path)
    except OSError as error:
        raise not_written(path, (error.strerror or str(error)).lower()) from error


def not_written(path: Path, reason: str) -> CounterfoilError:
    """What is told of a file that cannot be written."""
    return CounterfoilError(Diagnostic(Location(path.as_posix(), 0), "not-written", reason))
