"""Cross-origin requests of web pages (the CORS protocol of the Fetch standard)."""

from collections.abc import Iterable

from counterfoil.stub.call import Headers

METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
SIMPLE = frozenset(
    {b"cache-control", b"content-language", b"content-length", b"content-type", b"expires", b"last-modified", b"pragma"}
)  # what pages may read anyway


def preflight(method: str, headers: dict[bytes, bytes]) -> Headers | None:
    """The headers of the answer to a preflight request, which has no body; None for any other request."""
    if method != "OPTIONS" or b"access-control-request-method" not in headers:
        return None
    asked = headers[b"access-control-request-method"]
    allowed = METHODS if asked in METHODS.split(b", ") else METHODS + b", " + asked
    found = [*_origin(headers[b"origin"]), (b"access-control-allow-methods", allowed)]
    if wanted := headers.get(b"access-control-request-headers"):
        found.append((b"access-control-allow-headers", wanted))
    return found


def shared_with(origin: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """What an answer with these headers says in addition to a page of `origin`; nothing if it says so itself."""
    names = dict(headers)
    if b"access-control-allow-origin" in names:
        return []
    found = _origin(origin)
    if exposed := [name for name in names if name not in SIMPLE]:
        found.append((b"access-control-expose-headers", b", ".join(exposed)))
    return found


def _origin(origin: bytes) -> Headers:
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"origin"),
    ]
