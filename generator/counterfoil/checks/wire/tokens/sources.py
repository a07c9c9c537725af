"""Tokens that must be fetched: from a command, or by an OAuth 2 client-credentials grant (RFC 6749, section 4.4)."""

import json
import shlex
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote_plus, urlencode, urlsplit

import urllib3

from counterfoil.checks.wire.network import Network
from counterfoil.location import CounterfoilError, Diagnostic, Location

COMMAND_SECONDS = 30.0
MARGIN = 30.0  # seconds before its end from which on a token is not used any more
_LARGEST = 64 * 1024  # bytes of a token


class Token(NamedTuple):
    """A token, and how many seconds it lives; None where nobody says."""

    text: str
    lives: float | None


class Source(Protocol):
    """Where tokens come from."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown besides the tokens."""

    def fetch(self) -> Token:
        """A new token; `CounterfoilError`, without any secret in its texts, if there is none to be had."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that writes a token to its standard output, as it is or as JSON with `access_token`, `expires_in`.

    It is started without a shell, and has `COMMAND_SECONDS` to finish. What it writes is never shown.
    """

    text: str
    secrets: tuple[str, ...] = ()

    def fetch(self) -> Token:
        """As `Source` says."""
        try:
            arguments = shlex.split(self.text)
            done = subprocess.run(
                arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
            )
        except (ValueError, IndexError, OSError) as error:
            reason = getattr(error, "strerror", None) or "it is no command"
            raise _failed("--token-command", f"the command cannot be started: {reason.lower()}") from None
        except subprocess.TimeoutExpired:
            message = f"the command takes longer than {COMMAND_SECONDS:.0f} seconds"
            raise _failed("--token-command", message) from None
        if done.returncode:
            raise _failed("--token-command", f"the command ended with exit code {done.returncode}")
        text = done.stdout[:_LARGEST].decode("utf-8", "replace").strip()
        found = _read(text) or (Token(text, None) if text.isprintable() and text else None)
        if found is None:
            raise _failed("--token-command", "the command wrote no token: one line of text, or JSON with access_token")
        return found


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An OAuth 2 client and the token endpoint that it authenticates to, by HTTP Basic or, with `in_body`, in the form.

    The endpoint is reached by HTTPS, or on this machine.
    """

    token_url: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...] = ()
    in_body: bool = False
    network: Network = field(default_factory=Network)

    @property
    def secrets(self) -> tuple[str, ...]:
        """As `Source` says."""
        # RFC 6749, section 2.3.1: both are form-encoded before Basic encodes them.
        return self.client_secret, f"{quote_plus(self.client_id)}:{quote_plus(self.client_secret)}"

    def fetch(self) -> Token:
        """As `Source` says."""
        parts = urlsplit(self.token_url)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise _failed("token_url", "a client secret is sent by https only")
        form = {"grant_type": "client_credentials"}
        if self.scopes:
            form["scope"] = " ".join(self.scopes)
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        if self.in_body:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        else:
            headers |= urllib3.make_headers(basic_auth=self.secrets[1])
        try:
            with self.network.pool(self.token_url) as pool:
                answer = pool.request("POST", self.token_url, body=urlencode(form), headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise _failed("token_url", f"the token endpoint does not answer: {type(error).__name__}") from None
        found = _read(answer.data[:_LARGEST].decode("utf-8", "replace"))
        if answer.status != 200 or found is None:
            raise _failed("token_url", f"the token endpoint gives no token, its status is {answer.status}")
        return found


class Renewal:
    """The token of a run, fetched again in time before it ends, or once after the server has refused it."""

    def __init__(self, source: Source, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._source, self._clock = source, clock
        self._ends: float | None = None
        self._proven = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown besides the tokens."""
        return self._source.secrets

    def fetch(self) -> str:
        """A new token. `CounterfoilError` if there is none to be had."""
        found = self._source.fetch()
        lives = None if found.lives is None else max(found.lives - MARGIN, found.lives / 2)
        self._ends = None if lives is None else self._clock() + lives
        self._proven = False
        return found.text

    @property
    def due(self) -> bool:
        """Whether the token ends soon."""
        return self._ends is not None and self._clock() >= self._ends

    def refused(self, status: int) -> bool:
        """Whether an answer to the token asks for a new one: a 401 (RFC 6750, 3.1) after it was good before."""
        if status != 401:
            self._proven = self._proven or status < 400
            return False
        return self._proven


def _read(text: str) -> Token | None:
    """The token of a JSON answer (RFC 6749, section 5.1)."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token or not token.isprintable():
        return None
    lives = found.get("expires_in")
    try:
        return Token(token, float(lives) if lives is not None else None)
    except (TypeError, ValueError):
        return Token(token, None)


def _failed(where: str, message: str) -> CounterfoilError:
    return CounterfoilError(Diagnostic(Location(where, 0), "no-token", message))
