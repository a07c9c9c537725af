"""A Markdown page with an OpenAPI document, or parts of one, inside code fences."""

import re

from counterfoil.documents.document import Document
from counterfoil.documents.inference.paths import METHODS
from counterfoil.documents.markdown.blocks import Fence, Heading, Page, read_blocks
from counterfoil.documents.openapi.file import is_openapi, openapi_object
from counterfoil.documents.openapi.labelled_fences import LabelledFence, labelled_fences
from counterfoil.documents.openapi.page_errors import add_error_statuses
from counterfoil.documents.openapi.page_examples import add_examples
from counterfoil.documents.page.builder import Builder
from counterfoil.documents.reader_addressed import without_reader_addressed_text
from counterfoil.documents.source.tree import SourceTree, read_source
from counterfoil.location import CounterfoilError, Diagnostic, Location

_LANGUAGES = {"", "yaml", "yml", "json", "jsonc", "openapi", "swagger"}
_METHOD_AND_PATH = re.compile(
    r"(?:^|[\s*`])(get|put|post|delete|options|head|patch|trace)[\s*`]+(?:https?://[^/\s`*]+)?(/[^\s`*?]*)",
    re.IGNORECASE,
)
_PART = re.compile(r"^[^\S\n]*[{\"']*(?:paths|responses|/\S*?)[\"']?\s*:", re.MULTILINE)
_OPERATION_FIELDS = {"responses", "requestBody", "parameters", "operationId"}
_WHOLE_FROM = 3  # paths → path → operation, components → kind → component


def has_openapi_fence(text: str) -> bool:
    """Whether a page is Markdown with a fence that holds an OpenAPI document or a part of one."""
    if "```" not in text and "~~~" not in text:
        return False
    page = read_blocks("", without_reader_addressed_text(text))
    return any(
        is_openapi(shown.fence.content) or _part(shown) for shown in labelled_fences(page.blocks) if _may_hold(shown)
    )


def read_fenced_openapi(path: str, text: str) -> Document:
    """Read the OpenAPI document that stands in the fences of a Markdown page, and what the page tells beside it.

    Several fences make one document; where they contradict each other the first one counts, with a diagnostic.
    Raises `CounterfoilError` if a fence with a whole document cannot be read.
    """
    text = without_reader_addressed_text(text)
    page = read_blocks(path, text)
    builder = Builder()
    diagnostics: list[Diagnostic] = []
    others: list[LabelledFence] = []
    for shown in labelled_fences(page.blocks):
        if _may_hold(shown) and is_openapi(shown.fence.content):
            source = _whole(shown.fence, text, diagnostics)
        elif _may_hold(shown) and (part := _part(shown)):
            source = part
            diagnostics += part.diagnostics
        else:
            others.append(shown)
            continue
        if builder.tree:
            _unite(builder, source, (), diagnostics)
        else:
            builder = _builder(source)
    if "openapi" not in builder.tree and "swagger" not in builder.tree:
        builder.infer("openapi-version", _title_place(page, path), "3.1.0", "openapi")
    add_error_statuses(builder, page.blocks)
    add_examples(builder, others, diagnostics)
    return Document(path, "fenced-openapi", builder.tree, builder.evidence, diagnostics)


def _may_hold(shown: LabelledFence) -> bool:
    return shown.language in _LANGUAGES or shown.language.endswith((".yaml", ".yml", ".json"))


def _title_place(page: Page, path: str) -> Location:
    return next((block.place for block in page.blocks if isinstance(block, Heading)), Location(path))


def _whole(fence: Fence, page: str, diagnostics: list[Diagnostic]) -> SourceTree:
    """The document in a fence; a fence without an end is told of, since that may be why it cannot be read."""
    after = fence.place.line - 1 + fence.content.count("\n")
    lines = page.split("\n")
    if after >= len(lines) or not lines[after].strip(" \t>").startswith(("```", "~~~")):
        place = Location(fence.place.path, fence.place.line - 1)
        message = "this code fence is not closed: all that follows is read as part of it"
        diagnostics.append(Diagnostic(place, "unclosed-fence", message, severity="warning"))
    try:
        source = read_source(fence.content, fence.place)
        openapi_object(source, fence.place)
    except CounterfoilError as error:
        raise CounterfoilError(*diagnostics, *error.diagnostics) from None
    diagnostics += source.diagnostics
    return source


def _part(shown: LabelledFence) -> SourceTree | None:
    """The fence as a document with nothing but `paths`, if it holds paths, one path item or one operation."""
    if not _PART.search(shown.fence.content):
        return None
    try:
        source = read_source(shown.fence.content, shown.fence.place)
    except CounterfoilError:
        return None
    value = source.value
    if not isinstance(value, dict) or not value:
        return None
    paths = value.get("paths")
    if isinstance(paths, dict) and any(key.startswith("/") for key in paths):
        return source
    if all(
        key.startswith("/") and isinstance(item, dict) and any(map(item.get, METHODS)) for key, item in value.items()
    ):
        return _wrapped(source, "paths")
    if isinstance(value.get("responses"), dict) and len(_OPERATION_FIELDS & value.keys()) > 1:
        statements = (shown.fence.info, *shown.labels, *shown.before)
        stated = next(filter(None, map(_METHOD_AND_PATH.search, statements)), None)
        return _wrapped(source, "paths", stated[2], stated[1].lower()) if stated else None
    return None


def _wrapped(source: SourceTree, *tokens: str) -> SourceTree:
    builder = Builder()
    builder.graft(_builder(source), (), *tokens)
    return SourceTree(builder.tree, builder.evidence, source.diagnostics)


def _unite(builder: Builder, source: SourceTree, at: tuple[str, ...], diagnostics: list[Diagnostic]) -> None:
    """Add what a further fence states: whole operations and components, tags and servers one by one."""
    added = _builder(source)
    for key, value in added.get(*at).items():
        here = (*at, key)
        earlier = builder.get(*here)
        if earlier is None:
            builder.graft(added, here, *here)
        elif isinstance(earlier, dict) and isinstance(value, dict) and len(here) < _WHOLE_FROM:
            _unite(builder, source, here, diagnostics)
        elif here in (("servers",), ("tags",)) and isinstance(earlier, list) and isinstance(value, list):
            for index, item in enumerate(value):
                if item not in earlier:
                    earlier.append(None)
                    builder.graft(added, (*here, index), *here, len(earlier) - 1)
        elif earlier != value and at != ("info",):
            message = f"{' '.join(here)} stands differently in line {builder.place(*here).line}"
            hint = "the first one counts; remove the other, or put it on a page of its own"
            diagnostics.append(Diagnostic(added.place(*here), "fences-contradict", message, hint))


def _builder(source: SourceTree) -> Builder:
    builder = Builder()
    builder.tree, builder.evidence = source.value, source.evidence
    return builder
