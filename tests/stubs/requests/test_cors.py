"""Web pages of other origins may call a stub unless that is switched off (the CORS protocol of the Fetch standard)."""

from typing import Any

import pytest

from counterfoil.stub import Stub
from tests.stubs.client import Answer, Client

PAGE = "https://page.example"
PREFLIGHT = {"origin": PAGE, "access-control-request-method": "PUT", "access-control-request-headers": "x-one, x-two"}
HEADERS = {"X-Total": {"required": True, "schema": {"const": 3}}}
OPERATION = {"security": [{"key": []}], "responses": {"200": {"description": "", "headers": HEADERS}}}
CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {"/a": {"put": OPERATION}, "/own": {"options": {"responses": {"200": {"description": ""}}}}},
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}},
}


def call(method: str, path: str, headers: dict[str, str], *, cors: bool = True) -> Answer:
    return Client(Stub(CONTRACT).configure(cors=cors), {"paths": {}})(method, path, headers=headers)


@pytest.mark.parametrize("path", ["/a", "/unknown"])
def test_preflight_needs_no_credentials(path: str) -> None:
    answer = call("OPTIONS", path, PREFLIGHT)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "PUT" in answer.headers["access-control-allow-methods"].split(", ")
    assert answer.headers["access-control-allow-headers"] == "x-one, x-two"
    assert answer.headers["vary"] == "origin"


def test_answers_and_refusals_can_be_read_by_the_page() -> None:
    answer = call("PUT", "/a", {"origin": PAGE, "x-key": "k"})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, PAGE)
    assert "x-total" in answer.headers["access-control-expose-headers"]
    for method, path, status in (("PUT", "/a", 401), ("GET", "/a", 405), ("GET", "/unknown", 404)):
        refused = call(method, path, {"origin": PAGE})
        assert (refused.status, refused.headers["access-control-allow-origin"]) == (status, PAGE)


def test_options_of_the_contract_is_answered_by_the_contract() -> None:
    assert call("OPTIONS", "/own", PREFLIGHT).status == 200


def test_callers_that_are_no_pages_see_nothing_of_it() -> None:
    answer = call("PUT", "/a", {"x-key": "k"})
    assert not [name for name in answer.headers if name.startswith("access-control") or name == "vary"]
    assert call("OPTIONS", "/a", {"access-control-request-method": "PUT"}).headers["allow"] == "PUT, OPTIONS"


def test_switched_off() -> None:
    assert "access-control-allow-origin" not in call("PUT", "/a", {"origin": PAGE, "x-key": "k"}, cors=False).headers
    assert "access-control-allow-origin" not in call("OPTIONS", "/a", PREFLIGHT, cors=False).headers
