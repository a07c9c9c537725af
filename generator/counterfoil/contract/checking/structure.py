"""Whether a document is built as OpenAPI 3.1 says; what is not is reported and left out."""

import json
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.checking.constraints import defect, misnamed, superfluous
from counterfoil.contract.suggestion import did_you_mean
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import KINDS, Field, field_of, is_reference

_TEXT = Field("string")
_BOOLEANS = {"true": True, "false": False}
_SCALARS = {"string": ("a text", str), "boolean": ("true or false", bool)}
_REQUIRED = {
    name: [(key, field) for key, field in kind.fields.items() if field.required] for name, kind in KINDS.items()
}
# Fields that may hold anything.
_NEED_NO_LOOK = {
    name: frozenset(key for key, field in kind.fields.items() if field.kind == "any" and field.shape == "one")
    for name, kind in KINDS.items()
}


def check_structure(draft: Draft) -> None:
    """Check the fields of every object against the grammar, in place.

    Left out and reported: fields that are unknown, without a value or of the wrong kind, and objects that lack what
    OpenAPI requires of them. Numbers and booleans where a text belongs become that text, "true" and
    "false" where a boolean belongs become that. Of the keywords of schemas only those that hold OpenAPI objects or
    further schemas are looked at.
    """
    while _pass(draft):  # what was left out may have been what another object needs
        pass
    if not {"paths", "components", "webhooks"} & draft.tree.keys():
        draft.put(draft.tree, "", "paths", {}, "missing-paths", kind="inferred")


def _pass(draft: Draft) -> bool:
    """Check every object once; whether anything was reported."""
    before = len(draft.diagnostics)
    for kind, pointer, node in draft.walk():
        if is_reference(kind, node):
            for key in ("summary", "description"):
                if key in node:
                    _entry(draft, pointer, node, key, _TEXT)
            continue
        name = pointer.rpartition("/")[2]
        for key, reason in dict(superfluous(kind, name, node)).items():
            draft.drop(node, pointer, key, "superfluous-field", reason)
        needs_no_look = _NEED_NO_LOOK[kind]
        for key in [key for key in node if key not in needs_no_look]:
            field = field_of(kind, key)
            if reason := misnamed(kind, key):
                draft.report(json_pointer.join(pointer, key), "wrong-name", f"{key!r} {reason}: left out")
                draft.drop(node, pointer, key, "wrong-name", reason)
            elif field is None:
                if kind != "schema" and not key.startswith("x-"):
                    _unknown(draft, kind, pointer, node, key)
            elif node[key] is None:
                draft.drop(node, pointer, key, "empty-field", f"{key} without a value")
            elif field.shape == "one":
                _entry(draft, pointer, node, key, field)
            else:
                _entries(draft, pointer, node, key, field)
            if key == "responses" and node.get(key) == {}:
                draft.drop(node, pointer, key, "empty-field", "no response is described")
    return len(draft.diagnostics) > before


def _unknown(draft: Draft, kind: str, pointer: str, node: dict[str, Any], key: str) -> None:
    hint = did_you_mean(key, KINDS[kind].fields, f"name it x-{key} if it is an extension")
    below = json_pointer.join(pointer, key)
    draft.report(below, "unknown-field", f"OpenAPI knows no {key!r} here: left out", hint, "warning")
    draft.drop(node, pointer, key, "unknown-field", key)


def _entries(draft: Draft, pointer: str, node: dict[str, Any], key: str, field: Field) -> None:
    """Check the items of a field that holds a list or a map of nodes."""
    below, held = json_pointer.join(pointer, key), node[key]
    if not isinstance(held, list if field.shape == "list" else dict):
        if field.shape == "list" and field.kind == "string" and isinstance(held, str):
            draft.put(node, pointer, key, [held], "list-expected", "one text")
            return
        wanted = "a list" if field.shape == "list" else "an object"
        draft.report(below, "wrong-type", f"{key} must be {wanted}: left out", _shown(held))
        draft.drop(node, pointer, key, "wrong-type", f"{key} must be {wanted}")
    elif isinstance(held, list):
        for index in reversed(range(len(held))):
            problem = _problem(field.kind, str(index), held[index])
            if problem == _CONVERTIBLE:
                held[index] = _text(held[index])
                draft.record(f"{below}/{index}", "text-expected", "was no text")
            elif problem:
                draft.report(
                    f"{below}/{index}", "wrong-type", f"{key}/{index} {problem}: left out", _shown(held[index])
                )
                draft.remove_item(below, held, index)
    else:
        for name in list(held):
            _entry(draft, below, held, name, field)


def _entry(draft: Draft, pointer: str, node: dict[str, Any], key: str, field: Field) -> None:
    """Check one node that a field or a map holds."""
    if field.kind == "boolean" and isinstance(node[key], str) and node[key].lower() in _BOOLEANS:
        meant = _BOOLEANS[node[key].lower()]
        draft.put(node, pointer, key, meant, "boolean-expected", f"was {json.dumps(node[key])}")
        return
    problem = _problem(field.kind, key, node[key])
    if problem == _CONVERTIBLE:
        draft.put(node, pointer, key, _text(node[key]), "text-expected", f"was {json.dumps(node[key])}")
    elif problem:
        draft.report(json_pointer.join(pointer, key), "wrong-type", f"{key} {problem}: left out", _shown(node[key]))
        draft.drop(node, pointer, key, "wrong-type", f"{key} {problem}")


_CONVERTIBLE = "convertible"


def _problem(kind: str, key: str, value: Any) -> str:
    """What is wrong with a value as a node of this kind, looking no deeper than its own fields; empty if nothing is."""
    if kind == "any":
        return ""
    if kind in _SCALARS:
        wanted, python_type = _SCALARS[kind]
        if isinstance(value, python_type):
            return ""
        if kind == "string" and (value is None or isinstance(value, int | float)):
            return _CONVERTIBLE
        return f"must be {wanted}"
    if kind == "schema" and isinstance(value, bool):
        return ""
    if kind == "requirement":
        return "" if isinstance(value, dict) else "must be an object"
    if not isinstance(value, dict):
        return "must be an object"
    if is_reference(kind, value):
        return ""
    missing = [key for key, field in _REQUIRED[kind] if not _holds(value.get(key), field)]
    return f"lacks {', '.join(missing)}" if missing else defect(kind, key, value)


def _holds(value: Any, field: Field) -> bool:
    if field.shape == "one":
        return isinstance(value, str | int | float) if field.kind == "string" else value is not None
    return isinstance(value, list if field.shape == "list" else dict)


def _text(value: Any) -> str:
    return "" if value is None else json.dumps(value)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ""
    return "it is a list" if isinstance(value, list) else f"it is {json.dumps(value, ensure_ascii=False)[:60]}"
