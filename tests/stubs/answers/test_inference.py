"""A contract without any extension: what a stub answers follows from the contract alone."""

import copy
import json
import re
import uuid
from typing import Any

import pytest

from counterfoil.stub.answers.patterns import matching
from tests.stubs.client import JSON, Client, client_of

KEY = {"x-key": "k"}
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
                    },
                },
            },
        },
        "request_id": {"type": "string"},
    },
}
TREE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Parcels", "version": "1"},
    "security": [{"key": []}],
    "paths": {
        "/parcels": {
            "post": {
                "parameters": [
                    {"name": "dry", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "X-Depot", "in": "header", "required": True, "schema": {"type": "integer", "maximum": 9}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewParcel"}}},
                },
                "responses": {
                    "201": {
                        "description": "made",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Made"}}},
                    },
                    "4XX": {"description": "refused", "content": {"application/json": {"schema": ERROR}}},
                },
            },
            "get": {
                "security": [],
                "responses": {
                    "200": {
                        "description": "some",
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Parcel"}},
                            }
                        },
                    }
                },
            },
        },
        "/parcels/{id}/labels/{name}.pdf": {
            "get": {
                "security": [],
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {"204": {"description": "printed"}},
            }
        },
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "schemas": {
            "NewParcel": {
                "type": "object",
                "required": ["to", "grams"],
                "properties": {
                    "grams": {"type": "integer", "minimum": 1},
                    "to": {"type": "string", "minLength": 2},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "speed": {"enum": ["slow", "fast"], "default": "slow"},
                    "note": {"type": ["string", "null"]},
                    "hint": {"type": ["string", "null"]},
                },
            },
            "Parcel": {
                "allOf": [
                    {"$ref": "#/components/schemas/NewParcel"},
                    {
                        "type": "object",
                        "required": ["id", "created_at", "state", "note", "cancelled_at"],
                        "properties": {
                            "id": {"type": "string", "examples": ["par_8sk2Jd71ls"]},
                            "created_at": {"type": "string", "format": "date-time"},
                            "cancelled_at": {"type": ["string", "null"], "format": "date-time"},
                            "updatedTime": {"type": "integer"},
                            "state": {"enum": ["new", "sent"]},
                            "depot": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}},
                            "carrier": {"type": ["string", "null"]},
                        },
                    },
                ]
            },
            "Made": {
                "type": "object",
                "required": ["ok", "parcel"],
                "properties": {
                    "ok": {"const": True},
                    "grams": {"type": "string"},
                    "parcel": {"$ref": "#/components/schemas/Parcel"},
                },
            },
        },
    },
}
GOOD = {"to": "Rome", "grams": 5}
HEADERS = {**KEY, "x-depot": "3"}


@pytest.fixture
def client() -> Client:
    return client_of(copy.deepcopy(TREE))


