"""evidence.json: the evidence table as a file, and back."""

import json
from typing import Any

from counterfoil.evidence import Evidence, EvidenceTable
from counterfoil.location import Location

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
            path, line, column = entry["at"].rsplit(":", 2)
            location = Location(f"{folder}/{path}" if folder else path, int(line), int(column))
            table.add(pointer, Evidence(entry["kind"], location, entry.get("rule", ""), entry.get("note", "")))
    return table


def _entry(evidence: Evidence, folder: str) -> str:
    location = evidence.location
    place = f"{location.path.removeprefix(f'{folder}/')}:{location.line}:{location.column}"
    entry = {"kind": evidence.kind, "at": place, "rule": evidence.rule, "note": evidence.note}
    return "{" + ", ".join([f'"{key}": {_text(value)}' for key, value in entry.items() if value]) + "}"
