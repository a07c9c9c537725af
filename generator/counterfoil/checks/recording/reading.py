"""Reads HAR files: our own, and those that browsers and proxies export."""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from counterfoil.checks.recording.writing import NOTE
from counterfoil.checks.wire.exchange import Request, Response
from counterfoil.location import CounterfoilError, Diagnostic, Location

_LARGEST = 64 * 1024 * 1024  # bytes of a body after decompression
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 47}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request and its answer as a file has them.

    `has_body` is whether the file has the body of the answer; browsers leave some out. `note` is what a run of the
    contract tests says of the request, empty where something else made the file. `moment` is in seconds since 1970,
    `seconds` how long the answer took; 0 where the file does not tell.
    """

    request: Request
    response: Response
    has_body: bool
    note: Mapping[str, Any]
    moment: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Recording:
    """All entries of a file that have an answer, how many have none, and the base URL that the file names, if any."""

    entries: list[Recorded]
    unanswered: int
    base_url: str


def read_har(path: Path) -> Recording:
    """The entries of a HAR file; `CounterfoilError` if it cannot be read or is none."""
    where = Location(path.as_posix(), 0)
    try:
        log = json.loads(path.read_bytes().decode("utf-8-sig"))["log"]
        listed = list(log["entries"])
    except OSError as error:
        raise CounterfoilError(Diagnostic(where, "not-read", (error.strerror or str(error)).lower())) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        hint = "a JSON object with log.entries, as HAR 1.2 says"
        raise CounterfoilError(Diagnostic(where, "invalid-har", "this is no HAR file", hint)) from error
    entries: list[Recorded] = []
    unanswered = 0
    for number, entry in enumerate(listed):
        try:
            found = _recorded(entry)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            message = f"entry {number} is none of HAR 1.2"
            raise CounterfoilError(Diagnostic(where, "invalid-har", message)) from error
        if found is None:
            unanswered += 1
        else:
            entries.append(found)
    note = log.get(NOTE)
    try:
        base_url = _url(note["url"]) if isinstance(note, dict) and "url" in note else ""
    except ValueError as error:
        raise CounterfoilError(Diagnostic(where, "invalid-har", f"log.{NOTE}.url is no URL")) from error
    return Recording(entries, unanswered, base_url)


def _url(value: Any) -> str:
    """A URL that can be taken apart; `ValueError` where it cannot."""
    text = _text(value)
    urlsplit(text).port  # noqa: B018 - to ask for a port that is none raises
    return text


def _text(value: Any) -> str:
    """A text of whole characters; `ValueError` where it has half of a surrogate pair."""
    str(value).encode()
    return str(value)


def _recorded(entry: Mapping[str, Any]) -> Recorded | None:
    """An entry; None for a request that was blocked or aborted, which has status 0."""
    sent, received = entry["request"], entry["response"]
    status = int(received.get("status") or 0)
    url = _url(sent["url"])
    if not 100 <= status <= 599 or not urlsplit(url).scheme.startswith("http"):
        return None
    headers = tuple(_headers(received))
    body = _content(received.get("content") or {}, headers)
    request = Request(str(sent["method"]).upper(), url.partition("#")[0], *_sent(sent))
    note = entry.get(NOTE)
    moment, seconds = _moment(entry.get("startedDateTime")), entry.get("time")
    return Recorded(
        request,
        Response(status, headers, body or b""),
        body is not None,
        note if isinstance(note, dict) else {},
        moment,
        max(float(seconds), 0.0) / 1000 if isinstance(seconds, int | float) and isfinite(seconds) else 0.0,
    )


def _headers(message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in message.get("headers") or ():
        name, value = _text(each["name"]), _text(each["value"])
        # HTTP/2 and HTTP/3 have names that begin with a colon for what is no header; some files join equal headers.
        if not name.startswith(":"):
            for part in value.split("\n"):
                yield name, part


def _sent(sent: Mapping[str, Any]) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Headers and body of a request."""
    headers, data = list(_headers(sent)), sent.get("postData")
    if not isinstance(data, dict):
        return tuple(headers), b""
    media_type = str(data.get("mimeType") or "")
    if media_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", media_type))
    text, params = data.get("text"), data.get("params")
    if isinstance(text, str) and text:
        body = base64.b64decode(text) if data.get("_encoding") == "base64" else text.encode("utf-8", "surrogatepass")
    else:
        pairs = [(str(each["name"]), str(each.get("value", ""))) for each in params or ()]
        body = urlencode(pairs).encode()
    return tuple(headers), body


def _content(content: Mapping[str, Any], headers: tuple[tuple[str, str], ...]) -> bytes | None:
    """The body of an answer, None where the file does not have it."""
    text = content.get("text")
    if not isinstance(text, str):
        return None if int(content.get("size") or 0) > 0 else b""
    if content.get("encoding") != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        body = base64.b64decode(text)
    except binascii.Error:
        return None
    return _decompressed(body, next((value for name, value in headers if name.lower() == "content-encoding"), ""))


def _decompressed(body: bytes, encoding: str) -> bytes | None:
    """A body without the encoding of its content: some files hold what went over the wire, others what came of it."""
    name = encoding.strip().lower()
    is_gzip = body.startswith(b"\x1f\x8b")
    if name in ("gzip", "x-gzip") and not is_gzip:
        return body
    if name in _WINDOWS:
        try:
            unpacked = zlib.decompressobj(_WINDOWS[name]).decompress(body, _LARGEST)
        except zlib.error:
            return body if name == "deflate" else None
        return unpacked
    if name in ("br", "zstd"):
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return body


def _moment(text: Any) -> float:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError):
        return 0.0