def test_creation_echoes_and_makes_up_the_rest(client: Client) -> None:
    first = client("POST", "/parcels", {**GOOD, "tags": ["a"], "surplus": 1}, HEADERS)
    second = client("POST", "/parcels", {**GOOD, "speed": "fast", "note": "n"}, HEADERS)
    assert first.status == 201
    assert first.json["ok"] is True
    parcel = first.json["parcel"]
    assert re.fullmatch(r"par_[0-9A-Za-z]{10}", parcel.pop("id"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", parcel.pop("created_at"))
    assert parcel.pop("updatedTime") > 1_600_000_000
    assert parcel == {
        "grams": 5,
        "to": "Rome",
        "tags": ["a"],
        "speed": "slow",
        "note": None,
        "cancelled_at": None,
        "state": "new",
        "depot": {"id": 1},
    }
    assert second.json["parcel"]["speed"] == "fast"
    assert second.json["parcel"]["note"] == "n"
    assert second.json["parcel"]["id"] != first.json["parcel"]["id"]


def test_null_is_told_from_absent(client: Client) -> None:
    assert "hint" not in client("POST", "/parcels", GOOD, HEADERS).json["parcel"]
    assert client("POST", "/parcels", {**GOOD, "hint": None}, HEADERS).json["parcel"]["hint"] is None


def test_what_was_created_is_remembered(client: Client) -> None:
    answers = [client("POST", "/parcels", {**GOOD, "note": note}, HEADERS).json["parcel"] for note in "ab"]
    assert [json.loads(text) for text in client.stub.store.all("/parcels")] == answers
    client.stub.reset()
    assert client.stub.store.all("/parcels") == []


@pytest.mark.parametrize(
    ("body", "headers", "status", "code", "message"),
    [
        (GOOD, {"x-depot": "3"}, 401, "UNAUTHORIZED", "missing"),
        (GOOD, {**HEADERS, "content-type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE", "media type"),
        (b"{", {**HEADERS, **JSON}, 400, "BAD_REQUEST", "Expecting"),
        (b"", {**HEADERS, **JSON}, 400, "BAD_REQUEST", "missing"),
        ({"to": "R", "grams": 0}, HEADERS, 422, "UNPROCESSABLE_CONTENT", "to: "),
        (GOOD, KEY, 422, "UNPROCESSABLE_CONTENT", "X-Depot"),
        (GOOD, {**KEY, "x-depot": "10"}, 422, "UNPROCESSABLE_CONTENT", "X-Depot: 10 is greater"),
        (GOOD, {**KEY, "x-depot": "many"}, 422, "UNPROCESSABLE_CONTENT", 'X-Depot: "many" is not of type "integer"'),
        (b" " * (1024 * 1024 + 1), {**HEADERS, **JSON}, 413, "", "too large"),
    ],
)
def test_errors_fill_the_declared_body(
    client: Client, body: Any, headers: dict[str, str], status: int, code: str, message: str
) -> None:
    answer = client("POST", "/parcels", body, headers, chunks=3)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/json"
    assert code in answer.json["error"]["code"]
    assert message in answer.json["error"]["message"]
    assert uuid.UUID(answer.json["request_id"]).version == 4


def test_all_violations_are_listed_in_the_order_of_the_schema(client: Client) -> None:
    answer = client("POST", "/parcels?dry=perhaps", {"note": 1, "speed": "x", "grams": 0}, HEADERS)
    fields = [field["field"] for field in answer.json["error"]["fields"]]
    assert fields == ["dry", "to", "grams", "speed", "note"]


def test_declared_statuses_win_over_others() -> None:
    tree = copy.deepcopy(TREE)
    responses = tree["paths"]["/parcels"]["post"]["responses"]
    responses["400"] = responses.pop("4XX")
    assert client_of(tree)("POST", "/parcels", {}, HEADERS).status == 400


def test_without_a_declared_error_problem_details() -> None:
    tree = copy.deepcopy(TREE)
    del tree["paths"]["/parcels"]["post"]["responses"]["4XX"]
    answer = client_of(tree)("POST", "/parcels", {"to": "Rome", "grams": 0}, HEADERS)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "grams: 0 is less than the minimum of 1",
    }


def test_a_list_of_violations_is_filled_as_its_items_say() -> None:
    tree = copy.deepcopy(TREE)
    item = {
        "type": "object",
        "properties": {"loc": {"type": "array"}, "msg": {"type": "string"}, "type": {"type": "string"}},
    }
    schema = {"type": "object", "properties": {"detail": {"type": "array", "items": item}}}
    responses = tree["paths"]["/parcels"]["post"]["responses"]
    responses["422"] = {"description": "", "content": {"application/json": {"schema": schema}}}
    answer = client_of(tree)("POST", "/parcels", {"to": "Rome", "grams": 0}, HEADERS)
    message = "0 is less than the minimum of 1"
    assert answer.json == {"detail": [{"loc": ["body", "grams"], "msg": message, "type": "minimum"}]}


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "^[A-Z]{3}-\\d+$", "minLength": 9},
        {"pattern": "^(?:EUR|USD) [^a-z\\s]{2,}?$"},
        {"pattern": "^(?!0$)\\d*$", "maxLength": 4},
        {"pattern": "(?<year>20[0-9]{2})/(0[1-9]|1[0-2])"},
        {"pattern": "^[\\u4e00-\\u9fa5]+\\.\\x41[\\]-]?$"},
        {"pattern": "^\\p{Lu}[\\w.+-]*@example\\.com$", "format": "email"},
        {"pattern": "^x?$", "minLength": 1},
    ],
)
def test_texts_are_made_by_their_pattern(schema: dict[str, Any]) -> None:
    tree: dict[str, Any] = copy.deepcopy(TREE)
    tree["components"]["schemas"]["Made"] = {
        "type": "object",
        "required": ["made"],
        "properties": {"made": {"type": "string", **schema}},
    }
    assert client_of(tree)("POST", "/parcels", GOOD, HEADERS).status == 201


