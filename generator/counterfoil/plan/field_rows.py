"""The fields of a body as rows for people: dotted name, type in words, whether required, description."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from counterfoil.contract.tree import references

_json = json.JSONEncoder(ensure_ascii=False).encode
_DEEPEST = 3
_MOST = 60  # rows, unless the outermost fields alone are more
_BOUNDS = (
    ("minLength", "at least {} long"),
    ("maxLength", "at most {} long"),
    ("minimum", "≥ {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "≤ {}"),
    ("exclusiveMaximum", "< {}"),
    ("pattern", "matches `{}`"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
)


@dataclass(frozen=True)
class FieldRow:
    """A field; `name` is dotted, with `[]` behind lists. `required` holds within the object that it is in."""

    name: str
    type: str
    required: bool
    description: str


def field_rows(tree: Mapping[str, Any], schema: Any) -> tuple[FieldRow, ...]:
    """The fields of the schema of a body, those of nested objects behind the object that holds them.

    Objects are opened as deep as a person still finds the way about: schemas that refer to each other have millions.
    """
    shown: list[Callable[[], FieldRow]] = []
    for deepest in range(_DEEPEST + 1):
        rows = list(islice(_rows(tree, schema, "", deepest, ()), _MOST + 1 if shown else None))
        if shown and len(rows) > _MOST:
            break
        shown = rows
    return tuple(row() for row in shown)


def type_in_words(tree: Mapping[str, Any], schema: Any) -> str:
    """What values a schema allows, in few words."""
    node = references.resolve(tree, schema)
    if not isinstance(node, Mapping):
        return "any"
    if "const" in node:
        return _json(node["const"])
    names = node.get("x-enum-varnames")
    if isinstance(values := node.get("enum"), list):
        if isinstance(names, list) and len(names) == len(values):
            return ", ".join(f"{_json(value)} ({name})" for value, name in zip(values, names, strict=True))
        return ", ".join(map(_json, values))
    for keyword in ("oneOf", "anyOf"):
        if isinstance(branches := node.get(keyword), list):
            return " or ".join(dict.fromkeys(_branch(tree, branch) for branch in branches))
    types = node.get("type")
    text = " or ".join(types) if isinstance(types, list) else types if isinstance(types, str) else "any"
    if text == "array":
        text = f"array of {type_in_words(tree, node.get('items'))}"
    details = [node["format"]] if isinstance(node.get("format"), str) else []
    details += [phrase.format(node[keyword]) for keyword, phrase in _BOUNDS if keyword in node]
    if "default" in node:
        details.append(f"default {_json(node['default'])}")
    return f"{text}, {', '.join(details)}" if details else text


def _branch(tree: Mapping[str, Any], branch: Any) -> str:
    target = references.target(branch)
    return target.rpartition("/")[2] if target else type_in_words(tree, branch)


def _rows(
    tree: Mapping[str, Any], schema: Any, prefix: str, levels: int, above: tuple[int, ...]
) -> Iterator[Callable[[], FieldRow]]:
    """What makes each row, so many levels down; `above` are the schemas around this one."""
    node = references.resolve(tree, schema)
    if not isinstance(node, Mapping) or levels < 0 or id(node) in above:
        return
    above = (*above, id(node))
    if isinstance(node.get("items"), Mapping):
        yield from _rows(tree, node["items"], f"{prefix.removesuffix('.')}[].", levels - 1, above)
    for keyword in ("allOf", "anyOf", "oneOf"):
        branches = node.get(keyword)
        if isinstance(branches, list) and (keyword == "allOf" or len(_objects(tree, branches)) == 1):
            for branch in branches:
                yield from _rows(tree, branch, prefix, levels, above)
    properties, required = node.get("properties"), node.get("required") or ()
    for name, child in properties.items() if isinstance(properties, Mapping) else ():
        yield partial(_row, tree, f"{prefix}{name}", child, name in required)
        yield from _rows(tree, child, f"{prefix}{name}.", levels - 1, above)


def _row(tree: Mapping[str, Any], name: str, schema: Any, required: bool) -> FieldRow:
    found = references.resolve(tree, schema)
    own = schema.get("description") if isinstance(schema, Mapping) else None
    described = own or (found.get("description") if isinstance(found, Mapping) else None)
    return FieldRow(name, type_in_words(tree, schema), required, described if isinstance(described, str) else "")


def _objects(tree: Mapping[str, Any], branches: list[Any]) -> list[Any]:
    found = [references.resolve(tree, branch) for branch in branches]
    return [node for node in found if isinstance(node, Mapping) and "properties" in node]
