"""The actions of an overlay that would absorb drift."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.drift.departures import body_of, new_headers, sent_as
from counterfoil.checks.drift.findings import Drift
from counterfoil.checks.drift.schemas import schema_of, types_of
from counterfoil.checks.drift.sides import Sides
from counterfoil.checks.drift.splitting import split
from counterfoil.checks.drift.stating import statements
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.evidence import EvidenceTable

Tree = dict[str, Any]

_LOWER = {"minimum": min, "minLength": min, "minItems": min, "minProperties": min}
_UPPER = {"maximum": max, "maxLength": max, "maxItems": max, "maxProperties": max}
_SIZED = ("Length", "Items", "Properties")
# Keywords that can be given up without saying anything else in their place.
_GIVEN_UP = frozenset(
    {
        "format", "pattern", "multipleOf", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "contains",
        "minContains", "maxContains", "dependentRequired", "propertyNames", "contentEncoding", "contentMediaType",
    }
)  # fmt: skip

_ALSO_ASKED = "; requests have this schema, too"
_AS_INFERRED = "; this states what the pages were taken to mean, for the actions below"


def absorbing(
    drifts: Iterable[Drift], contract: Mapping[str, Any], evidence: EvidenceTable
) -> tuple[list[Tree], list[Drift]]:
    """Actions of an OpenAPI Overlay 1.1 that make a contract allow what was answered, and drift that none absorbs.

    Where requests share a schema, a field that is new in answers becomes read-only; for everything else answers get a
    schema of their own. What `evidence` says was inferred after overlays is stated before it is changed.
    """
    drifts = list(drifts)
    sides = Sides(contract)
    several = {id(each) for each in drifts if _fits_several(each)}
    mended = [each for each in drifts if id(each) not in several and list(_actions(each, contract))]
    shared = [each for each in mended if each.kind != "field" and sides.is_requested(each.pointer)]
    parted = split(contract, [each.pointer for each in shared])
    actions: dict[str, Tree] = {}

    def add(drift: Drift, target: str, change: Tree, note: str, confidence: str = "measured") -> None:
        action = {
            "target": target,
            "description": f"{drift.label}: {drift.summary}{note}",
            "x-confidence": confidence,
            "x-observed": drift.evidence,
            **change,
        }
        actions.setdefault(json.dumps([target, change], sort_keys=True), action)

    asking = {each.pointer: each for each in reversed(mended)}
    for pointer, below, change, cause in statements(contract, evidence, reversed(asking)):
        add(asking[cause], _path(contract, pointer) + below, change, _AS_INFERRED, "inferred")
    for step in parted.steps:
        old, new = (json_pointer.split(each)[-1] for each in (step.parted, parted.copies[step.parted]))
        note = f"; answers have {new} for it, since requests have {old}"
        add(asking[step.cause], step.target, step.change, note)
    for drift in mended:
        moved = replace(drift, pointer=parted.moved(drift.pointer))
        is_requested = moved.pointer == drift.pointer and sides.is_requested(drift.pointer)
        for target, change in _actions(moved, parted.contract, is_requested=is_requested):
            add(drift, target, change, _ALSO_ASKED if is_requested else "")
    absorbed = {id(each) for each in mended}
    return list(actions.values()), [each for each in drifts if id(each) not in absorbed]


def _actions(drift: Drift, contract: Mapping[str, Any], *, is_requested: bool = False) -> Iterator[tuple[str, Tree]]:
    """What absorbs a drift. Where requests have the schema as well, they must not say what is new."""
    kind, pointer, values = drift.kind, drift.pointer, drift.values
    *above, last = json_pointer.split(pointer)
    holder = json_pointer.join("", *above)
    if kind == "status":
        yield _path(contract, pointer), {"update": {drift.name: _response(drift.answers)}}
    elif kind == "media type":
        yield _path(contract, pointer), {"update": {"content": {drift.name: {"schema": _schema(values)}}}}
    elif kind == "header":
        yield _path(contract, pointer), {"update": {"headers": {drift.name: {"schema": {"type": "string"}}}}}
    elif kind == "required header":
        yield _path(contract, pointer), {"remove": True}
    elif kind == "header value":
        yield _path(contract, pointer), {"remove": True}
        yield _path(contract, holder), {"update": {"schema": {"type": "string"}}}
    elif kind == "field":
        mark = {"readOnly": True} if is_requested else {}
        yield _path(contract, pointer), {"update": {"properties": {drift.name: {**schema_of(values), **mark}}}}
    elif kind == "required":
        yield f"{_path(contract, pointer)}[?@ == {_quoted(drift.name)}]", {"remove": True}
    elif last == kind:
        yield from _of_keyword(drift, holder, contract)


def _of_keyword(drift: Drift, holder: str, contract: Mapping[str, Any]) -> Iterator[tuple[str, Tree]]:
    keyword, values, path = drift.kind, drift.values, _path(contract, drift.pointer)
    stated = json_pointer.resolve(contract, drift.pointer)
    bound: Callable[..., Any] | None = _LOWER.get(keyword) or _UPPER.get(keyword)
    if keyword == "enum":
        yield path, {"update": values}
    elif keyword == "const":
        yield path, {"remove": True}
        yield _path(contract, holder), {"update": {"enum": [stated, *values]}}
    elif keyword == "type":
        old = [stated] if isinstance(stated, str) else list(stated or ())
        new = [name for name in types_of(values) if name not in old]
        if "number" in new:  # of which integers are some
            old = [name for name in old if name != "integer"]
        yield path, {"remove": True}
        yield _path(contract, holder), {"update": {"type": [*old, *new]}}
    elif bound is not None:
        sizes = [len(value) if keyword.endswith(_SIZED) else value for value in values]
        yield path, {"update": bound(sizes)}
    elif keyword in _GIVEN_UP:
        yield path, {"remove": True}
    elif keyword in ("anyOf", "oneOf"):
        yield path, {"update": [schema_of(values)]}


def _fits_several(drift: Drift) -> bool:
    """Whether values fit more than one branch of a `oneOf`, which no further branch mends."""
    operation = drift.example.operation
    branches = json_pointer.resolve(operation.contract, drift.pointer) if drift.kind == "oneOf" else ()
    return any(operation.accepts(branch, value) for branch in branches for value in drift.values)


def _response(answers: Iterable[Exchange]) -> Tree:
    """A response that tells of what all of some answers have."""
    headers: Tree = {}
    bodies: dict[str, list[Any]] = {}
    for exchange in answers:
        headers |= {name: {"schema": {"type": "string"}} for name, _ in new_headers(exchange.response)}
        if exchange.response.body:
            bodies.setdefault(sent_as(exchange.response), []).append(body_of(exchange))
    content = {media_type: {"schema": schema_of(values)} for media_type, values in bodies.items()}
    found: Tree = {"description": "As the server was seen to answer."}
    return found | ({"headers": headers} if headers else {}) | ({"content": content} if content else {})


def _schema(values: list[Any]) -> Tree:
    return schema_of(values) if values else {}


def _path(contract: Any, pointer: str) -> str:
    """The normalized path of a JSON Pointer into a contract (RFC 9535, section 2.7)."""
    path, node = "$", contract
    for part in json_pointer.split(pointer):
        if isinstance(node, list):
            path += f"[{part}]"
            node = node[int(part)]
        else:
            path += f"[{_quoted(part)}]"
            node = node.get(part) if isinstance(node, dict) else None
    return path


def _quoted(text: str) -> str:
    return "'" + json.dumps(text)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
