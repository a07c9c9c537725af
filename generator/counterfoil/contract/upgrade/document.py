"""What OpenAPI versions say differently around their schemas: Reference Objects, and the fields that 3.2 added.

Source: OpenAPI 3.1.0 section 4.8.23 (Reference Object) and 3.2.0 section 4.
"""

import copy
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import walk
from counterfoil.contract.tree.references import local, resolve

# Fields that 3.2 has and 3.1 has not: kept under names that 3.1 leaves to extensions.
_ADDED_IN_32: dict[str, dict[str, str]] = {
    "openapi": {"$self": "x-self"},
    "server": {"name": "x-name"},
    "tag": {"summary": "x-summary", "parent": "x-parent", "kind": "x-kind"},
    "path-item": {"additionalOperations": "x-additional-operations"},
    "media-type": {
        "itemSchema": "x-item-schema",
        "prefixEncoding": "x-prefix-encoding",
        "itemEncoding": "x-item-encoding",
    },
    "encoding": {
        "encoding": "x-encoding",
        "prefixEncoding": "x-prefix-encoding",
        "itemEncoding": "x-item-encoding",
    },
    "response": {"summary": "x-summary"},
    "example": {"dataValue": "value", "serializedValue": "x-serialized-value"},
    "security-scheme": {"oauth2MetadataUrl": "x-oauth2-metadata-url", "deprecated": "x-deprecated"},
    "oauth-flows": {"deviceAuthorization": "x-device-authorization"},
    "xml": {"nodeType": "x-node-type"},
    "discriminator": {"defaultMapping": "x-default-mapping"},
}
_RULE = "upgrade-3.2"


def trim_reference(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """A Reference Object holds `$ref`, `summary` and `description`; OpenAPI ignores whatever else stands there."""
    for key in [key for key in node if key not in {"$ref", "summary", "description"}]:
        draft.drop(node, pointer, key, "reference-siblings", f"{key} beside $ref has no effect")


def inline_path_item(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """A path item that refers to another within the document gets its content; what it states itself holds."""
    found = resolve(draft.tree, node) if "$ref" in node else None
    if not isinstance(found, dict) or found is node:
        return
    where = local(node["$ref"]) or ""
    draft.drop(node, pointer, "$ref", "inline-path-item", f"was a reference to {node['$ref']}")
    for key, value in found.items():
        if key not in node:
            node[key] = copy.deepcopy(value)
            draft.evidence.copy(json_pointer.join(where, key), json_pointer.join(pointer, key))


def downgrade(draft: Draft) -> None:
    """Say an OpenAPI 3.2 document in 3.1; what 3.1 has no words for is kept under extensions."""
    for kind, pointer, node in walk(draft.tree):
        if kind == "path-item" and isinstance(node.get("query"), dict):
            others = node.setdefault("additionalOperations", {})
            if isinstance(others, dict):
                below = json_pointer.join(pointer, "additionalOperations")
                others["QUERY"] = node.pop("query")
                draft.evidence.move(json_pointer.join(pointer, "query"), json_pointer.join(below, "QUERY"))
        for old, new in _ADDED_IN_32.get(kind, {}).items():
            if old in node:
                draft.rename(node, pointer, old, new, _RULE)
        if isinstance(node.get("content"), dict):
            _inline_media_types(draft, json_pointer.join(pointer, "content"), node["content"])
        if kind == "operation":
            _query_string(draft, pointer, node)
        if kind == "parameter" and node.get("style") == "cookie":
            draft.put(node, pointer, "style", "form", _RULE, "was cookie")
    components = draft.tree.get("components")
    if isinstance(components, dict) and "mediaTypes" in components:
        draft.drop(components, "/components", "mediaTypes", _RULE, "media types stand where they were referred to")


def _inline_media_types(draft: Draft, pointer: str, content: dict[str, Any]) -> None:
    for name, media in content.items():
        if isinstance(media, dict) and "$ref" in media:
            found = resolve(draft.tree, media)
            if isinstance(found, dict):
                draft.put(content, pointer, name, copy.deepcopy(found), _RULE, f"was {media['$ref']}")


def _query_string(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """A parameter that stands for the query string as a whole is no parameter in 3.1."""
    parameters = node.get("parameters")
    if not isinstance(parameters, list):
        return
    for index, stated in enumerate(parameters):
        parameter = resolve(draft.tree, stated)
        if isinstance(parameter, dict) and parameter.get("in") == "querystring":
            below = json_pointer.join(pointer, "parameters", index)
            draft.put(
                node, pointer, "x-query-string", parameter, _RULE, "a parameter in querystring", where=draft.at(below)
            )
            draft.remove_item(json_pointer.join(pointer, "parameters"), parameters, index)
            return
