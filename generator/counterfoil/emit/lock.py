"""counterfoil.lock: what a vendor's generated folder was made from, and of what it consists."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import counterfoil

LOCK = "counterfoil.lock"
TOOLS = ("counterfoil", "datamodel-code-generator", "pydantic", "ruff")


def make_lock(vendor: str, inputs: Mapping[str, str], templates: Mapping[str, str], outputs: Mapping[str, str]) -> str:
    """The text of the lock file.

    `inputs` and `outputs` are file name → text, `templates` name → digest. Digests are SHA-256 of the UTF-8 text.
    """
    lock = {
        "vendor": vendor,
        "versions": versions(),
        "inputs": digests(inputs),
        "templates": dict(sorted(templates.items())),
        "outputs": digests(outputs),
    }
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


def read_lock(folder: Path) -> dict[str, Any] | None:
    """The lock of a generated folder; None if it has none that can be read."""
    try:
        lock = json.loads((folder / LOCK).read_bytes())
    except (OSError, ValueError):
        return None
    return lock if isinstance(lock, dict) and isinstance(lock.get("outputs"), dict) else None


def is_current(folder: Path, vendor: str, inputs: Mapping[str, str], templates: Mapping[str, str]) -> bool:
    """Whether generating into `folder` again would give what is there.

    It would if the lock speaks of the same inputs, templates and versions, every output is untouched, and no file of
    counterfoil is younger than the lock, as while it is being worked on.
    """
    lock = read_lock(folder)
    if lock is None:
        return False
    same = (lock.get("vendor"), lock.get("versions")) == (vendor, versions())
    same = same and (lock.get("inputs"), lock.get("templates")) == (digests(inputs), dict(templates))
    return same and not edited(folder, lock) and (folder / LOCK).stat().st_mtime_ns > _youngest_source()


def edited(folder: Path, lock: Mapping[str, Any]) -> dict[str, str]:
    """Path → "missing" or "edited", of the outputs that are not what the lock says they were."""
    found = {}
    for path, recorded in lock["outputs"].items():
        file = folder / path
        if not file.is_file():
            found[path] = "missing"
        elif digest(file.read_bytes()) != recorded:
            found[path] = "edited"
    return found


@cache
def versions() -> dict[str, str]:
    """The versions of everything that has a say in what the output looks like."""
    from importlib.metadata import version

    return {tool: version(tool) for tool in TOOLS}


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digests(files: Mapping[str, str]) -> dict[str, str]:
    """File name → digest of its text, sorted."""
    return {path: digest(text.encode("utf-8")) for path, text in sorted(files.items())}


@cache
def _youngest_source() -> int:
    package = Path(counterfoil.__file__).parent
    files = (file for file in package.rglob("*.*") if file.suffix != ".pyc")
    return max(file.stat().st_mtime_ns for file in files)
