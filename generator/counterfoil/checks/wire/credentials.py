"""Credentials of a run: where each operation wants them, and how they stay out of everything that is written."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, quote_plus

from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.tokens.near import altered, near

MASK = "[masked]"
_BEARER = "Bearer "
# Shorter texts occur everywhere by chance, so that replacing them would only spoil the report.
_SHORTEST_SECRET = 4
_CUT = "…"
# How to answer, and what asks (RFC 9110, sections 8.3, 10.1, 12 and 13; RFC 7240; W3C Trace Context); versions.
_NO_SECRET = re.compile(
    r"accept(-.+)?|content-(type|language)|user-agent|cache-control|pragma|prefer|origin|if-.+|trace(parent|state)"
    r"|x-requested-with|(.+-)?version",
    re.IGNORECASE,
)
_SHORTEST_VARIED = 8  # from which on what is nearly the token is hidden too


class Placement(NamedTuple):
    """One value that a security scheme wants, and where."""

    location: Literal["header", "query", "cookie"]
    name: str
    value: str


class Filled(NamedTuple):
    """A security scheme, and what it wants with a token in it."""

    scheme: Mapping[str, Any]
    placement: Placement


def variable_for(vendor: str) -> str:
    """The environment variable that holds the credentials for a vendor's live endpoint."""
    return "COUNTERFOIL_" + vendor.upper().replace("-", "_") + "_TOKEN"


def readonly_variable_for(vendor: str) -> str:
    """The environment variable that holds credentials of somebody who may read and not write."""
    return "COUNTERFOIL_" + vendor.upper().replace("-", "_") + "_READONLY_TOKEN"


@dataclass(eq=False)
class Credentials:
    """A token and headers that a person gave for a run.

    `variable` is the environment variable that reports show in place of `token`, None where there is no token.
    `headers` go with every request; those that may hold credentials are never shown. `made_up`: nobody gave the token,
    it is no secret. `hidden` are further texts that are never shown: tokens that were used before, and what they are
    fetched with. `readonly` is a token of somebody who may read and not write.
    """

    variable: str
    token: str | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    schemes: Mapping[str, Any] = field(default_factory=dict)
    made_up: bool = False
    hidden: list[str] = field(default_factory=list, repr=False)
    readonly: str | None = field(default=None, repr=False)
    _placed: dict[str, list[Placement]] = field(default_factory=dict, repr=False)

    def renew(self, token: str) -> None:
        """Go on with another token; the one before stays a secret, and so does what is nearly that."""
        if self.token is not None:
            self.hidden += [self.token, *_nearly(secret_of(self.token))]
        self.token = token
        self._placed.clear()
        self.__dict__.pop("_secrets", None)
        self.__dict__.pop("_pattern", None)

    @property
    def secret_headers(self) -> tuple[tuple[str, str], ...]:
        """Those of `headers` that may hold credentials."""
        return tuple(pair for pair in self.headers if not _NO_SECRET.fullmatch(pair[0]))

    def placements(self, operation: Operation) -> list[Placement]:
        """What the first security requirement of `operation` that one token can satisfy wants, and where.

        Requirements with fewer schemes come first, since the token stands for each scheme of the chosen one.
        """
        if operation.label not in self._placed:
            self._placed[operation.label] = self._placements(operation)
        return list(self._placed[operation.label])

    def _placements(self, operation: Operation) -> list[Placement]:
        found = self.requirements(operation)[:1]
        given = {name.lower() for name, _ in self.headers}
        return [placement for each in found for _, placement in each if placement.name.lower() not in given]

    def requirements(self, operation: Operation) -> list[list[Filled]]:
        """Each security requirement of `operation` that one token can satisfy, with the token of the run in it.

        Those with fewer schemes come first; of schemes that want the same at the same place only one is told.
        """
        found: list[list[Filled]] = []
        for requirement in sorted(operation.security, key=len) if self.token is not None else ():
            schemes = [self.schemes.get(name, {}) for name in requirement]
            placed = [placed_by(scheme, self.token or "") for scheme in schemes]
            filled = {
                each: Filled(scheme, each) for scheme, each in zip(schemes, placed, strict=True) if each is not None
            }
            others = [{each.placement for each in known} for known in found]
            if filled and None not in placed and set(filled) not in others:
                found.append(list(filled.values()))
        return found

    def placements_to_read(self, operation: Operation) -> list[Placement]:
        """As `placements`, for the token that may not write; empty without one."""
        if self.readonly is None:
            return []
        return Credentials(self.variable, self.readonly, self.headers, self.schemes).placements(operation)

    def needed_by(self, operation: Operation) -> bool:
        """Whether the contract lets nobody use `operation` without credentials."""
        return bool(operation.security) and {} not in operation.security

    def satisfied_for(self, operation: Operation) -> bool:
        """Whether this run has something to send where `operation` needs credentials."""
        return not self.needed_by(operation) or bool(self.secret_headers) or bool(self.placements(operation))

    def carried(self, operation: Operation, headers: Mapping[str, str], url: str) -> bool:
        """Whether a request with `headers` (names in lower case) to `url` carries what `operation` needs."""
        for location, name, value in self.placements(operation):
            if location == "header" and headers.get(name.lower()) != value:
                return False
            if location == "query" and f"{quote_plus(name)}={quote_plus(value)}" not in url.replace("%20", "+"):
                return False
            if location == "cookie" and f"{name}={value}" not in headers.get("cookie", ""):
                return False
        return all(headers.get(name.lower()) == value for name, value in self.headers)

    @cached_property
    def _secrets(self) -> dict[str, str | None]:
        """Every text to hide → the variable that stands for it, longest first."""
        found: dict[str, str | None] = {}
        for text in (*(value for _, value in self.secret_headers), *self.hidden):
            for part in _parts(text):
                found |= dict.fromkeys(_spellings(part))
        if self.token and not self.made_up:
            # Probes send what is nearly the token, which would tell it as well.
            bare = secret_of(self.token)
            for part in (*_parts(self.token), *_nearly(bare)):
                found |= dict.fromkeys(_spellings(part))
            found |= dict.fromkeys(_spellings(self.token) + _spellings(bare), self.variable)
        kept = [text for text in found if len(text) >= _SHORTEST_SECRET]
        return {text: found[text] for text in sorted(kept, key=lambda text: (-len(text), text))}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return re.compile("|".join(map(re.escape, self._secrets))) if self._secrets else None

    def split(self, text: str) -> Iterator[tuple[str, bool]]:
        """`text` in pieces: (text, False), or (name of an environment variable, True) in place of a credential."""
        if self._pattern is None:
            yield text, False
            return
        end = 0
        for match in self._pattern.finditer(text):
            yield text[end : match.start()], False
            variable = self._secrets[match.group()]
            yield (MASK, False) if variable is None else (variable, True)
            end = match.end()
        yield text[end:], False

    def mask(self, text: str) -> str:
        """`text` without any credential of this run."""
        masked = "".join(f"${piece}" if is_variable else piece for piece, is_variable in self.split(text))
        return self._without_beginnings(masked) if _CUT in masked else masked

    def _without_beginnings(self, text: str) -> str:
        """`text` without the beginning of a credential wherever it was cut short."""
        parts = text.split(_CUT)
        for index, part in enumerate(parts[:-1]):
            lengths = (
                length
                for secret in self._secrets
                for length in range(min(len(secret), len(part)), _SHORTEST_SECRET - 1, -1)
                if part.endswith(secret[:length])
            )
            if longest := max(lengths, default=0):
                parts[index] = part[:-longest] + MASK
        return _CUT.join(parts)

    def redact(self, text: str) -> str:
        """`text` with `[masked]` in place of every credential of this run."""
        return text if self._pattern is None else self._pattern.sub(MASK, text)

    def masked_header(self, name: str, value: str) -> str:
        """What to show for a header: `[masked]` for one that a person gave, else its value."""
        return MASK if (name.lower(), value) in {(key.lower(), given) for key, given in self.secret_headers} else value


