"""Contracts made from documents that a test writes."""

import json
from typing import Any

from counterfoil.contract import build
from counterfoil.contract.contract import Contract
from counterfoil.documents.folder import VendorFolder


def contract_of(document: dict[str, Any], **files: dict[str, Any]) -> Contract:
    """The contract of a folder with the page `page.json` and further pages, each named by its keyword."""
    pages = {"page.json": document, **{f"{name}.json": content for name, content in files.items()}}
    texts = tuple((path, json.dumps(content)) for path, content in pages.items())
    return build(VendorFolder("acme", "acme", "acme", texts))
