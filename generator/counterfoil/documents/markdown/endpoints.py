"""Where a Markdown page names its operations: the method and the path."""

import re
from dataclasses import dataclass

from counterfoil.documents.markdown.blocks import Block, Cell, Fence, Heading, Page, Paragraph, Table
from counterfoil.documents.page.curl import read_curl
from counterfoil.documents.page.servers import split_url
from counterfoil.location import Location

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
_URL = r"(?:https?://[^\s`'\"]+|/[^\s`'\"]*|\{[^\s`'\"{}]+\}/[^\s`'\"]*)"
_LINE = re.compile(
    rf"(?:(?:endpoint|http request|request|method|url|route)\s*:?\s+)?({_METHODS})\s*:?\s+`?({_URL})`?"
    r"(?:\s+HTTP/[\d.]+)?\s*",
    re.IGNORECASE,
)
_IN_HEADING = re.compile(rf"(?:^|[\s(`:–—-])({_METHODS})\s+`?({_URL})`?\)?\s*$")
_BASE_URL = re.compile(
    r"(?:the )?(?:api |production |live )?(?:base|root|server|api|host)(?: ?(?:url|uri|address|path))?\s*(?:is|:)?\s*`?"
    r"(https?://[^\s`]+)`?\.?",
    re.IGNORECASE,
)
_METHOD_OF = re.compile(rf"(?:http )?method\s*:?\s*`?({_METHODS})`?", re.IGNORECASE)
_URL_OF = re.compile(rf"(?:url|path|endpoint|route|uri|request url)\s*:?\s*`?({_URL})`?", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:http )?(?:request|endpoint|url|method|route|path|overview|definition)s?(?: (?:overview|url|details))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path, named in the block with index `at` (-1: front matter); `server` stands before the path."""

    at: int
    method: str
    server: str
    path: str
    place: Location


def find_endpoints(page: Page) -> list[Endpoint]:
    """The operations of a page in its order; those of curl samples only if it names none otherwise."""
    found = [endpoint for at, block in enumerate(page.blocks) for endpoint in _named(at, block)]
    if not found and "api" in page.front_matter:
        cell = page.front_matter["api"]
        found = _matched(-1, _LINE.fullmatch(cell.text), cell.place)
    found = found or _split_lines(page) or _sampled(page)
    kept: list[Endpoint] = []
    for endpoint in found:
        if not kept or (endpoint.method, endpoint.path) != (kept[-1].method, kept[-1].path):
            kept.append(endpoint)
    return kept


def base_url(text: str, code: str = "") -> str:
    """The address that a line such as "Base URL: https://…" states, or the code block `code` below it."""
    match = _BASE_URL.fullmatch(text) or (_BASE_URL.fullmatch(f"{text.rstrip(':')}: {code.strip()}") if code else None)
    return match[1].rstrip("/") if match else ""


def is_generic(text: str) -> bool:
    """Whether a heading introduces the method and path and is no title."""
    return bool(_GENERIC.fullmatch(text.strip(" :")))


def _named(at: int, block: Block) -> list[Endpoint]:
    if isinstance(block, Heading):
        return _matched(at, _LINE.fullmatch(block.text) or _IN_HEADING.search(block.text), block.place)
    if isinstance(block, Paragraph):
        return _matched(at, _LINE.fullmatch(block.text), block.place)
    if isinstance(block, Fence) and "\n" not in block.content.strip():
        return _matched(at, _LINE.fullmatch(block.content.strip()), block.place)
    if isinstance(block, Fence) and block.info.split(" ")[0].lower() in ("http", "") and "HTTP/" in block.content:
        return _matched(at, _LINE.fullmatch(block.content.split("\n")[0]), block.place)
    if isinstance(block, Table):
        return _table(at, block)
    return []


def _matched(at: int, match: re.Match[str] | None, place: Location) -> list[Endpoint]:
    if not match or match[1] != match[1].upper():
        return []
    server, path = split_url(match[2])
    return [Endpoint(at, match[1].upper(), server, path or "/", place)]


def _table(at: int, table: Table) -> list[Endpoint]:
    """A table of one row with a method and a path in columns of their own."""
    if len(table.rows) != 1:
        return []
    texts = [cell.text.strip("` ") for cell in table.rows[0]]
    method = next((text for text in texts if re.fullmatch(_METHODS, text)), "")
    url = next((text for text in texts if re.fullmatch(_URL, text)), "")
    if not method or not url:
        return []
    server, path = split_url(url)
    return [Endpoint(at, method, server, path or "/", table.place)]


def _split_lines(page: Page) -> list[Endpoint]:
    """Method and address on lines of their own, `Method: POST` and `URL: /x`, or an address alone under "Endpoint"."""
    method: Cell | None = None
    for at, block in enumerate(page.blocks):
        if not isinstance(block, Paragraph):
            continue
        for pattern in (_METHOD_OF, _URL_OF):
            match = pattern.fullmatch(block.text)
            if match and pattern is _METHOD_OF:
                method = Cell(match[1].upper(), block.place)
            elif match and method:
                server, path = split_url(match[1])
                return [Endpoint(at, method.text, server, path or "/", method.place)]
    return []


def _sampled(page: Page) -> list[Endpoint]:
    """The address of the first curl sample; a code block with nothing but that address comes first as its place."""
    for at, block in enumerate(page.blocks):
        call = read_curl(block.content, block.place) if isinstance(block, Fence) else None
        if call and call.url and call.url_place:
            server, path = split_url(call.url)
            for earlier, other in enumerate(page.blocks[:at]):
                if isinstance(other, Fence) and other.content.strip() == call.url:
                    return [Endpoint(earlier, call.method, server, path or "/", other.place)]
            return [Endpoint(at, call.method, server, path or "/", call.url_place)]
    return []
