"""The order in which a canonical document is written."""

from typing import Any

from counterfoil.contract.tree.grammar import KINDS, walk

_RANKS = {name: {key: rank for rank, key in enumerate(kind.fields)} for name, kind in KINDS.items()}


def order(tree: dict[str, Any]) -> None:
    """Bring the fields of every object into the order of the grammar, in place.

    Names of the document's own, such as paths, statuses, components and properties, keep the order of the page;
    unknown keywords of schemas follow the known ones, and extensions come last.
    """
    for kind, _, node in walk(tree):
        ranks = _RANKS[kind]
        if not ranks:
            continue
        last = len(ranks)
        keys = sorted(node, key=lambda key: ranks.get(key, last + key.startswith("x-")))
        if keys != list(node):
            items = [(key, node[key]) for key in keys]
            node.clear()
            node.update(items)
