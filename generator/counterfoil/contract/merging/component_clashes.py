"""Components of two documents that have one name and say different things."""

from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.component_names import allowed_name, rename_components
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import SECTIONS, walk
from counterfoil.contract.tree.references import target

_SAID_FREELY = frozenset({"title", "summary", "description", "example", "examples", "externalDocs"})


def resolve_clashes(into: Draft, other: Draft) -> None:
    """Rename the components of `other` that mean something else in `into`: `Error` of page `users.md` → `Error_users`.

    Texts and examples may differ. Components that refer to a renamed one, directly or through others, mean
    something else too. The new names depend on the page alone, not on what else is merged.
    """
    mine, theirs = _components(into.tree), _components(other.tree)
    shared = [pointer for pointer in theirs if pointer in mine]
    different = {pointer for pointer in shared if _meaning(mine[pointer]) != _meaning(theirs[pointer])}
    references = {pointer: _references(pointer, theirs[pointer]) for pointer in shared}
    while more := {pointer for pointer in shared if pointer not in different and references[pointer] & different}:
        different |= more
    stem = allowed_name(other.path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    renamed: dict[str, str] = {}
    for pointer in shared:
        if pointer not in different:
            continue
        *above, name = json_pointer.split(pointer)
        new, number = f"{name}_{stem}", 1
        while any(json_pointer.join("", *above, new) in known for known in (mine, theirs, renamed.values())):
            number += 1
            new = f"{name}_{stem}_{number}"
        renamed[pointer] = json_pointer.join("", *above, new)
        other.report(
            pointer,
            "component-renamed",
            f"{name} means something else at {into.at(pointer)}: named {new}",
            severity="note",
        )
    rename_components(other, renamed, "component-clash")


def _components(tree: dict[str, Any]) -> dict[str, Any]:
    """Pointer → component, of all sections."""
    return {
        json_pointer.join("/components", section, name): component
        for section, held in tree.get("components", {}).items()
        if isinstance(held, dict) and section in SECTIONS.values()
        for name, component in held.items()
    }


def _meaning(value: Any) -> Any:
    """A component without what may be said freely. Names of properties that are called like that are kept."""
    if isinstance(value, list):
        return [_meaning(item) for item in value]
    if not isinstance(value, dict):
        return (type(value).__name__, value)
    return {
        key: {name: _meaning(item) for name, item in held.items()}
        if key == "properties" and isinstance(held, dict)
        else _meaning(held)
        for key, held in value.items()
        if key not in _SAID_FREELY and not key.startswith("x-")
    }


def _references(pointer: str, component: Any) -> set[str]:
    """The components that the one at `pointer` refers to, as pointers."""
    found = set()
    section = json_pointer.split(pointer)[1]
    for _, _, node in walk(component, next(kind for kind, name in SECTIONS.items() if name == section)):
        other = target(node)
        if other is not None:
            found.add(json_pointer.join("", *json_pointer.split(other)[:3]))
    return found
