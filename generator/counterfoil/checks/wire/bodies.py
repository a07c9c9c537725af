"""Bodies of answers that come in time."""

import time
from collections.abc import Iterator

import urllib3

from counterfoil.checks.wire.failures import EndlessError

_LARGEST = 64 * 1024 * 1024  # bytes
_PIECE = 64 * 1024


def body_until(answer: urllib3.BaseHTTPResponse, end: float) -> bytes:
    """The body of an answer that is whole when the monotonic clock shows `end`; of events what came until then.

    `EndlessError` for any other body that has no end then, or none at all. Failures of urllib3 are raised as they are.
    """
    found = bytearray()
    try:
        for piece in _pieces(answer, end):
            found += piece
    except (EndlessError, urllib3.exceptions.ReadTimeoutError):
        answer.close()
        # Streams of events stay open (HTML, section 9.2).
        if not answer.headers.get("content-type", "").lower().startswith("text/event-stream"):
            raise
    answer.release_conn()
    return bytes(found)


def _pieces(answer: urllib3.BaseHTTPResponse, end: float) -> Iterator[bytes]:
    size = 0
    while piece := answer.read1(_PIECE):
        yield piece
        size += len(piece)
        if size > _LARGEST:
            raise EndlessError(f"the body is larger than {_LARGEST // 2**20} MiB")
        if time.monotonic() > end:
            raise EndlessError("the body came to no end in time")
