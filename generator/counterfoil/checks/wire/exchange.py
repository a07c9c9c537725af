"""What was sent and what came back, and the command that sends it again."""

import json
import re
import shlex
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

from counterfoil.checks.operation import Described, Operation, is_json, media_type_of
from counterfoil.checks.reporting.visible import HIDDEN
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.stub.requests.routing.templates import VARIABLE, split_template

# What every HTTP client adds by itself, or what only identifies the test run.
_SILENT_HEADERS = {
    "accept-encoding", "connection", "content-length", "host", "user-agent", "x-schemathesis-testcaseid",
}  # fmt: skip

_EXCERPT = 300
# Escaped backslashes, and pairs as a whole, so that only halves are left for the group.
_PAIR = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)

_UNQUOTABLE = re.compile(rf"[\\']|{HIDDEN.pattern}")

Intent = Literal["valid", "invalid"]

NOTHING: Any = object()
"""Stands for a body that is absent or no JSON text."""


class _Message:
    """What requests and responses have in common."""

    __slots__ = ()
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first value of a header, empty if absent."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return ""

    @property
    def json(self) -> Any:
        """The body as JSON, `NOTHING` if it is none by content type or by form."""
        return _json(self.body, self.header("content-type"))


@dataclass(frozen=True, slots=True)
class Request(_Message):
    """A request as it went over the wire. `url` is absolute."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def curl(self, credentials: Credentials) -> str:
        """A shell command that sends this request, with an environment variable in place of each credential."""
        parts = ["curl", "-i"]
        if self.method != "GET" and not (self.method == "POST" and self.body):
            parts += ["-X", self.method]
        quoted = [shlex.quote(part) for part in parts]
        quoted.append(_shell(self.url, credentials))
        for name, value in self.headers:
            if name.lower() not in _SILENT_HEADERS and (name.lower(), value) != ("accept", "*/*"):
                quoted += ["-H", _shell(f"{name}: {credentials.masked_header(name, value)}", credentials)]
        if self.body:
            quoted += _shell_body(self.body, credentials)
        return " ".join(quoted)


@dataclass(frozen=True, slots=True)
class Response(_Message):
    """A response as it came over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def describe(self) -> str:
        """Status, content type, the beginning of the body, and where it leads, on one line."""
        text = " ".join(self.body[: 2 * _EXCERPT].decode("utf-8", "replace").split())
        excerpt = text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…"
        place = self.header("location") if 300 <= self.status < 400 else ""
        leads = f"Location: {place[:_EXCERPT]}" if place else ""
        return " ".join(filter(None, (str(self.status), leads, self.header("content-type"), excerpt)))


@dataclass(frozen=True)
class Exchange:
    """One request and its response.

    `intent` is whether the contract accepts the request, as its maker says. `authenticated`: the request carries
    the credentials of this run. `moment` is when it was sent, in seconds since 1970, `seconds` how long the answer
    took while this process could take it; both are 0 where nobody measured them. `base_url` is what precedes every path
    of the contract, empty where nobody knows.
    """

    operation: Operation
    request: Request
    response: Response
    intent: Intent
    authenticated: bool
    source: str
    moment: float = 0.0
    seconds: float = 0.0
    base_url: str = ""

    @cached_property
    def documented(self) -> Described | None:
        """The response that the contract documents for the status received."""
        return self.operation.response(self.response.status)

    @cached_property
    def response_schema(self) -> Any | None:
        """The schema documented for the body received."""
        documented = self.documented
        return None if documented is None else documented.schema_for(self.response.header("content-type"))

    @cached_property
    def variables(self) -> tuple[str, ...] | None:
        """The texts in place of the variables in the operation's path, percent-encoded; None for another path."""
        operation = self.operation
        route = operation.remembered("route", lambda: _route(operation.path))
        url, base = self.request.url.partition("?")[0], self.base_url
        found = route.match(url, len(base)) if base and url.startswith(base) else route.search(url)
        return None if found is None else found.groups()

    @property
    def meets(self) -> bool:
        """Whether the request is one to the operation, by method and path, and not to what is beside it."""
        return self.request.method == self.operation.method and self.variables is not None

    @cached_property
    def accepted(self) -> bool:
        """A valid request with credentials, answered by a documented success status."""
        return self.intent == "valid" and self.authenticated and self.operation.is_success(self.response.status)


def _route(template: str) -> re.Pattern[str]:
    """What URLs without query end with that lead to a path template, with a group for each variable."""
    literal = map(re.escape, VARIABLE.split(split_template(template)[0])[::2])
    return re.compile("([^/]*?)".join(literal) + r"\Z")


@lru_cache(maxsize=4)  # all who watch an exchange read it; none may change what it is read as
def _json(body: bytes, content_type: str) -> Any:
    if not body or not is_json(media_type_of(content_type)):
        return NOTHING
    try:
        # Of bytes, `json` would take what is no UTF-8, halves of pairs.
        return json.loads(without_halves(body).decode(json.detect_encoding(body)))
    except (ValueError, RecursionError):
        return NOTHING


def halves_of_pairs(body: bytes) -> bool:
    """Whether a JSON text has an escape for half of a surrogate pair, which means no character (RFC 8259, 8.2)."""
    return b"\\u" in body and any(found[1] for found in _PAIR.finditer(body))


def without_halves(body: bytes) -> bytes:
    """A JSON text of the same length with the replacement character for each half of a pair."""
    if b"\\u" not in body:
        return body
    return _PAIR.sub(lambda found: rb"\ufffd" if found[1] else found[0], body)


def _shell(text: str, credentials: Credentials) -> str:
    """`text` as one word of a POSIX shell in which only the variables of credentials are expanded."""
    pieces = credentials.split(text)
    words = [f'"${piece}"' if is_variable else _quoted(piece) for piece, is_variable in pieces if piece]
    return "".join(words) or "''"


def _quoted(text: str) -> str:
    """A text as a word of a shell; with escapes (bash, ksh, zsh) for characters that nobody would see in a report."""
    return f"$'{_UNQUOTABLE.sub(_escaped, text)}'" if HIDDEN.search(text) else shlex.quote(text)


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if character in "\\'":
        return f"\\{character}"
    return "\\r" if character == "\r" else "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "replace"))


def _shell_body(body: bytes, credentials: Credentials) -> list[str]:
    padding = len(body) - len(body.rstrip(b" "))
    if padding > _EXCERPT:
        text = _shell(body.rstrip(b" ").decode("utf-8", "replace"), credentials)
        return ["--data-binary", f"@<(printf '%s%*s' {text} {padding} '')"]
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" not in text:
        return ["--data-raw", _shell(text, credentials)]
    masked = credentials.mask(body.decode("latin-1")).encode("latin-1", "replace")
    octets = "".join(f"\\{byte:03o}" for byte in masked)
    return ["--data-binary", f"@<(printf {shlex.quote(octets)})"]
