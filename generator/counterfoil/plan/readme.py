"""The plan of a generated vendor's README: the API at a glance, what is doubtful, what was corrected."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.contract.contract import Contract
from counterfoil.contract.tree import references
from counterfoil.plan.field_rows import FieldRow, field_rows
from counterfoil.plan.operations import Operation, is_json, operations
from counterfoil.plan.stub import HandlerPlan, StubPlan

_SHOWN_PLACES = 4


@dataclass(frozen=True)
class ResponseRow:
    """A response: its status as the contract writes it, its media types and its meaning."""

    status: str
    content: str
    description: str


@dataclass(frozen=True)
class OperationSection:
    """What a reader wants to know of one operation. `curl` is a complete command, empty where no body is known."""

    title: str
    method: str
    path: str
    description: str
    security: str
    request_model: str
    request_fields: tuple[FieldRow, ...]
    response_model: str
    response_fields: tuple[FieldRow, ...]
    responses: tuple[ResponseRow, ...]
    curl: str


@dataclass(frozen=True)
class Remark:
    """A diagnostic: where in the vendor's folder, which rule, and what."""

    place: str
    rule: str
    message: str


@dataclass(frozen=True)
class Correction:
    """An action of the overlay: why, how sure, and which parts of the contract it changed."""

    reason: str
    confidence: str
    pointers: tuple[str, ...]


@dataclass(frozen=True)
class ReadmePlan:
    """A README. `vendor` is the folder's name, `package` the Python package, `model` one of the models to show."""

    vendor: str
    package: str
    title: str
    description: str
    licence: str
    servers: tuple[str, ...]
    operations: tuple[OperationSection, ...]
    remarks: tuple[Remark, ...]
    corrections: tuple[Correction, ...]
    model: str
    example: str


def plan_readme(contract: Contract, stub: StubPlan, package: str) -> ReadmePlan:
    """The README of a contract whose stub is planned already."""
    tree = contract.tree
    handlers = {(handler.method, handler.path): handler for handler in stub.handlers}
    found = [
        (operation, handlers[operation.method, operation.path])
        for operation in operations(tree)
        if (operation.method, operation.path) in handlers
    ]
    info = tree.get("info") or {}
    shown = next(
        ((handler.request, example) for operation, handler in found if (example := _example(tree, operation.node))),
        ("", None),
    )
    return ReadmePlan(
        contract.vendor,
        package,
        str(info.get("title") or contract.vendor),
        str(info.get("description") or ""),
        str((info.get("license") or {}).get("name") or ""),
        tuple(str(server.get("url")) for server in tree.get("servers") or ()),
        tuple(_section(tree, operation, handler) for operation, handler in found),
        tuple(
            Remark(f"{each.location.path}:{each.location.line}", each.rule, each.message)
            for each in contract.diagnostics
        ),
        _corrections(contract),
        shown[0] if shown[0].isidentifier() and shown[0] not in ("Any", "None") else "",
        json.dumps(shown[1], ensure_ascii=False),
    )


def _section(tree: Mapping[str, Any], operation: Operation, handler: HandlerPlan) -> OperationSection:
    node = operation.node
    responses = [
        (str(status), references.resolve(tree, each) or {}) for status, each in (node.get("responses") or {}).items()
    ]
    success = next((each for status, each in responses if status.startswith("2")), {})
    summary = node.get("summary") or f"{operation.method} {operation.path}"
    description = node.get("description") or ""
    return OperationSection(
        str(summary),
        operation.method,
        operation.path,
        "" if description == summary else str(description),
        _security(tree, node),
        handler.request,
        field_rows(tree, _schema(tree, node.get("requestBody"))),
        handler.response,
        field_rows(tree, _schema(tree, success)),
        tuple(
            ResponseRow(status, ", ".join(each.get("content") or ()) or "none", str(each.get("description") or ""))
            for status, each in responses
        ),
        _curl(tree, operation),
    )


