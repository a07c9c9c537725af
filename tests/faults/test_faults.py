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
    if message.status == 400:
        message.headers["content-type"] = "text/html; charset=utf-8"


def bare_error(message: Message, request: Message) -> None:
    if message.status == 422:
        message.respond(422, {"detail": [{"message": "invalid"}]})


def crash_on_other_scripts(message: Message, request: Message) -> None:
    body = request.json
    if message.status == 201 and isinstance(body, dict) and not str(body.get("name")).isascii():
        message.respond(500, {"detail": "encoding"})


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


def documented_type_is_refused(message: Message, request: Message) -> None:
    if message.status == 201 and request.json["data_type"] == "STRING":
        message.respond(422, {"detail": [{"loc": ["body", "data_type"], "msg": "no", "type": "enum"}]})


def lower_case_name(body: Any) -> None:
    body["name"] = body["name"].lower()


def rounded_factor(body: Any) -> None:
    if isinstance(body.get("unit_conversion"), dict):
        body["unit_conversion"]["factor"] = round(body["unit_conversion"]["factor"], -1) + 10


def without_metric_id(body: Any) -> None:
    del body["metric_id"]


def id_as_text(item: dict[str, Any]) -> None:
    item["id"] = str(item.get("id"))


def replaced(**properties: object) -> Callable[[Message, Message], None]:
    """Successful answers have other values for some properties."""
    return on_success(lambda body: body.update(properties))


SCHEMA = "response_schema_conformance"
FAULTS = [
    Fault("wrong status", "cuoral", "status_code_conformance", response=status(201, 202)),
    Fault("401 and 403 mistaken", "cuoral", "status_code_conformance", response=status(401, 403)),
    Fault("missing field", "cuoral", SCHEMA, response=on_success(without_metric_id)),
    Fault("wrong type", "unibee", SCHEMA, response=metric(id_as_text)),
    Fault("null where there must be a value", "cuoral", SCHEMA, response=replaced(organization_id=None)),
    Fault("enum outside", "meteroid", SCHEMA, response=replaced(aggregation_type="MEDIAN")),
    Fault("timestamp in another form", "cuoral", SCHEMA, response=replaced(time_created="27 November 2025")),
    Fault("id in another form", "meteroid", SCHEMA, response=replaced(id="metric-1")),
    Fault("authentication ignored", "cuoral", "ignored_auth", request=credentials),
    Fault("invalid accepted", "cuoral", "negative_data_rejection", request=repaired_data_type),
    Fault("wrong content type", "unleash", "content_type_conformance", response=html),
    Fault("error body of the wrong shape", "cuoral", SCHEMA, response=bare_error),
    Fault("error in the envelope of success", "unibee", "echo", response=error_envelope),
    Fault("500 on odd input", "cuoral", "not_a_server_error", response=crash_on_other_scripts),
    Fault("created object not echoed", "cuoral", "echo", response=on_success(lower_case_name)),
    Fault("nested value not echoed", "meteroid", "echo", response=on_success(rounded_factor)),
    Fault("everybody refused", "unleash", "success_reached", response=everybody_is_refused),
    Fault("documented example refused", "cuoral", "documented_example", response=documented_type_is_refused),
    Fault("undeclared method answered", "cuoral", "unsupported_method", response=get_is_answered),
    Fault("no Allow beside 405", "cuoral", "unsupported_method", response=no_allow),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_fault_is_found(fault: Fault) -> None:
    with serving(Altered(stub_of(fault.vendor), fault.request, fault.response)) as url:
        result = live_test(fault.vendor, url)
    assert result.exit_code == 1, result.output
    assert fault.check in checks_found(result), result.stdout


def test_untouched_traffic_is_green() -> None:
    with serving(Altered(stub_of("cuoral"))) as url:
        result = live_test("cuoral", url)
    assert result.exit_code == 0, result.stdout
