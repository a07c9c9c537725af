"""Text of a page that speaks to its reader or to an assistant instead of about the API: it is data to be dropped.

Publishing platforms put hints for language models on their pages: where an index lies, which server to connect to,
how to ask further questions. None of it is a fact of the API, and none of it is ever followed.
"""

import re

_HINT = re.compile(
    r"""
    \bllms(?:-\w+)?\.txt\b                                              # an index for language models
    | \bdocumentation\s+index\b | \buse\s+this\s+file\s+to\s+discover\b
    | \bappend(?:ing)?\s+`?\.md\b                                        # a Markdown edition of the page
    | /_mcp/ | \b(?:connect|add|install)\b[^.]{0,60}\bMCP\s+server\b   # a server for assistants
    | \[?\?ask= | \bask`?\s+query\s+parameter
    | \b(?:ignore|disregard|forget)\b[^.]{0,40}\b(?:previous|prior|above|earlier|preceding)\b[^.]{0,40}
      \b(?:instructions?|prompts?|messages?|rules)\b
    | \b(?:as|you\s+are|you're|if\s+you(?:'re|\s+are))\s+an?\s+(?:\w+\s+){0,2}(?:AI|LLM|language\s+model)\b
    | \b(?:instructions?|guidance|guidelines|hints?|tips)\s+(?:for|to)\s+(?:any\s+|the\s+|all\s+)?
      (?:(?:AI|LLM|coding)\s+(?:agents?|assistants?)|LLMs?|AIs?|language\s+models?|crawlers?)\b
    | \b(?:AI|LLM|coding)\s+(?:agents?|assistants?)\s*(?:(?:must|should|need\s+to)\s|reading\b|:)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CUES = (
    "llm", "documentation", "to discover", ".md", "mcp", "ask", "ignore", "disregard", "forget", "agent", "assistant",
    "language model", "an ai", "for ai", "to ai", " ais", "crawler", "ai-only",
)  # fmt: skip
"""One of these, in lower case, is part of whatever is dropped: most texts hold none and need no closer look."""

_ADDRESSED_HEADING = re.compile(
    r"^(?:(?:AI|LLM|coding)[ -])?(?:agents?|assistants?|AIs?|LLMs?)\W+"
    r"(?:instructions?|guidance|guidelines|hints?|notes?|integrations?|directives?)\b"
    r"|^querying this documentation\b",
    re.IGNORECASE,
)
_ADDRESSED_ELEMENT = re.compile(
    r"<(llms-only|agent-?instructions?|ai-only)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)[\s#]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def without_reader_addressed_text(text: str) -> str:
    """The page with every passage that addresses a reader or an assistant made blank.

    Passages are whole: a block quote, a sentence, or a section under a heading such as "Agent Instructions" up to
    the next heading of its level. Lines keep their numbers. Code fences and tables outside such sections are
    facts of the API and stay as they are.
    """
    lowered = text.lower()
    if not any(cue in lowered for cue in _CUES):
        return text
    lines = _ADDRESSED_ELEMENT.sub(lambda match: re.sub(r"[^\n]", "", match[0]), text).split("\n")
    blanked = [False] * len(lines)
    fence = ""
    section = 0
    start = 0
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            blanked[number] = section > 0
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
            start = number + 1
            continue
        heading = None if mark else _HEADING.match(line)
        if heading:
            level = len(heading[1])
            if section and level <= section:
                section = 0
            if not section and _ADDRESSED_HEADING.match(heading[2]):
                section = level
        blanked[number] = section > 0
        if mark:
            fence = mark[1]
        if mark or heading or not line.strip() or number + 1 == len(lines):
            end = number + (not mark)
            if not section:
                for offset in _hint_lines(lines[start:end]):
                    blanked[start + offset] = True
            start = number + 1
    return "\n".join("" if blank else line for line, blank in zip(lines, blanked, strict=True))


def _hint_lines(passage: list[str]) -> range | set[int]:
    """Which lines of a run without blank lines to drop: all of a block quote, else the sentences with a hint.

    Table rows are facts of the API and stay.
    """
    if any(line.lstrip().startswith("|") for line in passage):
        return set()
    joined = "\n".join(passage)
    hints = list(_HINT.finditer(joined))
    if hints and passage[0].lstrip().startswith(">"):
        return range(len(passage))
    dropped: set[int] = set()
    for hint in hints:
        first, last = joined.count("\n", 0, hint.start()), joined.count("\n", 0, hint.end())
        while first > 0 and _runs_on(passage[first - 1]):
            first -= 1
        while last + 1 < len(passage) and _runs_on(passage[last]):
            last += 1
        dropped.update(range(first, last + 1))
    return dropped


def _runs_on(line: str) -> bool:
    """Whether a sentence goes on in the next line: wrapped prose is long and does not end there."""
    return len(line.strip()) >= 40 and not line.rstrip().endswith((".", "!", "?", ":", ";", "。"))
