"""Bodies of several parts, multipart/form-data above all (RFC 7578, RFC 2046 section 5.1)."""

import re
from dataclasses import dataclass

from counterfoil.stub.requests.bodies.texts import bytes_as_text, essence, header_parameter, is_text, text_of
from counterfoil.stub.requests.malformed import MalformedError

MOST_PARTS = 1000
LONGEST_HEAD = 16 * 1024  # bytes of all headers of one part
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `name` and `filename` of its Content-Disposition, its headers in lower case, its bytes."""

    name: str
    filename: str | None
    headers: dict[bytes, bytes]
    content: bytes

    @property
    def media_type(self) -> str:
        """What its Content-Type says without parameters, empty without one."""
        return essence(self.headers.get(b"content-type"))

    @property
    def text(self) -> str:
        """Its content as a JSON string: text by its charset, one character a byte for a file that is no text."""
        sent = self.headers.get(b"content-type")
        if is_text(self.media_type) or (not sent and self.filename is None):
            return text_of(self.content, sent)
        return bytes_as_text(self.content)


def parts(body: bytes, content_type: bytes) -> list[Part]:
    """The parts of a body; `MalformedError` if there is no boundary or it breaks off, or beyond the limits above."""
    boundary = header_parameter(content_type, "boundary") or ""
    if not _BOUNDARY.fullmatch(boundary):
        raise MalformedError("the Content-Type names no boundary")
    delimiter = b"--" + boundary.encode("latin-1")
    if body.startswith(delimiter):
        body = b"\r\n" + body
    _, *pieces = body.split(b"\r\n" + delimiter, MOST_PARTS + 2)
    if len(pieces) > MOST_PARTS + 1:
        raise MalformedError(f"more than {MOST_PARTS} parts")
    found: list[Part] = []
    for piece in pieces:
        if piece.startswith(b"--"):
            return found
        padding, newline, rest = piece.partition(b"\r\n")
        if not newline or padding.strip(b" \t"):
            break
        found.append(_part(rest))
    raise MalformedError("the closing boundary is missing")


def _part(text: bytes) -> Part:
    head, content = (b"", text[2:]) if text.startswith(b"\r\n") else _split(text)
    headers: dict[bytes, bytes] = {}
    for line in head.split(b"\r\n") if head else ():
        matched = _HEADER.fullmatch(line)
        if matched is None:
            raise MalformedError("a header of a part is not one")
        headers[matched[1].lower()] = matched[2].strip()
    disposition = headers.get(b"content-disposition", b"")
    name = header_parameter(disposition, "name")
    filename = header_parameter(disposition, "filename")
    return Part(_utf8(name or ""), None if filename is None else _utf8(filename), headers, content)


def _split(text: bytes) -> tuple[bytes, bytes]:
    end = text.find(b"\r\n\r\n", 0, LONGEST_HEAD)
    if end < 0:
        raise MalformedError("the headers of a part are too long or do not end")
    return text[:end], text[end + 4 :]


def _utf8(text: str) -> str:
    return text.encode("latin-1").decode(errors="replace")
