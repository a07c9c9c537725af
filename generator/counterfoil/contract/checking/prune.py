"""What a document refers to and does not have, and what can therefore not be used."""

from collections import defaultdict
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.suggestion import did_you_mean
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import METHODS, SECTIONS
from counterfoil.contract.tree.references import local, resolve

# Parts that an operation does without.
_DISPENSABLE = frozenset({"callbacks", "links", "examples"})
_MOST_HINTS = 50  # unresolved references for which a name like theirs is looked for: it takes a look at all names


def prune(draft: Draft) -> None:
    """Report references that lead nowhere or in a circle, and leave out what needs them: operations and components.

    A callback, link or example that cannot be used is left out alone, its operation stays.
    """
    broken: dict[str, str] = {}
    needed_by: defaultdict[str, set[str]] = defaultdict(set)
    named: dict[tuple[str, str], str | None] = {}  # many refer to the same
    for kind, pointer, node in draft.walk():
        reference = node.get("$ref")
        if not isinstance(reference, str):
            continue
        if (kind, reference) not in named:
            named[kind, reference] = _named_unit(draft.tree, kind, reference)
        owner, unit = unit_of(pointer), named[kind, reference]
        if unit is None:
            below = json_pointer.join(pointer, "$ref")
            message, hint = _why(draft.tree, kind, reference, hinted=len(broken) < _MOST_HINTS)
            draft.report(below, "unresolved-reference", message, hint)
            broken.setdefault(owner, reference)
        elif unit != owner:
            needed_by[unit].add(owner)
    _spread(broken, needed_by)
    for unit, reference in broken.items():
        leave_out(draft, unit, reference)
    drop_empty(draft)


def _named_unit(tree: dict[str, Any], kind: str, reference: str) -> str | None:
    """The unit that a reference in a node of this kind leads into; None if it leads nowhere of use."""
    target = local(reference)
    if target is None or not _fits(kind, target) or resolve(tree, {"$ref": reference}) is None:
        return None
    return unit_of(target)


def _fits(kind: str, target: str) -> bool:
    """Whether what stands at a pointer can be a node of this kind, as far as the pointer shows it."""
    tokens = json_pointer.split(target)
    if tokens[:1] != ["components"]:
        return len(tokens) > 1
    return len(tokens) > 3 or (len(tokens) == 3 and tokens[1] == SECTIONS.get(kind, "pathItems"))


def _why(tree: dict[str, Any], kind: str, reference: str, *, hinted: bool) -> tuple[str, str]:
    """What is wrong with a reference, and what may help."""
    pointer = local(reference)
    if pointer is None:
        return f"{reference} is not in this document", "bring what it names into components"
    try:
        json_pointer.resolve(tree, pointer)
    except LookupError:
        return f"{reference} leads nowhere", _closest(tree, pointer) if hinted else ""
    return f"{reference} leads in a circle" if _fits(kind, pointer) else f"{reference} is no {kind}", ""


def _closest(tree: dict[str, Any], pointer: str) -> str:
    *parents, name = json_pointer.split(pointer)
    try:
        siblings = json_pointer.resolve(tree, json_pointer.join("", *parents))
    except LookupError:
        return ""
    return did_you_mean(name, siblings) if isinstance(siblings, dict) else ""


def unit_of(pointer: str) -> str:
    """The smallest part around a node that is used or left out as a whole."""
    tokens = json_pointer.split(pointer) or [""]
    for index, token in enumerate(tokens):
        if token in _DISPENSABLE and 2 < index < len(tokens) - 1 and tokens[index - 1] not in {"properties", "schemas"}:
            return json_pointer.join("", *tokens[: index + 2])
    depth = 3 if tokens[0] == "components" else 2
    if tokens[0] == "paths" and len(tokens) > 2:
        depth = 3 if tokens[2] in METHODS else 4 if tokens[2] == "x-additional-operations" else 2
    return json_pointer.join("", *tokens[:depth])


def _spread(broken: dict[str, str], needed_by: dict[str, set[str]]) -> None:
    """Add to the broken units all that need them, directly or through others, each with the reference at fault."""
    stack = list(broken)
    while stack:
        unit = stack.pop()
        for dependant in sorted(needed_by.get(unit, ())):
            if dependant not in broken:
                broken[dependant] = f"#{unit}"
                stack.append(dependant)


def leave_out(draft: Draft, unit: str, reference: str) -> None:
    """Remove a unit that cannot do without `reference`, and say so."""
    *parents, name = json_pointer.split(unit)
    above = json_pointer.join("", *parents)
    try:
        holder = json_pointer.resolve(draft.tree, above)
    except LookupError:  # left out together with something around it
        return
    if not isinstance(holder, dict) or name not in holder:
        return
    if parents[:1] == ["paths"]:
        what = f"{name.upper()} {parents[1]}" if len(parents) > 1 else name
        draft.report(unit, "left-out", f"{what} is left out: it needs {reference}")
    else:
        draft.report(unit, "left-out", f"#{unit} is left out: it needs {reference}", severity="warning")
    del holder[name]
    draft.evidence.discard(unit)


def drop_empty(draft: Draft) -> None:
    """Remove path items that have no operation left, and parts of components that hold nothing."""
    paths: dict[str, Any] = draft.tree.get("paths", {})
    for path in list(paths):
        item = paths[path]
        if isinstance(item, dict) and not path.startswith("x-") and not _serves(item):
            draft.drop(paths, "/paths", path, "empty-path", f"{path} has no operation")
    components = draft.tree.get("components")
    if isinstance(components, dict):
        for section in [name for name, held in components.items() if held == {}]:
            draft.drop(components, "/components", section, "empty-components", section)
        if not components:
            draft.drop(draft.tree, "", "components", "empty-components")


def _serves(item: dict[str, Any]) -> bool:
    return "$ref" in item or any(key in METHODS or key == "x-additional-operations" for key in item)
