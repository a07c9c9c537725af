"""Filters for templates that print Markdown: the text of a contract stays text, wherever it stands."""

import re

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def inline(text: str) -> str:
    """`text` in one line, so that nothing in it is markup."""
    return _MARKUP.sub(r"\\\1", _one_line(text))


def code(text: str) -> str:
    """`text` as code, also within a table; empty for an empty text."""
    line = _one_line(text).replace("|", "\\|")
    if not line:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{space}{line}{space}{fence}"


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


MARKDOWN_FILTERS = {"inline": inline, "code": code}
