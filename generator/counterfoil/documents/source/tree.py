"""YAML or JSON text → a plain tree with the place of every node."""

import re
from dataclasses import dataclass, field
from typing import Any

from counterfoil.documents.source.json_tree import read_json
from counterfoil.evidence import EvidenceTable
from counterfoil.location import Diagnostic, Location

_JSON_BEGINS = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:["{\[\]]|-?\d))')


@dataclass(slots=True)
class SourceTree:
    """A tree of dict (with `str` keys), list, str, int, float, bool and None, and where each of its nodes stands.

    `diagnostics` tells what was read otherwise than it stands there, such as keys that are stated twice.
    """

    value: Any
    evidence: EvidenceTable
    diagnostics: list[Diagnostic] = field(default_factory=list)


def read_source(text: str, origin: Location) -> SourceTree:
    """Read one YAML 1.2 or JSON (RFC 8259) document.

    `origin` is where the text begins in its file; an indentation that was taken off every line counts as its column.
    The place of a mapping's value is that of its key. Raises `CounterfoilError` for text that cannot be read whole:
    syntax, more than `MAX_DEPTH` levels.
    """
    text = text.removeprefix("\ufeff")
    if _JSON_BEGINS.match(text):
        value, root, diagnostics = read_json(text, origin)
    else:
        from counterfoil.documents.source.yaml_tree import read_yaml  # here, so that reading JSON loads no YAML

        value, root, diagnostics = read_yaml(text, origin)
    return SourceTree(value, EvidenceTable(root), diagnostics)
