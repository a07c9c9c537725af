"""What an overlay only infers of values that servers make up: good enough for a stub, and nothing to hold others to."""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.stub.contract_tree import ContractTree

_STATED = "/x-counterfoil/generate"
_INFERRED = "inferred"


def leave_guesses_out(contract: dict[str, Any], package_dir: Path) -> None:
    """Take out of a contract each `x-counterfoil.generate` that its overlay calls `inferred`, as evidence.json tells.

    With any other word of `x-confidence` it is a fact of the vendor, and stays.
    """
    _leave_out(contract, guesses_in(package_dir))


@lru_cache(maxsize=8)
def without_guesses(text: str, guesses: tuple[str, ...]) -> ContractTree:
    """The contract that `text` is, without what stands at the pointers `guesses`; for reading only, one for all."""
    contract = json.loads(text)
    _leave_out(contract, guesses)
    return ContractTree(contract)


def guesses_in(package_dir: Path) -> tuple[str, ...]:
    """The JSON Pointers of what the overlay of a generated contract only infers."""
    return tuple(_guesses(package_dir / "evidence.json"))


def _leave_out(contract: dict[str, Any], guesses: Iterable[str]) -> None:
    for pointer in guesses:
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
