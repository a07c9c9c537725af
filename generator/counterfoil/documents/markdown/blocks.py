"""A Markdown page as a flat list of blocks, each with its place; escapes, entities and emphasis are undone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from counterfoil.documents.markdown.html_table import TableReader
from counterfoil.location import Location

EMPHASISED = 7
"""The level of a paragraph that stands for a heading: nothing but bold text."""

LONGEST_INLINE = 8_000
"""Characters of a paragraph or a cell whose marks are undone: its parsing takes time that grows with the square."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?(?:-->|\Z)|\{%[^%{}]*%\}", re.DOTALL)
_TYPE_IN_ANGLES = re.compile(r"<[a-z][\w-]*>")
_HTML = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|center|cite|code|del|details|em|font|hr|i|img|ins|kbd|mark|ol|pre|q|s|samp|section"
    r"|small|span|strike|strong|sub|summary|sup|svg|tt|u|ul|var)\b[^>]*>",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Heading:
    """A heading, or a paragraph of bold text that stands for one."""

    level: int
    text: str
    place: Location


@dataclass(slots=True)
class Paragraph:
    """Running text; `prose` is the same with its code spans marked, `listed` tells an item of a list."""

    text: str
    place: Location
    prose: str
    listed: bool = False


@dataclass(slots=True)
class Fence:
    """A code block; `place` is where its content begins."""

    info: str
    content: str
    place: Location


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `prose` is its text with code spans marked."""

    text: str
    place: Location
    prose: str = ""


@dataclass(slots=True)
class Table:
    """A table; a row has as many cells as there are columns."""

    columns: list[Cell]
    rows: list[list[Cell]]
    place: Location


Block = Heading | Paragraph | Fence | Table


@dataclass(slots=True)
class Page:
    """The blocks of a page and the entries of its front matter that are a line each."""

    blocks: list[Block]
    front_matter: dict[str, Cell] = field(default_factory=dict)


def read_blocks(path: str, text: str) -> Page:
    """Parse a Markdown page, of which `path` is the name in locations."""
    front_matter: dict[str, Cell] = {}
    match = _FRONT_MATTER.match(text)
    if match:
        for number, line in enumerate(match[1].split("\n"), 2):
            name, colon, value = line.partition(":")
            if colon and name.strip():
                front_matter[name.strip()] = Cell(value.strip().strip("\"'"), Location(path, number))
        text = "\n" * match[0].count("\n") + text[match.end() :]
    lines = text.split("\n")
    return Page(list(_Blocks(path, lines).read(_parser().parse(text))), front_matter)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.at("inline", _parse_inline)
    return parser


def _parse_inline(state: StateCore) -> None:
    """Parse what stands inside blocks, but for texts so long that unpaired marks in them would take minutes."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            if len(token.content) > LONGEST_INLINE:
                token.children.append(Token("text", "", 0, content=token.content))
            else:
                state.md.inline.parse(token.content, state.md, state.env, token.children)


class _Blocks:
    def __init__(self, path: str, lines: list[str]) -> None:
        self.path = path
        self.lines = lines

    def place(self, line: int) -> Location:
        source = self.lines[line] if line < len(self.lines) else ""
        return Location(self.path, line + 1, len(source) - len(source.lstrip()) + 1)

    def read(self, tokens: list[Token]) -> Iterator[Block]:
        lists = 0
        at = 0
        while at < len(tokens):
            token = tokens[at]
            line = token.map[0] if token.map else 0
            lists += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
            if token.type == "heading_open":
                yield Heading(int(token.tag[1]), plain_text(tokens[at + 1]), self.place(line))
                at += 2
            elif token.type == "paragraph_open":
                yield from self.paragraph(tokens[at + 1], line, lists > 0)
                at += 2
            elif token.type in ("fence", "code_block"):
                opening = 1 if token.type == "fence" else 0
                yield Fence(token.info.strip(), token.content, self.place(line + opening))
            elif token.type == "html_block" and "<table" in token.content:
                yield from self.html_table(token.content, line)
            elif token.type == "html_block":
                stripped = unescape(_TAG.sub(" ", token.content))
                if stripped.strip():
                    joined = " ".join(stripped.split())
                    yield Paragraph(joined, self.place(line), joined)
            elif token.type == "table_open":
                end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
                yield self.table(tokens[at:end], line)
                at = end
            at += 1

    def paragraph(self, inline: Token, line: int, listed: bool) -> Iterator[Block]:
        text = plain_text(inline)
        if not text:
            return
        emphasised = not listed and [
            child for child in inline.children or [] if child.type != "text" or child.content.strip()
        ]
        if (
            emphasised
            and emphasised[0].type == "strong_open"
            and [child.type for child in emphasised].index("strong_close") == len(emphasised) - 1
            and len(text) < 80
        ):
            yield Heading(EMPHASISED, text, self.place(line))
        else:
            yield Paragraph(text, self.place(line), plain_text(inline, mark_code=True), listed)

    def table(self, tokens: list[Token], line: int) -> Table:
        rows: list[list[Cell]] = []
        for token in tokens:
            row_line = token.map[0] if token.map else line
            if token.type == "tr_open":
                rows.append([])
                starts = self.columns(row_line)
            elif token.type == "inline":
                column = starts[len(rows[-1])] if len(rows[-1]) < len(starts) else 1
                place = Location(self.path, row_line + 1, column)
                rows[-1].append(Cell(plain_text(token), place, plain_text(token, mark_code=True)))
        return Table(rows[0], rows[1:], self.place(line))

    def html_table(self, html: str, line: int) -> Iterator[Block]:
        rows = [
            [Cell(text.replace("`", ""), Location(self.path, line + at + 1), text) for text, at in row]
            for row in TableReader(html).rows
        ]
        if rows and rows[0]:
            width = len(rows[0])
            blank = Cell("", self.place(line))
            yield Table(rows[0], [[*row, *[blank] * width][:width] for row in rows[1:]], self.place(line))

    def columns(self, line: int) -> list[int]:
        """Where the cells of a table row begin, counted from 1."""
        source = self.lines[line]
        inner = re.match(r"[\s>]*\|?", source)
        starts = [inner.end() if inner else 0]
        starts += [match.end() for match in re.finditer(r"(?<!\\)\|", source) if match.end() > starts[0]]
        return [start + len(source[start:]) - len(source[start:].lstrip()) + 1 for start in starts]


def plain_text(inline: Token, *, mark_code: bool = False) -> str:
    """The text of an inline token as a reader sees it, line breaks as single blanks; code keeps its marks if asked."""
    parts = []
    for child in inline.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "html_inline":
            if re.match(r"</?(?:br|p|li|div)\b", child.content):
                parts.append(" ")
            elif _TYPE_IN_ANGLES.fullmatch(child.content) and not _HTML.fullmatch(child.content):
                parts.append(child.content)
        elif child.type == "code_inline" and mark_code:
            parts.append(f"{child.markup}{child.content}{child.markup}")
        elif child.type != "image":
            parts.append(child.content)
    return re.sub(r"[ \t\n]+", " ", re.sub(r"\{%[^%{}]*%\}", "", "".join(parts))).strip(" ")
