"""What was uploaded comes back byte by byte, and is told as it is: its size, its name, its digest."""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.collections import variables
from counterfoil.checks.operation import Operation, is_json, media_type_of
from counterfoil.checks.probes.resources.lifecycle import AVAILABLE, STATE
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.state.inference.files import BYTES, DIGESTS, PARTS, file_part, told_of_file
from counterfoil.stub.state.inference.names import OWN_IDS, plain

NAMES = ()

_MARK = "counterfoil-places-a-file-here"
_IN_64 = (base64.b64encode, base64.urlsafe_b64encode)
_NAMED = b'filename="file"'
# Line ends, zeros, bytes that are no text, what some take for an end, and nothing but text where that is refused.
_CONTENTS = (
    b"one\r\ntwo\n\tthree\x00\xff\xfe\x80 \xe2\x82\xac\x1a\r\n\r\nend \n",
    b"one\r\ntwo\n\tthree\r\n\r\nend \n",
)
_MADE = re.compile(
    r"thumbnail|preview|resiz|convert|transcod|compress|scaled|render|normali[sz]|saniti[sz]|strip|watermark|encrypt",
    re.IGNORECASE,
)


class _Upload(NamedTuple):
    """A file that a server has taken: the request, the answer, where that tells of the file and what; what was sent.

    The name is empty where none was sent.
    """

    draft: Draft
    exchange: Exchange
    way: shapes.Path
    told: dict[str, Any]
    content: bytes
    name: str


def run(conversation: Conversation) -> None:
    """Upload two files by each operation that takes one, and ask for both."""
    if not conversation.client.target.is_local:
        return
    for operation in conversation.operations:
        if operation.method != "POST" or STATE in operation.switched_off or _MADE.search(_said(operation)):
            continue
        uploads = list(_uploads(operation, conversation))
        for each in uploads:
            _judge_told(each, conversation)
            _judge_content(each, conversation)
        if len(uploads) > 1:
            _judge_names(uploads[0], uploads[1], conversation)


def _said(operation: Operation) -> str:
    successes = (operation.responses[key].tree.get("description", "") for key in operation.success_keys)
    told = (operation.tree.get("summary", ""), operation.tree.get("description", ""), operation.path, *successes)
    return " ".join(map(str, told))


def _uploads(operation: Operation, conversation: Conversation) -> Iterator[_Upload]:
    """Two files of the kind that a server takes."""
    for content in _CONTENTS:
        taken = 0
        for number, name in enumerate(("counterfoil-1.txt", "counterfoil-2.txt")):
            body = content + name.encode() * number
            draft = _draft(operation, body, name, conversation)
            exchange = _ask(draft, conversation)
            if draft is None or exchange is None or not exchange.accepted:
                break
            taken += 1
            for way, told in _objects(exchange.response.json):
                is_form = media_type_of(draft.media_type or "") == PARTS
                yield _Upload(draft, exchange, way, told, body, name if is_form else "")
                break
        if taken:
            return


def _ask(draft: Draft | None, conversation: Conversation) -> Exchange | None:
    if draft is None:
        return None
    exchange = conversation.ask(draft, intent="valid", source="probes", aim=False)
    if exchange is not None:
        conformance.check(exchange, conversation.report)
    return exchange


def _objects(answer: Any) -> Iterator[tuple[shapes.Path, dict[str, Any]]]:
    """An answer, and what it has inside, as far as these have ids."""
    held = [((), answer), *(((name,), each) for name, each in answer.items())] if isinstance(answer, dict) else []
    yield from ((way, each) for way, each in held if isinstance(each, dict) and not each.keys().isdisjoint(OWN_IDS))


def _draft(operation: Operation, content: bytes, name: str, conversation: Conversation) -> Draft | None:
    """A request that uploads a file; None where an operation takes none, or several."""
    draft = conversation.valid.minimal(operation)
    sent = media_type_of(draft.media_type or "") if draft is not None else ""
    if draft is None or sent not in (PARTS, BYTES):
        return None
    if sent == BYTES:
        draft = replace(draft, value=NOTHING, body=content)
        return conversation.existing.aimed(draft, conversation.make)
    schema = next(
        (each.get("schema") for of, each in operation.request_content.items() if media_type_of(of) == sent), None
    )
    part = file_part(operation.schemas, schema) if isinstance(schema, dict) else None
    if part is None or not isinstance(draft.value, dict):
        return None
    draft = conversation.existing.aimed(draft, conversation.make)
    marked = draft.with_json({**draft.value, part: _MARK}, draft.media_type)
    if marked.body is None or marked.body.count(_MARK.encode()) != 1:
        return None
    body = marked.body.replace(_NAMED, f'filename="{name}"'.encode()).replace(_MARK.encode(), content)
    return replace(marked, value=NOTHING, body=body)


