"""Unite the documents of one vendor in one contract."""

from collections.abc import Sequence

from counterfoil.contract.contract import Contract
from counterfoil.documents.document import Document


def merge(vendor: str, documents: Sequence[Document]) -> Contract:
    """One contract of all documents, which are used up."""
    (document,) = documents
    return Contract(vendor, document.tree, document.evidence, document.diagnostics)
