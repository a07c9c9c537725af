"""Requests that have NUL in a text of theirs, and the same without it."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from counterfoil.checks.operation import is_json, media_type_of
from counterfoil.checks.wire.client import Client
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Request

_NUL, _OTHER = "\0", "x"
_QUOTED = "%00"


def without_nul(bare: Draft, request: Request, client: Client) -> Draft | None:
    """`bare` with path, query and body of a request, another character in place of each NUL; None where it has none."""
    parts = urlsplit(request.url)
    media_type = request.header("content-type")
    body = _body(request, media_type)
    if _QUOTED not in parts.path + parts.query and body == request.body and not _has_nul(request.json):
        return None
    own = {name for place, name, _ in client.credentials.placements(bare.operation) if place == "query"}
    asked = [(name, _text(value)) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in own]
    path = parts.path.removeprefix(client.target.base_path).replace(_QUOTED, _OTHER)
    route = f"{path}?{urlencode(asked)}" if asked else path
    draft = replace(bare, path={}, query=(), route=route)
    if is_json(media_type_of(media_type)) and request.json is not NOTHING:
        return draft.with_json(_replaced(request.json), media_type)
    return replace(draft, body=body or None, media_type=media_type or None)


def has_nul(request: Request) -> bool:
    """Whether there is NUL in the URL or the body of a request, however it is written."""
    body = request.body
    return _QUOTED in request.url or any(each in body for each in (b"\0", rb"\u0000", _QUOTED.encode()))


def _body(request: Request, media_type: str) -> bytes:
    if media_type_of(media_type) == "application/x-www-form-urlencoded":
        return request.body.replace(_QUOTED.encode(), _OTHER.encode())
    return request.body.replace(_NUL.encode(), _OTHER.encode())


def _has_nul(value: Any) -> bool:
    return value is not NOTHING and _replaced(value) != value


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_replaced(each) for each in value]
    if isinstance(value, dict):
        return {_text(name): _replaced(each) for name, each in value.items()}
    return value


def _text(text: str) -> str:
    return text.replace(_NUL, _OTHER)
