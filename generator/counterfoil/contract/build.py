"""All stages between a vendor's folder and its contract."""

from typing import TYPE_CHECKING

from counterfoil.contract.bundle import FolderFiles
from counterfoil.contract.canonicalise import canonicalise
from counterfoil.contract.checking.check import check
from counterfoil.contract.contract import Contract
from counterfoil.contract.merging.merge import merge
from counterfoil.contract.overlay.amend import amend
from counterfoil.documents import collector_paused, read
from counterfoil.documents.folder import VendorFolder
from counterfoil.location import CounterfoilError, Diagnostic

if TYPE_CHECKING:
    from counterfoil.documents.document import Document

_DATA = (".yaml", ".yml", ".json")


def build(folder: VendorFolder, *, overlay: bool = True) -> Contract:
    """The contract that the pages of a folder describe, corrected by its overlay unless `overlay` is false.

    A YAML or JSON file that describes no API itself may hold what others refer to. Raises `CounterfoilError` if a
    page cannot be read or the overlay cannot be applied; what can be left out of the contract is left out and told
    in its diagnostics.
    """
    with collector_paused():
        return _build(folder, overlay=overlay)


def _build(folder: VendorFolder, *, overlay: bool) -> Contract:
    documents: list[Document] = []
    unread: dict[str, tuple[Diagnostic, ...]] = {}
    for path, text in folder.pages:
        try:
            documents.append(read(path, text))
        except CounterfoilError as error:
            unread[path] = error.diagnostics
    data = {path: text for path, text in folder.pages if path.endswith(_DATA)}
    files = FolderFiles(data)
    canonical = [canonicalise(document, files) for document in documents]
    problems = [problem for path, found in unread.items() if path not in files.used for problem in found]
    if problems:
        raise CounterfoilError(*problems)
    contract = merge(folder.name, canonical)
    if overlay and folder.overlay:
        contract = amend(contract, *folder.overlay)
    return check(contract)
