"""What of an exchange is secret, and what it looks like without that."""

import base64
import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from counterfoil.checks.recording.secret_fields import SecretFields
from counterfoil.checks.wire.credentials import MASK, Credentials
from counterfoil.checks.wire.exchange import Request, Response
from counterfoil.checks.wire.lenient import url_parts

Pairs = tuple[tuple[str, str], ...]

_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-key"})
# What headers for secrets are called: `X-Amz-Security-Token`, `X-CSRF-Token`, `Client-Secret`.
_NAMED = re.compile(r"(?:^|[-_])(?:token|secret|password|passwd|api-?key|signature)(?:$|[-_])", re.IGNORECASE)
# User and password of a URL (RFC 3986, section 3.2.1), also of one within another.
_LOGIN = re.compile(
    r"(?<=://)[^/?#\s@\"'<>\\]+(?=@)|(?<=%3A%2F%2F)(?:(?!%2F|%3F|%23|%40)[^/?#&\s@\"'<>\\])+(?=%40|@)", re.IGNORECASE
)
_SHORTEST = 8  # characters that a field's value needs for being looked for elsewhere


class Masking:
    """Replaces secrets by `[masked]`.

    These are the credentials of a run wherever they occur, and by where they stand: the headers, query parameters and
    cookies of security schemes, cookies of every kind, users and passwords of URLs, and fields of every format of
    bodies that the contract calls passwords or write-only, or that are called as secrets are. The values of such fields
    are hidden all through the bodies of their exchange.
    """

    def __init__(self, contract: Mapping[str, Any], credentials: Credentials) -> None:
        self._credentials = credentials
        schemes = [each for each in credentials.schemes.values() if each.get("type") == "apiKey"]
        given = {name.lower() for name, _ in credentials.secret_headers}
        keys = {(str(each.get("in")), str(each.get("name"))) for each in schemes}
        self._headers = _HEADERS | given | {name.lower() for place, name in keys if place == "header"}
        places = {name for place, name in keys if place == "query"}
        self._fields = SecretFields({*_secret_names(contract), *places})

    def knowing(self, request: Request) -> Self:
        """The same, with the secrets of a request that somebody else made: those in the places for credentials."""
        other = copy.copy(self)
        hidden = list(self._in_places(request))
        schemes = self._credentials.schemes
        other._credentials = Credentials("", headers=self._credentials.headers, schemes=schemes, hidden=hidden)
        return other

    def secrets(self, request: Request, response: Response) -> Iterator[str]:
        """What is secret in an exchange that somebody else had: credentials, and fields of both bodies."""
        yield from self._in_places(request)
        for message in (request, response):
            yield from self._told(message.body, message.header("content-type"))

    def _in_places(self, request: Request) -> Iterator[str]:
        for name, value in request.headers:
            if name.lower() == "cookie":
                yield from (pair.partition("=")[2].strip() for pair in value.split(";"))
            elif self._hides(name):
                yield value
        query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
        yield from (value for name, value in query if self._fields.has(name))

    def text(self, text: str) -> str:
        """Any text without the credentials that are known."""
        return self._credentials.redact(text)

    def request(self, request: Request) -> Request:
        """A request without secrets."""
        body = self._body(request.body, request.header("content-type"), ())
        return Request(request.method, self.url(request.url), self.headers(request.headers), body)

    def response(self, response: Response, request: Request) -> Response:
        """A response without secrets, those that its request told included."""
        told = [*self._told(request.body, request.header("content-type"))]
        body = self._body(response.body, response.header("content-type"), told)
        return Response(response.status, self.headers(response.headers), body)

    def url(self, url: str) -> str:
        """A URL without secrets."""
        parts = url_parts(url)
        masked = urlunsplit(parts._replace(query=self._fields.masked_form(parts.query))) if any(parts) else url
        return self._anywhere(masked)

    def _anywhere(self, text: str) -> str:
        """A text without what is secret wherever it stands: credentials, and those in URLs."""
        return self._fields.masked_urls(_LOGIN.sub(quote(MASK), self._credentials.redact(text)))

    def headers(self, headers: Pairs) -> Pairs:
        """Headers without secrets."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        lower = name.lower()
        if lower == "cookie":
            return "; ".join(f"{pair.partition('=')[0].strip()}={MASK}" for pair in value.split(";"))
        if lower == "set-cookie":
            pair, semicolon, attributes = value.partition(";")
            return self._anywhere(f"{pair.partition('=')[0]}={MASK}{semicolon}{attributes}")
        if self._hides(name):
            scheme, space, _ = value.partition(" ")
            return f"{scheme}{space}{MASK}" if space and scheme.isalpha() and "authorization" in lower else MASK
        return self.url(value) if lower in ("location", "referer") else self._anywhere(value)

    def _hides(self, name: str) -> bool:
        return name.lower() in self._headers or self._fields.has(name) or _NAMED.search(name) is not None

    def _told(self, body: bytes, content_type: str) -> Iterator[str]:
        """The secrets that the fields of a body tell, also as JSON writes them within a text."""
        for value in self._fields.told(_decoded(body)[0], content_type):
            if len(value) >= _SHORTEST:
                yield value
                yield json.dumps(value)[1:-1]

    def _body(self, body: bytes, content_type: str, told: Iterable[str]) -> bytes:
        if not body:
            return body
        text, encoding = _decoded(body)
        text = self._fields.masked(self._anywhere(text), content_type)
        for secret in sorted({*told, *self._told(body, content_type)}, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text.encode(encoding, "replace")


def _decoded(body: bytes) -> tuple[str, str]:
    """A body as text, and the encoding that gives it back."""
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("latin-1"), "latin-1"


def _secret_names(node: Any) -> Iterator[str]:
    """The names of all properties and parameters that are passwords or write-only, in XML, too."""
    if isinstance(node, dict):
        for name, schema in (node.get("properties") or {}).items() if isinstance(node.get("properties"), dict) else ():
            if isinstance(schema, dict) and (schema.get("format") == "password" or schema.get("writeOnly") is True):
                yield name
                if isinstance(schema.get("xml"), dict) and isinstance(schema["xml"].get("name"), str):
                    yield schema["xml"]["name"]
        schema = node.get("schema")
        if isinstance(schema, dict) and schema.get("format") == "password" and isinstance(node.get("name"), str):
            yield node["name"]
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _secret_names(child)


def encoded(body: bytes) -> tuple[str, bool]:
    """A body as text, and whether that is base64 since the body is none in UTF-8."""
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), True
