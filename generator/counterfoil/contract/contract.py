"""The canonical contract of one vendor."""

from dataclasses import dataclass, field
from typing import Any

from counterfoil.evidence import EvidenceTable
from counterfoil.location import Diagnostic


@dataclass(slots=True)
class Contract:
    """An OpenAPI 3.1 document as a plain tree, beside the evidence of its facts.

    `vendor` is the name of the folder that it was made from. `diagnostics` collects what all stages up to this
    one had to say, in the order of the pages.
    """

    vendor: str
    tree: dict[str, Any]
    evidence: EvidenceTable
    diagnostics: list[Diagnostic] = field(default_factory=list)
