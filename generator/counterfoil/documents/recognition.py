"""Which format a page has, told by its content."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from counterfoil.documents.document import Document
from counterfoil.documents.openapi.file import is_openapi, read_openapi_file
from counterfoil.documents.source.text import refusal
from counterfoil.location import Location


@dataclass(frozen=True, slots=True)
class PageFormat:
    """One kind of page: what it is recognised by, in words and as a predicate on its text, and its reader."""

    looks_for: str
    recognises: Callable[[str], bool]
    read: Callable[[str, str], Document]


def formats() -> Iterator[PageFormat]:
    """The formats in the order in which they are tried; a new one is a file of its own and an entry here.

    What reads prose is imported when its turn has come: a page that is OpenAPI as a whole needs none of it.
    """
    yield PageFormat(
        "a field `openapi: 3…` or `swagger: 2…` at the top level of YAML or JSON", is_openapi, read_openapi_file
    )
    from counterfoil.documents.openapi.fenced import has_openapi_fence, read_fenced_openapi

    yield PageFormat("a Markdown code fence with an OpenAPI document in it", has_openapi_fence, read_fenced_openapi)
    from counterfoil.documents.scraped.text import is_scraped_text, read_scraped_text

    yield PageFormat(
        "the text of a rendered page: a method, a path, then fields with their types",
        is_scraped_text,
        read_scraped_text,
    )
    from counterfoil.documents.markdown.tables import is_markdown_tables, read_markdown_tables

    yield PageFormat(
        "Markdown with a method and path such as `POST /widgets` and tables of fields or JSON samples",
        is_markdown_tables,
        read_markdown_tables,
    )


def recognise(path: str, text: str) -> PageFormat:
    """The first format that recognises the text; raises `CounterfoilError` if none does."""
    tried: list[str] = []
    for page_format in formats():
        if page_format.recognises(text):
            return page_format
        tried.append(page_format.looks_for)
    if not text.strip():
        raise refusal(Location(path), "empty-page", "the page is empty")
    raise refusal(
        Location(path),
        "unrecognised-page",
        "no API is described here in a known format",
        f"looked for {'; '.join(tried)}",
    )
