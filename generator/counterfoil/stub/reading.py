"""Contracts as they are generated, each read once by a process."""

import json
from functools import lru_cache

from counterfoil.stub.contract_tree import ContractTree

_MOST = 8
_LARGEST = 1_000_000  # characters of one that is kept


def read(text: str) -> ContractTree:
    """The contract that a generated `openapi.json` is the text of, for reading only; `ValueError` for what is no JSON.

    Whoever reads the same text shares what is found out of the contract, unless that is very large.
    """
    return _kept(text) if len(text) <= _LARGEST else ContractTree(json.loads(text))


@lru_cache(maxsize=_MOST)
def _kept(text: str) -> ContractTree:
    return ContractTree(json.loads(text))
