"""What reading a page gives."""

from dataclasses import dataclass, field
from typing import Any

from counterfoil.evidence import EvidenceTable
from counterfoil.location import Diagnostic


@dataclass(slots=True)
class Document:
    """One page as a raw OpenAPI tree of whatever version the page speaks.

    `path` is the page's path as shown to people; `page_format` the name of the format it was recognised as.
    `tree` is made of dict, list, str, int, float, bool and None only, with `str` keys; every node of it has an
    entry in `evidence`. `diagnostics` tells what of the page could not be used or is doubtful.
    """

    path: str
    page_format: str
    tree: dict[str, Any]
    evidence: EvidenceTable
    diagnostics: list[Diagnostic] = field(default_factory=list)
