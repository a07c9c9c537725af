"""What a document holds, counted without the generator's own readers, and what of it did not come out."""

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from counterfoil import documents
from counterfoil import pointer as json_pointer
from counterfoil.location import CounterfoilError, Diagnostic

Operation = tuple[str, str]  # method in upper case, path

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
_OTHERS = ("additionalOperations", "x-additional-operations")


class _Loader(yaml.CSafeLoader):
    """Reads every scalar as text: what is counted are keys, and some dates are none."""


_Loader.yaml_implicit_resolvers = {"<": [("tag:yaml.org,2002:merge", re.compile("<<"))]}


def parse(path: Path) -> dict[str, Any]:
    """The document in a JSON or YAML file; an empty one if it is neither."""
    text = _text(path)
    try:
        tree = json.loads(text)
    except ValueError:
        try:
            tree = yaml.load(text, _Loader)  # noqa: S506 - a safe loader
        except yaml.YAMLError:
            return {}
    return tree if isinstance(tree, dict) else {}


def _text(path: Path) -> str:
    data = path.read_bytes()
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")


def operations(tree: dict[str, Any]) -> dict[Operation, str]:
    """Every operation below `paths` → its JSON Pointer; of path items that stand elsewhere those in this document."""
    found: dict[Operation, str] = {}
    paths = tree.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict) and not str(path).startswith("x-"):
            for method, tokens in _methods(tree, item):
                found.setdefault((method, str(path)), json_pointer.join("/paths", str(path), *tokens))
    return found


def _methods(tree: dict[str, Any], item: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for key, value in item.items():
        if str(key).lower() in _METHODS and isinstance(value, dict):
            yield str(key).upper(), [key]
        elif key in _OTHERS and isinstance(value, dict):
            yield from ((method.upper(), [key, method]) for method, held in value.items() if isinstance(held, dict))
    reference = item.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        try:
            target = json_pointer.resolve(tree, reference[1:])
        except LookupError:
            return
        if isinstance(target, dict) and "$ref" not in target:
            yield from _methods(tree, target)


def schemas(tree: dict[str, Any]) -> int:
    """The number of schemas among the components, or among the definitions of Swagger 2.0."""
    components = tree.get("components")
    held = components.get("schemas") if isinstance(components, dict) else tree.get("definitions")
    return len(held) if isinstance(held, dict) else 0


def unexplained(path: Path, missing: dict[Operation, str], diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Those of the operations that did not come out of which no diagnostic tells, by its text or by its line."""
    told = [diagnostic.message for diagnostic in diagnostics]
    quiet = {key: pointer for key, pointer in missing.items() if not any(key[1] in text for text in told)}
    if not quiet:
        return []
    lines = sorted(diagnostic.location.line for diagnostic in diagnostics)
    extents = _extents(path)
    return [
        f"{method} {route}"
        for (method, route), pointer in quiet.items()
        if not any(first <= line < end for first, end in extents.get(pointer, ()) for line in lines)
    ]


def _extents(path: Path) -> dict[str, list[tuple[int, int]]]:
    """Pointer → lines from each operation to what follows it."""
    try:
        document = documents.read(path.name, _text(path))
    except CounterfoilError:
        return {}
    starts = []
    for pointer in operations(document.tree).values():
        place = document.evidence.location(pointer)
        if place:
            starts.append((place.line, pointer))
    starts.sort()
    ends = [line for line, _ in starts[1:]] + [10**9]
    return {pointer: [(line, max(end, line + 1))] for (line, pointer), end in zip(starts, ends, strict=True)}
