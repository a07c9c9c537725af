"""References by `$id` and `$anchor` as references by JSON Pointer, the only ones that OpenAPI tools agree on.

Source: JSON Schema 2020-12 Core, sections 8.2 and 9.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import children
from counterfoil.contract.tree.references import reference

_RULE = "identifier-reference"
_ANCHORS = ("$anchor", "$dynamicAnchor")
_IDENTIFYING = frozenset({"$id", "$dynamicRef", *_ANCHORS})
_SEVERAL = 2


@dataclass(slots=True)
class _Index:
    """What a document identifies: the pointers of its schema resources by URI, and of anchors by URI and fragment.

    `dynamic_anchors` are the pointers of dynamic anchors by fragment, in whatever resource. `schemas` are all schemas
    that identify themselves or refer to others: pointer, node, URI of the resource around it. Whatever stands in no
    resource of its own has the URI "".
    """

    resources: dict[str, str] = field(default_factory=lambda: {"": ""})
    anchors: dict[str, str] = field(default_factory=dict)
    dynamic_anchors: dict[str, set[str]] = field(default_factory=dict)
    schemas: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    is_dynamic: bool = False


def resolve_identifiers(draft: Draft) -> None:
    """Make references by identifier pointers, in place, and drop the identifiers that no reference needs any more.

    A pointer inside a schema that has an `$id` begins at that schema; if it leads nowhere there it is read from the
    beginning of the document. Resources are what `$dynamicRef` goes by: in a document that has one, identifiers and
    what stands below an `$id` stay as they are.
    """
    if not any(kind == "schema" and not _IDENTIFYING.isdisjoint(node) for kind, _, node in draft.walk()):
        return
    index = _index(draft.tree)
    if index.is_dynamic:
        _resolve_dynamic(draft, index)
    if len(index.resources) == 1 and not index.anchors:
        return
    for pointer, node, base in index.schemas:
        stated = node.get("$ref")
        if isinstance(stated, str) and not (index.is_dynamic and base):
            found = _found(draft.tree, index, stated, base)
            if found is not None and reference(found) != stated:
                draft.put(node, pointer, "$ref", reference(found), _RULE, f"was {stated}")
    if not index.is_dynamic:
        for pointer, node, _ in index.schemas:
            for key in ("$id", *_ANCHORS):
                if isinstance(node.get(key), str):
                    draft.drop(node, pointer, key, _RULE, f"{key} {node[key]}")


def _index(tree: dict[str, Any]) -> _Index:
    index = _Index()
    stack: list[tuple[str, str, Any, str]] = [("openapi", "", tree, "")]
    while stack:
        kind, pointer, node, base = stack.pop()
        if not isinstance(node, dict):
            continue
        if kind == "schema":
            if isinstance(node.get("$id"), str):
                base, _ = _joined(base, node["$id"])
                index.resources.setdefault(base, pointer)
            for key in _ANCHORS:
                if isinstance(node.get(key), str):
                    index.anchors.setdefault(f"{base}#{node[key]}", pointer)
            if isinstance(node.get("$dynamicAnchor"), str):
                index.dynamic_anchors.setdefault(f"#{node['$dynamicAnchor']}", set()).add(pointer)
            index.is_dynamic = index.is_dynamic or "$dynamicRef" in node
            if "$ref" in node or not _IDENTIFYING.isdisjoint(node):
                index.schemas.append((pointer, node, base))
        stack += [(*child, base) for child in reversed(children(kind, pointer, node))]
    return index


def _resolve_dynamic(draft: Draft, index: _Index) -> None:
    """Make plain references of dynamic ones that can mean one schema only, wherever they are followed from.

    So does one that names no dynamic anchor (section 8.2.3.2), or the only one of its name.
    """
    index.is_dynamic = False
    for pointer, node, base in index.schemas:
        stated = node.get("$dynamicRef")
        if not isinstance(stated, str):
            continue
        named = index.dynamic_anchors.get(f"#{stated.partition('#')[2]}", set())
        found = _found(draft.tree, index, stated, base) if not named else min(named)
        if len(named) < _SEVERAL and found is not None and "$ref" not in node:
            where = draft.at(json_pointer.join(pointer, "$dynamicRef"))
            draft.drop(node, pointer, "$dynamicRef", _RULE, f"was {stated}")
            draft.put(node, pointer, "$ref", reference(found), _RULE, f"was $dynamicRef {stated}", where=where)
        else:
            index.is_dynamic = True


def _found(tree: dict[str, Any], index: _Index, stated: str, base: str) -> str | None:
    """The pointer in the document that a reference from the resource `base` names; `None` if it names nothing there."""
    uri, fragment = _joined(base, stated)
    if fragment and not fragment.startswith("/"):
        return index.anchors.get(f"{uri}#{fragment}")
    candidates = [index.resources[uri] + fragment] if uri in index.resources else []
    if stated.startswith("#"):
        candidates.append(fragment)
    return next((pointer for pointer in candidates if _exists(tree, pointer)), None)


def _joined(base: str, stated: str) -> tuple[str, str]:
    """A URI reference from the resource `base`: the URI of the resource that it names, and the fragment there."""
    if stated.startswith("#"):
        return base, unquote(stated[1:])
    try:
        uri, fragment = urldefrag(urljoin(base, stated))
    except ValueError:  # no URI (RFC 3986): it names nothing but itself
        uri, fragment = stated, ""
    return uri, unquote(fragment)


def _exists(tree: dict[str, Any], pointer: str) -> bool:
    try:
        json_pointer.resolve(tree, pointer)
    except LookupError:
        return False
    return True
