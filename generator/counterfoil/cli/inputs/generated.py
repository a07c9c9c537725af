"""Finding what was generated: vendor name → folder, as the locks say."""

import difflib
from pathlib import Path

from counterfoil.documents.folder import open_vendor
from counterfoil.emit.lock import digests, read_lock
from counterfoil.location import CounterfoilError, Diagnostic, Location


def find_generated(out: Path, names: tuple[str, ...] = ()) -> dict[str, Path]:
    """The generated folders of the vendors `names`, or of all, by vendor name.

    `CounterfoilError` for a vendor that was not generated into `out`, or if none was.
    """
    # They usually lie where they are made, and those of many other vendors need not be looked into.
    named = {name: out / name for name in names if (lock := read_lock(out / name)) and lock["vendor"] == name}
    if names and len(named) == len(set(names)):
        return named
    folders = sorted(entry for entry in out.iterdir() if entry.is_dir()) if out.is_dir() else []
    found = {lock["vendor"]: folder for folder in folders if (lock := read_lock(folder)) is not None}
    if not found:
        hint = "run `counterfoil generate` first, or say where with --out"
        raise CounterfoilError(
            Diagnostic(Location(out.as_posix(), 0), "nothing-generated", "no generated vendor in this folder", hint)
        )
    unknown = [name for name in names if name not in found]
    if unknown:
        raise CounterfoilError(*(_unknown(out, name, list(found)) for name in unknown))
    return {name: found[name] for name in names} if names else found


def _unknown(out: Path, name: str, known: list[str]) -> Diagnostic:
    close = difflib.get_close_matches(name.lower(), known, 1, 0.5)
    others = f"generated are {', '.join(known)}; `counterfoil generate {name}` makes it where it has pages"
    hint = f"did you mean {close[0]}?" if close else others
    return Diagnostic(Location(out.as_posix(), 0), "unknown-vendor", f"{name} was not generated here", hint)


def stale(specs: Path, name: str, folder: Path) -> list[Diagnostic]:
    """A warning if the folder was made from other files than `specs` holds now; none if it holds no such vendor."""
    if not (specs / name).is_dir():
        return []
    source = open_vendor(specs, name)
    lock = read_lock(folder)
    recorded = lock["inputs"] if lock else None
    if recorded in (digests(source.texts()), digests(source.texts(overlay=False))):
        return []
    hint = f"run `counterfoil generate {name}`"
    message = f"was made from other files than {source.path} holds now"
    return [Diagnostic(Location(folder.as_posix(), 0), "stale-output", message, hint, "warning")]
