"""Generated models in another project: copied with a lock of their own, and verified there."""

import json
from pathlib import Path

from counterfoil.emit.lock import LOCK, digest, edited, read_lock
from counterfoil.emit.write import file_paths, write
from counterfoil.location import CounterfoilError, Diagnostic, Location

MODELS = "models/"
REGENERATE = "run `counterfoil generate` again"


def copy_models(generated: Path, destination: Path) -> tuple[Path, bool]:
    """Copy the models of a generated folder to `destination/<package>`; that folder, and whether anything changed.

    `CounterfoilError` if the generated files are not what their lock says, or if files there were edited: a person's
    work is not overwritten.
    """
    target = destination / generated.name
    lock = read_lock(target)
    states = edited(target, lock) if lock is not None else {}
    if changed := [path for path, state in states.items() if state == "edited"]:
        hint = "keep such changes in the overlay or in templates; delete the file to have it copied again"
        raise CounterfoilError(
            *(
                Diagnostic(Location((target / path).as_posix(), 0), "edited-copy", "was edited after copying", hint)
                for path in changed
            )
        )
    return target, write(_copied(generated), target)


def verify_models(generated: Path, destination: Path) -> list[str]:
    """What is wrong with the copy in `destination/<package>`, a sentence each; nothing if it is current and untouched.

    `CounterfoilError` if the generated files are not what their lock says, or nothing was ever copied there.
    """
    target = destination / generated.name
    lock = read_lock(target)
    if lock is None:
        hint = "copy the models there first, without --check"
        raise CounterfoilError(Diagnostic(Location(target.as_posix(), 0), "not-copied", f"has no {LOCK}", hint))
    found = [f"{target / path}: {state}" for path, state in edited(target, lock).items()]
    strangers = sorted({*file_paths(target)} - {LOCK, *lock["outputs"]})
    found += [f"{target / path}: was not copied from here" for path in strangers]
    current = json.loads(_copied(generated)[LOCK])
    if lock.get("contract") != current["contract"]:
        found.append(f"{target}: a newer contract exists in {generated}")
    elif lock["outputs"] != current["outputs"]:
        found.append(f"{target}: newer models of the same contract exist in {generated}")
    return found


def _copied(generated: Path) -> dict[str, str]:
    """The files of a copy: the models, with a lock that says from which contract they come."""
    lock = read_lock(generated)
    if lock is None:
        raise CounterfoilError(
            Diagnostic(Location(generated.as_posix(), 0), "nothing-generated", f"has no {LOCK}", REGENERATE)
        )
    if changes := edited(generated, lock):
        raise CounterfoilError(
            *(
                Diagnostic(Location((generated / path).as_posix(), 0), "edited-output", f"is {state}", REGENERATE)
                for path, state in changes.items()
            )
        )
    models = {path: recorded for path, recorded in lock["outputs"].items() if path.startswith(MODELS)}
    files = {path.removeprefix(MODELS): (generated / path).read_text("utf-8") for path in models}
    copied = {
        "vendor": lock["vendor"],
        "versions": lock["versions"],
        "contract": lock["outputs"]["openapi.json"],
        "outputs": {path: digest(text.encode("utf-8")) for path, text in sorted(files.items())},
    }
    return {**files, LOCK: json.dumps(copied, indent=2, ensure_ascii=False) + "\n"}
