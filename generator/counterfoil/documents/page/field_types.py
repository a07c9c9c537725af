"""Types as documentation pages write them, such as `string<uuid>`, `array of strings` or `int | null`."""

import re
from dataclasses import dataclass, field
from typing import Any

from counterfoil.documents.page.json_types import types_of
from counterfoil.documents.page.listed_values import read_values, typed_values
from counterfoil.documents.page.type_names import FORMATS, NAMED, STRING_FORMATS

_REQUIRED = {"required": True, "mandatory": True, "optional": False, "not required": False}
_ARRAY = (
    re.compile(r"(?P<item>.+?)\s*\\?\[\s*\\?\]", re.DOTALL),
    re.compile(r"(?:an?\s+)?(?:array|list|collection)\s+of\s+(?P<item>.+)", re.IGNORECASE | re.DOTALL),
    re.compile(r"(?:array|list|set|sequence)\s*[<(\[]\s*(?P<item>.+?)\s*[>)\]]", re.IGNORECASE | re.DOTALL),
    re.compile(r"\[\s*\]\s*(?P<item>\w+)"),
    re.compile(r"\[\s*(?P<item>\w+)\s*\]"),
    re.compile(r"(?P<item>\w+)\s+(?:array|list)", re.IGNORECASE),
)
_MAP = re.compile(
    r"(?:map|object|dict(?:ionary)?|record|hash)\s*[<(\[]\s*string\s*,\s*(?P<value>.+?)\s*[>)\]]", re.IGNORECASE
)
_QUALIFIED = re.compile(
    r"(?P<base>[\w .-]*?)\s*(?:<(?P<angle>[^<>]*)>|[(\[](?P<round>[^()\[\]]*)[)\]])(?P<rest>.*)", re.DOTALL
)
_VALUES = re.compile(
    r"(?:enum|one\s+of|values?|allowed(?:\s+values)?|options)\s*[:=]?\s*(?P<values>.+)", re.IGNORECASE | re.DOTALL
)
_LENGTH = re.compile(
    r"(?:max(?:imum)?(?:\s*length)?\s*[:=]?\s*|<=?\s*)?(\d{1,9})(?:\s*char(?:acter)?s?)?", re.IGNORECASE
)
_LENGTHS = re.compile(r"(\d{1,9})\s*(?:-|–|\.\.|to|,)\s*(\d{1,9})(?:\s*char(?:acter)?s?)?", re.IGNORECASE)
_LONGEST = 5000
_DEEPEST = 50
_NESTED = re.compile(r"\bof\b|[<(\[]|\b(?:array|list)\b", re.IGNORECASE)


@dataclass(slots=True)
class FieldType:
    """What a type text says: a schema fragment, whether the field is required, and which keywords are only implied.

    `known` is false where the text names no type that is understood; `implied` maps keywords of `schema` to the
    inference rule that they rest on.
    """

    schema: dict[str, Any] = field(default_factory=dict)
    required: bool | None = None
    deprecated: bool = False
    known: bool = True
    implied: dict[str, str] = field(default_factory=dict)


def read_type(text: str) -> FieldType:
    """Read a type text; formats are kept as written unless they are a common spelling of a format of JSON Schema."""
    text = re.sub(r"\s+", " ", text).strip().rstrip(".")
    if len(text) > _LONGEST or len(_NESTED.findall(text)) > _DEEPEST:
        return FieldType(known=False)
    return _read(text)


def is_type(text: str) -> bool:
    """Whether a line of text is nothing but a type."""
    if len(text) > 80 or not re.match(r"[a-z\"]", text):
        return False
    return all(_is_single_type(part.strip()) for part in _alternatives(text))


def _is_single_type(text: str) -> bool:
    base, _, rest = text.removesuffix("[]").partition("<")
    if base not in {"string", "number", "integer", "boolean", "object", "array", "null", "any", "file", "enum"}:
        return bool(re.fullmatch(r'"[^"]*"', text))
    return not rest or bool(re.fullmatch(r"[^\s<>]+(?:<[^\s<>]+>)?>(?:\[\])?", rest)) or rest.endswith(">")


