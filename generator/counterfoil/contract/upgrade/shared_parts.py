"""Parts of operations that are referred to from elsewhere become components, as bundlers should have written them.

A reference such as `#/paths/~1a/get/responses/200` would break as soon as its operation is left out, repaired or
upgraded, although what it names is sound.
"""

import re
from collections.abc import Iterator
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.component_names import allowed_name
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import METHODS
from counterfoil.contract.tree.operations import operation_id
from counterfoil.contract.tree.references import reference, target

_RULE = "shared-part"
_PLACES = (
    ("parameters", re.compile(r"/(paths|webhooks)/[^/]+/([a-z]+/)?parameters/\d+")),
    ("responses", re.compile(r"/(paths|webhooks)/[^/]+/[a-z]+/responses/[^/]+")),
    ("requestBodies", re.compile(r"/(paths|webhooks)/[^/]+/[a-z]+/requestBody")),
    ("headers", re.compile(r"/(paths|webhooks)/[^/]+/[a-z]+/responses/[^/]+/headers/[^/]+")),
    ("schemas", re.compile(r"/(paths|webhooks|responses|parameters)/.+/schema(/.+)?")),
)
"""Which component a part is, by its pointer. Below `responses` and `parameters` are the shared ones of Swagger 2.0."""
_IN_SWAGGER = {"schemas": "definitions", "parameters": "parameters", "responses": "responses"}
_UNNAMED = frozenset({"content", "schema", "properties", "responses", "parameters", "allOf", "oneOf", "anyOf"})


def share_parts(draft: Draft, *, swagger: bool) -> None:
    """Move every part of an operation that a reference names into a component of its own, in place.

    `swagger` tells that the document has the shape of Swagger 2.0.
    """
    referring: dict[str, list[dict[str, Any]]] = {}
    for node in _references(draft.tree):
        pointer = target(node)
        if pointer is not None and _section(pointer, swagger=swagger):
            referring.setdefault(pointer, []).append(node)
    for pointer in sorted(referring, key=lambda pointer: -pointer.count("/")):  # what is inside another goes first
        new = _share(draft, pointer, _section(pointer, swagger=swagger) or "", "" if swagger else "/components")
        if new is not None:
            for node in referring[pointer]:
                node["$ref"] = reference(new)


def _references(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _section(pointer: str, *, swagger: bool) -> str | None:
    """The section of components that the part at a pointer belongs into; None if it is no such part."""
    section = next((section for section, place in _PLACES if place.fullmatch(pointer)), None)
    return _IN_SWAGGER.get(section or "") if swagger else section


def _share(draft: Draft, pointer: str, section: str, above: str) -> str | None:
    """Make a component of the part at a pointer, in a section below `above`; where it stands then, None if nowhere."""
    *parents, last = json_pointer.split(pointer)
    try:
        holder = json_pointer.resolve(draft.tree, json_pointer.join("", *parents))
        key: Any = int(last) if isinstance(holder, list) else last
        part = holder[key]
    except (LookupError, ValueError, TypeError):
        return None
    root = draft.tree.setdefault("components", {}) if above else draft.tree
    components = root.setdefault(section, {}) if isinstance(root, dict) else None
    if not isinstance(part, dict) or "$ref" in part or not isinstance(components, dict):
        return None
    base = name = _name(draft.tree, pointer, part)
    number = 1
    while name in components:
        number += 1
        name = f"{base}_{number}"
    new = json_pointer.join(above, section, name)
    where = draft.at(pointer)
    components[name], holder[key] = part, {"$ref": reference(new)}
    draft.evidence.move(pointer, new)
    draft.record(new, _RULE, f"is {pointer}, which is referred to", where)
    draft.record(pointer, _RULE, "", where)
    return new


def _name(tree: dict[str, Any], pointer: str, part: dict[str, Any]) -> str:
    """What a part is called: as it calls itself, or after its operation and the way to it."""
    section, *tokens = json_pointer.split(pointer)
    if tokens[-1].isdigit() and isinstance(part.get("name"), str):
        return allowed_name(part["name"])
    words = []
    if section in {"paths", "webhooks"} and tokens[1] in METHODS:
        path, method, *tokens = tokens
        operation = json_pointer.resolve(tree, json_pointer.join("", section, path, method))
        words.append(str(operation.get("operationId") or operation_id(method, path)))
    words += [token for token in tokens if "/" not in token and token not in _UNNAMED]
    return allowed_name("_".join(words))
