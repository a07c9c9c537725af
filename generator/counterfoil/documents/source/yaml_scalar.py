"""What a plain YAML scalar means: the core schema of YAML 1.2.2, section 10.3.2."""

import math
import re

_NULL = {"~", "null", "Null", "NULL"}
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NUMBER_BEGINS = frozenset("-+.0123456789")
_TEXT_BEGINS_OTHERWISE = frozenset("~nNtTfF") | _NUMBER_BEGINS
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_PREFIXED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar.

    `yes`, `no`, `on`, `off`, dates and sexagesimal numbers are strings, `0755` is 755, `0o17` is 15 and `1e3` a
    float. Raises `ValueError` for numbers that JSON cannot carry: infinities, NaN, more digits than Python converts.
    """
    if text[:1] not in _TEXT_BEGINS_OTHERWISE:
        return text or None
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if text[0] not in _NUMBER_BEGINS:
        return text
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _PREFIXED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise ValueError(text)
        return value
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(text)
    return text
