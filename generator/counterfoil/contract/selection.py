"""Keep the operations of a contract that a person chose, and what they reach."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.contract import Contract
from counterfoil.contract.suggestion import did_you_mean
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import METHODS, walk
from counterfoil.contract.tree.operations import each_operation, operation_id
from counterfoil.contract.tree.references import local, target
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from counterfoil.documents.config import OperationSettings

_PLACE = re.compile(r"(?:(?P<method>[A-Za-z*]+)\s+)?(?P<path>/.*)")
_OTHERS = "x-additional-operations"
_HINT = "a pattern is METHOD /path, /path, an operationId or a tag; * stands for any text"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An operation that can be chosen: where it stands, its method and path, its operationId and tags."""

    pointer: str
    place: str
    names: tuple[str, ...]


def select(contract: Contract, settings: "OperationSettings", where: Callable[[str, str], Location]) -> Contract:
    """The contract with the chosen operations alone, and the components that they reach; the one given is used up.

    Without a choice nothing is left out. `where` tells the place of a pattern in the settings, by the name of its
    list and its text. Raises `CounterfoilError` with every pattern that matches no operation, or if none is left.
    """
    if not settings.include and not settings.exclude:
        return contract
    candidates = list(_candidates(contract.tree))
    chosen: dict[str, set[str]] = {}
    problems: list[Diagnostic] = []
    for key, patterns in (("include", settings.include), ("exclude", settings.exclude)):
        chosen[key] = set()
        for pattern in patterns:
            matched = _matched(pattern, candidates)
            chosen[key] |= matched
            if not matched:
                problems.append(_unmatched(where(key, pattern), pattern, candidates))
    kept = (chosen["include"] if settings.include else {found.pointer for found in candidates}) - chosen["exclude"]
    if not kept and not problems:
        last = where("exclude", settings.exclude[-1])
        problems.append(Diagnostic(last, "no-operation-left", "every operation is excluded"))
    if problems:
        raise CounterfoilError(*problems)
    draft = Draft.of(contract)
    for candidate in candidates:
        if candidate.pointer not in kept:
            _remove_operation(draft, candidate.pointer)
    _remove_tags(draft)
    _remove_components(draft)
    return contract


def _candidates(tree: dict[str, Any]) -> Iterator[_Candidate]:
    """Every operation below `paths`, and below `webhooks`, whose names are names of operations too."""
    for section in ("paths", "webhooks"):
        for path, method, pointer, operation in each_operation({"paths": tree.get(section)}):
            tags = operation.get("tags")
            names = [operation.get("operationId") or operation_id(method, path)]
            names += tags if isinstance(tags, list) else []
            if section == "webhooks":
                names.append(path)
                pointer = f"/webhooks{pointer.removeprefix('/paths')}"
            yield _Candidate(pointer, f"{method.upper()} {path}", tuple(map(str, names)))


def _matched(pattern: str, candidates: list[_Candidate]) -> set[str]:
    """The pointers of all operations that a pattern matches by method and path, or by one of their names."""
    place = _PLACE.fullmatch(pattern.strip())
    whole = f"{(place['method'] or '*').upper()} {place['path']}" if place else pattern
    expression = re.compile(".*".join(map(re.escape, whole.split("*"))), re.DOTALL)
    return {
        candidate.pointer
        for candidate in candidates
        if any(expression.fullmatch(text) for text in ((candidate.place,) if place else candidate.names))
    }


def _unmatched(where: Location, pattern: str, candidates: list[_Candidate]) -> Diagnostic:
    known = {text for found in candidates for text in (found.place, found.place.partition(" ")[2], *found.names)}
    hint = did_you_mean(pattern, sorted(known), _HINT)
    return Diagnostic(where, "operations-no-match", f"{pattern!r} matches no operation", hint)


def _remove(draft: Draft, pointer: str) -> None:
    *above, name = json_pointer.split(pointer)
    del json_pointer.resolve(draft.tree, json_pointer.join("", *above))[name]
    draft.evidence.discard(pointer)


def _remove_operation(draft: Draft, pointer: str) -> None:
    """Remove an operation, and its path item with the last one."""
    _remove(draft, pointer)
    item_pointer = json_pointer.join("", *json_pointer.split(pointer)[:2])
    item = json_pointer.resolve(draft.tree, item_pointer)
    if item.get(_OTHERS) == {}:
        _remove(draft, json_pointer.join(item_pointer, _OTHERS))
    if not any(key in item for key in (*METHODS, _OTHERS)):
        _remove(draft, item_pointer)


def _remove_tags(draft: Draft) -> None:
    """Remove the descriptions of tags that no operation has."""
    stated = draft.tree.get("tags")
    tags: list[Any] = stated if isinstance(stated, list) else []
    used = {name for candidate in _candidates(draft.tree) for name in candidate.names}
    for index in reversed(range(len(tags))):
        if isinstance(tags[index], dict) and str(tags[index].get("name")) not in used:
            draft.remove_item("/tags", tags, index)


def _remove_components(draft: Draft) -> None:
    """Remove the components that nothing outside components leads to."""
    needs: dict[str, set[str]] = {}
    extended_by: dict[str, set[str]] = {}
    discriminated = set()
    for kind, pointer, node in walk(draft.tree):
        owner = _owner(pointer)
        needs.setdefault(owner, set()).update(_named(kind, node))
        if kind == "discriminator":
            discriminated.add(owner)
        if kind == "schema" and "/allOf/" in pointer and (base := target(node)):
            extended_by.setdefault(_owner(base), set()).add(owner)
    for owner in discriminated:  # OpenAPI 3.1.0 section 4.8.25: what extends such a schema may stand for it
        needs[owner] |= extended_by.get(owner, set())
    reached, stack = {""}, [""]
    while stack:
        more = needs.get(stack.pop(), set()) - reached
        reached |= more
        stack.extend(more)
    components = draft.tree.get("components")
    for section, held in components.items() if isinstance(components, dict) else ():
        for name in list(held) if isinstance(held, dict) and not section.startswith("x-") else ():
            pointer = json_pointer.join("/components", section, name)
            if pointer not in reached:
                _remove(draft, pointer)


def _owner(pointer: str) -> str:
    """The component that a node stands in; empty for what stands elsewhere."""
    tokens = json_pointer.split(pointer)
    return json_pointer.join("", *tokens[:3]) if tokens[:1] == ["components"] and len(tokens) > 2 else ""


def _named(kind: str, node: dict[str, Any]) -> Iterator[str]:
    """The components that a node speaks of: by reference, in a discriminator's mapping, or as a security scheme."""
    pointer = target(node)
    if pointer is not None:
        yield _owner(pointer)
    if kind == "requirement":
        yield from (json_pointer.join("/components/securitySchemes", name) for name in node)
    elif kind == "discriminator" and isinstance(node.get("mapping"), dict):
        for stated in map(str, node["mapping"].values()):
            pointer = local(stated)
            yield json_pointer.join("/components/schemas", stated) if pointer is None else _owner(pointer)
