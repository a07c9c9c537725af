"""JSON request bodies, read as RFC 8259 says and bounded, so that nothing odd gets further than here."""

import json
import math
from collections.abc import Callable
from typing import Any, NoReturn

from pydantic_core import from_json, to_json

from counterfoil.stub.requests.malformed import MalformedError

DEEPEST = 128  # levels of nesting; beyond it, serialising and validating would recurse too far
LONGEST_FLOAT = 300  # digits before the decimal point; with 309 a number may be beyond all floats


class MalformedJSONError(MalformedError):
    """Text that is no JSON."""


def parse(body: bytes) -> Any:
    """The value that a JSON text in UTF-8 stands for.

    NaN and infinities, numbers too large for a float, integers of thousands of digits, lone surrogates, which no
    UTF-8 text can hold, and nesting deeper than `DEEPEST` are refused with `MalformedJSONError` like any syntax
    error. The last of several equal keys wins, as in most servers.
    """
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError:
        return _parse_slowly(body)
    outline = body.translate(_OUTLINE, b"+")
    if b"0e000" in outline:
        return _parse_slowly(body)
    # What is shorter has neither as many digits, nor as many brackets with those that close them.
    if len(body) > 2 * DEEPEST:
        if len(body) > LONGEST_FLOAT and _DIGITS in outline:
            return _parse_slowly(body)
        if outline.count(b"[") > DEEPEST and _depth(value) > DEEPEST:
            raise MalformedJSONError("nested too deeply")
    return value


dump: Callable[[Any], bytes] = to_json
"""A JSON value as compact UTF-8 text."""


def _parse_slowly(body: bytes) -> Any:
    """The same by the standard library, which tells where an error is."""
    try:
        value = _DECODER.decode(body.decode())
    except json.JSONDecodeError as error:
        raise MalformedJSONError(error.msg, error.pos, error.lineno, error.colno - 1) from None
    except UnicodeDecodeError as error:
        raise MalformedJSONError("not UTF-8", error.start) from None
    except RecursionError:
        raise MalformedJSONError("nested too deeply") from None
    except ValueError as error:
        raise MalformedJSONError(str(error)) from None
    if _depth(value) > DEEPEST:
        raise MalformedJSONError("nested too deeply")
    try:
        dump(value)
    except ValueError:
        raise MalformedJSONError("a surrogate without its other half") from None
    return value


def _refuse(constant: str) -> NoReturn:
    raise MalformedJSONError(f"{constant} is no JSON value")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedJSONError("number out of range")
    return number


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level := [node for node in level if isinstance(node, dict | list)]:
        depth += 1
        level = [child for node in level for child in (node.values() if isinstance(node, dict) else node)]
    return depth


# Digits as 0, exponents as e, brackets as [, all else as spaces: in such texts, searches are several times as fast.
_OUTLINE = bytes(
    0x30 if 0x30 <= byte <= 0x39 else 0x65 if byte in b"eE" else 0x5B if byte in b"[{" else 0x20 for byte in range(256)
)
_DIGITS = b"0" * LONGEST_FLOAT
_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
