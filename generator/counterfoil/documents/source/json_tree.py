"""JSON text → a plain tree and the place of every node. Values come from the standard library's parser."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from counterfoil.documents.source.text import MAX_DEPTH, Lines, documented, duplicate_key, refusal, too_deep
from counterfoil.evidence import Node
from counterfoil.location import CounterfoilError, Diagnostic, Location

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_BARE = r'[^\s{}\[\],:"]+'
_VALUE_BEGINS = re.compile(rf"{_STRING}|[{{\[]|{_BARE}", re.DOTALL)
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\],]|{_BARE}", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


class _DuplicateKeyError(Exception):
    pass


class _NumberError(Exception):
    """Holds the text of a number that cannot be kept."""


def read_json(text: str, origin: Location) -> tuple[Any, Node]:
    """The value of a JSON text (RFC 8259) and the evidence of its nodes.

    Stricter than the standard library: duplicate keys, NaN, Infinity, numbers beyond a double, lone surrogates and
    more than `MAX_DEPTH` levels are refused. Integers are exact. Raises `CounterfoilError`.
    """
    lines = Lines(text, origin)
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise _syntax_error(error, text, lines) from None
    except RecursionError:
        raise too_deep(origin) from None
    except _DuplicateKeyError:
        raise CounterfoilError(*_duplicates(text, lines)) from None
    except _NumberError as error:
        number = str(error)
        found = next((match.start() for match in _TOKEN.finditer(text) if match[0] == number), 0)
        message = f"{number[:40]} is not a number that JSON can carry"
        raise refusal(lines.location(found), "json-number", message) from None
    return value, _evidence(value, text, lines)


def _evidence(value: Any, text: str, lines: Lines) -> Node:
    """Walk the value beside the tokens of its text: both name the nodes in the same order."""
    offsets = (match.start() for match in _VALUE_BEGINS.finditer(text))
    may_hold_surrogates = "\\u" in text
    root = documented(lines.location(next(offsets)))
    levels = [(_children(value), type(value) is dict, root.children)]
    while levels:
        items, is_mapping, nodes = levels[-1]
        for token, child in items:
            location = lines.location(next(offsets))
            if is_mapping:
                next(offsets)
            nodes[token] = node = documented(location)
            if may_hold_surrogates and (_SURROGATE.search(token) or (type(child) is str and _SURROGATE.search(child))):
                raise refusal(location, "json-syntax", "half of a surrogate pair stands alone")
            if type(child) is dict or type(child) is list:
                if len(levels) >= MAX_DEPTH:
                    raise too_deep(location)
                levels.append((_children(child), type(child) is dict, node.children))
                break
        else:
            levels.pop()
    return root


def _children(node: Any) -> Iterator[tuple[str, Any]]:
    if type(node) is dict:
        return iter(node.items())
    if type(node) is list:
        return ((str(index), child) for index, child in enumerate(node))
    return iter(())


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _DuplicateKeyError
    return mapping


def _refuse(constant: str) -> NoReturn:
    raise _NumberError(constant)


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refuse(number)


def _integer(number: str) -> int:
    try:
        return int(number)
    except ValueError:  # longer than the interpreter converts
        return _refuse(number)


def _duplicates(text: str, lines: Lines) -> Iterator[Diagnostic]:
    """A diagnostic for every key that its object states again, up to where the text stops being JSON.

    Looked for only when there is one.
    """
    keys_of: list[dict[str, int] | None] = []
    previous = ""
    for match in _TOKEN.finditer(text):
        lexeme, offset = match[0], match.start()
        keys = keys_of[-1] if keys_of else None
        if lexeme in "{[":
            keys_of.append({} if lexeme == "{" else None)
        elif lexeme in "}]":
            if not keys_of:
                return
            keys_of.pop()
        elif keys is not None and previous in "{," and lexeme[0] == '"':
            try:
                key = json.loads(lexeme)
            except json.JSONDecodeError:
                return
            if key in keys:
                yield duplicate_key(key, lines.location(offset), lines.location(keys[key]))
            keys.setdefault(key, offset)
        previous = lexeme


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
