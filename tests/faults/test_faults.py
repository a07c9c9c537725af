"""Faults seeded into stubs, one at a time: `counterfoil test` finds each and names the check that did."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.kit import TOKEN, checks_found, live_test, stub_of
from tests.contract.loopback import serving
from tests.faults.altering import Altered, Message


def _unchanged_request(message: Message) -> None:
    """Requests reach the stub as they are."""


def _unchanged_response(message: Message, request: Message) -> None:
    """Answers leave the stub as they are."""


@dataclass(frozen=True)
class Fault:
    """What is changed in the traffic of a vendor's stub, and the check that must find it."""

    name: str
    vendor: str
    check: str
    request: Callable[[Message], None] = _unchanged_request
    response: Callable[[Message, Message], None] = _unchanged_response


def on_success(change: Callable[[Any], None]) -> Callable[[Message, Message], None]:
    """Change the JSON body of successful answers."""

    def response(message: Message, request: Message) -> None:
        body = message.json
        if 200 <= message.status < 300 and isinstance(body, dict):
            change(body)
            message.json = body

    return response


def status(old: int, new: int) -> Callable[[Message, Message], None]:
    """Answer with another status."""

    def response(message: Message, request: Message) -> None:
        if message.status == old:
            message.status = new

    return response


def metric(change: Callable[[dict[str, Any]], None]) -> Callable[[Message, Message], None]:
    """Change the metric inside of the envelope."""
    return on_success(lambda body: change((body.get("data") or {}).get("merchantMetric") or {}))


def credentials(message: Message) -> None:
    message.headers["x-api-key"] = TOKEN


def repaired_data_type(message: Message) -> None:
    body = message.json
    if isinstance(body, dict) and not isinstance(body.get("data_type"), str):
        message.json = {**body, "data_type": "STRING"}


def html(message: Message, request: Message) -> None:
    if message.status == 200:
        message.headers["content-type"] = "text/html; charset=utf-8"


def bare_error(message: Message, request: Message) -> None:
    if message.status == 422:
        message.respond(422, {"detail": [{"message": "invalid"}]})


def crash_on_other_scripts(message: Message, request: Message) -> None:
    body = request.json
    if message.status == 201 and isinstance(body, dict) and not str(body.get("name")).isascii():
        message.respond(500, {"code": "INTERNAL_SERVER_ERROR", "message": "encoding"})


def everybody_is_refused(message: Message, request: Message) -> None:
    if message.status == 204:
        message.respond(403, {"id": "x", "name": "NoAccessError", "message": "no", "details": []})


def get_is_answered(message: Message, request: Message) -> None:
    if message.status == 405 and request.method == "GET":
        message.respond(200, [])


def no_allow(message: Message, request: Message) -> None:
    message.headers.pop("allow", None)


def error_envelope(message: Message, request: Message) -> None:
    if message.status == 200 and (message.json or {}).get("code") == 0:
        message.respond(200, {"code": 51, "message": "no", "data": None, "redirect": "", "requestId": ""})


def documented_code_is_refused(message: Message, request: Message) -> None:
    body = request.json
    if message.status == 201 and isinstance(body, dict) and body.get("aggregation_type") == "COUNT":
        message.respond(422, {"code": "BAD_REQUEST", "message": "no"})


FAULTS = [
    Fault("wrong status", "meteroid", "status_code_conformance", response=status(201, 202)),
    Fault("401 and 403 mistaken", "cuoral", "status_code_conformance", response=status(401, 403)),
    Fault("missing field", "meteroid", "response_schema_conformance", response=on_success(lambda body: body.pop("id"))),
    Fault(
        "wrong type",
        "unibee",
        "response_schema_conformance",
        response=metric(lambda item: item.update(id=str(item.get("id")))),
    ),
    Fault(
        "enum outside",
        "meteroid",
        "response_schema_conformance",
        response=on_success(lambda body: body.update(aggregation_type="MEDIAN")),
    ),
    Fault("authentication ignored", "cuoral", "ignored_auth", request=credentials),
    Fault("invalid accepted", "cuoral", "negative_data_rejection", request=repaired_data_type),
    Fault("wrong content type", "unibee", "content_type_conformance", response=html),
    Fault("error body of the wrong shape", "cuoral", "response_schema_conformance", response=bare_error),
    Fault("500 on odd input", "meteroid", "not_a_server_error", response=crash_on_other_scripts),
    Fault(
        "created object not echoed",
        "meteroid",
        "echo",
        response=on_success(lambda body: body.update(name=body["name"].strip().lower())),
    ),
    Fault("part of the object lost", "meteroid", "echo", response=on_success(lambda b: b.pop("usage_group_key", 0))),
    Fault("everybody refused", "unleash", "success_reached", response=everybody_is_refused),
    Fault("undeclared method answered", "cuoral", "unsupported_method", response=get_is_answered),
    Fault("no Allow beside 405", "cuoral", "unsupported_method", response=no_allow),
    Fault("error in the envelope of success", "unibee", "echo", response=error_envelope),
    Fault(
        "timestamp in another form",
        "meteroid",
        "response_schema_conformance",
        response=on_success(lambda body: body.update(created_at="20 March 2026")),
    ),
    Fault(
        "id in another form",
        "meteroid",
        "response_schema_conformance",
        response=on_success(lambda body: body.update(id="metric-1")),
    ),
    Fault("documented example refused", "meteroid", "documented_example", response=documented_code_is_refused),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_fault_is_found(fault: Fault) -> None:
    with serving(Altered(stub_of(fault.vendor), fault.request, fault.response)) as url:
        result = live_test(fault.vendor, url)
    assert result.exit_code == 1, result.output
    assert fault.check in checks_found(result), result.stdout


def test_untouched_traffic_is_green() -> None:
    with serving(Altered(stub_of("meteroid"))) as url:
        result = live_test("meteroid", url)
    assert result.exit_code == 0, result.stdout
