"""The contract tests on a server that shares no code with the stubs."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.kit import checks_found, live_test
from tests.contract.servers.handwritten import API_KEY, PATH, Fields, MetricsHandler, refuse, running

VENDOR = "cuoral"


def test_honest_server_is_green() -> None:
    with running() as url:
        result = live_test(VENDOR, url, API_KEY)
    assert checks_found(result) == set(), result.stdout
    assert result.exit_code == 0
    assert API_KEY not in result.output


def test_the_same_server_is_green_again() -> None:
    # Names are unique there, so that a second run must not repeat those of the first.
    with running() as url:
        live_test(VENDOR, url, API_KEY)
        result = live_test(VENDOR, url, API_KEY)
    assert result.exit_code == 0, result.stdout


class Closing(MetricsHandler):
    """Ends connections after refusals without saying so: what is sent on them meanwhile is not answered."""

    ends = False

    def handle_one_request(self) -> None:
        if self.ends:
            self.rfile.readline()
            self.close_connection = True
        else:
            super().handle_one_request()

    def answer(self, status: int, body: object, **headers: str) -> None:
        super().answer(status, body, **headers)
        self.ends = status >= 400


def test_connections_may_end_between_requests() -> None:
    with running(Closing) as url:
        result = live_test(VENDOR, url, API_KEY)
    assert result.exit_code == 0, result.stdout


class Hinting(MetricsHandler):
    """Tells before each answer that it is coming (RFC 8297)."""

    def send_response(self, code: int, message: str | None = None) -> None:
        self.wfile.write(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
        super().send_response(code, message)


class UnreadableError(Exception):
    """A body that is no text of characters, or too deep."""


class LikeAFramework(Hinting):
    """Reads bodies as widespread frameworks do: 1.0 as no integer, NaN as a number, any bytes as letters or none."""

    def do_POST(self) -> None:  # noqa: N802 (the name is that of `http.server`)
        try:
            super().do_POST()
        except UnreadableError:
            self.answer(400, {"detail": "There was an error parsing the body"})

    def read(self, raw: bytes) -> Any:
        try:
            return json.loads(raw.decode(errors="strict" if self.route == PATH else "replace"))
        except (UnicodeDecodeError, RecursionError) as error:
            raise UnreadableError from error

    def field_problems(self, body: dict[str, object], fields: Fields) -> Iterator[dict[str, object]]:
        yield from super().field_problems(body, fields)
        for name, value in body.items():
            if fields.get(name, ("",))[0] == "integer" and isinstance(value, float) and value.is_integer():
                yield {"loc": ["body", name], "msg": "invalid type: floating point", "type": "int_type", "input": value}


class WithForeignKeys(LikeAFramework):
    """Knows no values of metrics that nobody has defined."""

    def field_problems(self, body: dict[str, object], fields: Fields) -> Iterator[dict[str, object]]:
        found = list(super().field_problems(body, fields))
        yield from found
        known = [metric["id"] for metric in self.server.metrics.values()]
        if not found and "metric_id" in fields and body["metric_id"] not in known:
            told = {"loc": ["body", "metric_id"], "msg": "Unknown metric", "type": "value_error"}
            yield told | {"input": body["metric_id"]}


class OnADatabase(WithForeignKeys):
    """Keeps no NUL, lists from an index that is a little late, and counts in ids of another form than is likely.

    JSON is to it what RFC 4627 says: an object or an array.
    """

    def read(self, raw: bytes) -> Any:
        value = super().read(raw)
        if not isinstance(value, dict | list):
            refuse("neither object nor array")
        return value

    def field_problems(self, body: dict[str, object], fields: Fields) -> Iterator[dict[str, object]]:
        found = list(super().field_problems(body, fields))
        yield from found
        for name in fields if not found else ():
            if "\0" in str(body.get(name)):
                yield {"loc": ["body", name], "msg": "NUL is not kept", "type": "value_error", "input": body[name]}

    def listed(self) -> list[dict[str, object]]:
        before = datetime.now(UTC) - timedelta(milliseconds=50)
        return [each for each in super().listed() if datetime.fromisoformat(str(each["time_created"])) < before]

    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"metric_id": str(uuid.UUID(int=number))}


def test_what_contracts_leave_to_servers_is_green() -> None:
    with running(OnADatabase) as url:
        result = live_test(VENDOR, url, API_KEY)
    assert result.exit_code == 0, result.stdout


class Trimming(MetricsHandler):
    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"name": body["name"].strip()}


class AcceptingAnyKey(MetricsHandler):
    def is_authenticated(self) -> bool:
        return "x-api-key" in self.headers


class WantingSomeName(MetricsHandler):
    def field_problems(self, body: dict[str, object], fields: Fields) -> Iterator[dict[str, object]]:
        yield from super().field_problems(body, fields)
        if body.get("name") == "":
            yield {"loc": ["body", "name"], "msg": "too short", "type": "string_too_short", "input": ""}


class FailingOnControlCharacters(MetricsHandler):
    def create(self, body: dict[str, Any]) -> None:
        if any(ord(letter) < 0x20 for letter in body["name"]):
            self.answer(500, {"detail": "Internal Server Error"})
        else:
            super().create(body)


@pytest.mark.parametrize(
    ("mutation", "check"),
    [
        (Trimming, "echo"),
        (AcceptingAnyKey, "ignored_auth"),
        (WantingSomeName, "positive_data_acceptance"),
        (FailingOnControlCharacters, "not_a_server_error"),
    ],
)
def test_small_mutation_is_red(mutation: type[MetricsHandler], check: str) -> None:
    with running(mutation) as url:
        result = live_test(VENDOR, url, API_KEY)
    assert result.exit_code == 1
    assert check in checks_found(result), result.stdout
