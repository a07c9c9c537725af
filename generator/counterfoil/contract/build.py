"""All stages between a vendor's folder and its contract."""

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from counterfoil.contract.bundle import FolderFiles
from counterfoil.contract.canonicalise import canonicalise
from counterfoil.contract.checking.check import check
from counterfoil.contract.contract import Contract, Size
from counterfoil.contract.merging.merge import merge
from counterfoil.documents import collector_paused, read
from counterfoil.documents.folder import VendorFolder, read_page
from counterfoil.documents.single import FilesBelow
from counterfoil.location import CounterfoilError, Diagnostic

if TYPE_CHECKING:
    from counterfoil.documents.document import Document

_DATA = (".yaml", ".yml", ".json")


def build(folder: VendorFolder, *, overlay: bool = True) -> Contract:
    """The contract that the pages of a folder describe, corrected by its overlay unless `overlay` is false.

    A YAML or JSON file that describes no API itself may hold what others refer to. Raises `CounterfoilError` if a
    page cannot be read, the overlay cannot be applied, or the settings choose operations that are not there; what can
    be left out of the contract is left out and told in its diagnostics.
    """
    with collector_paused():
        return _build(folder, overlay=overlay)


def build_page(path: Path, *, as_written: bool = False) -> Contract:
    """The contract that one page describes, wherever it lies, with what it refers to in files beside it or below.

    With `as_written`, what is only doubtful stays: see `check`. `CounterfoilError` if the page cannot be read.
    """
    with collector_paused():
        document = read(path.as_posix(), read_page(path, path.parent))
        name = re.sub(r"[^A-Za-z0-9]+", "-", path.name.partition(".")[0]).strip("-") or "api"
        contract = merge(name, [canonicalise(document, FolderFiles(FilesBelow(path.parent)))])
        contract.stated = Size.of(contract.tree)
        return check(contract, as_written=as_written, typed=False)


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
        from counterfoil.contract.overlay.amend import amend  # here, so that serving a file loads no JSONPath

        contract = amend(contract, *folder.overlay)
    contract.stated = Size.of(contract.tree)
    return check(_selected(contract, folder))


def _selected(contract: Contract, folder: VendorFolder) -> Contract:
    """The contract with the operations alone that the settings of a folder choose, if there are any."""
    if folder.config_file is None:
        return contract
    from counterfoil.contract.selection import select
    from counterfoil.documents.config import item_location  # here, so that serving a file loads no pydantic

    where = partial(item_location, *folder.config_file, "operations")
    return select(contract, folder.config.operations, where)
