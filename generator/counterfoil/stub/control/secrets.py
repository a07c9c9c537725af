"""What must not be read by people: the credentials of requests, wherever these occur."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus

from counterfoil.stub.contract_tree import ContractTree

MASK = "***"
SHORTEST = 4  # characters that a credential needs for being looked for within longer texts
ALWAYS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})

Pairs = Iterable[tuple[bytes, bytes]]


class Secrets:
    """Masks the credentials of a contract's security schemes, cookies, and `tokens`, which are looked for everywhere.

    A token of less than `SHORTEST` characters is masked where credentials are, or no word could be read.
    """

    def __init__(self, contract: ContractTree, tokens: Iterable[str] = ()) -> None:
        self._tokens = frozenset(token for token in tokens if len(token) >= SHORTEST)
        schemes = [contract.follow(each)[0] for each in contract.at("components", "securitySchemes")[0].values()]
        keys = [(each.get("in"), str(each.get("name"))) for each in schemes if each.get("type") == "apiKey"]
        self.headers = ALWAYS | {name.lower() for place, name in keys if place == "header"}
        self.parameters = frozenset(name for place, name in keys if place == "query")

    def mask_of(self, headers: Pairs = (), query: bytes = b"") -> "Mask":
        """The mask for everything that belongs to one request."""
        told: set[str] = set()
        for name, value in headers:
            if name.decode("latin-1").lower() in self.headers:
                told.update(_parts(name, value.decode("latin-1")))
        for field, text in parse_qsl(query.decode("latin-1"), keep_blank_values=True) if self.parameters else ():
            if field in self.parameters:
                told.add(text)
        return Mask(self, self._tokens | {each for each in told if len(each) >= SHORTEST})

    @cached_property
    def mask(self) -> "Mask":
        """The mask for what belongs to no request."""
        return self.mask_of()


class Mask:
    """Replaces secrets in what belongs to one request by `***`."""

    def __init__(self, secrets: Secrets, texts: Iterable[str]) -> None:
        self._secrets = secrets
        forms = {form for text in texts for form in _forms(text)}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """A text without secrets."""
        return text if self._pattern is None else self._pattern.sub(MASK, text)

    def value(self, value: Any) -> Any:
        """A JSON value without secrets in its names and texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(name)): self.value(item) for name, item in value.items()}
        return [self.value(item) for item in value] if isinstance(value, list | tuple) else value

    def header(self, name: str, value: str) -> str:
        """The value of a header, a mask where that is a secret."""
        return MASK if name.lower() in self._secrets.headers else self.text(value)

    def query(self, query: bytes) -> str:
        """A query as it was sent, the values of secret parameters masked; whatever is no ASCII is encoded."""
        text = quote(query, safe="!$&'()*+,;=:@/?%-._~[]")
        hidden = self._secrets.parameters
        if hidden:
            pairs = [field.partition("=") for field in text.split("&")]
            text = "&".join(
                name + equal + (MASK if unquote_plus(name) in hidden else value) for name, equal, value in pairs
            )
        return self.text(text)


def _parts(name: bytes, value: str) -> set[str]:
    """The texts within a header that are secret: all of it, without its scheme, and what Basic encodes (RFC 7617)."""
    if name.lower() in (b"cookie", b"set-cookie"):
        return {part.partition("=")[2].strip().strip('"') for part in value.split(";")}
    scheme, _, rest = value.strip().partition(" ")
    found = {value.strip(), rest.strip()}
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(rest.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return found
        found |= {decoded, decoded.partition(":")[2]}
    return found


def _forms(text: str) -> set[str]:
    """A text as it may occur: plain, percent-encoded, escaped in JSON or in base64."""
    plain = {text, unquote(text)}
    if not plain - {""}:
        return set()
    encoded = {quote(text, safe=""), quote(text), quote_plus(text), base64.b64encode(text.encode()).decode()}
    return {form for form in plain | encoded | {json.dumps(text)[1:-1]} if form}
