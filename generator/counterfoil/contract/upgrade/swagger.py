"""Swagger 2.0 documents in the shape of OpenAPI 3.0: servers, components, security, references.

Their operations are the subject of `swagger_operations`. Source: OpenAPI 2.0 and OpenAPI 3.0.3.
"""

from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import walk
from counterfoil.contract.upgrade import swagger_operations

_RULE = "upgrade-swagger"
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
_MOVED = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}


def upgrade(draft: Draft) -> None:
    """Turn a Swagger 2.0 tree into one of OpenAPI 3.0, in place; schemas keep their 3.0 dialect of JSON Schema."""
    tree = draft.tree
    _servers(draft)
    swagger_operations.upgrade(draft)
    components: dict[str, Any] = tree.get("components") if isinstance(tree.get("components"), dict) else {}  # type: ignore[assignment]  # narrowed by the test
    for old, new in (
        ("definitions", "schemas"),
        ("parameters", "parameters"),
        ("responses", "responses"),
        ("securityDefinitions", "securitySchemes"),
    ):
        if isinstance(tree.get(old), dict):
            components[new] = tree.pop(old)
            draft.evidence.move(f"/{old}", f"/components/{new}")
    if components:
        tree["components"] = components
    for key in ("consumes", "produces"):
        if key in tree:
            draft.drop(tree, "", key, _RULE, "stands with each body and response")
    schemes = components.get("securitySchemes", {})
    for name, scheme in schemes.items():
        if isinstance(scheme, dict):
            _security_scheme(draft, json_pointer.join("/components/securitySchemes", name), scheme)
    for kind, pointer, node in walk(tree):
        reference = node.get("$ref")
        if isinstance(reference, str):
            node["$ref"] = _moved(reference)
        if kind == "schema":
            _schema(draft, pointer, node)


def _moved(reference: str) -> str:
    """Where a reference leads once definitions are components."""
    for old, new in _MOVED.items():
        if reference.startswith(old):
            return new + reference.removeprefix(old)
    return reference


def _schema(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    if isinstance(node.get("discriminator"), str):
        stated = node["discriminator"]
        draft.put(node, pointer, "discriminator", {"propertyName": stated}, "upgrade-discriminator")
    if node.get("type") == "file":
        where = draft.at(json_pointer.join(pointer, "type"))
        draft.put(node, pointer, "type", "string", "upgrade-file", "was file")
        draft.put(node, pointer, "format", "binary", "upgrade-file", where=where)


def _servers(draft: Draft) -> None:
    """`schemes` × `host` × `basePath`. Without a scheme, that of the document itself would hold: https is presumed."""
    tree = draft.tree
    host, base = tree.get("host"), tree.get("basePath")
    places = {key: draft.at(f"/{key}") for key in ("host", "basePath", "schemes")}
    schemes = tree.get("schemes")
    path = base.rstrip("/") if isinstance(base, str) else ""
    urls = []
    if isinstance(host, str) and host:
        names = [name for name in schemes if isinstance(name, str)] if isinstance(schemes, list) else []
        urls = [f"{name}://{host}{path}" for name in names or ["https"]]
    elif path:
        urls = [path]
    for key in places:
        if key in tree:
            draft.drop(tree, "", key, "upgrade-servers", f"{key} is part of servers")
    if urls:
        where = places["host" if host else "basePath"]
        draft.put(tree, "", "servers", [{"url": url} for url in urls], "upgrade-servers", where=where)


def _security_scheme(draft: Draft, pointer: str, scheme: dict[str, Any]) -> None:
    if scheme.get("type") == "basic":
        draft.put(scheme, pointer, "type", "http", "upgrade-security", "was basic")
        draft.put(scheme, pointer, "scheme", "basic", "upgrade-security")
    if scheme.get("type") != "oauth2" or "flows" in scheme:
        return
    where = draft.at(json_pointer.join(pointer, "flow"))
    stated = scheme.pop("flow", "implicit")
    draft.evidence.discard(json_pointer.join(pointer, "flow"))
    name = _FLOWS.get(str(stated), str(stated))
    flow: dict[str, Any] = {}
    below = json_pointer.join(pointer, "flows", name)
    for key in ("authorizationUrl", "tokenUrl", "refreshUrl", "scopes"):
        if key in scheme:
            draft.carry(scheme, pointer, key, flow, below)
    flow.setdefault("scopes", {})
    scheme["flows"] = {name: flow}
    draft.record(below, "upgrade-security", f"was flow {stated}", where)
