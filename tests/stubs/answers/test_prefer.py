"""The Prefer header (RFC 7240) chooses among the answers that the contract declares, with names known from Prism."""

from typing import Any

import pytest

from tests.stubs.client import Answer, Client, client_of

EXAMPLES = {"cat": {"value": {"name": "Tom"}}, "big dog": {"value": {"name": "Rex"}}}
PET = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
JSON = {"application/json": {"schema": PET, "examples": EXAMPLES}}
RESPONSES = {
    "200": {"description": "", "content": JSON},
    "404": {"description": "", "content": {"application/json": {"example": {"error": "gone"}}}},
    "4XX": {"description": "", "content": {"text/plain": {"example": "refused"}}},
    "503": {"description": "", "headers": {"Retry-After": {"schema": {"type": "integer", "example": 9}}}},
}


def contract(responses: dict[str, Any], method: str = "get", **operation: Any) -> dict[str, Any]:
    paths = {"/pet": {method: {"responses": responses, **operation}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}


def prefer(preference: str, query: str = "", responses: dict[str, Any] = RESPONSES) -> Answer:
    client = Client(client_of(contract(responses)).stub, {"paths": {}})
    return client("GET", f"/pet{query}", headers={"prefer": preference} if preference else {})


@pytest.mark.parametrize(
    ("preference", "status", "body", "applied"),
    [
        ("code=404", 404, '{"error":"gone"}', "code=404"),
        ("code=418", 418, "refused", "code=418"),
        ("code=503", 503, "", "code=503"),
        ("example=cat", 200, '{"name":"Tom"}', "example=cat"),
        ('example="big dog"', 200, '{"name":"Rex"}', 'example="big dog"'),
        ('code = 200 , example="big dog";strict', 200, '{"name":"Rex"}', 'code=200, example="big dog"'),
        ('wait=10; x="a,b", respond-async, code="404"', 404, '{"error":"gone"}', "code=404"),
        ("CODE=404, code=503", 404, '{"error":"gone"}', "code=404"),
        ("dynamic=false", 200, '{"name":"Tom"}', "dynamic=false"),
    ],
)
def test_what_is_preferred(preference: str, status: int, body: str, applied: str) -> None:
    answer = prefer(preference)
    assert (answer.status, answer.text, answer.headers["preference-applied"]) == (status, body, applied)


@pytest.mark.parametrize("preference", ["", "wait=10", "dynamic=perhaps", "code", '"', "=", ",,;"])
def test_what_says_nothing(preference: str) -> None:
    answer = prefer(preference)
    assert (answer.status, answer.text) == (200, '{"name":"Tom"}')
    assert "preference-applied" not in answer.headers


@pytest.mark.parametrize(
    "preference", ["code=500", "code=99", "code=abc", "code=-44", "example=bird", "code=503, example=cat"]
)
def test_what_the_contract_does_not_have(preference: str) -> None:
    answer = prefer(preference)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


def test_the_default_response_stands_for_every_other_status() -> None:
    default = {"default": {"description": "", "content": {"text/plain": {"example": "other"}}}}
    answer = prefer("code=599", responses={"200": {"description": ""}, **default})
    assert (answer.status, answer.text) == (599, "other")


def test_query_parameters_as_prism_has_them_win() -> None:
    assert prefer("code=503", "?__code=404").status == 404
    assert prefer("", "?__example=big%20dog").json == {"name": "Rex"}


def test_headers_belong_to_the_preferred_status() -> None:
    assert prefer("code=503").headers["retry-after"] == "9"
    assert "retry-after" not in prefer("code=404").headers


def test_made_up_values_differ_from_request_to_request_but_not_from_run_to_run() -> None:
    runs = []
    for _ in range(2):
        client = client_of(contract(RESPONSES))
        runs.append([client("GET", "/pet", headers={"prefer": "dynamic=true"}).json["name"] for _ in range(8)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) > 1


def test_another_status_leaves_the_state_alone() -> None:
    body = {"required": True, "content": {"application/json": {"schema": PET}}}
    responses = {"201": {"description": "", "content": JSON}, "409": {"description": ""}}
    client = client_of(contract(responses, "post", requestBody=body))
    assert client("POST", "/pet", {"name": "a"}, {"prefer": "code=409"}).status == 409
    assert not client.stub.store.all("/pet")
    created = client("POST", "/pet", {"name": "a"}, {"prefer": "code=201"})
    assert (created.status, created.json) == (201, {"name": "a"})
    assert len(client.stub.store.all("/pet")) == 1


def test_a_refusal_in_the_words_of_the_preferred_example() -> None:
    body = {"required": True, "content": {"application/json": {"schema": PET}}}
    responses = {"200": {"description": ""}, "422": {"description": "", "content": JSON}}
    client = client_of(contract(responses, "post", requestBody=body))
    answer = client("POST", "/pet", {"name": 1}, {"prefer": "code=422, example=cat"})
    assert (answer.status, answer.json) == (422, {"name": "Tom"})
