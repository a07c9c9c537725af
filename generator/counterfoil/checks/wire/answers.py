"""Answers that come in time and as a whole: past interim ones, and to the end of their bodies."""

import http.client
import io
import socket
import time
from typing import TYPE_CHECKING, Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from counterfoil.checks.wire.failures import EndlessError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_LARGEST = 64 * 1024 * 1024  # bytes
_PIECE = 64 * 1024


class Answer(http.client.HTTPResponse):
    """An answer that is there as a whole within the timeout of its socket; `TimeoutError` where it is not.

    It is the final one: any number of interim ones may come before (RFC 9110, section 15.2), of which `http.client`
    knows 100 only. What switches protocols (101) is an answer like any other to who asked for no such thing.
    """

    def __init__(self, sock: socket.socket, *more: Any, **options: Any) -> None:
        super().__init__(_Received(sock), *more, **options)  # type: ignore[arg-type]  # it asks for `makefile` only

    def begin(self) -> None:
        """Read up to the body."""
        super().begin()
        while http.client.SWITCHING_PROTOCOLS < self.status < http.client.OK:
            self.headers = self.msg = None  # type: ignore[assignment]  # without them `begin` reads on
            super().begin()


class _Received(io.RawIOBase):
    """What a socket receives within its timeout from now on, however little comes at a time."""

    def __init__(self, sock: socket.socket) -> None:
        timeout = sock.gettimeout()
        self._sock, self._raw = sock, sock.makefile("rb", buffering=0)
        self._end = None if timeout is None else time.monotonic() + timeout

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        if self._end is not None:
            left = self._end - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Connection(HTTPConnection):
    response_class = Answer


class _SecureConnection(HTTPSConnection):
    response_class = Answer


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS = {"http": _Pool, "https": _SecurePool}
"""The pools of connections by scheme, whose answers are `Answer`s."""


def complete_body(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The body of an answer; of a stream of events what came in time.

    `EndlessError` for any other body that has no end in time, or none at all. Failures of urllib3 are raised as they
    are.
    """
    found, missing = bytearray(), ""
    try:
        while piece := answer.read1(_PIECE):
            found += piece
            if len(found) > _LARGEST:
                missing = f"the body is larger than {_LARGEST // 2**20} MiB"
                break
    except urllib3.exceptions.ReadTimeoutError:
        missing = "the body came to no end in time"
    if missing:
        answer.close()
        # Streams of events stay open (HTML, section 9.2).
        if not answer.headers.get("content-type", "").lower().startswith("text/event-stream"):
            raise EndlessError(missing)
    answer.release_conn()
    return bytes(found)
