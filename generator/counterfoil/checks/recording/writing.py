"""Writes exchanges into a HAR file, without secrets, while they happen."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from counterfoil import __version__
from counterfoil.checks.recording.masking import Masking, encoded
from counterfoil.checks.wire.exchange import Exchange, Request, Response
from counterfoil.location import CounterfoilError, Diagnostic, Location

_END = b"\n]}}\n"
NOTE = "_counterfoil"
"""The custom field of an entry (HAR 1.2: begins with an underscore) that says what its request was sent for."""


class HarWriter:
    """A HAR file at `path`, whole after each entry, however the process ends. `base_url` precedes every path.

    `CounterfoilError` if no file can be written there, or no more of it.
    """

    def __init__(self, path: Path, masking: Masking, base_url: str) -> None:
        self._masking = masking
        self._path = path
        self.count = 0
        head = {"version": "1.2", "creator": {"name": "counterfoil", "version": __version__}, NOTE: {"url": base_url}}
        with self._told():
            self._file = path.open("wb", buffering=0)
            self._behind = 0
            self._append(b'{"log": ' + json.dumps(head).encode()[:-1] + b', "entries": [')

    def keep(self, exchange: Exchange, masking: Masking | None = None) -> None:
        """Write one exchange; `masking` knows further secrets of it."""
        entry = entry_of(exchange, masking or self._masking)
        note = {
            "operation": exchange.operation.label,
            "intent": exchange.intent,
            "authenticated": exchange.authenticated,
            "source": exchange.source,
        }
        self._write({**entry, NOTE: note})

    def keep_unknown(
        self, request: Request, response: Response, moment: float, seconds: float, masking: Masking
    ) -> None:
        """Write a request that is to no operation of the contract, and its answer."""
        self._write(_entry(request, response, moment, seconds, masking))

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # what could not be written was told when it was
            self._file.close()

    def _write(self, entry: Mapping[str, Any]) -> None:
        with self._told():
            self._append((b",\n" if self.count else b"\n") + json.dumps(entry).encode())
        self.count += 1

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CounterfoilError(Diagnostic(Location(self._path.as_posix(), 0), "not-written", reason)) from error

    def _append(self, text: bytes) -> None:
        """Put a text and the end behind it in place of the end, at once: a process may be killed between two writes."""
        self._file.seek(self._behind)
        rest = memoryview(text + _END)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._behind += len(text)


def entry_of(exchange: Exchange, masking: Masking) -> dict[str, Any]:
    """An entry of a HAR file."""
    return _entry(exchange.request, exchange.response, exchange.moment, exchange.seconds, masking)


def _entry(request: Request, response: Response, moment: float, seconds: float, masking: Masking) -> dict[str, Any]:
    shown = masking.response(response, request)
    milliseconds = round(seconds * 1000, 3)
    return {
        "startedDateTime": datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _request(masking.request(request)),
        "response": _response(shown),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }


def _request(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(request.header("cookie")),
        "headers": _pairs(request.headers),
        "queryString": _pairs(parse_qsl(urlsplit(request.url).query, keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        text, is_base64 = encoded(request.body)
        found["postData"] = {"mimeType": request.header("content-type"), "text": text}
        if is_base64:
            found["postData"]["_encoding"] = "base64"  # HAR 1.2 has encodings for contents of answers only
    return found


def _response(response: Response) -> dict[str, Any]:
    text, is_base64 = encoded(response.body)
    content: dict[str, Any] = {"size": len(response.body), "mimeType": response.header("content-type"), "text": text}
    if is_base64:
        content["encoding"] = "base64"
    known = {each.value: each.phrase for each in HTTPStatus}
    cookies = [_cookie(value) for name, value in response.headers if name.lower() == "set-cookie"]
    return {
        "status": response.status,
        "statusText": known.get(response.status, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": cookies,
        "headers": _pairs(response.headers),
        "content": content,
        "redirectURL": response.header("location"),
        "headersSize": -1,
        "bodySize": len(response.body),
    }


def _pairs(pairs: Any) -> list[Mapping[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _cookies(header: str) -> list[Mapping[str, str]]:
    return [_cookie(part) for part in header.split(";") if part.strip()]


def _cookie(text: str) -> Mapping[str, str]:
    name, _, value = text.partition(";")[0].partition("=")
    return {"name": name.strip(), "value": value.strip()}