def _alternatives(text: str) -> list[str]:
    """Split at `|` and `or` outside brackets."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[<(\[]|[>)\]]|\||\s+or\s+", text):
        mark = match[0]
        if mark in "<([":
            depth += 1
        elif mark in ">)]":
            depth -= 1
        elif depth == 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _read(text: str) -> FieldType:
    alternatives = [part.strip() for part in _alternatives(text) if part.strip()]
    literals = [_literal(part) for part in alternatives]
    if literals and all(literal is not None for literal in literals):
        values = [literal for literal in literals if literal is not None]
        return FieldType({"type": "string", "enum": values}, implied={"type": "type-from-values"})
    if len(alternatives) > 1:
        return _union([_read(part) for part in alternatives])
    return _single(alternatives[0]) if alternatives else FieldType(known=False)


def _literal(text: str) -> str | None:
    match = re.fullmatch(r'"([^"]*)"|\'([^\']*)\'', text)
    return (match[1] or match[2] or "") if match else None


def _union(branches: list[FieldType]) -> FieldType:
    merged = FieldType(known=all(branch.known for branch in branches))
    types: list[str] = []
    for branch in branches:
        types.extend(kind for kind in types_of(branch.schema) if kind not in types)
        merged.implied.update(branch.implied)
        merged.required = branch.required if merged.required is None else merged.required
        merged.schema.update({key: value for key, value in branch.schema.items() if key != "type"})
    others = [branch for branch in branches if branch.schema.get("type") != "null"]
    if any(not branch.schema.get("type") for branch in others):
        return FieldType(known=merged.known, required=merged.required)
    if len(others) > 1 and any(len(branch.schema) > 1 for branch in others):
        return FieldType({"anyOf": [branch.schema for branch in branches]}, merged.required, known=merged.known)
    types.sort(key=lambda kind: kind == "null")
    if types:
        merged.schema = {"type": types if len(types) > 1 else types[0], **merged.schema}
    return merged


def _single(text: str) -> FieldType:
    named = _named(text)
    if named:
        return named
    for pattern in _ARRAY:
        match = pattern.fullmatch(text)
        if match and match["item"].lower() not in _REQUIRED:
            item = _read(match["item"])
            items = item if item.known or not match["item"].endswith("s") else _read(match["item"][:-1])
            schema: dict[str, Any] = {"type": "array"}
            if items.schema:
                schema["items"] = items.schema
            return FieldType(schema, item.required)
    match = _MAP.fullmatch(text)
    if match:
        value = _read(match["value"])
        return FieldType({"type": "object", "additionalProperties": value.schema or True})
    return _qualified(text)


def _named(text: str) -> FieldType | None:
    name = text.lower().removesuffix(" (object)")
    for word in (name, name.removesuffix("s")):
        if word in NAMED:
            found = FieldType(dict(NAMED[word]))
            if word in ("int32", "int64", "float", "double"):
                found.schema["format"] = word
            return found
        if word in STRING_FORMATS:
            return FieldType(
                {"type": "string", "format": FORMATS[word]},
                implied={"type": "type-from-format"},
            )
    return None


def _qualified(text: str) -> FieldType:
    """A base with words about it, such as `string<uuid>`, `string (datetime)` or `integer, required`."""
    match = _QUALIFIED.fullmatch(text)
    if match:
        inside = match["angle"] if match["angle"] is not None else match["round"]
        if match["base"].lower() == "enum" and _named(inside):
            found = _read(inside)
        else:
            found = _read(match["base"]) if match["base"] else FieldType(known=False)
            _apply(found, inside, as_written=match["angle"] is not None)
        for word in re.split(r"[,;]", match["rest"]):
            _apply(found, word.strip(), as_written=False)
        return found
    base, *words = re.split(r"\s*[,;]\s*", text)
    if words:
        found = _read(base)
        if not found.known and base.lower() in _REQUIRED:
            found = _read(words[0])
            words = [base, *words[1:]]
        for word in words:
            _apply(found, word, as_written=False)
        return found
    words = text.split(" ")
    if len(words) > 1 and _named(words[0]):
        found = _read(words[0])
        _apply(found, " ".join(words[1:]), as_written=False)
        return found
    if len(words) > 1 and (_named(words[-1]) or words[0].lower() in _REQUIRED):
        found = _read(words[-1])
        _apply(found, " ".join(words[:-1]), as_written=False)
        return found
    return FieldType(known=False)


def _apply(found: FieldType, qualifier: str, *, as_written: bool) -> None:
    """Add what one qualifier says about a base type."""
    word = qualifier.strip(" `$").lower()
    if not word:
        return
    schema, kind = found.schema, found.schema.get("type")
    values = _VALUES.fullmatch(qualifier.strip())
    length, lengths = _LENGTH.fullmatch(word), _LENGTHS.fullmatch(word)
    if word in _REQUIRED:
        found.required = _REQUIRED[word]
    elif word in ("nullable", "or null"):
        schema["type"] = [kind, "null"] if isinstance(kind, str) else kind
    elif word == "deprecated":
        found.deprecated = True
    elif values and (len(listed := read_values(values["values"])) > 1 or word.startswith("enum")):
        schema.setdefault("type", "string")
        schema["enum"] = typed_values(listed, schema["type"])
    elif lengths and kind == "string":
        schema["minLength"], schema["maxLength"] = int(lengths[1]), int(lengths[2])
        found.implied.update(minLength="length-in-type", maxLength="length-in-type")
    elif length and kind == "string":
        schema["maxLength"] = int(length[1])
        found.implied["maxLength"] = "length-in-type"
    elif kind is None and "enum" not in schema and len(listed := read_values(qualifier)) > 1:
        schema.update(type="string", enum=listed)
        found.known = True
    elif "," in qualifier:
        for part in qualifier.split(","):
            _apply(found, part, as_written=as_written)
    elif kind in ("string", "integer", "number") and (as_written or word in FORMATS):
        schema["format"] = FORMATS.get(word, qualifier.strip(" `$"))
