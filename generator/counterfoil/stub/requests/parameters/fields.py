"""Names and values of query strings, forms, cookies and headers, kept encoded until a style has split the values."""

from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes

Fields = dict[str, list[str]]  # decoded name → values as sent, one character a byte
Decode = Callable[[str], str]
# Fields that no list may be sent in: of several, servers take the first (RFC 9110, section 5.3).
SINGLE_HEADERS = frozenset(
    {b"authorization", b"content-length", b"content-type", b"from", b"host", b"referer", b"user-agent"}
)


class UndecodableError(ValueError):
    """A text that does not follow its encoding or its style."""


def split(text: str) -> list[tuple[str, str]]:
    """Names and values of a query string or form, still encoded, in their order; a name alone has an empty value."""
    return [(name, value) for field in text.split("&") if field for name, _, value in (field.partition("="),)]


def fields_of(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Pairs by their decoded name."""
    found: Fields = {}
    for name, value in pairs:
        found.setdefault(decode_leniently(name), []).append(value)
    return found


def split_cookies(header: str) -> list[tuple[str, str]]:
    """The pairs of a Cookie header (RFC 6265, section 4.2), quotes around a value removed."""
    pairs = []
    for cookie in header.split(";"):
        name, equal, value = cookie.strip(" \t").partition("=")
        if equal and name:
            quoted = len(value) > 1 and value[0] == value[-1] == '"'
            pairs.append((name, value[1:-1] if quoted else value))
    return pairs


def decode(text: str) -> str:
    """A value of a path or cookie without its percent-encoding; `UndecodableError` if that is no UTF-8."""
    if "%" not in text and text.isascii():
        return text
    try:
        return unquote_to_bytes(text.encode("latin-1")).decode()
    except UnicodeError:
        raise UndecodableError("it is not UTF-8") from None


def decode_field(text: str) -> str:
    """A value of a query string or form without its percent-encoding, `+` being a space; errors as `decode`."""
    return decode(text.replace("+", " ") if "+" in text else text)


def decode_leniently(text: str) -> str:
    """As `decode_field`, with U+FFFD for what is no UTF-8."""
    if "%" not in text and "+" not in text and text.isascii():
        return text
    return unquote_to_bytes(text.replace("+", " ").encode("latin-1", "replace")).decode(errors="replace")


def combine_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Header values by lower-case name, several of one name joined as RFC 9110 (5.3) and RFC 9113 (8.2.3) say."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name not in found:
            found[name] = value
        elif name not in SINGLE_HEADERS:
            found[name] += (b"; " if name == b"cookie" else b", ") + value
    return found
