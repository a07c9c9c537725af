"""Bring one document into OpenAPI 3.1, dialects repaired, every decision recorded in its evidence."""

from collections.abc import Callable
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.bundle import FolderFiles, bundle
from counterfoil.contract.dialect import credentials
from counterfoil.contract.dialect import document as dialect_document
from counterfoil.contract.dialect import pattern as dialect_pattern
from counterfoil.contract.dialect import schema as dialect_schema
from counterfoil.contract.dialect import values as dialect_values
from counterfoil.contract.tree.component_names import allowed_names
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import is_reference
from counterfoil.contract.tree.references import target
from counterfoil.contract.upgrade import document as upgrade_document
from counterfoil.contract.upgrade import schema as upgrade_schema
from counterfoil.contract.upgrade import swagger
from counterfoil.contract.upgrade.identifiers import resolve_identifiers
from counterfoil.contract.upgrade.shared_parts import share_parts
from counterfoil.documents.document import Document

VERSION = "3.1.0"

_Rule = Callable[[Draft, str, dict[str, Any]], None]
# In the order in which they are applied to a node. A rule changes its own node, never what is above it.
_RULES: dict[str, list[_Rule]] = {
    "openapi": [dialect_document.repair_document],
    "paths": [dialect_document.repair_paths],
    "path-item": [upgrade_document.inline_path_item, dialect_document.repair_path_item, credentials.lift_credentials],
    "operation": [dialect_document.repair_operation],
    "parameter": [dialect_document.repair_parameter],
    "header": [dialect_document.repair_header],
    "security-scheme": [dialect_document.repair_security_scheme],
    "responses": [dialect_document.repair_responses],
    "callback": [dialect_document.repair_callback],
    "response": [dialect_document.repair_response],
    "schema": [
        dialect_values.repair_values,
        upgrade_schema.upgrade_schema,
        dialect_schema.repair_schema,
        dialect_pattern.repair_pattern,
    ],
}


def canonicalise(document: Document, files: FolderFiles | None = None) -> Document:
    """The document in OpenAPI 3.1; the one given is used up, its tree and evidence live on in the result.

    `files` are those that it may refer to.

    OpenAPI 3.1 patch versions differ editorially only; the canonical form says 3.1.0, which every tool knows.
    """
    draft = Draft.of(document)
    version = _version(draft)
    rules = _RULES
    if version == "2.0":
        if files:
            bundle(draft, files, swagger=True)
        share_parts(draft, swagger=True)
        swagger.upgrade(draft)
    else:
        share_parts(draft, swagger=False)
        if version == "3.2":
            upgrade_document.downgrade(draft)
        if files:
            bundle(draft, files)
    if version in {"2.0", "3.0"}:
        rules = {**_RULES, "schema": [upgrade_schema.ignore_siblings, *_RULES["schema"]]}
    resolve_identifiers(draft)
    _open_go_interfaces(draft)
    for kind, pointer, node in draft.walk():
        if is_reference(kind, node):
            upgrade_document.trim_reference(draft, pointer, node)
            continue
        for rule in rules.get(kind, ()):
            rule(draft, pointer, node)
    allowed_names(draft)
    return document


def _version(draft: Draft) -> str:
    """The minor version that a document speaks; its version field is brought to the canonical one."""
    key = "swagger" if "swagger" in draft.tree else "openapi"
    stated = str(draft.tree.get(key, ""))
    plain = stated.strip().removeprefix("v")
    minor = "2.0" if key == "swagger" and plain == "2" else ".".join(plain.split(".")[:2])
    if minor not in {"2.0", "3.0", "3.1", "3.2"}:
        found = f"version {stated!r}" if stated else "no version"
        draft.report(f"/{key}", "openapi-version", f"{found}: read as OpenAPI 3.1", "openapi: 3.1.0", "warning")
        minor = "3.1"
    if key == "swagger":
        draft.rename(draft.tree, "", "swagger", "openapi", "upgrade-version")
    if stated != VERSION:
        draft.put(draft.tree, "", "openapi", VERSION, "upgrade-version", f"was {stated}")
    return minor


def _open_go_interfaces(draft: Draft) -> None:
    """A component that stands for Go's empty interface, any JSON value, gives way to the schema `{}`."""
    components = draft.tree.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if not isinstance(schemas, dict):
        return
    names = [name for name, schema in schemas.items() if dialect_schema.is_open_by_name(name, schema)]
    if not names:
        return
    opened = {json_pointer.join("/components/schemas", name) for name in names}
    for kind, pointer, node in draft.walk():
        if kind == "schema" and target(node) in opened:
            draft.drop(node, pointer, "$ref", "go-interface", "an empty interface of Go is any JSON value")
    for name in names:
        draft.drop(schemas, "/components/schemas", name, "go-interface", "an empty interface of Go is any JSON value")
