"""Filters for templates that print Markdown: the text of a contract stays in its line, cell or code span."""

import re
from html import escape


def inline(text: str) -> str:
    """`text` as one line of a paragraph or heading. Its own Markdown stays, HTML is shown and not obeyed."""
    line = escape(" ".join(text.split()), quote=False)
    return re.sub(r"^([#>|+*-]|\d+[.)])(?=\s|$)", r"\\\1", line)


def cell(text: str) -> str:
    """`text` as the content of a table's cell."""
    return re.sub(r"(?<!\\)\|", r"\\|", inline(text))


def code(text: str) -> str:
    """`text` as a code span that may stand in a table; nothing for an empty text."""
    line = " ".join(text.split()).replace("|", r"\|")
    if not line:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


MARKDOWN_FILTERS = {"inline": inline, "cell": cell, "code": code}
