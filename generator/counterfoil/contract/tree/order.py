"""The order in which a canonical document is written."""

from typing import Any

from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import KINDS


class _Ranks(dict[str, int]):
    """Where each field of one kind of object goes; unknown ones go behind them, extensions to the end."""

    def __missing__(self, key: str) -> int:
        return len(self) + key.startswith("x-")


_RANKS = {
    name: _Ranks({key: rank for rank, key in enumerate(kind.fields)}).__getitem__
    for name, kind in KINDS.items()
    if kind.fields
}


def order(draft: Draft) -> None:
    """Bring the fields of every object into the order of the grammar, in place.

    Names of the document's own, such as paths, statuses, components and properties, keep the order of the page;
    unknown keywords of schemas follow the known ones, and extensions come last.
    """
    for kind, _, node in draft.walk():
        rank = _RANKS.get(kind)
        if rank is None or len(node) == 1:
            continue
        ranks = list(map(rank, node))
        if ranks != sorted(ranks):
            items: list[tuple[str, Any]] = [(key, node[key]) for key in sorted(node, key=rank)]
            node.clear()
            node.update(items)
