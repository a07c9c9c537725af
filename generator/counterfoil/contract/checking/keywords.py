"""Whether the keywords of schemas hold what JSON Schema 2020-12 says, by its meta-schema; others are left out."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from counterfoil import pointer as json_pointer
from counterfoil.contract.suggestion import did_you_mean
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import KINDS, field_of, walk
from counterfoil.contract.tree.references import resolve

_META_SCHEMA = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains")
_BOUNDS = ("multipleOf", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
_GREATEST: dict[str, float] = {
    **dict.fromkeys((*_COUNTS, "minProperties", "maxProperties"), 2**63),
    **dict.fromkeys(_BOUNDS, 2**1024),
}
"""What the value of a keyword must stay below: 64 bits for what is counted, a double's range for bounds."""
_LONGEST = 160  # characters of a validator's message that are shown
_TOKENS = {"one": 1, "list": 2, "map": 2}  # of a path that goes on into a schema that such a field holds


def check_keywords(draft: Draft) -> None:
    """Check every schema of the document, in place: a keyword whose value has no meaning is reported and left out.

    Unknown keywords are kept, as JSON Schema says (Core section 6.5), and told of once each.
    """
    anchors: set[str] | None = None
    for kind, pointer, node in draft.walk():
        if kind == "schema":
            _numbers(draft, pointer, node)
            _patterns(draft, pointer, node)
            if "$dynamicRef" in node:
                anchors = anchors or set(_anchors(draft.tree))
                _dynamic_reference(draft, pointer, node, anchors)
    inside = None
    for kind, pointer, node in draft.walk():
        if kind == "schema" and (inside is None or not pointer.startswith(inside)):
            inside = f"{pointer}/"
            _check(draft, pointer, node)
    _tell_unknown(draft)


def _tell_unknown(draft: Draft) -> None:
    unknown: Counter[str] = Counter()
    first: dict[str, str] = {}
    known = KINDS["schema"].fields
    for kind, pointer, node in draft.walk():
        if kind == "schema" and not node.keys() <= known.keys():
            for key in node:
                if key not in known and not key.startswith("x-"):
                    unknown[key] += 1
                    first.setdefault(key, json_pointer.join(pointer, key))
    for key, number in unknown.items():
        times = f", {number} times" if number > 1 else ""
        message = f"JSON Schema knows no {key!r}{times}"
        draft.report(first[key], "unknown-keyword", message, did_you_mean(key, known), "note")


@cache
def _meta() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_META_SCHEMA, validate_formats=True)


def _check(draft: Draft, pointer: str, schema: dict[str, Any]) -> None:
    """Check one schema with all that it holds, until nothing is wrong."""
    while not _meta().is_valid(schema):
        dropped = False
        for error in _meta().iter_errors(schema):
            dropped = _leave_out(draft, pointer, schema, list(error.instance_path), error.message) or dropped
        if not dropped:
            return


@cache
def _defect(pattern: str) -> str:
    """Why a pattern is none; empty if it is one. The meta-schema lets some pass that no validator can compile."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except jsonschema_rs.ValidationError:
        return f"{_shown(pattern)} is no regular expression that can be tested"
    return ""


def _anchors(tree: dict[str, Any]) -> Iterator[str]:
    for kind, _, node in walk(tree):
        if kind == "schema":
            yield from (f"#{node[key]}" for key in ("$anchor", "$dynamicAnchor") if isinstance(node.get(key), str))


def _dynamic_reference(draft: Draft, pointer: str, node: dict[str, Any], anchors: set[str]) -> None:
    """Leave out a `$dynamicRef` that leads nowhere: what it would have asserted is unknown."""
    stated = node["$dynamicRef"]
    if isinstance(stated, str) and (stated in anchors or resolve(draft.tree, {"$ref": stated}) is not None):
        return
    below = json_pointer.join(pointer, "$dynamicRef")
    draft.report(below, "wrong-keyword", f"$dynamicRef: {_shown(stated)} leads nowhere: left out")
    draft.drop(node, pointer, "$dynamicRef", "wrong-keyword", "$dynamicRef leads nowhere")


def _numbers(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Leave out the numbers of one schema that programs cannot count with."""
    if _GREATEST.keys().isdisjoint(node):
        return
    for key in [key for key in node if key in _GREATEST]:
        value = node[key]
        if type(value) in (int, float) and abs(value) >= _GREATEST[key]:
            message = f"{key}: {_shown(value)} is greater than what programs count with: left out"
            draft.report(json_pointer.join(pointer, key), "wrong-keyword", message)
            draft.drop(node, pointer, key, "wrong-keyword", f"{key} is too great")


def _patterns(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Leave out the patterns of one schema that cannot be compiled."""
    stated = node.get("pattern")
    if isinstance(stated, str) and _defect(stated):
        draft.report(json_pointer.join(pointer, "pattern"), "wrong-keyword", f"pattern: {_defect(stated)}: left out")
        draft.drop(node, pointer, "pattern", "wrong-keyword", "pattern has no meaning")
    stated = node.get("patternProperties")
    named: dict[str, Any] = stated if isinstance(stated, dict) else {}
    for pattern in [pattern for pattern in named if _defect(pattern)]:
        below = json_pointer.join(pointer, "patternProperties")
        message = f"patternProperties: {_defect(pattern)}: left out"
        draft.report(json_pointer.join(below, pattern), "wrong-keyword", message)
        draft.drop(named, below, pattern, "wrong-keyword", f"{pattern} has no meaning")


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:_LONGEST]


def _leave_out(draft: Draft, pointer: str, node: Any, path: list[str | int], message: str) -> bool:
    """Leave out the keyword that a path inside a schema leads through last; whether there was one to leave out."""
    rest = [str(token) for token in path]
    while rest and isinstance(node, dict) and rest[0] in node:
        key = rest.pop(0)
        below = json_pointer.join(pointer, key)
        field = field_of("schema", key)
        if field is None or field.kind != "schema" or len(rest) < _TOKENS[field.shape]:
            if key == "$ref":
                return False
            wrong = f"{_shown(node[key])} is no type" if key == "type" else message[:_LONGEST]
            draft.report(below, "wrong-keyword", f"{key}: {wrong}: left out")
            draft.drop(node, pointer, key, "wrong-keyword", f"{key} has no meaning")
            return True
        pointer, node = below, node[key]
        if field.shape != "one":
            name = rest.pop(0)
            pointer = json_pointer.join(pointer, name)
            node = node[int(name)] if isinstance(node, list) else node[name]
    return False
