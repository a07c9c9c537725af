"""What of an exchange is secret, and what it looks like without that."""

import base64
import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self
from urllib.parse import parse_qsl, quote_plus, unquote_plus, urlsplit, urlunsplit

from counterfoil.checks.operation import media_type_of
from counterfoil.checks.wire.credentials import MASK, Credentials
from counterfoil.checks.wire.exchange import Request, Response

Pairs = tuple[tuple[str, str], ...]

_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-auth-token"})
# RFC 6749, sections 2.3.1, 4.3.2, 5.1; OpenID Connect Core, section 3.1.3.3; and what fields for secrets are called.
_NAMES = frozenset(
    {
        "access_token", "refresh_token", "id_token", "client_secret", "client_assertion", "password", "passwd",
        "secret", "api_key", "apikey", "private_key",
    }
)  # fmt: skip
_SHORTEST = 8  # characters that a field's value needs for being looked for elsewhere
_FORM = "application/x-www-form-urlencoded"


class Masking:
    """Replaces secrets by `[masked]`.

    These are the credentials of a run wherever they occur, and by where they stand: the headers, query parameters and
    cookies of security schemes, cookies of every kind, and fields that the contract calls passwords or write-only. The
    values of such fields are hidden all through the bodies of their exchange.
    """

    def __init__(self, contract: Mapping[str, Any], credentials: Credentials) -> None:
        self._credentials = credentials
        schemes = [each for each in credentials.schemes.values() if each.get("type") == "apiKey"]
        given = {name.lower() for name, _ in credentials.headers}
        keys = {(str(each.get("in")), str(each.get("name"))) for each in schemes}
        self._headers = _HEADERS | given | {name.lower() for place, name in keys if place == "header"}
        secret = set(_secret_names(contract))
        names = {name.lower() for name in secret} | _NAMES | {name.lower() for place, name in keys if place == "query"}

        self._names = names
        # Bodies need not be JSON to tell secrets as JSON does: some are sent broken on purpose.
        self._field = re.compile(
            r'(?P<name>"(?:' + "|".join(map(re.escape, sorted(names))) + r')"\s*:\s*)'
            r'(?:"(?P<text>(?:[^"\\]|\\.)*)"?|-?\d[\d.eE+-]*)',
            re.IGNORECASE | re.DOTALL,
        )

    def knowing(self, request: Request) -> Self:
        """The same, with the secrets of a request that somebody else made: those in the places for credentials."""
        found = [value for name, value in request.headers if name.lower() in self._headers]
        for value in [value for name, value in request.headers if name.lower() == "cookie"]:
            found += [pair.partition("=")[2].strip() for pair in value.split(";")]
        query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
        found += [value for name, value in query if name.lower() in self._names]
        other = copy.copy(self)
        other._credentials = Credentials("", schemes=self._credentials.schemes, hidden=found)
        return other

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
        parts = urlsplit(url)
        return self._credentials.redact(urlunsplit(parts._replace(query=self._form(parts.query))))

    def headers(self, headers: Pairs) -> Pairs:
        """Headers without secrets."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        lower = name.lower()
        if lower == "cookie":
            return "; ".join(f"{pair.partition('=')[0].strip()}={MASK}" for pair in value.split(";"))
        if lower == "set-cookie":
            pair, semicolon, attributes = value.partition(";")
            return self._credentials.redact(f"{pair.partition('=')[0]}={MASK}{semicolon}{attributes}")
        if lower in self._headers:
            scheme, space, _ = value.partition(" ")
            return f"{scheme}{space}{MASK}" if space and scheme.isalpha() and "authorization" in lower else MASK
        return self.url(value) if lower in ("location", "referer") else self._credentials.redact(value)

    def _form(self, text: str) -> str:
        pairs = (pair.partition("=") for pair in text.split("&"))
        return "&".join(
            name + equal + (quote_plus(MASK) if equal and unquote_plus(name).lower() in self._names else value)
            for name, equal, value in pairs
        )

    def _told(self, body: bytes, content_type: str) -> Iterator[str]:
        """The secrets that the fields of a body tell, as JSON writes them, also within a text."""
        text = body.decode("utf-8", "replace")
        values = [found["text"] for found in self._field.finditer(text) if found["text"] is not None]
        if media_type_of(content_type) == _FORM:
            pairs = parse_qsl(text, keep_blank_values=True)
            values += [json.dumps(value)[1:-1] for name, value in pairs if name.lower() in self._names]
        for value in values:
            if len(value) >= _SHORTEST:
                yield value
                yield json.dumps(value)[1:-1]

    def _body(self, body: bytes, content_type: str, told: Iterable[str]) -> bytes:
        if not body:
            return body
        encoding = "utf-8"
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            encoding = "latin-1"
            text = body.decode(encoding)
        text = self._credentials.redact(text)
        if media_type_of(content_type) == _FORM:
            text = self._form(text)
        text = self._field.sub(lambda found: f'{found["name"]}"{MASK}"', text)
        for secret in sorted({*told, *self._told(body, content_type)}, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text.encode(encoding, "replace")


def _secret_names(node: Any) -> Iterator[str]:
    """The names of all properties and parameters that are passwords or write-only."""
    if isinstance(node, dict):
        for name, schema in (node.get("properties") or {}).items() if isinstance(node.get("properties"), dict) else ():
            if isinstance(schema, dict) and (schema.get("format") == "password" or schema.get("writeOnly") is True):
                yield name
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
