"""Sending one HTTP request: to allowed addresses only, in bounded time, following no redirects."""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from counterfoil.stub.callbacks.addresses import Allowed, NotAllowedError

TIMEOUT = 5.0  # seconds for all of it
STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|\n)")
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # what a header may be called (RFC 9110, section 5.6.2)
OWN = frozenset({"Host", "Content-Length", "Connection", "Transfer-Encoding"})  # what no contract has a say in
SAFE = "/:@!$&'()*+,;=~?%-._[]"


async def send(url: str, method: str, headers: Mapping[str, str], body: bytes, allowed: Allowed) -> int:
    """The status that a server answers with; nothing more of the answer is read.

    `NotAllowedError` for URLs that lead to where nothing may be sent, `OSError`, `TimeoutError` and `ValueError` where
    there is no server or it does not speak HTTP.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowedError(f"no URL: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise NotAllowedError("no absolute URL of HTTP")
    if parts.username is not None or parts.password is not None:
        raise NotAllowedError("the URL has credentials")
    is_secure = parts.scheme == "https"
    shown = f"[{host}]" if ":" in host else host
    shown = f"{shown}:{port}" if port else shown
    port = port or (443 if is_secure else 80)
    target = quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
    own = {"Host": shown, "Content-Length": str(len(body)), "Connection": "close"}
    given = {
        name: _plain(value) for name, value in headers.items() if TOKEN.fullmatch(name) and name.title() not in OWN
    }
    head = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in {**own, **given}.items())]
    async with asyncio.timeout(TIMEOUT):
        addresses = await allowed.addresses(host, port)
        context = ssl.create_default_context() if is_secure else None
        # To the address that was checked: looked up again, the name might mean another one.
        reader, writer = await asyncio.open_connection(
            addresses[0], port, ssl=context, server_hostname=host if is_secure else None
        )
        try:
            writer.write("\r\n".join([*head, "", ""]).encode("latin-1", "replace") + body)
            await writer.drain()
            found = STATUS_LINE.match(await reader.readline())
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
    if found is None:
        raise ValueError("the answer is no HTTP")
    return int(found[1])


def _plain(value: str) -> str:
    """A value that ends no header."""
    return "".join(char for char in value if char.isprintable() or char == "\t")
