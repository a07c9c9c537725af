"""Markdown pages that document operations by a line with method and path, tables of fields and JSON samples."""

import re

from counterfoil.documents.document import Document
from counterfoil.documents.markdown.blocks import Fence, Heading, Page, Paragraph, Table, read_blocks
from counterfoil.documents.markdown.endpoints import Endpoint, find_endpoints, is_generic
from counterfoil.documents.markdown.operation import OperationReader
from counterfoil.documents.markdown.rows import roles_of
from counterfoil.documents.page.assembly import assemble
from counterfoil.documents.page.operation import Operation, Stated, documented
from counterfoil.documents.reader_addressed import without_reader_addressed_text
from counterfoil.location import CounterfoilError, Diagnostic, Location

FORMAT = "markdown-tables"

_COMPONENT = re.compile(r"\s{0,40}<([A-Z]\w{0,40})\s[^<>]{0,200}?\b(?:name|path|query|body|header)=")
_LISTED = re.compile(
    r"\s{0,40}[-*+]\s+[`*_]{0,3}([\w.\[\]]{1,80})[`*_]{0,3}\s*[:–—-]?\s*"
    r"[(`*_\[]{1,3}(?:required|optional|string|integer|number|boolean|array|object|list|int|float|bool)\b",
    re.IGNORECASE,
)


def is_markdown_tables(text: str) -> bool:
    """Whether a page is Markdown that names an operation and has a table of fields or a JSON sample."""
    page = read_blocks("", without_reader_addressed_text(text))
    if not any(isinstance(block, (Heading, Table, Fence)) for block in page.blocks):
        return False
    if not find_endpoints(page):
        return False
    return any(
        (isinstance(block, Table) and "name" in roles_of(block))
        or isinstance(block, Fence)
        or (isinstance(block, Heading) and block.level > 1)
        for block in page.blocks
    )


def read_markdown_tables(path: str, text: str) -> Document:
    """Read a Markdown page with tables of fields and JSON samples, several operations if it has them.

    Raises a CounterfoilError of the rule `no-operation` if the page names no method and path.
    """
    page = read_blocks(path, without_reader_addressed_text(text))
    endpoints = find_endpoints(page)
    if not endpoints:
        raise CounterfoilError(
            Diagnostic(
                Location(path),
                "no-operation",
                "the page names no operation by its method and path",
                "add a line such as `POST /widgets` below the title",
            )
        )
    diagnostics: list[Diagnostic] = []
    title = _page_title(page)
    shared = Operation("", "", documented(Location(path)))
    starts = [0]
    if len(endpoints) > 1:
        starts = [_start(page, endpoints, index) for index in range(len(endpoints))]
        shared = OperationReader(page.blocks[: starts[0]], endpoints[0], -1, diagnostics).read()
    operations = []
    for endpoint, start, end in zip(endpoints, starts, [*starts[1:], len(page.blocks)], strict=True):
        operation = OperationReader(page.blocks[start:end], endpoint, endpoint.at - start, diagnostics).read()
        operation.servers = operation.servers or shared.servers
        operation.security = operation.security or shared.security
        operations.append(operation)
    if len(operations) == 1 and title:
        operations[0].title, title = title, None
    diagnostics.extend(_unread_fields(path, text, page))
    return assemble(path, FORMAT, title, operations, diagnostics)


def _unread_fields(path: str, text: str, page: Page) -> list[Diagnostic]:
    """One warning for each way, other than tables, in which a page lists fields that are thus not read."""
    code: set[int] = set()
    for block in page.blocks:
        if isinstance(block, Fence):
            code.update(range(block.place.line, block.place.line + block.content.count("\n") + 1))
    found: dict[str, Diagnostic] = {}
    for number, line in enumerate(text.split("\n"), 1):
        component, item = _COMPONENT.match(line), _LISTED.match(line)
        match = component or item
        if match and number not in code:
            rule, what = ("unread-component", f"<{match[1]}>") if component else ("unread-list", "a list of fields")
            message = f"{what} is not read; what is known of these fields comes from samples, if there are any"
            hint = "write the fields as a table, or add them by the overlay"
            found.setdefault(what, Diagnostic(Location(path, number), rule, message, hint, "warning"))
    return list(found.values())


def _start(page: Page, endpoints: list[Endpoint], index: int) -> int:
    """Where the part of an operation begins: at the nearest heading above its endpoint that is a title."""
    after = endpoints[index - 1].at if index else -1
    for at in range(endpoints[index].at, after, -1):
        block = page.blocks[at]
        if isinstance(block, Heading) and not is_generic(block.text):
            return at
    return endpoints[index].at


def _page_title(page: Page) -> Stated | None:
    if "title" in page.front_matter:
        cell = page.front_matter["title"]
        return Stated(cell.text, documented(cell.place))
    for block in page.blocks:
        if isinstance(block, Heading) and not is_generic(block.text):
            return Stated(block.text, documented(block.place))
        if isinstance(block, Paragraph):
            continue
    return None
