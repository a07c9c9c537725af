"""One connection of a served stub: what reaches an application of the bytes that a client sends."""

import asyncio
from http import HTTPStatus
from types import SimpleNamespace

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from counterfoil.stub.control.disturbance import CLOSE

LARGEST_HEAD = 64 * 1024  # bytes of request line and headers
PATIENCE = 60.0  # seconds without a byte of a request that has begun
LINGER = 1.0  # seconds that a client whose request is refused may go on sending, so that it reads why


class Connection(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, with bounds, for clients that are not like others.

    A request line or headers that are too long are refused (414, 431), so is a request that does not go on (408). Who
    closes its own half of the connection is answered nevertheless. An `Upgrade` to what is not spoken here is passed
    over (RFC 9110, section 7.8). An application may close the connection, which ASGI does not let it.
    """

    url = b""
    _head = 0  # bytes of a head that is not complete; of a piece that it shares with a request before it, one
    _is_refused = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the base class
        """As `asyncio.Protocol` says."""
        super().connection_made(transport)
        self._extensions = {CLOSE: transport.close}

    def data_received(self, data: bytes) -> None:
        """As `asyncio.Protocol` says."""
        # However much arrives at once, what a head shares a piece with is no longer than it may be.
        for start in range(0, len(data), LARGEST_HEAD):
            self._piece_received(data[start : start + LARGEST_HEAD])

    def _piece_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        self._unset_keepalive_if_required()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._awaits_body:
            self._head += len(data)  # until a head is complete
        try:
            self._feed(data)
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        if self.scope is None or "path" not in self.scope:
            self._head = self._head or 1
            if self._head > LARGEST_HEAD:
                is_target = len(self.url) > LARGEST_HEAD // 2
                too_large = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG if is_target else too_large)
                return
        elif not self._awaits_body:
            return
        self._timer = self.loop.call_later(PATIENCE, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _feed(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                # The parser takes what follows for something else than the body that it may be.
                method, version = self.parser.get_method(), self.parser.get_http_version().encode()
                kept = [pair for pair in self.headers if pair[0] not in (b"upgrade", b"http2-settings")]
                head = b"%s %s HTTP/%s\r\n" % (method, self.url, version)
                data = head + b"".join(b"%s: %s\r\n" % pair for pair in kept) + b"\r\n" + data[upgrade.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
            else:
                return

    def eof_received(self) -> bool:  # type: ignore[override] # may say so, as `asyncio.Protocol` does
        """Whether the connection stays open until an answer is sent to a client that sends no more."""
        cycle = self.cycle
        if cycle is None or cycle.more_body or cycle.response_complete:
            return False
        cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """As `asyncio.Protocol` says."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """Begin to answer a request, called by the parser."""
        self._head = 0
        if self.parser.should_upgrade():
            if self.parser.get_method() == b"CONNECT":
                raise ValueError
            if self.cycle is None:  # which the base class asks whether the request is over
                self.cycle = SimpleNamespace(response_complete=True, more_body=False, message_event=asyncio.Event())
            return
        self.scope["extensions"] = self._extensions  # type: ignore[typeddict-item] # says what extensions there are
        super().on_headers_complete()

    @property
    def _awaits_body(self) -> bool:
        """Whether the rest of a body is to come, where a head is complete."""
        return self.cycle is not None and self.cycle.more_body

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer what no application sees all of; what else comes is passed over until the connection closes."""
        self._is_refused = True
        cycle = self.cycle
        if cycle is not None and not cycle.more_body and not cycle.response_complete:
            cycle.keep_alive = False  # so that the request before this one is answered, and the connection closed then
            return
        if self.pipeline or (cycle is not None and cycle.more_body and cycle.response_started):
            self.transport.close()
            return
        if cycle is not None and cycle.more_body:
            cycle.disconnected = True
            cycle.message_event.set()
        text = status.phrase.encode()
        self.transport.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nconnection: close\r\n"
            b"\r\n%s" % (status, text, len(text), text)
        )
        self.loop.call_later(LINGER, self.transport.close)
