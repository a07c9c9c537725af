"""Sends drafts of requests to a target, one at a time, and tells what came back."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import unquote, urlsplit

import urllib3

from counterfoil import __version__
from counterfoil.checks.wire.answers import complete_body
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.draft import Draft, Pairs
from counterfoil.checks.wire.exchange import Exchange, Intent, Request, Response
from counterfoil.checks.wire.failures import PROXY_REFUSES, about_the_way, reason
from counterfoil.checks.wire.network import Network
from counterfoil.checks.wire.pace import Pace, SpentError
from counterfoil.checks.wire.starvation import Starvation
from counterfoil.checks.wire.target import Target
from counterfoil.checks.wire.tokens.sources import Renewal
from counterfoil.location import CounterfoilError, Diagnostic, Location

# What may be sent twice (RFC 9110, section 9.2.2).
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
_AGENT = f"counterfoil/{__version__}"  # RFC 9110, section 10.1.5: whom to ask about these requests
_ATTEMPTS = 3
_BACKOFF = 0.1  # seconds
_IDLE = 2.0  # seconds, after which a connection may be closed any time; many servers wait for five
_SILENCE = 60.0  # seconds without any answer after which a server is left alone


class NoAnswerError(Exception):
    """A request that nothing answered; its text says why, `request` is what was sent."""

    def __init__(self, reason: str, request: Request) -> None:
        super().__init__(reason)
        self.request = request


class Recorder(Protocol):
    """Keeps what went over the wire."""

    def keep(self, exchange: Exchange) -> None:
        """Keep one request and its answer."""


class Client:
    """A connection to `target` with the credentials of a run; a context manager.

    An ASGI app in this process is called directly, a server over HTTP by one connection that is kept. `pace` says when
    a request may be sent, `recorder` sees every answer, and `renewal` fetches tokens that do not last. Redirects are
    not followed, so that nothing reaches another origin.
    """

    def __init__(
        self,
        target: Target,
        credentials: Credentials,
        network: Network | None = None,
        pace: Pace | None = None,
        recorder: Recorder | None = None,
        renewal: Renewal | None = None,
    ) -> None:
        self.target, self.credentials = target, credentials
        self._base_url = target.shown(target.base_url)
        self.network, self.pace = network or Network(), pace
        self.recorder, self._renewal = recorder, renewal
        self._answered = self._admitted = False
        self._silent_since: float | None = None
        self._closing = ExitStack()
        self._keeps = False  # a connection that has answered
        self._used = 0.0  # when it did
        self.starvation = Starvation()

    def __enter__(self) -> Self:
        if self.target.app is not None:
            # A loop of its own, since `Runner.run` handles signals anew for each request.
            self._loop = self._closing.enter_context(asyncio.Runner()).get_loop()
        else:
            self._pool = self._closing.enter_context(self.network.pool(self.target.base_url))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def send(self, draft: Draft, *, intent: Intent, source: str, free: bool = False) -> Exchange:
        """What a request comes to; `intent` and `source` are noted in the exchange.

        It is sent again where the server was not reached or asks to come back later, if that is safe. What is `free`
        does not count for the budget. Raises `NoAnswerError` where there is no answer, or none that is HTTP,
        `SpentError` where no request may be sent any more, or none was answered for long, and `CounterfoilError` where
        certificates or a proxy keep the very first request from the server, or credentials are missing.
        """
        own = draft.credentials is None
        if not free and self._silent_since is not None and time.monotonic() - self._silent_since > _SILENCE:
            raise SpentError(f"the server has not answered for {_SILENCE:.0f} seconds")
        self.renew_in_time()
        attempt = 0
        while True:
            attempt += 1
            if self.pace is not None:
                self.pace.take(free=free)
            last = attempt == _ATTEMPTS or (not free and self.pace is not None and not self.pace.is_open)
            exchange = self._send(draft, intent, source, last=last)
            if exchange is None:
                time.sleep(_BACKOFF * 2**attempt)
                continue
            if self.recorder is not None:
                self.recorder.keep(exchange)
            if own and exchange.authenticated:
                self._see_to_a_token(exchange.response.status)
            again = own and exchange.authenticated and self._renewed(exchange.response.status)
            again = self._asked_back(exchange) or again
            if last or not again:
                return exchange

    def _see_to_a_token(self, status: int) -> None:
        """`CounterfoilError` where the first answer to a token that was made up refuses it (RFC 9110, 15.5.2)."""
        if not self._admitted and status == 401 and self.credentials.made_up and self.target.app is None:
            hint = f"set {self.credentials.variable} to what the security scheme asks for, or pass --header"
            message = "no credentials were given, and the server refuses those that were made up"
            raise CounterfoilError(
                Diagnostic(Location(self.target.public_url, 0), "credentials-missing", message, hint)
            )
        self._admitted = True

    def renew_in_time(self) -> None:
        """Fetch a new token if the one of the run ends soon."""
        if self._renewal is not None and self._renewal.due:
            self.credentials.renew(self._renewal.fetch())

    def _renewed(self, status: int) -> bool:
        if self._renewal is None or not self._renewal.refused(status):
            return False
        self.credentials.renew(self._renewal.fetch())
        return True

    def _asked_back(self, exchange: Exchange) -> bool:
        """Whether the server did nothing yet but says when to come again."""
        status, method = exchange.response.status, exchange.request.method
        if self.pace is None or not self.pace.heed(status, exchange.response.header("retry-after")):
            return False
        return status == 429 or method in IDEMPOTENT

    def _send(self, draft: Draft, intent: Intent, source: str, *, last: bool) -> Exchange | None:
        """The exchange; None where the same request may be sent again."""
        route, headers = draft.target(self.credentials)
        url = self.target.base_url + route
        method, body = draft.method or draft.operation.method, draft.body or b""
        request = Request(method, self.target.shown(url), headers, body)
        lower = {name.lower(): value for name, value in headers}
        carried = draft.credentials is None and self.credentials.carried(draft.operation, lower, url)
        self.starvation.begin()
        started = time.perf_counter()
        moment = time.time()
        try:
            response = self._call(method, url, headers, draft.body)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            if not self._answered and (problem := about_the_way(error, self.target.public_url, self.network.timeout)):
                raise problem from error
            if self._silent_since is None:
                self._silent_since = time.monotonic() - (time.perf_counter() - started)
            unsent = isinstance(error, urllib3.exceptions.NewConnectionError)
            if self.pace is not None and not last and (unsent or method in IDEMPOTENT):
                return None
            raise NoAnswerError(reason(error, self.network.timeout), request) from error
        self._answered, self._silent_since = True, None
        seconds = self.starvation.spared(time.perf_counter() - started)
        return Exchange(draft.operation, request, response, intent, carried, source, moment, seconds, self._base_url)

    def _call(self, method: str, url: str, headers: Pairs, body: bytes | None) -> Response:
        if self.target.app is not None:
            return self._loop.run_until_complete(_asgi(self.target.app, method, url, headers, body))
        sent = urllib3.HTTPHeaderDict()
        for name, value in headers:
            sent.add(name, value)
        sent.setdefault("User-Agent", _AGENT)
        options: dict[str, Any] = {"headers": sent, "body": body, "redirect": False, "preload_content": False}
        # What must not be sent twice is not lost on a connection that ends just then (RFC 9112, section 9.3.1).
        if self.pace is not None and method not in IDEMPOTENT and time.monotonic() - self._used > _IDLE:
            self._pool.clear()
        try:
            answer = self._pool.request(method, url, **options)
        except urllib3.exceptions.ProtocolError as error:
            if not self._may_be_stale(error, method):
                raise
            self._pool.clear()
            answer = self._pool.request(method, url, **options)
        self._keeps, self._used = True, time.monotonic()
        if answer.status == PROXY_REFUSES and self.network.proxy_to(url) is not None:
            raise urllib3.exceptions.ProxyError("", ConnectionError("it asks for credentials"))
        return Response(answer.status, tuple(answer.headers.items()), complete_body(answer))

    def _may_be_stale(self, error: urllib3.exceptions.ProtocolError, method: str) -> bool:
        """Whether a connection was closed rather after the last answer than for this request (RFC 9112, section 9.3.1).

        Away from this machine only what may be sent twice is sent on a new one.
        """
        kept, self._keeps = self._keeps, False
        closed = any(isinstance(each, ConnectionError) for each in error.args)
        return kept and closed and (self.pace is None or method in IDEMPOTENT)


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
