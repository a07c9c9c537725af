"""A Markdown page as the blocks that facts are read from, each with its lines."""

from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from counterfoil.location import Location

_PARSER = MarkdownIt("commonmark").enable("table").disable("inline")


@dataclass(frozen=True, slots=True)
class Fence:
    """A code fence: its info string, its text and where that begins.

    `headings` are the titles of the sections around it, outermost first, and `lead` the paragraph right before it.
    A fence that is not `closed` goes on to the end of what contains it.
    """

    info: str
    text: str
    origin: Location
    headings: tuple[str, ...]
    lead: str
    closed: bool

    @property
    def language(self) -> str:
        """The first word of the info string, in lower case."""
        return self.info.split(maxsplit=1)[0].lower() if self.info.strip() else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its Markdown text and the line of its row."""

    text: str
    location: Location


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the texts of its header and its rows. `headings` as of a fence."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, also of list items and quotations."""

    text: str
    location: Location
    headings: tuple[str, ...]


@dataclass(slots=True)
class MarkdownPage:
    """The blocks of a page in order, by kind."""

    title: str = ""
    title_location: Location | None = None
    fences: list[Fence] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)


def read_markdown(path: str, text: str) -> MarkdownPage:
    """Split a Markdown page (CommonMark with tables) into its blocks; inline markup stays as it is written."""
    lines = text.split("\n")
    page = MarkdownPage()
    headings: list[tuple[int, str]] = []
    lead = ""
    tokens = _PARSER.parse(text)
    for index, token in enumerate(tokens):
        trail = tuple(title for _, title in headings)
        first = token.map[0] if token.map else 0
        if token.type == "heading_open":
            level, title = int(token.tag[1:]), tokens[index + 1].content.strip()
            headings = [*((depth, name) for depth, name in headings if depth < level), (level, title)]
            lead = ""
            if not page.title:
                page.title, page.title_location = title, Location(path, first + 1)
        elif token.type == "fence":
            page.fences.append(_fence(path, token, lines, trail, lead))
            lead = ""
        elif token.type == "table_open":
            page.tables.append(_table(path, tokens, index, trail))
            lead = ""
        elif token.type == "inline" and tokens[index - 1].type == "paragraph_open":
            page.paragraphs.append(Paragraph(token.content, Location(path, first + 1), trail))
            lead = token.content.strip()
    return page


def _fence(path: str, token: Token, lines: list[str], headings: tuple[str, ...], lead: str) -> Fence:
    start, end = token.map or (0, 0)
    first = token.content.split("\n", 1)[0]
    source = lines[start + 1] if start + 1 < len(lines) else ""
    indentation = len(source) - len(first) if first and source.endswith(first) else 0
    closed = end - start > 1 and lines[end - 1].strip(" \t>").startswith(token.markup)
    return Fence(token.info.strip(), token.content, Location(path, start + 2, 1 + indentation), headings, lead, closed)


def _table(path: str, tokens: list[Token], start: int, headings: tuple[str, ...]) -> Table:
    rows: list[list[Cell]] = []
    for token in tokens[start + 1 :]:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
            line = (token.map[0] if token.map else 0) + 1
        elif token.type == "inline":
            rows[-1].append(Cell(token.content.strip(), Location(path, line)))
    header = tuple(cell.text for cell in rows[0]) if rows else ()
    return Table(header, tuple(map(tuple, rows[1:])), headings)