def _judge_told(upload: _Upload, conversation: Conversation) -> None:
    """What an answer tells of a file is so."""
    operation, count = upload.exchange.operation, len(upload.content)
    shown = shapes.properties(operation, shapes.at(operation, upload.exchange.response_schema, upload.way))
    for name, value in upload.told.items():
        node, expected = operation.resolve(shown.get(name)), ""
        kind = told_of_file(name, str(node.get("description", "")) if isinstance(node, dict) else "")
        if kind == "size" and isinstance(value, int):
            expected = "" if value == count else f"{count} bytes"
        elif isinstance(value, str) and kind in DIGESTS:
            found = hashlib.new(kind, upload.content, usedforsecurity=False)
            told = re.split("[:=]", value, maxsplit=1)[-1] if ":" in value[:8] or "=" in value[:8] else value
            in_64 = (encode(found.digest()).decode().rstrip("=") for encode in _IN_64)
            is_so = told.lower() == found.hexdigest() or told.rstrip("=") in in_64
            expected = "" if is_so else found.hexdigest()
        if expected:
            _note(upload.exchange, f"/{name} is not that of what was uploaded", expected, repr(value), conversation)


def _note(exchange: Exchange, summary: str, expected: str, got: str, conversation: Conversation) -> None:
    conversation.report.add(exchange, STATE, summary, expected, got, exchange.operation.pointer)


def _judge_content(upload: _Upload, conversation: Conversation) -> None:
    own = variables(upload.exchange.operation.path)
    texts = [upload.draft.path.get(name, "") for name in own]
    for operation in _contents(upload.exchange.operation, conversation):
        names, draft = variables(operation.path), conversation.valid.minimal(operation)
        called = {plain(names[-1]), *OWN_IDS}
        key = next((value for name, value in upload.told.items() if plain(name) in called), None)
        if draft is None or len(names) != len(own) + 1 or not isinstance(key, str | int):
            continue
        path = {**draft.path, **dict(zip(names, (*texts, text_of(key)), strict=True))}
        exchange = _ask(replace(draft, path=path), conversation)
        if exchange is None:
            continue
        status, body = exchange.response.status, exchange.response.body
        # What was only taken in (RFC 9110, 15.3.3) may be there later.
        is_done = upload.exchange.response.status != HTTPStatus.ACCEPTED
        if status in (404, 410) and is_done and AVAILABLE not in operation.switched_off:
            got = exchange.response.describe()
            conversation.report.add(
                exchange, AVAILABLE, "what was uploaded is not there", f"the file {key}", got, operation.pointer
            )
        elif status == HTTPStatus.OK and not exchange.response.header("content-encoding") and body != upload.content:
            pairs = enumerate(zip(body, upload.content, strict=False))
            place = next((at for at, (one, other) in pairs if one != other), min(len(body), len(upload.content)))
            expected = f"{len(upload.content)} bytes, {upload.content[place : place + 8]!r} from byte {place} on"
            got = f"{len(body)} bytes, {body[place : place + 8]!r} there"
            _note(exchange, "what was uploaded comes back as other bytes", expected, got, conversation)


def _contents(made_by: Operation, conversation: Conversation) -> Iterator[Operation]:
    """The operations that show a file as it is."""
    shown = role_of(made_by).files
    for operation in conversation.operations:
        if operation.method != "GET" or operation.path not in shown:
            continue
        contents = {name for key in operation.success_keys for name in operation.responses[key].tree.get("content", {})}
        is_file = bool(contents) and not any(is_json(each) or each.startswith(("text/", "image/")) for each in contents)
        if is_file and STATE not in operation.switched_off and not _MADE.search(_said(operation)):
            yield operation


def _judge_names(one: _Upload, other: _Upload, conversation: Conversation) -> None:
    """The name of a file is not the same whatever was sent; a server may make another one of it."""
    for name, value in other.told.items():
        if told_of_file(name) == "name" and isinstance(value, str) and one.told.get(name) == value != other.name != "":
            summary = f"/{name} is not that of what was uploaded"
            _note(other.exchange, summary, repr(other.name), repr(value), conversation)
