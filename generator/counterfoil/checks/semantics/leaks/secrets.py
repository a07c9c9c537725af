"""No answer repeats a secret of a request: its credentials, or values that the contract says are only written."""

import base64
import binascii
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.leaks.written import Written, declares, holding
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.exchange import NOTHING, Exchange

NAME = "no_secrets"

_SHORTEST_CREDENTIALS = 6


class Secrets:
    """Looks for what only the server may know in everything that it answers."""

    names = (NAME,)

    def __init__(self) -> None:
        self._token: str | None = ""
        self._spelt: tuple[bytes, ...] = ()
        self._written = Written()

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
        if place := self._written.told(exchange):
            self._add(exchange, f"the secret at {place} is in the answer {response.status}", report)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""

    @staticmethod
    def _add(exchange: Exchange, summary: str, report: Report) -> None:
        report.add(exchange, NAME, summary, "no secret of a request in any answer", exchange.response.describe())


def _texts(credentials: Credentials) -> Iterator[str]:
    for value in (*(value for _, value in credentials.secret_headers), credentials.token or ""):
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


def _is_told(exchange: Exchange, secret: bytes) -> bool:
    """Whether a secret stands only where the contract says that answers tell one."""
    body, schema = exchange.response.json, exchange.response_schema
    if body is NOTHING or schema is None:
        return False
    paths = holding(body, secret.decode("utf-8", "replace"))
    return all(declares(exchange.operation, schema, path) for path in paths)
