"""What is tested: an ASGI app in this process, or whatever answers at a URL."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from counterfoil.checks.wire.network import Network, is_loopback
from counterfoil.location import CounterfoilError, Diagnostic, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_IN_PROCESS = "http://testserver"
_SERVED = "http://127.0.0.1:4010"  # where `counterfoil serve` puts one stub
_TIMEOUT = 10.0


@dataclass(frozen=True)
class Target:
    """A server under test.

    `base_url` precedes every path of the contract. `app` is the ASGI app in this process, None for a server
    reached over HTTP; `failures` tells the unexpected exceptions that an app in this process has recorded so far.
    """

    base_url: str
    app: Any = None
    failures: Callable[[], Sequence[object]] = field(default=tuple)

    def admit(self, token: str) -> None:
        """Let an app in this process accept no other credential than `token`, if it can be told."""
        configure = getattr(getattr(self.app, "wrapped", None), "configure", None)
        if configure is not None:
            configure(token=token)

    @property
    def title(self) -> str:
        """What to call this target in a report."""
        if self.app is not None:
            return f"the stub in this process (curl commands reach it at {_SERVED} while it is served)"
        return self.public_url

    def shown(self, url: str) -> str:
        """`url` of a request to this target as a person can use it."""
        return _SERVED + url.removeprefix(_IN_PROCESS) if self.app is not None else url

    @property
    def is_local(self) -> bool:
        """Whether nothing sent to this target leaves the machine."""
        if self.app is not None:
            return True
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def is_stub(self) -> bool:
        """Whether this is a stub in this process, which does what schemas and overlays say, and not what words do."""
        return self.app is not None

    @property
    def base_path(self) -> str:
        """The path of `base_url`, without a slash at its end."""
        return urlsplit(self.base_url).path.rstrip("/")

    @property
    def public_url(self) -> str:
        """`base_url` as it may be shown: without user, password, query and fragment."""
        parts = urlsplit(self.base_url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def in_process(app: Any, base_path: str = "") -> Target:
    """The ASGI app `app`, which serves the contract's paths below `base_path`.

    Exceptions that leave the app, and those in its attribute `failures` if it has one, are what it fails with.
    """
    guarded = _Guarded(app)
    return Target(_IN_PROCESS + base_path.rstrip("/"), guarded, guarded.failures)


class _Guarded:
    """An ASGI app that answers 500 where `app` raises, as a server would, and remembers why."""

    def __init__(self, app: Any) -> None:
        self.wrapped = app
        self._raised: list[str] = []

    def failures(self) -> list[object]:
        """What the app has raised and recorded so far."""
        return [*self._raised, *getattr(self.wrapped, "failures", ())]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = False

        async def watch(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.wrapped(scope, receive, watch)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            self._raised.append(f"{type(error).__name__}: {error} ({scope['method']} {scope['path']})")
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b""})


def at_url(url: str, network: Network | None = None) -> Target:
    """The server at `url`, which may have a path that precedes those of the contract.

    `CounterfoilError` if `url` is no HTTP URL, has more than that, holds credentials or nothing listens there.

    Where a proxy of `network` stands in between, nobody looks whether something listens.
    """
    target = Target(url.rstrip("/"))
    if "@" in url.partition("://")[2].partition("/")[0]:
        hint = "give credentials by the environment variable of the vendor, or by --header"
        raise _unusable(target, "credentials-in-url", "a URL is repeated in reports, it must hold no credentials", hint)
    try:
        host, port = _address(url)
    except (KeyError, ValueError):
        hint = "a URL such as http://127.0.0.1:4010 or https://api.example.com/v2, without query and fragment"
        raise _unusable(target, "invalid-url", "not the URL of an HTTP server", hint) from None
    if (network or Network()).proxy_to(url) is not None:
        return target
    try:
        socket.create_connection((host, port), timeout=_TIMEOUT).close()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "start the server, or correct --url"
        raise _unusable(target, "endpoint-unreachable", f"no connection: {reason}", hint) from error
    return target


def _address(url: str) -> tuple[str, int]:
    """Host and port of an HTTP URL that paths can be put behind; `KeyError` or `ValueError` if it is none."""
    parts = urlsplit(url)
    if not parts.hostname or not url.isprintable() or set(url) & set(" ?#"):
        raise ValueError(url)
    return parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]


def _unusable(target: Target, rule: str, message: str, hint: str) -> CounterfoilError:
    try:
        shown = target.public_url or "--url"
    except ValueError:
        shown = "--url"
    return CounterfoilError(Diagnostic(Location(shown, 0), rule, message, hint))
