"""What an overlay only infers of values that servers make up: good enough for a stub, and nothing to hold others to."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from counterfoil import pointer as json_pointer

_STATED = "/x-counterfoil/generate"
_INFERRED = "inferred"


def leave_guesses_out(contract: dict[str, Any], package_dir: Path) -> None:
    """Take out of a contract each `x-counterfoil.generate` that its overlay calls `inferred`, as evidence.json tells.

    With any other word of `x-confidence` it is a fact of the vendor, and stays.
    """
    for pointer in _guesses(package_dir / "evidence.json"):
        try:
            del json_pointer.resolve(contract, pointer.removesuffix("/generate"))["generate"]
        except LookupError:
            continue


def _guesses(evidence: Path) -> Iterator[str]:
    try:
        text = evidence.read_text("utf-8")
    except FileNotFoundError:
        return
    history: dict[str, list[dict[str, str]]] = json.loads(text) if f'{_STATED}"' in text else {}
    for pointer, entries in history.items():
        if pointer.endswith(_STATED) and entries and entries[-1].get("rule") == _INFERRED:
            yield pointer
