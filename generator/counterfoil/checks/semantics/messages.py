"""Answers as messages: what HTTP and JSON themselves ask of them, whatever the contract says."""

import json
import re
from collections import Counter
from typing import Any

from counterfoil.checks.operation import is_json, media_type_of
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.wire.exchange import Exchange, halves_of_pairs
from counterfoil.checks.wire.lenient import whole_number

NAME = "message_conformance"

# Fields that a message has once, since no list is made of their values (RFC 9110, 5.3).
_SINGLE = ("content-type", "content-length", "location", "etag", "retry-after", "last-modified")
_ABOUT_REQUESTS = frozenset(("create", "replace"))
_BODILESS = frozenset({204, 304})
_MOST = 40  # bodies of a status that are read for names that occur twice
_LARGEST = 1 << 17  # bytes
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^\s";]+)', re.IGNORECASE)


class Messages:
    """Looks at the framing of every answer, and at the form of JSON texts."""

    names = (NAME,)

    def __init__(self) -> None:
        self._read: Counter[tuple[str, int]] = Counter()
        self._has_halves = False

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note what RFC 9110 or RFC 8259 forbids."""
        if NAME in exchange.operation.switched_off:
            return
        _see_framing(exchange, report)
        self._has_halves = self._has_halves or halves_of_pairs(exchange.request.body)
        if exchange.response.body:
            self._see_json(exchange, report)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""

    def _see_json(self, exchange: Exchange, report: Report) -> None:
        response = exchange.response
        content_type = response.header("content-type")
        if not is_json(media_type_of(content_type)) or len(response.body) > _LARGEST:
            return
        charset = _CHARSET.search(content_type)
        if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
            _add(exchange, "JSON is called other than UTF-8", "UTF-8 (RFC 8259, 8.1)", content_type, report)
        # What requests had, be it those of an earlier run, servers may tell again.
        is_about_request = bool(exchange.request.body) and role_of(exchange.operation).action in _ABOUT_REQUESTS
        if is_about_request and not self._has_halves and halves_of_pairs(response.body):
            summary = f"the JSON of {response.status} has half of a surrogate pair"
            _add(exchange, summary, "whole characters (RFC 8259, 8.2)", response.describe(), report)
        place = exchange.operation.label, response.status
        self._read[place] += 1
        if self._read[place] > _MOST and not (b"NaN" in response.body or b"Infinity" in response.body):
            return
        # What decodes JSON by itself is lenient about what JSON is not written in.
        if json.detect_encoding(response.body) != "utf-8":
            summary = f"the JSON of {response.status} is not plain UTF-8"
            _add(exchange, summary, "UTF-8 without a byte order mark (RFC 8259, 8.1)", response.describe(), report)
            return
        try:
            json.loads(response.body, object_pairs_hook=_object, parse_constant=_refuse)
        except _OddError as error:
            _add(exchange, f"the JSON of {response.status} {error}", "RFC 8259", response.describe(), report)
        except UnicodeDecodeError as error:
            got = f"byte {error.start} is {response.body[error.start]:#04x}: {response.describe()}"
            _add(exchange, f"the JSON of {response.status} is not UTF-8", "UTF-8 (RFC 8259, 8.1)", got, report)
        except (ValueError, RecursionError):
            pass  # that it is no JSON at all is said where its schema is asked


class _OddError(Exception):
    """What is wrong with a JSON text."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise _OddError(f"has the name {twice!r} twice")
    return found


def _refuse(name: str) -> None:
    raise _OddError(f"has {name}, which is no JSON number")


def _see_framing(exchange: Exchange, report: Report) -> None:
    response, method = exchange.response, exchange.request.method
    if response.body and (response.status in _BODILESS or method == "HEAD"):
        what = "the answer to HEAD" if method == "HEAD" else str(response.status)
        _add(exchange, f"{what} has a body", "no content (RFC 9110, 6.4.1)", response.describe(), report)
    names = Counter(name.lower() for name, _ in response.headers)
    for name in _SINGLE:
        if names[name] > 1 and len({value for key, value in response.headers if key.lower() == name}) > 1:
            got = ", ".join(value for key, value in response.headers if key.lower() == name)
            _add(exchange, f"{response.status} has the field {name} twice", "one value (RFC 9110, 5.3)", got, report)
    length = response.header("content-length")
    if not length or method == "HEAD" or response.status in _BODILESS:
        if length and response.status == 204:
            _add(exchange, "204 has a Content-Length", "none (RFC 9110, 8.6)", length, report)
        return
    encoded = response.header("content-encoding") not in ("", "identity")
    if not encoded and whole_number(length) != len(response.body):
        expected = f"{len(response.body)}, the length of the body (RFC 9110, 8.6)"
        _add(exchange, "Content-Length is not the length of the body", expected, length, report)


def _add(exchange: Exchange, summary: str, expected: str, got: str, report: Report) -> None:
    documented = exchange.documented
    pointer = exchange.operation.response_pointer(documented.key if documented else "")
    report.add(exchange, NAME, summary, expected, got, pointer)
