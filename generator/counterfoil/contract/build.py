"""All stages between a vendor's folder and its contract."""

from counterfoil.contract.amend import amend
from counterfoil.contract.canonicalise import canonicalise
from counterfoil.contract.check import check
from counterfoil.contract.contract import Contract
from counterfoil.contract.merge import merge
from counterfoil.documents import read
from counterfoil.documents.folder import VendorFolder


def build(folder: VendorFolder, *, overlay: bool = True) -> Contract:
    """The contract that the pages of a folder describe, corrected by its overlay unless `overlay` is false.

    Raises `CounterfoilError` if a page cannot be read or the overlay cannot be applied; what can be left out of the
    contract is left out and told in its diagnostics.
    """
    documents = [canonicalise(read(path, text)) for path, text in folder.pages]
    contract = merge(folder.name, documents)
    if overlay and folder.overlay:
        contract = amend(contract, *folder.overlay)
    return check(contract)
