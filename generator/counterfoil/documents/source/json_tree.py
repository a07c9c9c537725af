"""JSON text → a plain tree and the place of every node. Values come from the standard library's parser."""

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterfoil.documents.source.text import (
    MAX_DEPTH,
    Lines,
    duplicate_key,
    number_as_text,
    refusal,
    replaced_character,
    too_deep,
)
from counterfoil.evidence import Node
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_BARE = r'[^\s{}\[\],:"]+'
_VALUE_BEGINS = rf"(?:{_STRING}|[{{\[]|{_BARE})"
_NODE_BEGINS = re.compile(rf"{_STRING}\s*:\s*{_VALUE_BEGINS}|{_VALUE_BEGINS}", re.DOTALL)
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\],]|{_BARE}", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_REPLACEMENT = r"\ufffd"


class _DuplicateKeyError(Exception):
    pass


def read_json(text: str, origin: Location) -> tuple[Any, Node, list[Diagnostic]]:
    """The value of a JSON text (RFC 8259), the evidence of its nodes, and what of it is read otherwise than it stands.

    Integers are exact. Of what an object states twice the last holds; NaN, Infinity and numbers that are too long or
    beyond a double are read as texts, half a surrogate pair as U+FFFD. Raises `CounterfoilError` for a text that is
    not JSON or nests more than `MAX_DEPTH` levels.
    """
    lines = Lines(text, origin)
    diagnostics: list[Diagnostic] = []
    text = _without_half_pairs(text, lines, diagnostics)
    numbers: set[str] = set()
    try:
        try:
            value = _parsed(text, numbers, object_pairs_hook=_unique)
        except _DuplicateKeyError:
            text = _without_duplicates(text, lines, diagnostics)
            value = _parsed(text, numbers)
    except json.JSONDecodeError as error:
        raise CounterfoilError(*diagnostics, *_syntax_error(error, text, lines).diagnostics) from None
    except RecursionError:
        raise too_deep(origin) from None
    if numbers:
        found = (match for match in _TOKEN.finditer(text) if match[0] in numbers)
        diagnostics += (number_as_text(match[0], lines.location(match.start())) for match in found)
    return value, _evidence(value, text, lines), diagnostics


def _parsed(text: str, numbers: set[str], **options: Any) -> Any:
    """The value of a text; `numbers` gets the numbers that JSON cannot carry, which stand in it as texts."""

    def as_text(number: str) -> str:
        numbers.add(number)
        return number

    def finite(number: str) -> float | str:
        value = float(number)
        return value if math.isfinite(value) else as_text(number)

    def integer(number: str) -> int | str:
        try:
            return int(number)
        except ValueError:  # longer than the interpreter converts
            return as_text(number)

    return json.loads(text, parse_constant=as_text, parse_float=finite, parse_int=integer, **options)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _DuplicateKeyError
    return mapping


def _without_half_pairs(text: str, lines: Lines, diagnostics: list[Diagnostic]) -> str:
    """The text, of the same length, with U+FFFD for every escape that is half a surrogate pair."""

    def replaced(match: re.Match[str]) -> str:
        if match["half"] is None:
            return match[0]
        diagnostics.append(replaced_character("half of a surrogate pair", lines.location(match.start())))
        return _REPLACEMENT

    return _ESCAPE.sub(replaced, text) if "\\ud" in text or "\\uD" in text else text


@dataclass(slots=True)
class _Members:
    """Of an object that is being read: where the member of each key begins, and where the one after it does."""

    begins: dict[str, int] = field(default_factory=dict)
    next: dict[int, int] = field(default_factory=dict)
    latest: int = 0


def _without_duplicates(text: str, lines: Lines, diagnostics: list[Diagnostic]) -> str:
    """The text, of the same length, without the members whose key stands again in their object, up to where it is JSON.

    Looked for only when there is one.
    """
    spans: list[tuple[int, int]] = []
    opened: list[_Members | None] = []
    previous = ""
    for match in _TOKEN.finditer(text):
        lexeme, offset = match[0], match.start()
        members = opened[-1] if opened else None
        if lexeme in "{[":
            opened.append(_Members() if lexeme == "{" else None)
        elif lexeme in "}]":
            if not opened:
                break
            opened.pop()
        elif members is not None and previous in "{," and lexeme[0] == '"':
            try:
                key = json.loads(lexeme)
            except json.JSONDecodeError:
                break
            members.next[members.latest] = members.latest = offset
            before = members.begins.get(key)
            if before is not None:
                diagnostics.append(duplicate_key(key, lines.location(offset), lines.location(before)))
                spans.append((before, members.next[before]))
            members.begins[key] = offset
        previous = lexeme
    parts, end = [], 0
    for begin, after in sorted(spans):
        if begin >= end:
            parts += [text[end:begin], re.sub(r"[^\n]", " ", text[begin:after])]
            end = after
    return "".join([*parts, text[end:]])


def _evidence(value: Any, text: str, lines: Lines) -> Node:
    """Walk the value beside the tokens of its text, of which each node has one: both name them in the same order."""
    offsets = [match.start() for match in _NODE_BEGINS.finditer(text)]
    root = Node(lines, offsets[0])
    if type(value) is dict or type(value) is list:
        _below(value, root.children, lines, offsets, 1, 1)
    return root


def _below(
    value: dict[str, Any] | list[Any], nodes: dict[str, Node], lines: Lines, offsets: list[int], at: int, depth: int
) -> int:
    """Make the nodes of what stands in a value, from the token `at` on; which token comes behind it."""
    items: Iterable[tuple[Any, Any]] = value.items() if type(value) is dict else enumerate(value)
    for key, child in items:
        nodes[str(key)] = node = Node(lines, offset := offsets[at])
        at += 1
        if type(child) is dict or type(child) is list:
            if depth >= MAX_DEPTH:
                raise too_deep(lines.location(offset))
            at = _below(child, node.children, lines, offsets, at, depth + 1)
    return at


def _syntax_error(error: json.JSONDecodeError, text: str, lines: Lines) -> CounterfoilError:
    """The refusal of a text that is not JSON. A comma too many is told here: Python 3.13 says it in its own way."""
    offset, message = error.pos, error.msg[:1].lower() + error.msg[1:]
    before = len(text[:offset].rstrip())
    comma = before - 1 if text[before - 1 : before] == "," else offset
    if text[comma : comma + 1] == "," and text[comma + 1 :].lstrip()[:1] in ("}", "]"):
        message, hint = "a comma stands before a closing bracket", "remove the comma"
        return refusal(lines.location(comma), "json-syntax", message, hint)
    return refusal(lines.location(offset), "json-syntax", message, _hint(text, offset))


def _hint(text: str, offset: int) -> str:
    """What a person most likely did where JSON parsing stopped."""
    before, here = text[:offset].rstrip()[-1:], text[offset:].lstrip()[:2]
    if here[:1] in ("}", "]") and text[offset:].lstrip()[1:].strip() and before not in ("", ","):
        return "a closing bracket has no opening one"
    if not here:
        return "the text ends too early: a bracket or a quotation mark is not closed"
    if here in ("//", "/*") or here[:1] == "#":
        return "JSON has no comments"
    if here[:1] == "'":
        return "JSON strings and keys stand in double quotation marks"
    if here[:1] == '"' and before not in ("", ",", "{", "["):
        return "a comma is missing before this"
    return ""
