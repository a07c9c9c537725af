"""The four vendors' stubs accept what the vendors accept, and answer, remember and route as they do."""

import re
import time
from datetime import UTC, datetime

import pytest

from tests.stubs.client import Client, vendor_client
from tests.stubs.vendors.test_refusals import (
    ADMIN,
    API_KEY,
    BEARER,
    COUNTER,
    CREATE,
    KEY,
    METRICS,
    NEW,
    REGISTER,
    SUM,
    contains,
)


@pytest.mark.parametrize("authorization", [ADMIN["authorization"], f"bEARER {ADMIN['authorization']}", "user:0f2a"])
def test_unleash_registers_without_a_body(authorization: str) -> None:
    client = vendor_client("unleash")
    for _ in range(2):
        answer = client("POST", REGISTER, COUNTER, {"authorization": authorization})
        assert (answer.status, answer.body) == (204, b"")
        assert "content-length" not in answer.headers


def test_unleash_names_may_begin_with_a_colon() -> None:
    assert vendor_client("unleash")("POST", REGISTER, {"name": ":a1", "type": "gauge"}, ADMIN).status == 204


def test_cuoral_fills_in_what_was_not_given() -> None:
    client = vendor_client("cuoral")
    before = datetime.now(UTC)
    first = client("POST", METRICS, {"name": "a", "data_type": "NUMBER"}, KEY)
    second = client("POST", METRICS, {"name": "b", "data_type": "DATE", "description": "d", "more": 1}, KEY)
    assert (first.status, second.status) == (201, 201)
    created = first.json.pop("time_created"), first.json["time_created"]
    assert datetime.fromisoformat(created[1]) - before < (datetime.now(UTC) - before) * 2
    assert first.json == {
        "id": 1,
        "metric_id": "METRIC-001",
        "name": "a",
        "description": None,
        "data_type": "NUMBER",
        "organization_id": 42,
        "time_created": created[1],
        "time_updated": created[1],
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", created[1])
    assert contains(second.json, {"id": 2, "metric_id": "METRIC-002", "description": "d"})
    assert "more" not in second.json


def test_cuoral_names_are_unique_until_reset() -> None:
    client = vendor_client("cuoral")
    body = {"name": "a", "data_type": "NUMBER"}
    assert client("POST", METRICS, body, KEY).status == 201
    duplicate = client("POST", METRICS, {**body, "data_type": "DATE"}, KEY)
    assert (duplicate.status, duplicate.json) == (409, {"detail": "Metric with this name already exists"})
    assert client("POST", METRICS, {**body, "name": "A"}, KEY).json["id"] == 2
    client.stub.reset()
    assert client("POST", METRICS, body, KEY).json["id"] == 1


def test_unibee_answers_in_its_envelope() -> None:
    body = {"code": "api", "metricName": "API", "aggregationType": 1}
    answer = vendor_client("unibee")("POST", NEW, body, API_KEY)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    metric = answer.json["data"]["merchantMetric"]
    assert contains(answer.json, {"code": 0, "message": "", "redirect": ""})
    assert re.fullmatch(r"req\d{8}[0-9A-Za-z]{15}", answer.json["requestId"])
    assert abs(metric["createTime"] - time.time()) < 60
    assert contains(
        metric,
        {"id": 1, "merchantId": 1, "metricDescription": "", "type": 1, "aggregationProperty": "", "gmtModify": 0}
        | body,
    )


def test_unibee_codes_are_unique_whatever_their_case() -> None:
    client = vendor_client("unibee")
    body = {"code": "Api", "metricName": "API", "aggregationType": 5, "aggregationProperty": "size", "type": 4}
    first = client("POST", NEW, body, {"authorization": "ub_test_0123456789abcdefghijklmnopqrstuv"})
    assert contains(first.json["data"]["merchantMetric"], body)
    again = client("POST", NEW, {**body, "code": "aPI"}, API_KEY)
    assert again.status == 400
    assert contains(again.json, {"code": 51, "message": "metric already exist", "data": {}})
    other = client("POST", NEW, {**body, "code": "b"}, API_KEY)
    assert other.json["data"]["merchantMetric"]["id"] == 2


def test_unibee_ignores_the_content_type() -> None:
    body = b'{"code": "a", "metricName": " ", "aggregationType": 1}'
    assert vendor_client("unibee")("POST", NEW, body, {**API_KEY, "content-type": "text/plain"}).status == 200


def test_unibee_coerces_when_told_to() -> None:
    client = vendor_client("unibee", coerce=True)
    body = {"Code": 7, "metric_name": "A", "aggregationType": "1", "type": 1.9}
    metric = client("POST", NEW, body, API_KEY).json["data"]["merchantMetric"]
    assert contains(metric, {"code": "7", "metricName": "A", "aggregationType": 1, "type": 1})
    assert vendor_client("unibee")("POST", NEW, body, API_KEY).status == 400


def test_unleash_coerces_when_told_to() -> None:
    client = vendor_client("unleash", coerce=True)
    assert client("POST", REGISTER, {"name": True, "type": "gauge"}, ADMIN).status == 204
    assert client("POST", REGISTER, {"name": 123, "type": "gauge"}, ADMIN).status == 400
    assert client("POST", REGISTER, {"name": None, "type": "gauge"}, ADMIN).status == 400


def test_meteroid_echoes_and_leaves_out_nulls() -> None:
    client = vendor_client("meteroid")
    matrix = {"type": "LINKED", "dimension1_key": "a", "dimension2_key": "b", "values": {"aws": ["eu"]}}
    body = {**SUM, "segmentation_matrix": matrix, "unit_conversion": {"factor": 3, "rounding": "NEAREST_HALF"}}
    answer = client("POST", CREATE, {**body, "description": None, "unknown": 1}, BEARER)
    assert answer.status == 201
    assert "location" not in answer.headers
    metric = answer.json
    assert re.fullmatch(r"bm_[0-9A-Za-z]{18,22}", metric.pop("id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", metric.pop("created_at"))
    assert metric == body


def test_meteroid_codes_are_not_unique() -> None:
    client = vendor_client("meteroid")
    ids = [client("POST", CREATE, SUM, BEARER).json["id"] for _ in range(3)]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("media_type", "vendors"),
    [
        ("Application/JSON; charset=utf-8", ["unleash", "cuoral", "unibee", "meteroid"]),
        ("application/vnd.metric+json; charset=utf-8", ["cuoral", "unibee", "meteroid"]),
        ("text/json", ["unibee"]),
        ("application/json5", ["unibee"]),
        ("application/x+json+xml", ["unibee"]),
    ],
)
def test_some_vendors_take_other_kinds_of_json(media_type: str, vendors: list[str]) -> None:
    taken = [
        vendor
        for vendor, (path, body, success) in BODIES.items()
        if vendor_client(vendor)("POST", path, body, {**CREDENTIALS[vendor], "content-type": media_type}).status
        == success
    ]
    assert taken == vendors


def test_examples_of_errors_are_what_is_answered() -> None:
    client = vendor_client("meteroid")
    for status, headers in (("401", {}), ("404", BEARER)):
        content = client.tree["paths"][CREATE]["post"]["responses"][status]["content"]["application/json"]
        assert client("GET", "/api/nowhere", b"", headers).json == content["example"]


@pytest.mark.parametrize(
    ("vendor", "headers", "status", "body"),
    [
        ("unleash", ADMIN, 404, "The path you were looking for (/api/nowhere) is not available."),
        ("unleash", {}, 401, "AuthenticationRequired"),
        ("cuoral", {}, 404, '{"detail":"Not Found"}'),
        ("unibee", {}, 404, "Not Found"),
        ("meteroid", BEARER, 404, '{"code":"NOT_FOUND","message":"Resource not found"}'),
        ("meteroid", {}, 401, "Invalid or missing Authorization header"),
    ],
)
def test_unknown_paths(vendor: str, headers: dict[str, str], status: int, body: str) -> None:
    answer = vendor_client(vendor)("GET", "/api/nowhere", b"", headers)
    assert answer.status == status
    assert body in answer.text


@pytest.mark.parametrize(
    ("vendor", "path", "headers", "allowed"),
    [
        ("unleash", REGISTER, ADMIN, "POST, OPTIONS"),
        ("cuoral", METRICS, {}, "GET, POST, HEAD, OPTIONS"),
        ("unibee", NEW, {}, None),
        ("meteroid", CREATE, BEARER, "GET, POST, HEAD, OPTIONS"),
    ],
)
def test_unknown_methods(vendor: str, path: str, headers: dict[str, str], allowed: str | None) -> None:
    client = vendor_client(vendor)
    answer = client("DELETE", path, b"", headers)
    assert (answer.status, answer.headers.get("allow")) == (405 if allowed else 404, allowed)
    assert bool(answer.body) == ("content-type" in answer.headers) == (vendor != "meteroid")
    options = client("OPTIONS", path, b"", headers)
    assert (options.status, options.headers.get("allow")) == (204 if allowed else 404, allowed)


CREDENTIALS = {"unleash": ADMIN, "cuoral": KEY, "unibee": API_KEY, "meteroid": BEARER}
BODIES = {
    "unleash": (REGISTER, COUNTER, 204),
    "cuoral": (METRICS, {"name": "a", "data_type": "STRING"}, 201),
    "unibee": (NEW, {"code": "a", "metricName": "A", "aggregationType": 1}, 200),
    "meteroid": (CREATE, SUM, 201),
}
CARRIED = {"unleash": "authorization", "cuoral": "x-api-key", "unibee": "authorization", "meteroid": "authorization"}
PREFIX = {"unleash": "", "cuoral": "", "unibee": "Bearer ", "meteroid": "Bearer "}


@pytest.mark.parametrize("vendor", list(BODIES))
def test_a_configured_token_is_the_only_one(vendor: str) -> None:
    client: Client = vendor_client(vendor, "sesame")
    path, body, status = BODIES[vendor]
    refused = client("POST", path, body, {**ADMIN, **KEY, **(API_KEY if vendor == "unibee" else {})})
    if vendor == "meteroid":
        refused = client("POST", path, body, BEARER)
    assert refused.status == 401
    assert "sesame" not in refused.text
    assert client("POST", path, body, {CARRIED[vendor]: PREFIX[vendor] + "sesame"}).status == status
    assert client("POST", path, body, {CARRIED[vendor]: PREFIX[vendor] + "sesam"}).status == 401
