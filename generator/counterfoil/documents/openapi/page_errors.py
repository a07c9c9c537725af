"""Error answers that a page lists in a table beside the OpenAPI document in its fences."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from counterfoil.documents.inference.paths import operations, resolved
from counterfoil.documents.markdown.blocks import Block, Paragraph, Table
from counterfoil.documents.page.builder import Builder, Token
from counterfoil.location import Location

_STATUS_COLUMN = re.compile(r"^\W*(?:HTTP )?(?:response |error )?(?:status|code|status code)\W*$", re.IGNORECASE)
_STATUS = re.compile(r"^\W*([45]\d\d)\b")
_SAME_ENVELOPE = re.compile(
    r"\berrors?\b[^.]{0,200}\b(?:same|common|standard)\b[^.]{0,60}\b(?:envelope|structure|shape|format|body|schema)\b"
    r"|\b(?:same|common|standard)\b[^.]{0,60}\b(?:envelope|structure|shape|format|body|schema)\b[^.]{0,200}\berrors?\b",
    re.IGNORECASE,
)
_NOT_ZERO = re.compile(
    r"`(\w+)`[^.`]{0,120}\b(?:non-?zero|not (?:be |equal to )?`?0`?|other than `?0`?)", re.IGNORECASE
)

_ZERO_IS_SUCCESS = re.compile(r"`(\w+)`[\s=:]*(?:is|of)?\s*`?0`?\s+(?:\w+\s+){0,2}?(?:success\w*|ok)\b", re.IGNORECASE)


def add_error_statuses(builder: Builder, blocks: list[Block]) -> None:
    """Add the errors that a page lists by status to its only operation, where the operation does not state them.

    The body is that of the success if the page says that errors come in the same envelope: in these words, or by
    telling that a field of it is zero in a success or not zero otherwise. Everything is marked as inferred.
    """
    known = list(operations(builder.tree))
    if len(known) != 1 or "openapi" not in builder.tree:
        return
    method, path, operation = known[0]
    stated = operation.get("responses")
    if not isinstance(stated, dict):
        return
    at = ("paths", path, method, "responses")
    success = next((status for status in stated if status.startswith("2")), "")
    envelope = _envelope(builder, blocks, (*at, success))
    for table in (block for block in blocks if isinstance(block, Table)):
        for status, meaning, place in _listed(table):
            if status in stated or f"{status[0]}XX" in stated:
                continue
            builder.infer("error-status-from-table", place, {"description": meaning}, *at, status)
            if envelope:
                content, sentence = envelope
                builder.infer("error-envelope-from-text", sentence, copy.deepcopy(content), *at, status, "content")


def _listed(table: Table) -> Iterator[tuple[str, str, Location]]:
    """Status, meaning and place of every error that a table lists."""
    column = next((index for index, title in enumerate(table.columns) if _STATUS_COLUMN.search(title.text)), None)
    if column is None:
        return
    for row in table.rows:
        status = _STATUS.search(row[column].text) if column < len(row) else None
        if status:
            meanings = [cell.prose for index, cell in enumerate(row) if index != column and cell.prose]
            yield status[1], meanings[0] if meanings else "", row[column].place


def _envelope(
    builder: Builder, blocks: list[Block], success: tuple[Token, ...]
) -> tuple[dict[str, Any], Location] | None:
    """The content of the success without its examples, and the sentence by which errors have the same."""
    stated = builder.get(*success, "content")
    if not isinstance(stated, dict):
        return None
    content = {
        media: {"schema": value["schema"]}
        for media, value in stated.items()
        if isinstance(value, dict) and "schema" in value
    }
    names = {name for media in content for name in _property_names(builder, (*success, "content", media, "schema"))}
    for paragraph in (block for block in blocks if isinstance(block, Paragraph)):
        tells = _NOT_ZERO.search(paragraph.prose) or _ZERO_IS_SUCCESS.search(paragraph.prose)
        if _SAME_ENVELOPE.search(paragraph.prose) or (tells and tells[1] in names):
            return content, paragraph.place
    return None


def _property_names(builder: Builder, at: tuple[Token, ...]) -> list[str]:
    schema = resolved(builder.tree, builder.get(*at))
    properties = schema.get("properties")
    return list(properties) if isinstance(properties, dict) else []
