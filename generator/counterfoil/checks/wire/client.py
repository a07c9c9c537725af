"""Sends drafts of requests to a target, one at a time, and tells what came back."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import urllib3

from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.draft import Draft, Pairs
from counterfoil.checks.wire.exchange import Exchange, Intent, Request, Response
from counterfoil.checks.wire.target import Target

TIMEOUT = 10.0  # seconds until an answer is given up


class NoAnswerError(Exception):
    """A request that nothing answered; its text says why, `request` is what was sent."""

    def __init__(self, reason: str, request: Request) -> None:
        super().__init__(reason)
        self.request = request


class Client:
    """A connection to `target` with the credentials of a run; a context manager.

    An ASGI app in this process is called directly, a server over HTTP by one connection that is kept.
    """

    def __init__(self, target: Target, credentials: Credentials) -> None:
        self.target, self.credentials = target, credentials
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        if self.target.app is not None:
            self._runner = self._closing.enter_context(asyncio.Runner())
        else:
            self._pool = self._closing.enter_context(urllib3.PoolManager(retries=False, timeout=TIMEOUT))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def send(self, draft: Draft, *, intent: Intent, source: str) -> Exchange:
        """What a request comes to; `intent` and `source` are noted in the exchange.

        Raises `NoAnswerError` where there is no answer, or none that is HTTP.
        """
        route, headers = draft.target(self.credentials)
        url = self.target.base_url + route
        method, body = draft.method or draft.operation.method, draft.body or b""
        request = Request(method, self.target.shown(url), headers, body)
        lower = {name.lower(): value for name, value in headers}
        carried = draft.credentials is None and self.credentials.carried(draft.operation, lower, url)
        started = time.perf_counter()
        moment = time.time()
        try:
            response = self._call(method, url, headers, draft.body)
        except (urllib3.exceptions.HTTPError, OSError, ConnectionError) as error:
            raise NoAnswerError(f"{type(error).__name__}: {error}", request) from error
        seconds = time.perf_counter() - started
        return Exchange(draft.operation, request, response, intent, carried, source, moment, seconds)

    def _call(self, method: str, url: str, headers: Pairs, body: bytes | None) -> Response:
        if self.target.app is not None:
            return self._runner.run(_asgi(self.target.app, method, url, headers, body))
        sent = urllib3.HTTPHeaderDict()
        for name, value in headers:
            sent.add(name, value)
        answer = self._pool.request(method, url, headers=sent, body=body, redirect=False, preload_content=True)
        return Response(answer.status, tuple(answer.headers.items()), answer.data)


async def _asgi(app: Any, method: str, url: str, headers: Pairs, body: bytes | None) -> Response:
    """The answer of an ASGI app (ASGI 3.0, HTTP connection scope)."""
    parts = urlsplit(url)
    path = parts.path or "/"
    listed = [(b"host", parts.netloc.encode("latin-1"))]
    listed += [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    if body is not None:
        listed.append((b"content-length", str(len(body)).encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": unquote(path),
        "raw_path": path.encode("latin-1"),
        "query_string": parts.query.encode("latin-1"),
        "root_path": "",
        "headers": listed,
        "client": ("127.0.0.1", 50000),
        "server": (parts.hostname, parts.port or 80),
        "state": {},
    }
    messages = [{"type": "http.request", "body": body or b"", "more_body": False}]
    started: Mapping[str, Any] = {}
    chunks: list[bytes] = []

    async def receive() -> Mapping[str, Any]:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal started
        if message["type"] == "http.response.start":
            started = message
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    if not started:
        raise ConnectionError("the app returned without an answer")
    received = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in started.get("headers", ()))
    return Response(started["status"], received, b"".join(chunks))
