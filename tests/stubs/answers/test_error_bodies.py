"""What refusals say where a contract declares errors of several shapes."""

from typing import Any

import pytest

from tests.stubs.client import client_of
from tests.stubs.resources import ok, query

KINDS = {404: "not_found_error", 401: "unauthorized_error", 422: "invalid_parameters_error"}


def error(status: int, kind: str) -> dict[str, Any]:
    """The schema of a kind of error."""
    properties = {"status": {"enum": [status]}, "type": {"enum": [kind]}, "detail": {"type": "string"}}
    return {"type": "object", "required": list(properties), "properties": properties}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_the_alternative_of_the_status_is_filled(keyword: str) -> None:
    errors = {keyword: [error(status, kind) for status, kind in KINDS.items()]}
    pets = {
        "parameters": [query("size", {"type": "integer"})],
        "responses": {"200": ok({"type": "array"}), "default": ok(errors)},
        "security": [{"key": []}],
    }
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}
    client = client_of(
        {"openapi": "3.1.0", "paths": {"/pets": {"get": pets}}, "components": {"securitySchemes": schemes}}
    )
    answer = client("GET", "/pets?size=x")
    assert (answer.status, answer.json["status"], answer.json["type"]) == (401, 401, "unauthorized_error")
    answer = client("GET", "/pets?size=x", b"", {"x-key": "k"})
    told = {"status": 422, "type": "invalid_parameters_error", "detail": 'size: "x" is not of type "integer"'}
    assert (answer.status, answer.json) == (422, told)


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({"message": {"type": "string"}, "field": {"type": "string"}}, {"field": "size"}),
        ({"message": {"type": "string"}, "pointer": {"type": "string"}}, {"pointer": "/size"}),
        ({"message": {"type": "string"}, "path": {"type": "string"}}, {"path": "/pets"}),
        (
            {
                "invalid_parameters": {
                    "type": "array",
                    "items": {"oneOf": [{"properties": {"field": {"type": "string"}, "source": {"type": "string"}}}]},
                }
            },
            {"invalid_parameters": [{"field": "size", "source": "query"}]},
        ),
    ],
)
def test_the_wrong_field_is_named(properties: dict[str, Any], told: dict[str, Any]) -> None:
    get = {
        "parameters": [query("size", {"type": "integer"})],
        "responses": {"200": ok({"type": "array"}), "400": ok({"type": "object", "properties": properties})},
    }
    answer = client_of({"openapi": "3.1.0", "paths": {"/pets": {"get": get}}})("GET", "/pets?size=x")
    assert (answer.status, {name: answer.json[name] for name in told}) == (400, told)


@pytest.mark.parametrize("is_nested", [False, True])
def test_an_error_that_is_a_list_names_the_wrong_field(*, is_nested: bool) -> None:
    entry = {"type": "object", "properties": {"field": {"type": ["string", "null"]}, "message": {"type": "string"}}}
    group = {"type": "object", "required": ["errors"], "properties": {"errors": {"type": "array", "items": entry}}}
    get = {
        "parameters": [query("size", {"type": "integer"})],
        "responses": {
            "200": ok({"type": "array"}),
            "400": ok({"type": "array", "items": group if is_nested else entry}),
        },
    }
    answer = client_of({"openapi": "3.1.0", "paths": {"/pets": {"get": get}}})("GET", "/pets?size=x")
    told = answer.json[0]["errors"] if is_nested else answer.json
    assert [(each["field"], "integer" in each["message"]) for each in told] == [("size", True)]


def test_each_answer_has_another_id_of_its_request() -> None:
    shown = {"type": "object", "required": ["requestId"], "properties": {"requestId": {"type": "string"}, "a": {}}}
    client = client_of({"openapi": "3.1.0", "paths": {"/health": {"get": {"responses": {"200": ok(shown)}}}}})
    assert len({client("GET", "/health").json["requestId"] for _ in range(3)}) == 3
