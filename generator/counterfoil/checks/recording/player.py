"""A server that answers from a recording."""

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote_plus, unquote, urlsplit

from counterfoil.checks.operation import media_type_of
from counterfoil.checks.recording.matching import Matched
from counterfoil.checks.recording.proxy import answer, body_of
from counterfoil.checks.recording.secret_fields import FORM
from counterfoil.checks.wire.credentials import MASK
from counterfoil.checks.wire.exchange import Request, Response
from counterfoil.stub.requests.bodies.multipart import Part, parts

if TYPE_CHECKING:
    from counterfoil.checks.recording.reading import Recorded


_MASKED = re.compile("|".join(map(re.escape, (MASK, quote_plus(MASK)))))


class Player:
    """An ASGI app: the recorded answer to a request of the same method, path, query and body.

    What the recording hides fits anything. Of several answers to one request each is given in turn, the last one from
    then on. Other requests go to the ASGI app `fallback`, or are answered 404.
    """

    def __init__(self, matched: Matched, fallback: Any = None) -> None:
        self._base = urlsplit(matched.base_url).path.rstrip("/")
        self._fallback = fallback
        self._entries: dict[tuple[str, str], list[Recorded]] = defaultdict(list)
        self._turns: dict[int, int] = {}
        for entry in (*(entry for entry, _ in matched.exchanges), *matched.others):
            if entry.has_body:
                path = unquote(urlsplit(entry.request.url).path).removeprefix(self._base)
                self._entries[entry.request.method, path or "/"].append(entry)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As ASGI 3.0 says."""
        if scope["type"] != "http":
            if self._fallback is not None:
                await self._fallback(scope, receive, send)
            return
        body = await body_of(receive)
        if body is None:
            return
        query = scope["query_string"].decode("latin-1")
        content_type = next((value for name, value in scope["headers"] if name.lower() == b"content-type"), b"")
        found = self._find(scope["method"], scope["path"], query, body, content_type)
        if found is not None:
            await answer(send, found)
        elif self._fallback is not None:

            async def again() -> dict[str, Any]:
                return {"type": "http.request", "body": body, "more_body": False}

            await self._fallback(scope, again, send)
        else:
            problem = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "This was not recorded."}
            headers = (("content-type", "application/problem+json"),)
            await answer(send, Response(404, headers, json.dumps(problem).encode()))

    def _find(self, method: str, path: str, query: str, body: bytes, content_type: bytes) -> Response | None:
        fitting = [
            entry
            for entry in self._entries.get((method, path), ())
            if _same_query(urlsplit(entry.request.url).query, query) and _same_body(entry.request, body, content_type)
        ]
        if not fitting:
            return None
        turn = self._turns.get(id(fitting[0]), 0)
        self._turns[id(fitting[0])] = turn + 1
        return fitting[min(turn, len(fitting) - 1)].response


def _same_query(recorded: str, sent: str) -> bool:
    here = sorted(parse_qsl(recorded, keep_blank_values=True))
    there = sorted(parse_qsl(sent, keep_blank_values=True))
    return len(here) == len(there) and all(
        one[0] == other[0] and _fits(one[1], other[1]) for one, other in zip(here, there, strict=True)
    )


def _fits(recorded: str, sent: str) -> bool:
    """Whether a text is the recorded one, whatever it has where that is masked."""
    first, *others = _MASKED.split(recorded)
    if not others:
        return recorded == sent
    *between, last = others
    at, end = len(first), len(sent) - len(last)
    if at > end or not sent.startswith(first) or not sent.endswith(last):
        return False
    for part in between:
        found = sent.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _same_body(recorded: Request, sent: bytes, content_type: bytes) -> bool:
    if recorded.body == sent:
        return True
    media_type = media_type_of(recorded.header("content-type"))
    if media_type == FORM:
        return _same_query(recorded.body.decode("latin-1"), sent.decode("latin-1"))
    try:
        if media_type.startswith("multipart/"):
            here = parts(recorded.body, recorded.header("content-type").encode("latin-1", "replace"))
            there = parts(sent, content_type)
            return len(here) == len(there) and all(map(_same_part, here, there))
        return _same(json.loads(recorded.body), json.loads(sent))
    except (ValueError, RecursionError):
        return _fits(recorded.body.decode("latin-1"), sent.decode("latin-1"))


def _same_part(recorded: Part, sent: Part) -> bool:
    alike = (recorded.name, recorded.filename) == (sent.name, sent.filename)
    return alike and _fits(recorded.content.decode("latin-1"), sent.content.decode("latin-1"))


def _same(recorded: Any, sent: Any) -> bool:
    if isinstance(recorded, str):
        return recorded == MASK or (isinstance(sent, str) and _fits(recorded, sent))
    if isinstance(recorded, dict) and isinstance(sent, dict):
        return recorded.keys() == sent.keys() and all(_same(value, sent[name]) for name, value in recorded.items())
    if isinstance(recorded, list) and isinstance(sent, list):
        return len(recorded) == len(sent) and all(map(_same, recorded, sent))
    return type(recorded) is type(sent) and bool(recorded == sent)
