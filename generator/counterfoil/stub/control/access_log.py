"""A line for each request that a stub answered, for people or for programs."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from counterfoil.stub.control.journal import Entry
from counterfoil.stub.control.secrets import Secrets
from counterfoil.stub.requests.strict_json import dump

DELAY = 0.05  # seconds that lines may wait for others, since writing costs more than a request
KNOWN = 256  # paths, the masked forms of which are kept
SAFE = "/:@!$&'()*+,;=~-._"


class AccessLog:
    """Writes lines of text, or with `as_json` JSON objects; neither tells a secret, nor what bodies contain.

    `name` is that of the stub, empty where a line need not tell it.
    """

    def __init__(self, secrets: Secrets, write: Callable[[str], Any], name: str = "", *, as_json: bool = False) -> None:
        self._secrets, self._write, self._name = secrets, write, name
        self._line = self._json if as_json else self._text
        self._lines: list[str] = []
        self._path = lru_cache(KNOWN)(lambda path: secrets.mask.text(quote(path, safe=SAFE, errors="replace")))

    def __call__(self, entry: tuple[Any, ...]) -> None:
        """Write a line for an exchange, soon if an event loop is running, else at once."""
        self._lines.append(self._line(Entry(*entry)))
        if len(self._lines) == 1:
            try:
                asyncio.get_running_loop().call_later(DELAY, self.flush)
            except RuntimeError:
                self.flush()

    def flush(self) -> None:
        """Write all lines that wait."""
        lines, self._lines = self._lines, []
        if lines:
            self._write("".join(lines))

    def _target(self, entry: Entry) -> tuple[str, str]:
        return self._path(entry.path), self._secrets.mask.query(entry.query) if entry.query else ""

    def _text(self, entry: Entry) -> str:
        path, query = self._target(entry)
        told = [_clock(int(entry.moment)), self._name, entry.method]
        told += [f"{path}?{query}" if query else path, str(entry.status or "-"), f"{entry.seconds * 1000:.1f}ms"]
        told.append(entry.operation[1] or "")
        if entry.refusal:
            told.append(entry.refusal.reason)
            told += [f"{each['in']}:{each['path']}" for each in _places(entry)[:1]]
        if entry.fault:
            told.append("fault:" + ",".join(f"{name}={value}" for name, value in entry.fault.items()))
        return _printable(" ".join(filter(None, told))) + "\n"

    def _json(self, entry: Entry) -> str:
        path, query = self._target(entry)
        told = {
            "at": datetime.fromtimestamp(entry.moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "stub": self._name,
            "method": entry.method,
            "path": path,
            "query": query,
            "status": entry.status,
            "milliseconds": round(entry.seconds * 1000, 3),
            "operation": entry.operation[0] or None,
            "operation_id": entry.operation[1],
            "reason": entry.refusal.reason if entry.refusal else None,
            "violations": _places(entry),
            "fault": entry.fault,
        }
        return dump(told).decode() + "\n"


@lru_cache(1)
def _clock(second: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(second))


def _places(entry: Entry) -> list[dict[str, str]]:
    """Where a request broke the contract and which keyword, without values."""
    return [
        {"in": each.place, "path": ".".join(map(str, each.path)), "keyword": each.keyword}
        for each in (entry.refusal.violations if entry.refusal else ())
    ]


def _printable(text: str) -> str:
    """A text that does nothing to a terminal, whatever names a request has."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)
