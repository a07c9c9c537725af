"""The canonical contract of one vendor."""

from dataclasses import dataclass, field
from typing import Any, Self

from counterfoil.contract.tree.operations import each_operation
from counterfoil.evidence import EvidenceTable
from counterfoil.location import Diagnostic


@dataclass(frozen=True, slots=True)
class Size:
    """How many operations, below paths and webhooks, and how many schemas among the components a document has."""

    operations: int
    schemas: int

    @classmethod
    def of(cls, tree: dict[str, Any]) -> Self:
        """The size of an OpenAPI 3.x tree, perhaps a defective one."""
        sections = ({"paths": tree.get(section)} for section in ("paths", "webhooks"))
        components = tree.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        operations = sum(1 for section in sections for _ in each_operation(section))
        return cls(operations, len(schemas) if isinstance(schemas, dict) else 0)


@dataclass(slots=True)
class Contract:
    """An OpenAPI 3.1 document as a plain tree, beside the evidence of its facts.

    `vendor` is the name of the folder that it was made from. `diagnostics` collects what all stages up to this
    one had to say, in the order of the pages. `stated` is what the pages and the overlay describe together, before
    anything is left out.
    """

    vendor: str
    tree: dict[str, Any]
    evidence: EvidenceTable
    diagnostics: list[Diagnostic] = field(default_factory=list)
    stated: Size = Size(0, 0)