def placed_by(scheme: Mapping[str, Any], token: str) -> Placement | None:
    """What a security scheme wants with a token in it, and where; None for one that wants no token in the request."""
    kind, http = scheme.get("type"), str(scheme.get("scheme", "")).lower()
    if kind == "apiKey":
        return Placement(scheme["in"], scheme["name"], token)
    if kind == "http" and http == "basic":
        return Placement("header", "Authorization", "Basic " + base64.b64encode(token.encode()).decode())
    if kind in ("http", "oauth2", "openIdConnect"):
        prefix = _BEARER if http in ("", "bearer") else http.capitalize() + " "
        has_prefix = token.lower().startswith(prefix.lower())
        return Placement("header", "Authorization", token if has_prefix else prefix + token)
    return None


def secret_of(token: str) -> str:
    """A token that was given with its authentication scheme without that."""
    return token[len(_BEARER) :] if token.lower().startswith(_BEARER.lower()) else token


def _parts(secret: str) -> Iterable[str]:
    """A credential and what is secret in it: without its scheme; what Basic encodes, and is encoded as (RFC 7617)."""
    bare = secret.partition(" ")[2].strip()
    found = [secret, bare, base64.b64encode(secret.encode()).decode()]
    if secret.lower().startswith("basic "):
        try:
            found.append(base64.b64decode(bare, validate=True).decode())
        except (binascii.Error, UnicodeDecodeError):
            return found
    user, colon, password = found[-1 if len(found) > 3 else 0].partition(":")
    if colon and user and not user.isspace() and " " not in user:
        found.append(password)
    return found


def _nearly(token: str) -> Iterator[str]:
    """What is nearly a token, or nearly the password in it, as it is and as Basic encodes it."""
    user, colon, password = token.partition(":")
    texts = {**near(token), **altered(token)}.values() if len(token) >= _SHORTEST_VARIED else ()
    # A part of it may be any word, such as the name of the vendor.
    yield from (text for text in texts if token not in text and len(text) >= _SHORTEST_VARIED)
    for text in near(password).values() if len(password) >= _SHORTEST_VARIED else ():
        yield text
        yield base64.b64encode(f"{user}{colon}{text}".encode()).decode()


def _spellings(secret: str) -> tuple[str, ...]:
    """The ways in which a secret is written in URLs, JSON and plain text."""
    escaped = json.dumps(secret)[1:-1]
    encoded = (quote(secret, safe=""), quote_plus(secret), quote(secret))
    lower = (re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), text) for text in encoded)
    texts = (
        secret,
        *encoded,
        *lower,
        escaped,
        escaped.replace("/", "\\/"),
        json.dumps(escaped)[1:-1],  # JSON within a text of JSON
        json.dumps(secret, ensure_ascii=False)[1:-1],
    )
    return tuple(dict.fromkeys(text for text in texts if text))
