"""Bodies and parts that are text or bytes."""

import codecs
import re

from counterfoil.stub.requests.malformed import MalformedError

SLOW_OR_ESCAPED = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"})
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_ESCAPE = re.compile(r"\\(.)")


def header_parameter(header: bytes, name: str) -> str | None:
    """A parameter of a header such as Content-Type (RFC 9110, section 5.6.6), None if it is not there."""
    for found, value in _PARAMETER.findall(header.decode("latin-1")):
        if found.lower() == name:
            return _ESCAPE.sub(r"\1", value[1:-1]) if value[:1] == '"' else value.strip()
    return None


def essence(header: bytes | None) -> str:
    """A media type without its parameters, in lower case."""
    return (header or b"").decode("latin-1").partition(";")[0].strip().lower()


def is_text(media_type: str) -> bool:
    """Whether the bytes of a media type are characters, as far as its name tells."""
    return media_type.startswith("text/") or media_type.endswith(("+json", "+xml", "/xml", "/json", "/yaml", "/jwt"))


def text_of(content: bytes, content_type: bytes | None) -> str:
    """A text in the charset that its Content-Type names, else in UTF-8; `MalformedError` if it is none."""
    charset = header_parameter(content_type or b"", "charset") or "utf-8"
    try:
        known = codecs.lookup(charset).name not in SLOW_OR_ESCAPED
        return content.decode(charset if known else "")
    except (LookupError, ValueError):
        raise MalformedError(f"not a text in {charset}") from None


def bytes_as_text(content: bytes) -> str:
    """Bytes as a JSON string, one character each, so that `minLength` and `maxLength` count them."""
    return content.decode("latin-1")
