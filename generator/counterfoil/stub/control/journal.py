"""What was asked of a stub and what it answered, kept raw and made readable only when somebody looks."""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from time import time
from typing import Any, NamedTuple
from urllib.parse import quote

from counterfoil.stub.call import Call, Headers, RefusalError, Reply
from counterfoil.stub.control.secrets import Mask, Secrets

FixedHeaders = tuple[tuple[bytes, bytes], ...]

KEPT = 1000  # exchanges
LARGE = 64 * 1024  # bytes of two bodies that are worth adding up what all of them take
ROOM = 32 * 1024 * 1024  # bytes that all bodies may take


class Entry(NamedTuple):
    """A request and its answer as they were; `moment` in seconds since 1970, `status` None if there is no answer."""

    moment: float
    seconds: float
    method: str
    path: str
    query: bytes
    headers: FixedHeaders
    body: bytes | None
    operation: tuple[str, str | None]  # such as `POST /widgets`, empty if there is none; operationId
    refusal: RefusalError | None
    fault: dict[str, Any] | None
    status: int | None
    answer_headers: FixedHeaders
    answer: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, secrets masked.

    `operation` is such as `POST /widgets`, None if the contract has none for the request. `body` and `answer` are JSON
    values where they are JSON, else texts, None if empty. `reason` tells why a request was refused, such as
    `invalid.required`, and `violations` what was wrong with it: where (`in`, `path`), `keyword` and `message`. `fault`
    is what a fault did to it. `status` is None where the connection was closed without an answer.
    """

    at: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any
    operation: str | None
    operation_id: str | None
    reason: str | None
    violations: list[dict[str, Any]]
    fault: dict[str, Any] | None
    status: int | None
    answer_headers: dict[str, str]
    answer: Any
    milliseconds: float

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON value."""
        return asdict(self)

    def __str__(self) -> str:
        """One line: method, path, status, duration, operation, reason."""
        target = f"{self.path}?{self.query}" if self.query else self.path
        told = [self.method, target, str(self.status or "-"), f"{self.milliseconds:.1f}ms", self.operation_id or "-"]
        if self.fault:
            told.append(f"fault: {json.dumps(self.fault)}")
        if self.reason:
            told.append(self.reason)
            told += [f"({each['in']} {each['path']}: {each['message']})" for each in self.violations[:1]]
        return " ".join(told)


class Journal:
    """The last exchanges of a session, at most `limit` of them."""

    __slots__ = ("_entries",)

    def __init__(self, limit: int = KEPT) -> None:
        self._entries: deque[tuple[Any, ...]] = deque(maxlen=limit)

    def record(
        self, call: Call[Any, Any], headers: Headers, reply: Reply[Any] | None, fault: dict[str, Any] | None = None
    ) -> tuple[Any, ...]:
        """Note what was asked with these headers, and answered; the fields of an `Entry`."""
        moment, raw = call.moment, call.raw
        status, answer_headers, answer = (reply.status, tuple(reply.headers), reply.body) if reply else (None, (), b"")
        # Plain tuples of what holds nothing else: made in half the time, and no garbage collection visits them.
        entry = (
            moment, time() - moment, call.method, call.path, call.query_string, tuple(headers), raw,
            call.endpoint.identity, call.refusal, fault, status, answer_headers, answer,
        )  # fmt: skip
        self._entries.append(entry)
        if len(answer) > LARGE or (raw and len(raw) > LARGE):
            self._make_room()
        return entry

    def _make_room(self) -> None:
        """Forget the oldest exchanges while all bodies take more than `ROOM`."""
        entries = [Entry(*entry) for entry in self._entries]
        size = sum(map(_size, entries))
        for entry in entries:
            if size <= ROOM:
                break
            size -= _size(entry)
            self._entries.popleft()

    def clear(self) -> None:
        """Forget all exchanges."""
        self._entries.clear()

    def read(self, secrets: Secrets) -> Iterator[Exchange]:
        """The exchanges, oldest first."""
        for entry in list(self._entries):
            yield readable(Entry(*entry), secrets)

    def __len__(self) -> int:
        return len(self._entries)


def readable(entry: Entry, secrets: Secrets) -> Exchange:
    """An exchange of a journal for people and programs to read."""
    mask, refusal = secrets.mask_of(entry.headers, entry.query), entry.refusal
    return Exchange(
        at=datetime.fromtimestamp(entry.moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        method=entry.method,
        path=mask.text(quote(entry.path, safe="/:@!$&'()*+,;=~-._", errors="replace")),
        query=mask.query(entry.query),
        headers=_headers(entry.headers, mask),
        body=_body(entry.body, mask),
        operation=entry.operation[0] or None,
        operation_id=entry.operation[1],
        reason=refusal.reason if refusal else None,
        violations=[_violation(each, mask) for each in refusal.violations] if refusal else [],
        fault=entry.fault,
        status=entry.status,
        answer_headers=_headers(entry.answer_headers, mask),
        answer=_body(entry.answer, mask),
        milliseconds=round(entry.seconds * 1000, 3),
    )


def _size(entry: Entry) -> int:
    return len(entry.body or b"") + len(entry.answer)


def _violation(violation: Any, mask: Mask) -> dict[str, Any]:
    facts = violation.facts()
    told = {name: facts[name] for name in ("in", "path", "keyword", "message")}
    found: dict[str, Any] = mask.value(told)
    return found


def _headers(headers: FixedHeaders, mask: Mask) -> dict[str, str]:
    """Headers by name, those that occur several times joined (RFC 9110, section 5.3)."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), mask.header(raw_name.decode("latin-1"), raw_value.decode("latin-1"))
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _body(raw: bytes | None, mask: Mask) -> Any:
    if not raw:
        return None
    try:
        return mask.value(json.loads(raw))
    except (ValueError, RecursionError):
        return mask.text(raw.decode(errors="replace"))
