"""What documents often get wrong around their schemas, repaired: paths, statuses, bodies, required fields, texts."""

import html
import re
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import METHODS
from counterfoil.contract.tree.references import resolve

# RFC 9110 sections 15.2, 15.3.5, 15.3.6 and 15.4.5: responses that have no content.
_NO_CONTENT = re.compile(r"1\d\d|1XX|204|205|304")
_STATUS = re.compile(r"[1-5](\d\d|xx)", re.IGNORECASE)
_SCHEME_TYPES = {name.lower(): name for name in ("apiKey", "http", "oauth2", "openIdConnect", "mutualTLS")}
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~<>|])")


def repair_document(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Give a document the version that OpenAPI requires, and each tag once; a title that is no text is left out."""
    _lift_extensions(draft, pointer, node, "paths")
    tags: list[Any] = node["tags"] if isinstance(node.get("tags"), list) else []
    known: dict[str, int] = {}
    names = [str(tag.get("name")) if isinstance(tag, dict) else None for tag in tags]
    repeated = [index for index, name in enumerate(names) if name and known.setdefault(name, index) != index]
    for index in reversed(repeated):
        draft.remove_item(json_pointer.join(pointer, "tags"), tags, index)
        draft.record(json_pointer.join(pointer, "tags"), "tag-once", f"{names[index]} is described above already")
    info = node.get("info")
    if not isinstance(info, dict):
        if info is not None:
            draft.report("/info", "wrong-type", "info must be an object: left out")
        draft.put(node, pointer, "info", info := {}, "missing-info", kind="inferred")
    if "title" in info and not isinstance(info["title"], str | int | float):
        draft.drop(info, json_pointer.join(pointer, "info"), "title", "missing-info")
    if not isinstance(info.get("version"), str | int | float):
        draft.put(info, json_pointer.join(pointer, "info"), "version", "unversioned", "missing-info", kind="inferred")


def _lift_extensions(draft: Draft, pointer: str, node: dict[str, Any], key: str) -> None:
    """Extensions among the names of the map in the field `key` move to its owner, where no reader takes them for one.

    What has the name there already holds.
    """
    named: dict[str, Any] = node[key] if isinstance(node.get(key), dict) else {}
    below = json_pointer.join(pointer, key)
    for name in [name for name in named if name.startswith("x-")]:
        if name in node:
            draft.drop(named, below, name, "extension-among-names", name)
        else:
            draft.carry(named, below, name, node, pointer)


def repair_callback(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """A callback has expressions only: readers take an extension for one."""
    for name in [name for name in node if name.startswith("x-")]:
        draft.drop(node, pointer, name, "extension-among-names", name)


def repair_paths(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Undo what Markdown and HTML left in the keys of the Paths Object; every path begins with a slash."""
    for path in list(node):
        if path.startswith("x-"):
            continue
        clean = _ESCAPED.sub(r"\1", html.unescape(path).replace("\N{NO-BREAK SPACE}", " ").strip())
        if clean and not clean.startswith("/"):
            clean = f"/{clean}"
        if clean == path:
            continue
        if clean in node:
            draft.report(
                json_pointer.join(pointer, path),
                "duplicate-path",
                f"{path!r} is {clean} once more",
                "remove one of them",
            )
            draft.drop(node, pointer, path, "duplicate-path")
        else:
            draft.rename(node, pointer, path, clean, "path-text")


def repair_path_item(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Methods are lower case; those that OpenAPI 3.2 adds are kept in documents of earlier versions too."""
    if "additionalOperations" in node:
        draft.rename(node, pointer, "additionalOperations", "x-additional-operations", "upgrade-3.2")
    for key in list(node):
        if key not in METHODS and key.lower() in METHODS and key.lower() not in node:
            draft.rename(node, pointer, key, key.lower(), "method-case")


def repair_responses(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Ranges of statuses are written `2XX`; a response to which HTTP gives no content has none."""
    for status in list(node):
        response = node[status]
        if _STATUS.fullmatch(status) and status != status.upper():
            draft.rename(node, pointer, status, status.upper(), "status-range")
            status = status.upper()  # the entry goes on under its new name
        if _NO_CONTENT.fullmatch(status) and isinstance(response, dict) and "content" in response:
            below = json_pointer.join(pointer, status)
            draft.drop(response, below, "content", "no-content", f"a {status} response has no content (RFC 9110)")


def repair_response(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Every response has a description, if an empty one."""
    if "$ref" not in node and not isinstance(node.get("description"), str):
        where = draft.at(json_pointer.join(pointer, "description"))
        draft.put(node, pointer, "description", "", "missing-description", kind="inferred", where=where)


def repair_parameter(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Path parameters are required; a parameter has a schema or a content."""
    if "$ref" in node:
        return
    if node.get("in") == "path" and node.get("required") is not True:
        draft.put(node, pointer, "required", value=True, rule="path-parameter-required")
    if "schema" not in node and "content" not in node:
        draft.put(node, pointer, "schema", {}, "missing-schema", "any value", kind="inferred")


def repair_header(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """A header has a schema or a content."""
    if "$ref" not in node and "schema" not in node and "content" not in node:
        draft.put(node, pointer, "schema", {}, "missing-schema", "any value", kind="inferred")


def repair_security_scheme(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Types of security schemes are written as OpenAPI writes them; schemes of HTTP that stand as types are such."""
    stated = node.get("type")
    if "$ref" in node or not isinstance(stated, str) or stated in _SCHEME_TYPES.values():
        return
    plain = stated.lower().replace("-", "").replace("_", "")
    if plain in _SCHEME_TYPES:
        draft.put(node, pointer, "type", _SCHEME_TYPES[plain], "security-scheme-type", f"was {stated}")
    elif plain in {"basic", "bearer", "digest"}:
        draft.put(node, pointer, "scheme", plain, "security-scheme-type", f"type was {stated}")
        draft.put(node, pointer, "type", "http", "security-scheme-type", f"was {stated}")


def repair_operation(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """A body that has required properties is itself required, unless the page says that it is not."""
    _lift_extensions(draft, pointer, node, "responses")
    body = node.get("requestBody")
    if not isinstance(body, dict) or "$ref" in body or "required" in body or not isinstance(body.get("content"), dict):
        return
    schemas = [media.get("schema") for media in body["content"].values() if isinstance(media, dict)]
    if schemas and all(_requires(draft.tree, schema) for schema in schemas):
        body_pointer = json_pointer.join(pointer, "requestBody")
        draft.put(
            body, body_pointer, "required", value=True, rule="body-required", note="the body has required properties",
            kind="inferred",
        )  # fmt: skip


def _requires(tree: dict[str, Any], schema: Any) -> bool:
    found = resolve(tree, schema)
    if not isinstance(found, dict):
        return False
    parts = found["allOf"] if isinstance(found.get("allOf"), list) else []
    return any(isinstance(part, dict) and part.get("required") for part in (found, *(resolve(tree, p) for p in parts)))
