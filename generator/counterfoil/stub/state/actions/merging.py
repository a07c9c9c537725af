"""Merging what a request says of an object into it, as far as its schema takes objects in parts."""

from typing import Any

from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.schema_walk import resolved
from counterfoil.stub.state.actions.patching import merge

ATTRIBUTES = "attributes"  # of JSON:API, whose servers keep those that are missing (section 9.2)
DEEPEST = 4  # objects within each other, below which all are merged as RFC 7396 says


class Merging:
    """Merges bodies by `request`, their schema, into objects of `shape`."""

    def __init__(self, contract: ContractTree, request: Node, shape: Node, depth: int = 0) -> None:
        shown = contract.properties(shape)
        self._nullable = frozenset(name for name, node in shown.items() if "null" in contract.types(node))
        self._required = frozenset(contract.required(shape))
        self._whole: set[str] = set()
        self._inner: dict[str, Merging] = {}
        for name, each in contract.properties(request).items():
            node = resolved(contract, each)
            if name != ATTRIBUTES and _is_whole(contract, node):
                self._whole.add(name)
            if contract.properties(node) and depth < DEEPEST:
                self._inner[name] = Merging(contract, node, resolved(contract, shown.get(name, NOTHING)), depth + 1)

    def __call__(self, before: dict[str, Any], told: dict[str, Any], *, is_patch: bool) -> dict[str, Any]:
        """`before` with what is `told`; neither is altered.

        Null removes what cannot be null, and leaves as it was what must be there. An object within takes the place of
        the one before where its schema requires properties or has alternatives, so that it is told as a whole, unless
        the body `is_patch` (RFC 7396).
        """
        merged = dict(before)
        for name, value in told.items():
            inner = self._inner.get(name)
            if value is None:
                if name in self._nullable:
                    merged[name] = None
                elif name not in self._required:
                    merged.pop(name, None)
            elif name in self._whole and not is_patch:
                merged[name] = value
            elif inner is not None and isinstance(value, dict) and isinstance(before.get(name), dict):
                merged[name] = inner(before[name], value, is_patch=is_patch)
            else:
                merged[name] = merge(merged.get(name), value)
        return merged


def united(one: Any, other: Any) -> Any:
    """What two tellings of one object tell of it; where both do, what the `other` one does. Neither is altered."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{name: united(one[name], each) if name in one else each for name, each in other.items()}}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [united(mine, theirs) for mine, theirs in zip(one, other, strict=True)]
    return other


def _is_whole(contract: ContractTree, node: Node) -> bool:
    """Whether an object of a schema is only valid with all that it has."""
    branches = [*(node.get("oneOf") or ()), *(node.get("anyOf") or ())]
    alternatives = [each for each in branches if contract.types(each) != {"null"}]
    return len(alternatives) > 1 or bool(contract.required(node))
