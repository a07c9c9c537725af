"""The canonical contract of one vendor."""

from dataclasses import dataclass, field
from typing import Any, Self

from counterfoil.contract.tree.operations import each_operation
from counterfoil.contract.tree.references import resolve
from counterfoil.evidence import EvidenceTable
from counterfoil.location import Diagnostic


@dataclass(frozen=True, slots=True)
class Size:
    """How much a document describes.

    `operations` are those below paths, `webhooks` those below webhooks, `callbacks` those that the operations of both
    call back, each with the methods of its own that OpenAPI 3.2 adds; `schemas` those among the components.
    """

    operations: int = 0
    webhooks: int = 0
    callbacks: int = 0
    schemas: int = 0

    @classmethod
    def of(cls, tree: dict[str, Any]) -> Self:
        """The size of an OpenAPI 3.1 tree in canonical form, perhaps a defective one."""
        held = [list(each_operation({"paths": tree.get(section)})) for section in ("paths", "webhooks")]
        callbacks = sum(_called_back(tree, operation) for section in held for *_, operation in section)
        components = tree.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        return cls(len(held[0]), len(held[1]), callbacks, len(schemas) if isinstance(schemas, dict) else 0)


def _called_back(tree: dict[str, Any], operation: dict[str, Any]) -> int:
    """The number of operations that one calls back; what these call back in turn is none of its own."""
    stated = operation.get("callbacks")
    callbacks = stated.values() if isinstance(stated, dict) else ()
    return sum(1 for callback in callbacks for _ in each_operation({"paths": resolve(tree, callback)}))


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
    stated: Size = Size()
