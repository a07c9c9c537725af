"""evidence.json: the evidence table as a file, and back."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from counterfoil.evidence import Evidence, EvidenceTable
from counterfoil.location import Location

_read = json.JSONDecoder().raw_decode
_text = json.JSONEncoder(ensure_ascii=False).encode  # twice as fast for texts as for what holds them


def evidence_file(table: EvidenceTable, tree: dict[str, Any], folder: str) -> str:
    """The text of evidence.json: JSON Pointer into openapi.json → history of the fact, oldest first, a line each.

    The order is that of `tree`. Paths are relative to the vendor's folder, places are `path:line:column`.
    """
    lines = [
        f"  {_text(pointer)}: [{', '.join([_entry(evidence, folder) for evidence in history])}]"
        for pointer, history in table.along(tree)
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_evidence(text: str, folder: str = "") -> EvidenceTable:
    """The table that `evidence_file` wrote, with paths below `folder` again."""
    table = EvidenceTable()
    for pointer, history in json.loads(text).items():
        for entry in history:
            location = _location(entry["at"], folder)
            table.add(pointer, Evidence(entry["kind"], location, entry.get("rule", ""), entry.get("note", "")))
    return table


class Rule(NamedTuple):
    """Where the latest word on a node of a contract stands, and why it is less than certain, empty where it is not."""

    location: Location
    doubt: str = ""


def rules(text: str, folder: str = "") -> Callable[[str], Rule | None]:
    """From a pointer to the latest evidence of its node, or of the nearest around it, as a table tells."""

    def rule(pointer: str) -> Rule | None:
        while pointer and not _history(text, pointer):
            pointer = pointer.rpartition("/")[0]
        history = _history(text, pointer)
        return Rule(_location(history[-1]["at"], folder), _doubt(history[-1])) if history else None

    return rule


def _history(text: str, pointer: str) -> list[dict[str, str]]:
    """The history of a fact in the text of evidence.json, of which a run needs a few entries out of thousands."""
    before = f"\n  {_text(pointer)}: "
    start = text.find(before)
    history: list[dict[str, str]] = _read(text, start + len(before))[0] if start >= 0 else []
    return history


def _doubt(entry: dict[str, str]) -> str:
    if entry["kind"] == "inferred":
        return f"inferred by the rule {entry['rule']}"
    # What an overlay is sure of is a correction like any other.
    return f"inferred, says the overlay: {entry['note']}" if entry.get("rule") == "inferred" else ""


def _location(place: str, folder: str) -> Location:
    path, line, column = place.rsplit(":", 2)
    return Location(f"{folder}/{path}" if folder else path, int(line), int(column))


def _entry(evidence: Evidence, folder: str) -> str:
    location = evidence.location
    place = f"{location.path.removeprefix(f'{folder}/')}:{location.line}:{location.column}"
    entry = {"kind": evidence.kind, "at": place, "rule": evidence.rule, "note": evidence.note}
    return "{" + ", ".join([f'"{key}": {_text(value)}' for key, value in entry.items() if value]) + "}"
