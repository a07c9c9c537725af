"""A connection that answers at once what needs no waiting."""

import logging
import urllib.parse
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from counterfoil.stub.asgi import check_headers
from counterfoil.stub.call import Headers, Reply
from counterfoil.stub.connection import Connection

LONGEST = 64 * 1024  # bytes of a body that is waited for; longer ones are read as ASGI does, which slows senders down

log = logging.getLogger("counterfoil.stub")

AtOnce = Callable[[Mapping[str, Any], bytes], Reply[Any] | None]


class PromptConnection(Connection):
    """Asks an application that has it for `at_once(scope, body)` before it is called as ASGI says.

    What that returns is sent in one piece, without a task for the request; with None the request is one like any other.
    """

    _at_once: AtOnce | None = None
    # The body so far of a request that may be answered at once.
    _held: bytes | None = None

    def connection_made(self, transport: Any) -> None:
        """As `asyncio.Protocol` says."""
        super().connection_made(transport)
        self._at_once = getattr(self.app, "at_once", None)

    def on_headers_complete(self) -> None:
        """Hold the request back if its body is all that is waited for."""
        parser, before = self.parser, self.cycle
        if (
            self._at_once is None
            or self.expect_100_continue
            or not (before is None or before.response_complete)
            or parser.get_http_version() != "1.1"
            or not parser.should_keep_alive()
            or parser.should_upgrade()
            or self.flow.write_paused
        ):
            super().on_headers_complete()
            return
        scope: dict[str, Any] = self.scope  # type: ignore[assignment] # a dict to everybody but its type
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        scope["method"] = parser.get_method().decode("ascii")
        scope["path"] = urllib.parse.unquote(path) if "%" in path else path
        scope["raw_path"], scope["query_string"] = url.path, url.query or b""
        self._head = 0
        self._held = b""

    def on_body(self, body: bytes) -> None:
        """Add to the body of the request."""
        held = self._held
        if held is None:
            super().on_body(body)
        elif len(held) + len(body) <= LONGEST:
            self._held = held + body if held else body
        else:
            self._release()
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Answer the request if that can be done at once."""
        if self._held is not None and self._at_once is not None:
            answer = self._answer(self._at_once, self._held)
            if answer is not None:
                self._held = None
                self.transport.write(answer)
                self.on_response_complete()
                return
            self._release()
        super().on_message_complete()

    def shutdown(self) -> None:
        """Close the connection, after the answer to a request that has begun."""
        if not self._is_refused:
            self._release()
        super().shutdown()

    @property
    def _awaits_body(self) -> bool:
        return self._held is not None or super()._awaits_body

    def _release(self) -> None:
        """Let a request that was held back be one like any other."""
        if self._held is not None:
            held, self._held = self._held, None
            super().on_headers_complete()
            if held:
                super().on_body(held)

    def _answer(self, at_once: AtOnce, body: bytes) -> bytes | None:
        method, also = self.scope["method"], self.server_state.default_headers
        try:
            reply = at_once(self.scope, body)
            return reply if reply is None else written(reply, method, also)
        except Exception:
            log.exception("no answer to %s %s", method, self.scope["path"])
            return written(Reply(500), method, also)


def written(reply: Reply[Any], method: str, also: Headers) -> bytes:
    """A reply to a request of `method` as HTTP/1.1 sends it, with other headers before its own.

    `ValueError` for headers that are none.
    """
    status, body = reply.status, reply.body
    head = STATUS_LINE[status] + _lines(tuple(also)) + _lines(tuple(reply.headers))
    if status == 204:
        return head + b"\r\n"
    return b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), b"" if method == "HEAD" or status == 304 else body)


@lru_cache(maxsize=512)
def _lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    check_headers(headers)
    return b"".join([b"%b: %b\r\n" % header for header in headers])
