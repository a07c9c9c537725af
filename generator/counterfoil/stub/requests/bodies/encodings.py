"""Bodies as they were before they were compressed: Content-Encoding (RFC 9110, section 8.4)."""

import zlib
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from counterfoil.stub.requests.malformed import MalformedError

ENCODING = "media-type.encoding"  # the reason of a refusal
MOST = 3  # encodings, one around the other
MOST_MEMBERS = 100  # of one compressed body

Decode = Callable[[bytes, int], bytes]  # of a body, at least one byte more than the limit where there are so many


class UnknownEncodingError(ValueError):
    """An encoding that is not understood."""


class TooLargeError(ValueError):
    """A body that is larger than its limit once it is decoded."""


def decoded(body: bytes, header: bytes, limit: int) -> bytes:
    """A body without the encodings that a Content-Encoding header names; `limit` is in bytes, for each step.

    `UnknownEncodingError`, `TooLargeError`, or `MalformedError` where a body is not what the header says.
    """
    names = [name.strip().lower() for name in header.decode("latin-1").split(",") if name.strip()]
    if len(names) > MOST:
        raise UnknownEncodingError
    for name in reversed(names):
        if name != "identity":
            body = _decoder(name)(body, limit)
            if len(body) > limit:
                raise TooLargeError
    return body


def understood() -> str:
    """The value of an Accept-Encoding header that names all that are understood."""
    return ", ".join(["gzip", "deflate", *(["br"] if _brotli() else [])])


def _decoder(name: str) -> Decode:
    if name in ("gzip", "x-gzip"):
        return lambda body, limit: _inflate(body, limit, zlib.MAX_WBITS | 16)
    if name == "deflate":
        # A zlib stream, but some clients send it without its header, whose check bits tell.
        return lambda body, limit: _inflate(body, limit, zlib.MAX_WBITS if _has_header(body) else -zlib.MAX_WBITS)
    if name == "br" and _brotli():
        return _unbrotli
    raise UnknownEncodingError


def _has_header(body: bytes) -> bool:
    return body[:1] != b"" and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _inflate(body: bytes, limit: int, wbits: int) -> bytes:
    """All members of a compressed body, one behind the other."""
    found = b""
    for _ in range(MOST_MEMBERS):
        decoder = zlib.decompressobj(wbits)
        try:
            found += decoder.decompress(body, limit + 1 - len(found))
        except zlib.error as error:
            raise MalformedError(f"the body is not compressed as it says: {error}") from None
        if len(found) > limit:
            return found
        if not decoder.eof:
            raise MalformedError("the compressed body breaks off")
        body = decoder.unused_data.lstrip(b"\0")
        if not body:
            return found
    raise MalformedError(f"the compressed body has more than {MOST_MEMBERS} parts")


def _unbrotli(body: bytes, limit: int) -> bytes:
    module = _brotli()
    decoder, found = module.Decompressor(), b""
    try:
        found = decoder.process(body, output_buffer_limit=limit + 1)
        while len(found) <= limit and not decoder.can_accept_more_data():
            found += decoder.process(b"", output_buffer_limit=limit + 1 - len(found))
        if len(found) <= limit and not decoder.is_finished():
            raise MalformedError("the compressed body breaks off")
    except module.error as error:
        raise MalformedError(f"the body is not compressed as it says: {error}") from None
    return bytes(found)


@cache
def _brotli() -> Any:
    """The module `brotli` where somebody has installed one that bounds what it makes, else None."""
    try:
        module = import_module("brotli")
    except ImportError:
        return None
    return module if hasattr(getattr(module, "Decompressor", None), "can_accept_more_data") else None
