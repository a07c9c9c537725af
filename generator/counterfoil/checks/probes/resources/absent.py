"""What a run has made is in lists, however long ago it was made."""

import re
from collections.abc import Collection, Hashable, Iterable
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.made import Made
from counterfoil.checks.objects.pages import Walk
from counterfoil.checks.objects.removed import is_of_removed
from counterfoil.stub.state.inference.names import plain, singular

LISTING = "listed_objects"

_UNPAGED = 100  # objects of a list that does not come in parts, which may end there without a word of the contract

_BY_DEFAULT = re.compile(r"\bdefault|\bunless\b|\bomitted\b|\bhidden\b|\bexclud", re.IGNORECASE)


def note(acting: Acting, lister: Lister, objects: Iterable[Made], walk: Walk) -> None:
    """Note an object that was made below what a list is below, and is not in that list, which `walk` has walked."""
    if not walk.pages or not walk.complete or not (lister.is_paged or len(walk.items) < _UNPAGED):
        return
    found = _absent(acting, lister, objects, walk)
    if found is not None:
        exchange, summary = walk.pages[-1].exchange, "what was made is not listed"
        acting.note(exchange, LISTING, summary, f"the object {found.key}", exchange.response.describe())


def _absent(acting: Acting, lister: Lister, objects: Iterable[Made], walk: Walk) -> Made | None:
    """An object that is not in a list which has others like it; lists may leave out what is in another state."""
    items, asked = walk.items, _asked(lister)
    alike = {_state(acting, made, asked) for made in objects if made.key in items}
    absent = (made for made in objects if made.key not in items and lister.is_whole_for(made.value))
    return next((made for made in absent if _state(acting, made, asked) in alike), None)


def _asked(lister: Lister) -> frozenset[str]:
    """The choices by which a list has other objects only where somebody asks for that.

    Nobody knows where the contract tells what is the case by default.
    """
    if _BY_DEFAULT.search(str(lister.operation.tree.get("description"))):
        return frozenset()
    nodes = {each["name"]: each for each in lister.operation.parameters if each.get("in") == "query"}
    silent = (each for each in lister.wanted if not _BY_DEFAULT.search(str(nodes.get(each, {}).get("description"))))
    return frozenset(called for each in silent for called in (plain(each), plain(singular(each))))


def _state(acting: Acting, made: Made, asked: Collection[str]) -> Hashable:
    """What a list may choose objects by: truth values, choices, times and whether there is a value.

    Choices that the list has to be asked for, `asked`, are none of that unless they say that something is gone.
    """
    operation = acting.collection.create.operation
    known = shapes.properties(operation, acting.collection.create.role.shape)

    def told(name: str, value: Any) -> str:
        node = operation.resolve(known.get(name, {}))
        says = isinstance(value, bool) or shapes.choices(operation, known.get(name, {})) is not None
        if isinstance(value, str) and plain(name) in asked and not is_of_removed(value):
            says = False
        is_time = name in acting.settable and isinstance(node, dict) and str(node.get("format")).startswith("date")
        return repr(value) if says or is_time else type(value).__name__

    return tuple(sorted((name, told(name, value)) for name, value in made.value.items()))
