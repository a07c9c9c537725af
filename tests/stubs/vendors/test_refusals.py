"""The four vendors' stubs refuse what the vendors refuse, in their words."""

from typing import Any

import pytest

from tests.stubs.client import JSON, vendor_client
from tests.stubs.rows import contains, row

REGISTER = "/api/admin/impact-metrics/register"
ADMIN = {"authorization": "*:*.964a287e1b728cb5f4f3e0120df92cb5"}
COUNTER = {"name": "a", "type": "counter"}
INVALID = (
    "Request validation failed: your request body or params contain invalid data. Refer to the `details` list for "
    "more information."
)


def bad_data(path: str, message: str) -> dict[str, Any]:
    return {"name": "BadDataError", "message": INVALID, "details": [{"message": message, "path": path}]}


@pytest.mark.parametrize(
    ("body", "headers", "status", "expected"),
    [
        row("no-token", COUNTER, {}, 401, {"name": "AuthenticationRequired", "path": "/auth/simple/login"}),
        row("unknown-token", COUNTER, {"authorization": "x"}, 401, {"name": "UnauthorizedError"}),
        row(
            "token-of-a-client",
            COUNTER,
            {"authorization": "Bearer default:development.964a287e1b"},
            403,
            {"message": "invalid token: expected a different token type for this endpoint"},
        ),
        row(
            "token-of-a-frontend",
            COUNTER,
            {"authorization": f"shop.v2_{'a' * 22}_{'-' * 43}"},
            403,
            {"message": "invalid token: expected a different token type for this endpoint"},
        ),
        row("token-of-an-account", b"{}", {**JSON, "authorization": f"bearer user:v2_{'a' * 22}_{'-' * 43}"}, 400, {}),
        row("malformed-before-token", b'{"name"', JSON, 400, {"message": "Expecting ':' delimiter"}),
        row("token-before-media-type", b"x", {"content-type": "text/plain"}, 401, {}),
        row(
            "text",
            b"x",
            {**ADMIN, "content-type": "text/plain"},
            415,
            {
                "name": "ContentTypeError",
                "message": "We do not accept the content-type you provided (text/plain). Try using one of the "
                "content-types we do accept instead (application/json) and make sure the body is in the "
                "corresponding format.",
            },
        ),
        row("no-media-type", b"{}", ADMIN, 415, {"name": "ContentTypeError"}),
        row(
            "missing",
            {"type": "gauge"},
            ADMIN,
            400,
            bad_data("/body/name", "The `/body/name` property is required. It was not present on the data you sent."),
        ),
        row(
            "missing-before-pattern",
            {"name": "1a"},
            ADMIN,
            400,
            bad_data("/body/type", "The `/body/type` property is required. It was not present on the data you sent."),
        ),
        row(
            "enum",
            {"name": "a", "type": "x"},
            ADMIN,
            400,
            bad_data(
                "type",
                'The `type` property must be equal to one of the allowed values: "counter", "gauge", "histogram". You '
                'provided "x", which is not valid. Please use one of the allowed values instead..',
            ),
        ),
        row(
            "pattern",
            {"name": "1a", "type": "x"},
            ADMIN,
            400,
            bad_data(
                "/body/name",
                'The `/body/name` property must match pattern "^[a-zA-Z_:][a-zA-Z0-9_:]*$". You sent "1a".',
            ),
        ),
        row("too-large", b" " * 102_401, {**ADMIN, **JSON}, 413, {"message": "request entity too large"}),
    ],
)
def test_unleash(body: Any, headers: dict[str, str], status: int, expected: Any) -> None:
    answer = vendor_client("unleash")("POST", REGISTER, body, headers)
    assert answer.status == status
    assert contains(answer.json, expected), answer.json


METRICS = "/external/v1/external/v1/customers/metrics"
KEY = {"x-api-key": "k"}


