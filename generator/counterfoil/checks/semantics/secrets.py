"""No answer repeats a secret of a request: its credentials, or values that the contract says are only written."""

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from counterfoil.checks import shapes
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import words

NAME = "no_secrets"

_SHORTEST = 8  # characters; shorter texts occur by chance
_SHORTEST_CREDENTIALS = 6
_SPOKEN = frozenset(
    [
        "token",
        "tokens",
        "secret",
        "secrets",
        "key",
        "keys",
        "password",
        "passwords",
        "credential",
        "credentials",
        "apikey",
    ]
)


class Secrets:
    """Looks for what only the server may know in everything that it answers."""

    names = (NAME,)

    def __init__(self) -> None:
        self._token: str | None = ""
        self._spelt: tuple[bytes, ...] = ()

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note an answer with a secret in its headers or its body."""
        operation = exchange.operation
        if NAME in operation.switched_off:
            return
        if self._token != report.credentials.token:
            self._token = report.credentials.token
            texts = _texts(report.credentials)
            self._spelt = tuple(dict.fromkeys(spelling for text in texts for spelling in spellings(text)))
        response = exchange.response
        head = "\n".join([value for _, value in response.headers]).encode("latin-1", "replace")
        for secret in self._spelt:
            if secret in head:
                name = next(name for name, value in response.headers if secret in value.encode("latin-1", "replace"))
                self._add(exchange, f"credentials are in the header {name} of {response.status}", report)
                return
            if secret in response.body and not _is_told(exchange, secret):
                self._add(exchange, f"credentials are in the body of {response.status}", report)
                return
        names = operation.remembered(NAME, lambda: list(_secret_properties(operation, operation.request_schema, ())))
        if names:
            self._see_written(exchange, names, report)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""

    def _see_written(self, exchange: Exchange, names: list[tuple[str, ...]], report: Report) -> None:
        body = exchange.request.json
        if body is NOTHING:
            return
        for path in names:
            value = body
            for name in path:
                value = value.get(name) if isinstance(value, dict) else None
            if not isinstance(value, str) or len(value) < _SHORTEST or not exchange.accepted:
                continue
            spelt = json.dumps(value)[1:-1].encode()
            # A value that the request says elsewhere as well may be repeated from there.
            if spelt in exchange.response.body and exchange.request.body.count(spelt) == 1:
                place = "/" + "/".join(path)
                if not _is_shown(exchange.operation, spelt):
                    self._add(exchange, f"the secret at {place} is in the body of {exchange.response.status}", report)

    @staticmethod
    def _add(exchange: Exchange, summary: str, report: Report) -> None:
        report.add(exchange, NAME, summary, "no secret of a request in any answer", exchange.response.describe())


def _texts(credentials: Credentials) -> Iterator[str]:
    for value in (*(value for _, value in credentials.headers), credentials.token or ""):
        for text in dict.fromkeys((value, value.partition(" ")[2].strip())):
            if len(text) >= _SHORTEST_CREDENTIALS - (not text.isalnum()):
                yield text


def spellings(secret: str) -> Iterator[bytes]:
    """The ways in which a secret may be written: as it is, in URLs, JSON, hexadecimal digits and Base64 (RFC 4648).

    Of Base64 it is what does not depend on what stands before and behind.
    """
    raw = secret.encode("utf-8", "surrogatepass")
    for text in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
        yield text.encode("utf-8", "surrogatepass")
    yield binascii.hexlify(raw)
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        whole = encoded[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def _secret_properties(operation: Operation, schema: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, held in shapes.properties(operation, schema).items() if len(path) < 4 else ():
        resolved = operation.resolve(held)
        flagged = any(isinstance(node, dict) and node.get("writeOnly") is True for node in (held, resolved))
        if flagged or (isinstance(resolved, dict) and resolved.get("format") == "password"):
            yield (*path, name)
        else:
            yield from _secret_properties(operation, held, (*path, name))


def _is_shown(operation: Operation, spelt: bytes) -> bool:
    """Whether the contract itself has a text among its examples."""
    shown = operation.remembered("documented text", lambda: json.dumps(operation.tree.get("responses", {})).encode())
    return spelt in shown


def _is_told(exchange: Exchange, secret: bytes) -> bool:
    """Whether a secret stands only where the contract says that answers tell one."""
    body, schema = exchange.response.json, exchange.response_schema
    if body is NOTHING or schema is None:
        return False
    return all(
        _declared(exchange.operation, schema, path) for path in _holding(body, secret.decode("utf-8", "replace"))
    )


def _holding(value: Any, text: str, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, held in value.items():
            if text in name:
                yield path
            yield from _holding(held, text, (*path, name))
    elif isinstance(value, list):
        for held in value:
            yield from _holding(held, text, (*path, ""))
    elif isinstance(value, str) and (text in value or text in json.dumps(value)):
        yield path


def _declared(operation: Operation, schema: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        schema = shapes.properties(operation, schema).get(name) if name else shapes.items(operation, schema)
        if schema is None:
            return False
    return bool(path) and not _SPOKEN.isdisjoint(words(path[-1]))
