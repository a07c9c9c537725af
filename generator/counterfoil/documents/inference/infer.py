"""What the descriptions of a document imply, made explicit and marked as inferred, whatever format it came from."""

import re
from functools import cache
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.documents.document import Document
from counterfoil.documents.inference.default_prose import read_default
from counterfoil.documents.inference.enum_prose import EnumProse, read_enum
from counterfoil.documents.inference.schema_walk import objects, pointer
from counterfoil.documents.reader_addressed import without_reader_addressed_text
from counterfoil.evidence import Evidence

_VARNAMES = "x-enum-varnames"
_OTHER_NAMES = {_VARNAMES, "x-enumNames", "x-enum-names", "x-ms-enum"}
_INTEGER = re.compile(r"-?\d+")
_FORMATS = {
    "date",
    "time",
    "date-time",
    "duration",
    "uuid",
    "email",
    "uri",
    "url",
    "hostname",
    "ipv4",
    "ipv6",
    "byte",
    "binary",
}


def infer(document: Document) -> None:
    """Add to the schemas of a document what descriptions imply, and drop from these what addresses an assistant.

    `enum-from-prose`: the values that a description enumerates become `enum`, their names `x-enum-varnames`, a list
    parallel to it; a null that the schema allows comes last in `enum` and has no name. A schema that states its
    values gets only names, and only if they are for just these values.
    `default-from-prose`: the default of a boolean or an integer that a description states without a condition.
    """
    kept_of = cache(without_reader_addressed_text)  # most texts stand in several places
    for way, node in objects(document.tree):
        for keyword in ("summary", "description"):
            text = node.get(keyword)
            if isinstance(text, str) and (kept := kept_of(text)) != text:
                _replace(document, json_pointer.join(pointer(way), keyword), node, keyword, kept)
        description = node.get("description")
        if not isinstance(description, str):
            continue
        tokens: tuple[str, ...] = ()
        schema = node
        if isinstance(node.get("schema"), dict) and "description" not in node["schema"]:
            tokens, schema = ("schema",), node["schema"]
        for rule, keywords in (("enum-from-prose", _enum_keywords), ("default-from-prose", _default_keyword)):
            for keyword, value in keywords(schema, description).items():
                schema[keyword] = value
                place = document.evidence.location(json_pointer.join(pointer(way), "description"))
                if place:
                    below = json_pointer.join(pointer(way), *tokens, keyword)
                    document.evidence.add(below, Evidence("inferred", place, rule))


def _replace(document: Document, at: str, node: dict[str, Any], keyword: str, text: str) -> None:
    """Set a text to what was kept of it, or remove it if that is nothing."""
    place = document.evidence.location(at)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if not text:
        del node[keyword]
        document.evidence.discard(at)
        return
    node[keyword] = text
    if place:
        document.evidence.add(at, Evidence("repaired", place, "reader-addressed-text"))


def _enum_keywords(schema: dict[str, Any], description: str) -> dict[str, Any]:
    """The keywords that a description adds to its schema."""
    kind = _kind(schema)
    if kind not in ("integer", "string") or schema.keys() & {"const", "pattern", *_OTHER_NAMES}:
        return {}
    form = schema.get("format")
    prose = None if isinstance(form, str) and form in _FORMATS else read_enum(description)
    values = _values(prose, kind) if prose else []
    if not prose or not values or not _agrees(schema, values):
        return {}
    enum = schema.get("enum")
    if isinstance(enum, list):
        names = dict(zip(values, prose.names, strict=False))
        listed = [value for value in enum if value is not None]
        same = bool(names) and len(listed) == len(names) and all(value in values for value in listed)
        return {_VARNAMES: [names[value] for value in listed]} if same else {}
    nullable = "null" in schema["type"] or schema.get("nullable") is True or schema.get("x-nullable") is True
    keywords: dict[str, Any] = {"enum": [*values, None] if nullable else values}
    if prose.names:
        keywords[_VARNAMES] = list(prose.names)
    return keywords


def _default_keyword(schema: dict[str, Any], description: str) -> dict[str, Any]:
    kind = _kind(schema)
    if kind not in ("boolean", "integer") or schema.keys() & {"default", "const"}:
        return {}
    value = read_default(description, kind)
    enum = schema.get("enum")
    if value is None or (isinstance(enum, list) and value not in enum):
        return {}
    return {"default": value}


def _kind(schema: dict[str, Any]) -> str | None:
    """The one type of a schema, beside null."""
    stated = schema.get("type")
    kinds = [name for name in (stated if isinstance(stated, list) else [stated]) if name != "null"]
    return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], str) else None


def _values(prose: EnumProse, kind: str) -> list[Any]:
    if kind == "string":
        return list(prose.values)
    return [int(value) for value in prose.values] if all(map(_INTEGER.fullmatch, prose.values)) else []


def _agrees(schema: dict[str, Any], values: list[Any]) -> bool:
    """Whether the default and the examples of a schema are among the values: else the prose means something else."""
    examples = schema.get("examples")
    shown = [schema.get("default"), schema.get("example"), *(examples if isinstance(examples, list) else [])]
    return all(value in values for value in shown if value is not None)