@pytest.mark.parametrize(
    ("body", "headers", "status", "expected"),
    [
        row("no-key", {"name": "a", "data_type": "NUMBER"}, {}, 401, {"detail": "Not authenticated"}),
        row(
            "missing",
            {"name": "a"},
            KEY,
            422,
            {
                "detail": [
                    {"type": "missing", "loc": ["body", "data_type"], "msg": "Field required", "input": {"name": "a"}}
                ]
            },
        ),
        row(
            "all-at-once",
            {"name": 1},
            KEY,
            422,
            {
                "detail": [
                    {
                        "type": "string_type",
                        "loc": ["body", "name"],
                        "msg": "Input should be a valid string",
                        "input": 1,
                    },
                    {"type": "missing", "loc": ["body", "data_type"], "msg": "Field required", "input": {"name": 1}},
                ]
            },
        ),
        row(
            "malformed-before-key",
            b'{"name":}',
            JSON,
            422,
            {
                "detail": [
                    {
                        "type": "json_invalid",
                        "loc": ["body", 8],
                        "msg": "JSON decode error",
                        "input": {},
                        "ctx": {"error": "Expecting value"},
                    }
                ]
            },
        ),
        row(
            "array",
            [],
            KEY,
            422,
            {
                "detail": [
                    {
                        "type": "model_attributes_type",
                        "loc": ["body"],
                        "msg": "Input should be a valid dictionary or object to extract fields from",
                        "input": [],
                    }
                ]
            },
        ),
        row(
            "no-media-type",
            b"{}",
            KEY,
            422,
            {
                "detail": [
                    {
                        "type": "model_attributes_type",
                        "loc": ["body"],
                        "msg": "Input should be a valid dictionary or object to extract fields from",
                        "input": "{}",
                    }
                ]
            },
        ),
        row(
            "empty",
            b"",
            KEY,
            422,
            {"detail": [{"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}]},
        ),
    ],
)
def test_cuoral(body: Any, headers: dict[str, str], status: int, expected: Any) -> None:
    answer = vendor_client("cuoral")("POST", METRICS, body, headers)
    assert (answer.status, answer.json) == (status, expected)


NEW = "/merchant/metric/new"
API_KEY = {"authorization": "Bearer ub_0123456789abcdefghijklmnopqrstuv"}
NO_SESSION = {"code": 61, "message": "invalid token", "data": None, "redirect": "/login", "requestId": ""}


def failed(message: str, code: int = 51) -> dict[str, Any]:
    return {"code": code, "message": message, "data": {}, "redirect": ""}


TYPES = "aggregationType should be one of 1-count，2-count unique, 3-latest, 4-max, 5-sum"
PROPERTY = "aggregationProperty should be set when aggregationType not count Type"


@pytest.mark.parametrize(
    ("body", "headers", "status", "expected"),
    [
        row("no-token", {}, {}, 200, NO_SESSION),
        row("empty-token", {}, {"authorization": ""}, 200, NO_SESSION),
        row("portal-token", {}, {"authorization": "UniBee.Portal.eyJ"}, 200, NO_SESSION),
        row("unknown-key", {}, {"authorization": "Bearer x"}, 401, failed("invalid token", 61)),
        row("nothing", {}, API_KEY, 400, failed("The Code field is required")),
        row("empty-code", {"code": ""}, API_KEY, 400, failed("The Code field is required")),
        row("no-name", {"code": "a"}, API_KEY, 400, failed("The MetricName field is required")),
        row("no-aggregation", {"code": "a", "metricName": "A"}, API_KEY, 400, failed(TYPES)),
        row("aggregation-6", {"code": "a", "metricName": "A", "aggregationType": 6}, API_KEY, 400, failed(TYPES)),
        row("no-property", {"code": "a", "metricName": "A", "aggregationType": 2}, API_KEY, 400, failed(PROPERTY)),
        row(
            "empty-property",
            {"code": "a", "metricName": "A", "aggregationType": 5, "aggregationProperty": ""},
            API_KEY,
            400,
            failed(PROPERTY),
        ),
        row("malformed", b"{", API_KEY, 400, failed("The Code field is required")),
        row("no-body", b"", API_KEY, 400, failed("The Code field is required")),
    ],
)
def test_unibee(body: Any, headers: dict[str, str], status: int, expected: Any) -> None:
    answer = vendor_client("unibee")("POST", NEW, body, headers)
    assert answer.status == status
    assert contains(answer.json, expected), answer.json
    if expected["data"] == {}:
        assert answer.json["requestId"].startswith("req20")
        assert len(answer.json["requestId"]) == len("req") + 8 + 15


def test_unibee_names_the_request_in_messages_about_the_server() -> None:
    body = {"code": "a" * 201, "metricName": "A", "aggregationType": 1}
    client = vendor_client("unibee")
    first, second = (client("POST", NEW, body, API_KEY).json for _ in range(2))
    assert first["message"] == f"Server Error-{first['requestId']}-500"
    assert first["requestId"] != second["requestId"]


CREATE = "/api/v1/metrics"
BEARER = {"authorization": "Bearer pv_sand_9XzHg0EYBcdefghijklmnopqrstu/AbC"}
SUM = {
    "name": "API",
    "code": "api",
    "aggregation_type": "SUM",
    "product_family_id": "pf_7n42DGM5Tflk9n8mt7Fhc7",
}
ENUM = (
    'aggregation_type: unknown variant "sum", expected one of "COUNT", "LATEST", "MAX", "MIN", "MEAN", "SUM", '
    '"COUNT_DISTINCT" at line 1 column 56'
)
TARGET = "Failed to deserialize the JSON body into the target type: "


def unauthorized(message: str) -> dict[str, str]:
    return {"code": "UNAUTHORIZED", "message": message}


@pytest.mark.parametrize(
    ("body", "headers", "status", "expected"),
    [
        row("no-header", b"{", {}, 401, unauthorized("Invalid or missing Authorization header")),
        row(
            "lower-case",
            SUM,
            {"authorization": "bearer a/b"},
            401,
            unauthorized("Invalid or missing Authorization header"),
        ),
        row("no-slash", SUM, {"authorization": "Bearer ab"}, 401, unauthorized("Invalid API key format")),
        row("unknown-key", SUM, {"authorization": "Bearer a/b"}, 401, unauthorized("Failed to resolve api key")),
        row("text", b"{", BEARER, 415, "Expected request with `Content-Type: application/json`"),
        row("malformed", b'{"a"', {**BEARER, **JSON}, 400, "Failed to parse the request body as JSON: "),
        row("missing", {**SUM, "code": ...}, BEARER, 422, TARGET + "missing field `code` at line 1 column 92"),
        row("enum", {**SUM, "aggregation_type": "sum"}, BEARER, 422, TARGET + ENUM),
        row("type", {**SUM, "name": 1}, BEARER, 422, TARGET + "name: invalid type: integer, expected string"),
        row("null", {**SUM, "name": None}, BEARER, 422, TARGET + "name: invalid type: null, expected string"),
        row("id", {**SUM, "product_family_id": "string"}, BEARER, 422, TARGET + "product_family_id: "),
        row(
            "no-variant",
            {**SUM, "segmentation_matrix": {"key": "k", "values": []}},
            BEARER,
            422,
            TARGET + "missing field `type`",
        ),
        row(
            "half-a-unit",
            {**SUM, "unit_conversion": {"factor": 2}},
            BEARER,
            422,
            TARGET + "missing field `rounding`",
        ),
        row(
            "factor-beyond-int32",
            {**SUM, "unit_conversion": {"factor": 2**31, "rounding": "UP"}},
            BEARER,
            422,
            TARGET + "unit_conversion.factor: ",
        ),
        row("empty-name", {**SUM, "name": ""}, BEARER, 400, "name: "),
        row(
            "types-before-lengths",
            {**SUM, "name": "", "aggregation_type": "sum"},
            BEARER,
            422,
            TARGET + "aggregation_type",
        ),
        row("missing-before-lengths", {**SUM, "name": "", "code": ...}, BEARER, 422, TARGET + "missing field `code`"),
        row(
            "id-before-lengths",
            {**SUM, "code": "", "product_family_id": "x"},
            BEARER,
            422,
            TARGET + "product_family_id",
        ),
        row("long-code", {**SUM, "code": "x" * 513}, BEARER, 400, "code: too long (513 > 512 chars)"),
        row("too-large", b" " * (1024 * 1024 + 1), {**BEARER, **JSON}, 413, ""),
    ],
)
def test_meteroid(body: Any, headers: dict[str, str], status: int, expected: Any) -> None:
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if value is not ...}
    answer = vendor_client("meteroid")("POST", CREATE, body, headers)
    assert answer.status == status
    if isinstance(expected, str):
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.text.startswith(expected), answer.text
    else:
        assert answer.json == expected
