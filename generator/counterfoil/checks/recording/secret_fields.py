"""Where a text holds the values of fields whose names say that they are secret: JSON, forms, parts, XML."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote_plus, unquote_plus

from counterfoil.checks.operation import media_type_of
from counterfoil.checks.wire.credentials import MASK

FORM = "application/x-www-form-urlencoded"
# RFC 6749, sections 2.3.1, 4.3.2, 5.1, RFC 7521, 4.2, RFC 7636, 4.5; and what fields for secrets are called.
_USUAL = (
    "access_token", "refresh_token", "id_token", "token", "auth_token", "session_token", "security_token", "jwt",
    "client_secret", "client_assertion", "code_verifier", "password", "passwd", "pwd", "passphrase", "secret",
    "api_key", "secret_key", "secret_access_key", "private_key", "signing_secret", "webhook_secret",
)  # fmt: skip
# What says so at the end of any name: `new_password`, `stripeSecretKey`, `password_confirmation`.
_ENDS = (
    "password", "passwd", "passphrase", "passwordconfirmation", "passwordconfirm", "passwordagain", "secret",
    "apikey", "secretkey", "secretaccesskey", "privatekey",
    "accesstoken", "refreshtoken", "authtoken", "apitoken", "sessiontoken",
)  # fmt: skip
# Besides these in URLs: what makes signed ones good (AWS, Google Cloud, Azure), and SAML 2.0 Bindings, 3.4.4.
_USUAL_IN_URLS = ("sig", "signature", "x_amz_signature", "x_goog_signature", "saml_response", "assertion")
_PUNCTUATION = re.compile(r"[-_. ]")
# None of the names has an escape, and a text of a million of them is gone through once.
_KEY = re.compile(r'"([^"\\]+)"\s*:\s*')
_SCALAR = re.compile(r'"((?:[^"\\]|\\.)*)"?|-?\d[\d.eE+-]*', re.DOTALL)
_ELEMENT = re.compile(
    r"<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>((?:<!\[CDATA\[(?:(?!<!\[CDATA\[|\]\]>).)*\]\]>|[^<])+)</", re.DOTALL
)
_ATTRIBUTE = re.compile(r"""\s(?:[\w.-]+:)?([\w.-]+)\s*=\s*(?:"([^"<]+)"|'([^'<]+)')""")
# A parameter of a URL within any text: plain, escaped as in JSON or HTML, or percent-encoded within another URL.
_PARAMETER = re.compile(r"(?:[?&;]|\\u0026|%(?:25)*(?:3F|26))([\w.-]+)(?:=|%(?:25)*3D)", re.IGNORECASE)
_TO_ITS_END = re.compile(r"(?:(?![&;\s\"'<>\\#]|%(?:25)*(?:2[0236]|3C|3E)).)+", re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([^";]+)', re.IGNORECASE)
_NAME = re.compile(
    r'^content-disposition:[^\r\n]*?[;\s]name=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))', re.IGNORECASE | re.MULTILINE
)


class Span(NamedTuple):
    """A value from `start` to `end` of a text, what to write there instead, and the texts that it tells."""

    start: int
    end: int
    instead: str
    told: tuple[str, ...]


class SecretFields:
    """Finds fields whose names are those of secrets, or end so, and fields of further `names`, whatever their case."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {_plain(name) for name in (*_USUAL, *names)}
        self._in_urls = {_plain(name) for name in _USUAL_IN_URLS}

    def has(self, name: str) -> bool:
        """Whether a field of this name is secret."""
        name = _plain(name)
        return name in self._names or name.endswith(_ENDS)

    def masked(self, text: str, content_type: str) -> str:
        """A body without the values of secret fields."""
        for find in self._finders(content_type):
            text = _replaced(text, find(text))
        return text

    def told(self, text: str, content_type: str) -> Iterator[str]:
        """The texts that secret fields of a body have, without the escapes of their format."""
        for find in self._finders(content_type):
            for span in find(text):
                yield from span.told

    def masked_form(self, text: str) -> str:
        """A query string or form without the values of secret fields."""
        return _replaced(text, self._in_form(text))

    def masked_urls(self, text: str) -> str:
        """Any text without the values of secret parameters in the URLs that it has."""
        return _replaced(text, self._in_parameters(text))

    def _finders(self, content_type: str) -> Iterator[Any]:
        media_type = media_type_of(content_type)
        if media_type == FORM:
            yield self._in_form
        elif media_type.startswith("multipart/") and (boundary := _BOUNDARY.search(content_type)):
            yield lambda text: self._in_parts(text, boundary[1].strip())
        elif media_type.endswith("xml"):
            yield self._in_xml
        # Whatever it is called: bodies are sent under wrong media types on purpose.
        yield self._in_json

    def _in_form(self, text: str) -> Iterator[Span]:
        start = 0
        for field in text.split("&"):
            name, equal, value = field.partition("=")
            if equal and self.has(unquote_plus(name).partition("[")[0]):
                yield Span(start + len(name) + 1, start + len(field), quote_plus(MASK), (unquote_plus(value),))
            start += len(field) + 1

    def _in_parameters(self, text: str) -> Iterator[Span]:
        for found in _PARAMETER.finditer(text):
            is_secret = self.has(found[1]) or _plain(found[1]) in self._in_urls
            value = _TO_ITS_END.match(text, found.end()) if is_secret else None
            if value is not None:
                yield Span(*value.span(), quote_plus(MASK), (value[0],))

    def _in_parts(self, text: str, boundary: str) -> Iterator[Span]:
        delimiter = f"--{boundary}"
        start = text.find(delimiter)
        while start >= 0:
            end = text.find(f"\n{delimiter}", start + len(delimiter))
            head = re.compile(r"\r?\n\r?\n").search(text, start, end if end >= 0 else len(text))
            if head is not None:
                named = _NAME.search(text[start : head.start()])
                close = len(text) if end < 0 else end - (text[end - 1] == "\r")
                if named and self.has(named[1] or named[2] or "") and close > head.end():
                    yield Span(head.end(), close, MASK, (text[head.end() : close],))
            start = end + 1 if end >= 0 else -1

    def _in_xml(self, text: str) -> Iterator[Span]:
        for pattern in (_ELEMENT, _ATTRIBUTE):
            for found in pattern.finditer(text):
                if self.has(found[1]):
                    group = 2 if found[2] is not None else 3
                    yield Span(*found.span(group), MASK, (found[group].strip(),))

    def _in_json(self, text: str) -> Iterator[Span]:
        """Fields of JSON, also where it breaks off: tests send such bodies."""
        behind = 0
        for key in _KEY.finditer(text):
            if key.start() < behind or not self.has(key[1]):
                continue
            scalar = _SCALAR.match(text, key.end())
            if scalar is not None:
                behind = scalar.end()
                told = () if scalar[1] is None else (scalar[1], _unescaped(scalar[1]))
                yield Span(key.end(), behind, f'"{MASK}"', told)
            elif text[key.end() : key.end() + 1] in ("{", "["):
                value, behind = _decoded(text, key.end())
                yield Span(key.end(), behind, f'"{MASK}"', tuple(_texts(value)))


def _plain(name: str) -> str:
    return _PUNCTUATION.sub("", name).lower()


def _replaced(text: str, spans: Iterable[Span]) -> str:
    parts, end = [], 0
    for span in sorted(spans):
        if span.start >= end:
            parts += [text[end : span.start], span.instead]
            end = span.end
    return "".join([*parts, text[end:]])


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _decoded(text: str, start: int) -> tuple[Any, int]:
    """A JSON value and its end; all the rest of a text that breaks off."""
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return text[start:], len(text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(child)
