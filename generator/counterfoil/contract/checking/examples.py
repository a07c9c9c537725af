"""Examples and defaults against their schemas; one that violates its schema is reported and left out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import walk
from counterfoil.contract.tree.references import resolve

_BASE = "urn:counterfoil:contract"
_RULES = {
    "example": "example-violates-contract",
    "examples": "example-violates-contract",
    "default": "default-violates-contract",
}
_MOST_OPTIONS = 12
_MOST_VALIDATORS = 4  # that are kept
_MOST_PROBLEMS = 3  # that are told of one example
_LONGEST = 200  # characters of a validator's message that are shown
_JSON = re.compile(r"application/json|[^;]+\+json|text/json|\*/\*|application/\*", re.IGNORECASE)
_ILLUSTRATED = frozenset({"parameter", "header", "media-type"})
_REQUESTS = frozenset({"requestBody", "requestBodies"})


@dataclass(frozen=True, slots=True)
class _Example:
    """An example or default: the node that has it in its field `field`, under `name` if that holds several.

    `at` is the pointer of the value, `schema` that of the schema it illustrates.
    """

    owner: dict[str, Any]
    owner_pointer: str
    field: str
    name: str | int | None
    at: str
    value: Any
    schema: str
    is_text: bool


def check_examples(draft: Draft, *, keep: bool = False) -> None:
    """Validate every example and default of the document, formats asserted, in place.

    Examples of parameters and headers, of bodies, and of schemas themselves. A default of null where null is not
    allowed is none. In requests, properties that are read-only may be missing, in responses those that are
    write-only. A JSON text that stands for the value it holds is replaced by it. What violates its schema is left out
    unless `keep`.
    """
    checker = _Checker(draft.tree)
    refused = []
    for example in list(_each_example(draft)):
        problems = checker.problems(example.schema, example.value, example.at)
        if not problems or (example.is_text and _parsed(draft, checker, example)):
            continue
        message = "; ".join(f"{'.'.join(map(str, path))} {text}".strip() for path, text in problems)
        if example.field != "default" or example.value is not None:
            rule = _RULES[example.field]
            hint = f"correct the {rule.partition('-')[0]} on the page, or the schema in the overlay"
            draft.report(json_pointer.join(example.at, *problems[0][0]), rule, message, hint, "warning")
        refused.append((example, message))
    for example, message in () if keep else reversed(refused):  # later items of a list go first
        _remove(draft, example, message)


def _each_example(draft: Draft) -> Iterator[_Example]:
    for kind, pointer, node in draft.walk():
        if kind == "schema":
            if "default" in node:
                at, value = json_pointer.join(pointer, "default"), node["default"]
                yield _Example(node, pointer, "default", None, at, value, pointer, isinstance(value, str))
            stated = node.get("examples")
            for index, value in enumerate(stated) if isinstance(stated, list) else ():
                at = json_pointer.join(pointer, "examples", index)
                yield _Example(node, pointer, "examples", index, at, value, pointer, is_text=False)
        elif kind in _ILLUSTRATED and "schema" in node and ("example" in node or "examples" in node):
            json_media = kind == "media-type" and _JSON.match(json_pointer.split(pointer)[-1]) is not None
            schema = f"{pointer}/schema"
            for field, name, at, value in _stated(draft.tree, pointer, node):
                is_text = isinstance(value, str)
                if json_media or kind != "media-type" or not is_text:
                    yield _Example(node, pointer, field, name, at, value, schema, json_media and is_text)


def _stated(tree: dict[str, Any], pointer: str, node: dict[str, Any]) -> Iterator[tuple[str, str | None, str, Any]]:
    """The values of `example` and `examples`: field, name, pointer, value; references followed."""
    if "example" in node:
        yield "example", None, json_pointer.join(pointer, "example"), node["example"]
    entries = node.get("examples")
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        found = resolve(tree, entry)
        if isinstance(found, dict) and "value" in found:
            tail = ("value",) if found is entry else ()
            yield "examples", name, json_pointer.join(pointer, "examples", name, *tail), found["value"]


class _Checker:
    """Validators for the schemas of one document, made when they are first needed."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self._tree = tree
        self._registry = jsonschema_rs.Registry([(_BASE, tree)], draft=jsonschema_rs.Draft202012)
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._one_way: tuple[frozenset[str], frozenset[str]] | None = None

    def problems(self, schema: str, value: Any, at: str) -> list[tuple[list[str | int], str]]:
        """The first things that are wrong with a value: a path inside it, and what to say of what stands there."""
        try:
            validator = self._validator(schema)
        except jsonschema_rs.ValidationError:  # it finds no dynamic anchors outside of a schema's own resource
            return []
        if validator.is_valid(value):
            return []
        errors = (error for error in validator.iter_errors(value) if not self._may_miss(error, at))
        return [(list(error.instance_path), violation(error)) for error in islice(errors, _MOST_PROBLEMS)]

    def _validator(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        found = self._validators.get(schema)
        if found is None:
            # Each holds all schemas that it can reach, and examples of one schema stand beside each other.
            while len(self._validators) >= _MOST_VALIDATORS:
                del self._validators[next(iter(self._validators))]
            found = self._validators[schema] = jsonschema_rs.Draft202012Validator(
                {"$ref": f"{_BASE}#{quote(schema)}"}, registry=self._registry, validate_formats=True
            )
        return found

    def _may_miss(self, error: jsonschema_rs.ValidationError, at: str) -> bool:
        """Whether only a property is missing that does not travel in this direction."""
        if error.kind.name != "required":
            return False
        if self._one_way is None:
            self._one_way = _one_way_properties(self._tree)
        read_only, write_only = self._one_way
        tokens = json_pointer.split(at)
        name = error.kind.as_dict()["property"]
        in_request, in_response = not _REQUESTS.isdisjoint(tokens), "responses" in tokens
        return (name in read_only and not in_response) or (name in write_only and not in_request)


def _one_way_properties(tree: dict[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of properties that are read-only, and of those that are write-only, anywhere in the document."""
    found: dict[str, set[str]] = {"readOnly": set(), "writeOnly": set()}
    for kind, _, node in walk(tree):
        properties = node.get("properties") if kind == "schema" else None
        for name, stated in properties.items() if isinstance(properties, dict) else ():
            for schema in (stated, resolve(tree, stated)):
                if isinstance(schema, dict):
                    for key, names in found.items():
                        if schema.get(key) is True:
                            names.add(name)
    return frozenset(found["readOnly"]), frozenset(found["writeOnly"])


def violation(error: jsonschema_rs.ValidationError) -> str:
    """What is wrong with the instance, as a sentence that begins with it if it is short enough to be shown."""
    keyword, instance = error.kind.name, error.instance
    shown = "an object" if isinstance(instance, dict) else "a list" if isinstance(instance, list) else _json(instance)
    if keyword == "required":
        return f"lacks {error.kind.as_dict()['property']}"
    if keyword in {"anyOf", "oneOf"}:
        several = isinstance(error.kind, jsonschema_rs.ValidationErrorKind.OneOfMultipleValid)
        return f"{shown} fits several alternatives of oneOf" if several else f"{shown} fits none of its alternatives"
    if keyword == "enum":
        options = error.kind.as_dict()["options"]
        more = ", …" if len(options) > _MOST_OPTIONS else ""
        return f"{shown} is not one of {', '.join(map(_json, options[:_MOST_OPTIONS]))}{more}"
    message = error.message
    if isinstance(instance, dict | list):
        message = message.replace(_json(instance, compact=True), shown)
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


def _json(value: Any, *, compact: bool = False) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":") if compact else None)


def _parsed(draft: Draft, checker: _Checker, example: _Example) -> bool:
    """Replace a JSON text by the value that it holds, if that fits the schema; whether it did."""
    try:
        value = json.loads(example.value)
    except ValueError:
        return False
    if checker.problems(example.schema, value, example.at):
        return False
    *parents, key = json_pointer.split(example.at)
    above = json_pointer.join("", *parents)
    holder = json_pointer.resolve(draft.tree, above)
    if not isinstance(holder, dict) or key not in holder:
        return False
    draft.put(holder, above, key, value, "value-text", "a JSON text")
    return True


def _remove(draft: Draft, example: _Example, note: str) -> None:
    owner, pointer, rule = example.owner, example.owner_pointer, _RULES[example.field]
    held = owner[example.field]
    below = json_pointer.join(pointer, example.field)
    if isinstance(held, list) and isinstance(example.name, int):
        draft.remove_item(below, held, example.name)
    elif isinstance(held, dict) and isinstance(example.name, str):
        draft.drop(held, below, example.name, rule, note)
    if example.name is None or not held:
        draft.drop(owner, pointer, example.field, rule, note)
