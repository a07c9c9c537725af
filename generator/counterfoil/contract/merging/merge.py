"""Unite the documents of one vendor in one contract."""

import json
import re
from collections.abc import Sequence
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.contract import Contract
from counterfoil.contract.merging.component_clashes import resolve_clashes
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.operations import each_operation
from counterfoil.contract.tree.references import resolve
from counterfoil.documents.document import Document
from counterfoil.evidence import Evidence
from counterfoil.location import CounterfoilError, Diagnostic, Location

# Fields in which documents may say different things of the same without contradicting each other.
_TEXTS = frozenset({"title", "summary", "description", "termsOfService", "example", "examples", "externalDocs", "tags"})


_LONGEST = 60  # characters of a value that are shown


def merge(vendor: str, documents: Sequence[Document]) -> Contract:
    """One contract of all documents, which are in canonical form and are used up.

    What only one document states is taken from it. Where two contradict each other, the first one holds and a
    diagnostic names both places. Components of one name are one component if they say the same; if not, the later
    one gets a name of its own. Servers and security that hold for one document only are stated with its operations.
    An API that no document names is called after `vendor`, by the rule `title-from-folder`.
    `CounterfoilError` without any document.
    """
    if not documents:
        raise CounterfoilError(Diagnostic(Location(vendor, 0), "no-pages", "no page describes an API"))
    first, *others = documents
    contract = Contract(vendor, first.tree, first.evidence, list(first.diagnostics))
    for document in others:
        _unite(Draft.of(contract), Draft.of(document))
    _title(contract, Location(first.path))
    return contract


def _title(contract: Contract, page: Location) -> None:
    """Call an API that has no title after its folder: `acme-billing` is Acme Billing."""
    info = contract.tree["info"]
    title = info.pop("title", None)
    if not str(title or "").strip():
        words = filter(None, re.split(r"[-_]+", contract.vendor))
        title = " ".join(word[0].upper() + word[1:] for word in words)
        contract.evidence.discard("/info/title")
        contract.evidence.add("/info/title", Evidence("inferred", page, "title-from-folder"))
    contract.tree["info"] = {"title": title, **info}


def _unite(into: Draft, other: Draft) -> None:
    resolve_clashes(into, other)
    _info(into, other)
    _servers(into, other)
    _security(into, other)
    for key in ("tags", "paths", "webhooks", "components", "externalDocs", "jsonSchemaDialect"):
        if key in other.tree:
            _field(into, other, into.tree, other.tree, "", key)
    for key in other.tree:
        if key.startswith("x-") and key not in into.tree:
            _take(into, other, into.tree, "", key, other.tree[key])
    into.diagnostics.extend(other.diagnostics)


def _info(into: Draft, other: Draft) -> None:
    """Fill in what the first document leaves out; a title or version that was made up gives way to a stated one."""
    mine, theirs = into.tree["info"], other.tree["info"]
    for key, value in theirs.items():
        below = json_pointer.join("/info", key)
        made_up = [draft.evidence.history(below)[-1:] for draft in (into, other)]
        inferred = [bool(steps) and steps[0].kind == "inferred" for steps in made_up]
        if key not in mine or (inferred == [True, False]):
            _take(into, other, mine, "/info", key, value)


def _servers(into: Draft, other: Draft) -> None:
    mine, theirs = into.tree.get("servers"), other.tree.get("servers")
    if not theirs:
        return
    if not mine:
        _take(into, other, into.tree, "", "servers", theirs)
        return
    known = [server["url"] for server in mine]
    if any(server["url"] in known for server in theirs):
        for index, server in enumerate(theirs):
            if server["url"] not in known:
                into.evidence.copy(f"/servers/{index}", f"/servers/{len(mine)}", other.evidence)
                mine.append(server)
        return
    for pointer, operation in _only_there(into, other):
        if "servers" not in operation:
            operation["servers"] = [dict(server) for server in theirs]
            other.evidence.copy("/servers", json_pointer.join(pointer, "servers"))


def _security(into: Draft, other: Draft) -> None:
    """Security of a whole document is that of its operations. A document that states none leaves the question open."""
    mine, theirs = into.tree.get("security"), other.tree.get("security")
    if theirs is None or theirs == mine:
        return
    if mine is None:
        _take(into, other, into.tree, "", "security", theirs)
        return
    for pointer, operation in _only_there(into, other):
        if "security" not in operation:
            operation["security"] = [dict(requirement) for requirement in theirs]
            other.evidence.copy("/security", json_pointer.join(pointer, "security"))


def _only_there(into: Draft, other: Draft) -> list[tuple[str, dict[str, Any]]]:
    """The operations that only the other document describes, with their pointers."""
    known = {pointer for _, _, pointer, _ in each_operation(into.tree)}
    return [(pointer, node) for _, _, pointer, node in each_operation(other.tree) if pointer not in known]


def _field(into: Draft, other: Draft, mine: dict[str, Any], theirs: dict[str, Any], pointer: str, key: str) -> None:
    """Unite what two documents state in the same field of the same node."""
    below, value = json_pointer.join(pointer, key), theirs[key]
    if key not in mine:
        _take(into, other, mine, pointer, key, value)
    elif mine[key] == value or (key in _TEXTS and key != "tags"):
        return
    elif isinstance(mine[key], dict) and isinstance(value, dict) and "$ref" not in mine[key] and "$ref" not in value:
        for name in value:
            _field(into, other, mine[key], value, below, name)
    elif isinstance(mine[key], list) and isinstance(value, list) and key in _IDENTITIES:
        _list(into, other, mine[key], value, below, key)
    elif resolve(into.tree, mine[key]) != resolve(other.tree, value):
        hint = "correct one of the pages, or say in the overlay what holds"
        where = into.at(below)
        here, there = _shown(value), _shown(mine[key])
        message = f"{key} is {here} here and {there} at {where}, which holds"
        other.report(below, "contradiction", message, hint)


# Lists whose items are told apart by some of their fields.
_IDENTITIES: dict[str, tuple[str, ...]] = {"tags": ("name",), "parameters": ("name", "in"), "servers": ("url",)}


def _list(into: Draft, other: Draft, mine: list[Any], theirs: list[Any], pointer: str, key: str) -> None:
    def identity(tree: dict[str, Any], item: Any) -> Any:
        found = resolve(tree, item)
        return tuple(found.get(name) for name in _IDENTITIES[key]) if isinstance(found, dict) else found

    known = {identity(into.tree, item): index for index, item in enumerate(mine)}
    for index, item in enumerate(theirs):
        same = known.get(identity(other.tree, item))
        if same is None:
            into.evidence.copy(f"{pointer}/{index}", f"{pointer}/{len(mine)}", other.evidence)
            mine.append(item)
        elif isinstance(item, dict) and isinstance(mine[same], dict) and same == index:
            for name in item:
                _field(into, other, mine[same], item, f"{pointer}/{same}", name)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _take(into: Draft, other: Draft, mine: dict[str, Any], pointer: str, key: str, value: Any) -> None:
    below = json_pointer.join(pointer, key)
    mine[key] = value
    into.evidence.discard(below)
    into.evidence.copy(below, below, other.evidence)