@pytest.mark.parametrize("pattern", ["(a", "a)", "a**", "(" * 5_000, "a{99999999}", "(a)\\1", "[b-a]", "[a", "\\"])
def test_patterns_that_no_text_is_known_for(pattern: str) -> None:
    assert matching(pattern) is None


def test_ids_are_made_by_their_pattern() -> None:
    tree: dict[str, Any] = copy.deepcopy(TREE)
    own = tree["components"]["schemas"]["Parcel"]["allOf"][1]
    own["properties"]["id"] = {"type": "string", "pattern": "^par_[0-9A-Za-z]{9,}$"}
    client = client_of(tree)
    ids = {client("POST", "/parcels", GOOD, HEADERS).json["parcel"]["id"] for _ in range(5)}
    assert len(ids) == 5


def test_operations_without_a_handler_do_what_the_contract_implies(client: Client) -> None:
    assert client("GET", "/parcels").json == []
    made = client("POST", "/parcels", GOOD, HEADERS).json["parcel"]
    assert client("GET", "/parcels").json == [made]


def test_a_stateless_stub_answers_by_example(client: Client) -> None:
    client.stub.configure(stateless=True)
    assert client("POST", "/parcels", GOOD, HEADERS).json["parcel"]["id"] == "par_8sk2Jd71ls"
    assert [each["id"] for each in client("GET", "/parcels").json] == ["par_8sk2Jd71ls"]


def test_head_answers_as_get_without_the_body(client: Client) -> None:
    got, head = client("GET", "/parcels"), client("HEAD", "/parcels")
    assert (head.status, head.body) == (got.status, b"")
    assert head.headers == got.headers


def test_methods_that_are_not_there(client: Client) -> None:
    answer = client("PUT", "/parcels", b"", KEY)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST, HEAD, OPTIONS")
    assert client("OPTIONS", "/parcels").headers["allow"] == "GET, POST, HEAD, OPTIONS"
    assert client("GET", "/parcels/").status == 404


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/parcels/7/labels/a.pdf", 204),
        ("/parcels/7/labels/a%2Fb.pdf", 204),
        ("/parcels/7/labels/a/b.pdf", 404),
        ("/parcels/x/labels/a.pdf", 422),
        ("/parcels//labels/a.pdf", 404),
        ("/parcels/7/labels/.pdf", 404),
    ],
)
def test_templated_paths(client: Client, target: str, status: int) -> None:
    assert client("GET", target).status == status


def test_handlers_see_decoded_path_parameters(client: Client) -> None:
    seen = []

    @client.stub.operation("GET", "/parcels/{id}/labels/{name}.pdf")
    def label(call: Any) -> Any:
        seen.append(call.path_parameters)
        return call.answer()

    client("GET", "/parcels/7/labels/a%2Fb%20c.pdf")
    assert seen == [{"id": "7", "name": "a/b c"}]


def test_other_media_types_are_not_parsed(client: Client) -> None:
    tree = copy.deepcopy(TREE)
    content = tree["paths"]["/parcels"]["post"]["requestBody"]["content"]
    content["text/*"] = {"schema": {"type": "string"}}
    client = client_of(tree)
    assert client("POST", "/parcels", b"{", {**HEADERS, "content-type": "text/csv"}).status == 201
    assert client("POST", "/parcels", b"{", {**HEADERS, "content-type": "image/png"}).status == 415
    assert client("POST", "/parcels", b"{", {**HEADERS, **JSON}).status == 400