def _security(tree: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """The security requirements of an operation in words."""
    requirements = node.get("security", tree.get("security")) or []
    return " or ".join(
        " and ".join(_scheme_in_words(_scheme(tree, name)) for name in requirement) or "none"
        for requirement in requirements
    )


def _scheme(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = references.resolve(tree, ((tree.get("components") or {}).get("securitySchemes") or {}).get(name))
    return found if isinstance(found, Mapping) else {}


def _scheme_in_words(scheme: Mapping[str, Any]) -> str:
    if scheme.get("type") == "apiKey":
        return f"API key in {scheme.get('in')} `{scheme.get('name')}`"
    return f"HTTP {scheme.get('scheme')}" if scheme.get("type") == "http" else str(scheme.get("type", "unknown scheme"))


def _media(tree: Mapping[str, Any], holder: Any) -> Mapping[str, Any]:
    content = (references.resolve(tree, holder) or {}).get("content") or {}
    name = next(filter(is_json, content), None)
    return content[name] if name else {}


def _schema(tree: Mapping[str, Any], holder: Any) -> Any:
    return _media(tree, holder).get("schema")


def _example(tree: Mapping[str, Any], node: Mapping[str, Any]) -> Any:
    """The example of a request body that the contract has, None without one."""
    media = _media(tree, node.get("requestBody"))
    if "example" in media:
        return media["example"]
    for each in (media.get("examples") or {}).values():
        return (references.resolve(tree, each) or {}).get("value")
    return None


def _curl(tree: Mapping[str, Any], operation: Operation) -> str:
    """A command that a stub started with `--token secret` accepts; empty for a body of which no example is known."""
    example = _example(tree, operation.node)
    if "{" in operation.path or (operation.node.get("requestBody") and example is None):
        return ""
    lines = [f"curl -i -X {operation.method} 'http://127.0.0.1:4010{_quoted(operation.path)}'"]
    requirement: Mapping[str, Any] = next(iter(operation.node.get("security", tree.get("security")) or []), {})
    for name in requirement:
        scheme = _scheme(tree, name)
        if scheme.get("type") == "apiKey" and scheme.get("in") != "header":
            return ""
        header = scheme.get("name") if scheme.get("type") == "apiKey" else "Authorization"
        prefix = "" if scheme.get("type") == "apiKey" else "Bearer "
        if scheme.get("scheme", "bearer") != "bearer":
            return ""
        lines.append(f"  -H '{_quoted(str(header))}: {prefix}secret'")
    if example is not None:
        lines.append("  -H 'Content-Type: application/json'")
        lines.append(f"  -d '{_quoted(json.dumps(example, ensure_ascii=False))}'")
    return " \\\n".join(lines)


def _quoted(text: str) -> str:
    """A text between single quotes of a shell; a fence of Markdown cannot be closed by it."""
    return re.sub(r"[\r\n`]", " ", text).replace("'", "'\\''")


def _corrections(contract: Contract) -> tuple[Correction, ...]:
    """The overlay's actions in their order, each with the outermost parts of the contract that it changed."""
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for pointer, history in contract.evidence.entries():
        for each in history:
            if each.kind == "corrected":
                places = found.setdefault((each.note, each.rule), [])
                if not any(pointer.startswith(f"{outer}/") for _, outer in places):
                    places.append((each.location.line, pointer))
    ordered = sorted(found.items(), key=lambda item: min(item[1]))
    return tuple(
        Correction(reason, confidence, _shown([pointer for _, pointer in places]))
        for (reason, confidence), places in ordered
    )


def _shown(pointers: list[str]) -> tuple[str, ...]:
    """Pointers, those of one parent together, the first few of them."""
    parents: dict[str, list[str]] = {}
    for pointer in pointers:
        parent, _, name = pointer.rpartition("/")
        parents.setdefault(parent, []).append(name)
    shown = [f"{parent}/{' '.join(names)}" for parent, names in parents.items()]
    return (*shown[:_SHOWN_PLACES], "…") if len(shown) > _SHOWN_PLACES else tuple(shown)
