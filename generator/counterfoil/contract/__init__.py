"""From documents to one canonical OpenAPI 3.1 contract: canonicalise → merge → amend → check."""

from counterfoil.contract.amend import amend
from counterfoil.contract.build import build
from counterfoil.contract.canonicalise import canonicalise
from counterfoil.contract.check import check
from counterfoil.contract.contract import Contract
from counterfoil.contract.merge import merge

__all__ = ["Contract", "amend", "build", "canonicalise", "check", "merge"]
