"""Filters for templates that print Python: whatever the text of a contract is, it stays a literal or a comment.

A page may hold triple quotes, backslashes, line separators or direction overrides. None of them may end a string,
leave a comment or make code look other than it is.
"""

import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.markdown import MARKDOWN_FILTERS

WIDTH = 120
_CLOSING = re.compile(r'"(?="|\Z)')


def pyrepr(value: Any) -> str:
    """A Python expression for a JSON value or an enum of it: str, bool, int, float, None, lists and dicts of them.

    `TypeError` for anything else, since `repr` of other objects need not be an expression.
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{pyrepr(key)}: {pyrepr(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + "".join(f"{pyrepr(item)}, " for item in value) + ")"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return "[" + ", ".join(map(pyrepr, value)) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if value is None or type(value) in (str, bytes, bool, int, float):
        return repr(value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def docstring(text: str, indent: int = 4) -> str:
    """A triple-quoted string literal of `text`, ready to stand after `indent` spaces; empty for an empty text.

    Long lines of prose are wrapped, tables and indented lines stay as they are.
    """
    lines = [part for line in _lines(text) for part in _wrap(line, WIDTH - indent - 3)]
    if not lines:
        return ""
    escaped = "\n".join(" " * indent + line if line and number else line for number, line in enumerate(lines))
    escaped = _CLOSING.sub(r"\"", escaped)
    return f'"""{escaped}"""' if len(lines) == 1 else f'"""{escaped}\n{" " * indent}"""'


def comment(text: str, indent: int = 0) -> str:
    """`text` as comment lines, each beginning with `# `, the second and later ones after `indent` spaces."""
    lines = [part for line in _lines(text) for part in _wrap(line, WIDTH - indent - 2)]
    return ("\n" + " " * indent).join(f"# {line}".rstrip() for line in lines)


def _lines(text: str) -> list[str]:
    """The lines of a text without empty ones at both ends, each escaped so that only visible characters remain."""
    return [_visible(line).rstrip() for line in text.expandtabs(4).strip().splitlines()]


def _visible(line: str) -> str:
    if line.isprintable():
        return line.replace("\\", r"\\")
    return "".join(
        char if char.isprintable() and char != "\\" else char.encode("unicode_escape").decode("ascii") for char in line
    )


def _wrap(line: str, width: int) -> list[str]:
    if len(line) <= width or line.startswith(("|", "    ")) or len(line.split()) < 3:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )


FILTERS = {"pyrepr": pyrepr, "docstring": docstring, "comment": comment, **MARKDOWN_FILTERS}
