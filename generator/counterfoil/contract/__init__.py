"""From documents to one canonical OpenAPI 3.1 contract: canonicalise → merge → amend → check.

What reads one document stands in `upgrade` (other versions) and `dialect` (what writers get wrong), what unites
documents in `merging`, a person's corrections in `overlay`, what reports and leaves out in `checking`. All of them
stand on `tree`: the grammar of OpenAPI, references, and changing a tree together with its evidence.
"""

from counterfoil.contract.build import build, build_page
from counterfoil.contract.contract import Contract

__all__ = ["Contract", "build", "build_page"]
