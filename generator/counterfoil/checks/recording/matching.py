"""Which entries of a recording are about a contract, and the exchanges that they come to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from counterfoil.checks.operation import Operation
from counterfoil.checks.recording.reading import Recorded, Recording
from counterfoil.checks.wire.exchange import Exchange, Intent
from counterfoil.checks.wire.routes import Routes

SOURCE = "recording"


@dataclass(slots=True)
class Matched:
    """The exchanges of a recording with the server at `base_url`.

    `others` are those with it that match no operation; `elsewhere` counts the requests to other origins, and to paths
    beside it.
    """

    base_url: str
    exchanges: list[tuple[Recorded, Exchange]] = field(default_factory=list)
    others: list[Recorded] = field(default_factory=list)
    elsewhere: int = 0

    @property
    def unknown(self) -> Counter[str]:
        """How many requests match no operation, by method and path; what tests ask for on purpose is none."""
        begin = len(urlsplit(self.base_url).path)
        # A browser asks by OPTIONS whether it may ask (Fetch standard, CORS-preflight request).
        asked = (each.request for each in self.others if not each.note and each.request.method != "OPTIONS")
        return Counter(f"{each.method} {urlsplit(each.url).path[begin:]}" for each in asked)


def match(recording: Recording, operations: Sequence[Operation], url: str | None = None) -> Matched:
    """The exchanges of a recording.

    The server is at `url`, else where the recording says, else where most of its requests find an operation: at a
    server of the contract, or at the origin of a request with the path of such a server.
    """
    given = url or recording.base_url
    candidates = [given.rstrip("/")] if given else list(_candidates(recording, operations))
    tried = [_matched(recording, operations, base) for base in candidates] or [Matched("")]
    return max(tried, key=lambda each: len(each.exchanges))


def _candidates(recording: Recording, operations: Sequence[Operation]) -> Iterator[str]:
    contract: dict[str, Any] = operations[0].contract if operations else {}
    servers = [str(each.get("url", "")) for each in contract.get("servers") or () if isinstance(each, dict)]
    origins = dict.fromkeys(_origin(each.request.url) for each in recording.entries)
    found = dict.fromkeys(server.rstrip("/") for server in servers if "://" in server and "{" not in server)
    for origin in origins:
        for server in (*servers, ""):
            path = urlsplit(urljoin(f"{origin}/", server)).path
            found.setdefault(origin + path.rstrip("/"))
    yield from found


def _matched(recording: Recording, operations: Sequence[Operation], base_url: str) -> Matched:
    found = Matched(base_url)
    origin, base_path = _origin(base_url), urlsplit(base_url).path
    routes = Routes(operations, base_path)
    for entry in recording.entries:
        request = entry.request
        path = urlsplit(request.url).path
        if _origin(request.url) != origin or not path.startswith(base_path):
            found.elsewhere += 1
            continue
        matched = routes.match(request.method, request.url)
        if matched is not None:
            found.exchanges.append((entry, _exchange(entry, matched.operation)))
        else:
            found.others.append(entry)
    return found


def _exchange(entry: Recorded, operation: Operation) -> Exchange:
    """Requests that nobody says anything of count as valid, and as authenticated, where they succeeded."""
    succeeded = operation.is_success(entry.response.status)
    noted = entry.note.get("intent")
    valid = noted == "valid" if noted else succeeded
    authenticated = bool(entry.note.get("authenticated")) if noted else succeeded
    source = str(entry.note.get("source") or SOURCE)
    intent: Intent = "valid" if valid else "invalid"
    moment, seconds = entry.moment, entry.seconds
    return Exchange(operation, entry.request, entry.response, intent, authenticated, source, moment, seconds)


def _origin(url: str) -> str:
    """Scheme, host and port of a URL (RFC 6454, section 4)."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    shown = "" if port == {"http": 80, "https": 443}.get(parts.scheme) else f":{port}"
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{shown}"
