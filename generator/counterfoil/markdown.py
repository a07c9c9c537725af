"""Filters for templates that print Markdown: the text of a contract stays text, wherever it stands."""

import re

_MARKUP = re.compile(r"[\\`*\[\]<>#|~]|(?<![^\W_])_|_(?![^\W_])")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def inline(text: str) -> str:
    """`text` in one line, so that nothing in it is markup but code spans, which most descriptions are written with."""
    parts, end = [], 0
    line = _one_line(text)
    for span in _CODE.finditer(line):
        parts += [_escaped(line[end : span.start()]), code(span[2])]
        end = span.end()
    return "".join([*parts, _escaped(line[end:])])


def code(text: str) -> str:
    """`text` as code, also within a table; empty for an empty text."""
    line = _one_line(text).replace("|", "\\|")
    if not line:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{space}{line}{space}{fence}"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return " ".join("".join(char if char.isprintable() else " " for char in line).split())


MARKDOWN_FILTERS = {"inline": inline, "code": code}
