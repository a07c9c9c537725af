"""What a contract has that its pages do not say in this form: actions that say it there, so that others find it.

Overlays are applied before the last stage that makes a contract (`contract.checking`), which adds and rewrites.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from counterfoil import pointer as json_pointer
from counterfoil.evidence import EvidenceTable

Tree = dict[str, Any]

_ADDED = "missing-success-status"
_CLOSED = "closed-all-of"
_ALL_BELOW = "[*]"


class Statement(NamedTuple):
    """A node, a JSONPath from there to what is changed, the change, and the pointer that asks for it."""

    pointer: str
    below: str
    change: Tree
    cause: str


def statements(contract: Mapping[str, Any], evidence: EvidenceTable, pointers: Iterable[str]) -> Iterator[Statement]:
    """What has to be stated before actions reach into what stands at `pointers`, each part once.

    After these actions the pages yield there what `contract` has, whatever else is changed in it.
    """
    stated: set[str] = set()
    for cause in pointers:
        for pointer, node in _way(contract, cause):
            found = [Statement(*each, cause) for each in _stating(evidence, pointer, node)]
            if found:
                if pointer not in stated:
                    yield from found
                stated.add(pointer)
                break


def _stating(evidence: EvidenceTable, pointer: str, node: Any) -> Iterator[tuple[str, str, Tree]]:
    *above, last = json_pointer.split(pointer)
    if _rule(evidence, pointer) == _ADDED:
        yield json_pointer.join("", *above), "", {"update": {last: node}}
    elif isinstance(node, dict) and _rule(evidence, json_pointer.join(pointer, "unevaluatedProperties")) == _CLOSED:
        yield pointer, _ALL_BELOW, {"remove": True}
        yield pointer, "", {"update": node}


def _rule(evidence: EvidenceTable, pointer: str) -> str:
    """The rule by which a node was inferred or repaired last."""
    history = evidence.history(pointer)
    return history[-1].rule if history else ""


def _way(contract: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Any]]:
    """All nodes above a node with their pointers, outermost first, and the node itself."""
    at, node = "", contract
    for token in json_pointer.split(pointer):
        at = json_pointer.join(at, token)
        try:
            node = json_pointer.resolve(node, json_pointer.join("", token))
        except LookupError:
            return
        yield at, node
