"""Strings, numbers and enums as annotations: pydantic's own constraints where they mean the same as JSON Schema's."""

import re
from decimal import Decimal
from typing import Any

from counterfoil.plan.schema import keywords
from counterfoil.plan.schema.schemas import Schema
from counterfoil.plan.types.annotation import (
    ANY,
    BOOL,
    NONE,
    STR,
    Annotation,
    Call,
    Choice,
    DictOf,
    ListOf,
    annotated,
    field,
    support,
    union,
)

TYPED_FORMATS = {"date-time": "DateTime", "date": "Date", "uuid": "Uuid"}
"""String formats that have a type of their own in the support modules."""

_CHECKED = """
time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri iri-reference uri-template
json-pointer relative-json-pointer regex byte
"""
CHECKED_FORMATS = frozenset(_CHECKED.split())
"""String formats that are tested and otherwise stay plain strings."""

STRING_FORMATS = CHECKED_FORMATS | TYPED_FORMATS.keys()
NUMBER_FORMATS = {"int32": "Int32", "int64": "Int64"}

_MOST_OF_LITERAL = 2**63  # pydantic reads the integers of a `Literal` into 64 bits
_SIMPLE: dict[str, Annotation] = {
    "string": STR,
    "integer": support("Integer"),
    "number": support("Number"),
    "boolean": BOOL,
    "array": ListOf(ANY),
    "object": DictOf(ANY),
    "null": NONE,
}
_BOUNDS = (("minimum", "ge"), ("exclusiveMinimum", "gt"), ("maximum", "le"), ("exclusiveMaximum", "lt"))
_NATIVE_PATTERN = re.compile(
    r"""\^?
    (?: (?: [A-Za-z0-9_\-:/,@=;!"'%& ]            # characters that mean themselves everywhere
          | \\[.$^\[\](){}|*+?\\]                 # escaped punctuation
          | \[\^?-?                               # classes of ASCII characters and ranges
            (?: [A-Za-z0-9]-[A-Za-z0-9] | [A-Za-z0-9_:./,@=;!"'%*+?()$|<> ] | \\[.\-/\]\[^\\] )+
            -?\]
        )
        (?: [*+?] | \{\d{1,3}(?:,\d{0,3})?\} )?
      | \( (?:\?:)? | \)[*+?]? | \|
    )* \$?""",
    re.VERBOSE,
)


def string(schema: Schema, formats: bool) -> Annotation:
    """A string with its length, pattern and, if `formats` are asserted, its format."""
    wanted = schema.get("format") if formats else None
    bounds = lengths(schema, "minLength", "maxLength")
    pattern = schema.get("pattern")
    metadata: list[Call] = []
    base = STR
    if wanted in TYPED_FORMATS and not ((bounds or pattern is not None) and wanted != "uuid"):
        base = support(TYPED_FORMATS[wanted])
    elif wanted in STRING_FORMATS:
        metadata.append(Call(support("Format"), (wanted,)))
    if pattern is not None and is_native(pattern) and base == STR:
        bounds = {**bounds, "pattern": pattern}
    elif pattern is not None:
        metadata.append(Call(support("Pattern"), (pattern,)))
    return annotated(base, *([field(**bounds)] if bounds else []), *metadata)


def number(schema: Schema, integer: bool, formats: bool) -> Annotation:
    """An integer or a number with its bounds."""
    base = support("Integer" if integer else "Number")
    if integer and formats and schema.get("format") in NUMBER_FORMATS:
        base = support(NUMBER_FORMATS[schema["format"]])
    bounds: dict[str, Any] = {short: _whole(schema[long]) for long, short in _BOUNDS if long in schema}
    metadata = [field(**bounds)] if bounds else []
    if "multipleOf" in schema:
        metadata.append(Call(support("MultipleOf"), (schema["multipleOf"],)))
    return annotated(base, *metadata)


def _whole(value: float) -> float:
    """A whole number as an int, by its decimal digits: 1.8446744073709552e+19 is not 2 to the power of 64."""
    return int(Decimal(repr(value))) if isinstance(value, float) and value.is_integer() else value


def lengths(schema: Schema, least: str, most: str) -> dict[str, int]:
    """The keywords of `Field` for two length keywords; a bound that cannot fail is left out."""
    found = {}
    if schema.get(least, 0) > 0:
        found["min_length"] = int(schema[least])
    if most in schema:
        found["max_length"] = int(schema[most])
    return found


_OPEN = {str: "string", int: "integer", float: "number"}


def choice(values: list[Any]) -> Annotation | None:
    """A `Literal` of an enum's values; None if there is a value that no `Literal` may hold, or two that it mistakes."""
    if None in values:
        rest = [value for value in values if value is not None]
        found = choice(rest) if rest else NONE
        return found and union(found, NONE)
    whole = [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]
    if not all(type(value) in (str, bool) or (type(value) is int and abs(value) < _MOST_OF_LITERAL) for value in whole):
        return None
    distinct = list({(type(value), value): value for value in whole}.values())
    if len(set(distinct)) < len(distinct):
        return None
    if {*distinct} == {True, False} and all(isinstance(value, bool) for value in distinct):
        return BOOL
    base = Choice(tuple(distinct))
    plain = all(isinstance(value, str) for value in distinct)
    return base if plain else annotated(base, Call(support("Exactly")))


def opened(known: Annotation | None, values: list[Any]) -> Annotation | None:
    """An enum that takes further values of the types of those known today; a single value stays a constant.

    `known` are those of today, None where no `Literal` can hold them.
    """
    kinds = {type(value) for value in values if value is not None}
    if len(values) < 2 or not kinds <= _OPEN.keys():
        return known
    further = simple(frozenset(_OPEN[kind] for kind in kinds))
    if known is None:
        return union(further, *([NONE] if None in values else []))
    return union(known, further)


def speaks_of(kind: str, schema: Schema, formats: bool) -> bool:
    """Whether a schema has a keyword that says something about values of a type; `formats`: whether `format` does."""
    found = schema.keys() & keywords.OF_TYPE[kind] - {"format"}
    if kind == "array" and found <= {"minContains", "maxContains"}:
        return False
    return bool(found) or (kind == "string" and formats and schema.get("format") in STRING_FORMATS)


def simple(kinds: frozenset[str]) -> Annotation:
    """The plain type of values of these JSON types; `Any` if that is all of them, or none."""
    if "number" in kinds:
        kinds -= {"integer"}
    found = [plain for kind, plain in _SIMPLE.items() if kind in kinds]
    return union(*found) if 0 < len(found) < len(_SIMPLE) - 1 else ANY


def is_native(pattern: str) -> bool:
    """Whether pydantic's regular expressions (Rust's) surely mean by a pattern what ECMA 262 means by it."""
    if "&&" in pattern or "--" in pattern or "~~" in pattern or not _NATIVE_PATTERN.fullmatch(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
