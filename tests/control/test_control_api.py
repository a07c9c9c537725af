"""The control API: what it tells, what it changes, whom it keeps apart, and that it can be switched off."""

import json
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from counterfoil.stub import Stub
from counterfoil.stub.control.subject import description
from tests.control.parcels import CONTROL, TREE, ask, control, create, parcels

NAMED = {"x-counterfoil-session": "mine"}


def test_it_describes_itself_and_keeps_its_description() -> None:
    stub = parcels()
    document = control(stub, "GET", "/openapi.json").json()
    assert document["servers"] == [{"url": CONTROL}]
    validate(document)
    assert set(control(stub, "GET", "").json()) == {CONTROL + path for path in document["paths"]}
    create(stub, "one")
    ask(stub, "POST", "/parcels", {})
    for path, schema in {"/requests": {"type": "array", "items": {"$ref": "#/components/schemas/Exchange"}},
                         "/state": {"$ref": "#/components/schemas/State"}}.items():  # fmt: skip
        told = control(stub, "GET", path).json()
        assert told
        jsonschema_rs.validate({**schema, "components": document["components"]}, told)


def test_it_tells_health_and_contract() -> None:
    stub = parcels()
    health = control(stub, "GET", "/health").json()
    assert (health["status"], health["title"], health["operations"]) == ("ok", "Parcels", 2)
    assert control(stub, "GET", "/contract").json() == TREE
    assert stub.requests == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("GET", "/nothing", None, 404, "nothing at this path"),
        ("PATCH", "/faults", None, 405, "not allowed"),
        ("POST", "/faults", b"{", 400, "double quotes"),
        ("POST", "/answers", {}, 422, "operation"),
        ("POST", "/answers", {"operation": "createParcel", "status": 7}, 422, "minimum of 200"),
        ("POST", "/answers", {"operation": "createParcel", "headers": {"a b": "c"}}, 422, "headers"),
        ("POST", "/answers", {"operation": "createParcel", "headers": {"a": "b\r\nc: d"}}, 422, "headers"),
        ("POST", "/answers", {"operation": "createParcel", "headers": {"Content-Length": "5"}}, 422, "Content-Length"),
        ("PUT", "/state", {"/parcels": [{"name": "one"}]}, 422, "is not of type"),
        ("GET", "/requests?status=9", None, 422, "status"),
        ("GET", "/requests?operation=nothing", None, 422, "no operation nothing"),
        ("DELETE", "/sessions/nobody", None, 404, "no such session"),
    ],
)
def test_what_makes_no_sense_is_refused(method: str, path: str, body: Any, status: int, told: str) -> None:
    stub = parcels()
    refused = control(stub, method, path, body)
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    assert told in refused.json()["detail"]
    assert (stub.state, stub.queued_answers) == ({}, {})


def test_a_page_of_another_origin_is_given_nothing() -> None:
    answer = ask(parcels(), "GET", f"{CONTROL}/state", headers={"origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert (
        ask(parcels(), "POST", f"{CONTROL}/faults", {"drop": "before"}, {"content-type": "text/plain"}).status_code
        == 415
    )


def test_state_is_dumped_loaded_and_forgotten() -> None:
    stub = parcels()
    create(stub, "one")
    dumped = control(stub, "GET", "/state").json()
    create(stub, "two")
    assert control(stub, "PUT", "/state", dumped).status_code == 204
    assert control(stub, "GET", "/state").json() == dumped == stub.state
    other = parcels()
    other.state = dumped
    assert other.state == dumped
    assert control(stub, "DELETE", "/state").status_code == 204
    assert stub.state == {}
    with pytest.raises(ValueError, match="objects"):
        stub.state = {"/parcels": {}}


def test_sessions_are_kept_apart() -> None:
    stub = parcels()
    assert control(stub, "POST", "/faults", {"status": 503}, session="mine").status_code == 201
    assert [create(stub, "a", NAMED).status_code, create(stub, "b").status_code] == [503, 201]
    assert [each["status"] for each in control(stub, "GET", "/requests", session="mine").json()] == [503]
    assert [each["status"] for each in control(stub, "GET", "/requests").json()] == [201]
    assert [each["status"] for each in control(stub, "GET", "/requests?session=mine").json()] == [503]
    assert [len(stub.session("mine").requests), len(stub.state)] == [1, 1]
    assert control(stub, "GET", "/sessions").json() == ["mine"]
    assert control(stub, "DELETE", "/sessions/mine").status_code == 204
    assert create(stub, "a", NAMED).status_code == 201
    assert control(stub, "POST", "/reset", session="mine").status_code == 204
    assert [len(stub.session("mine").requests), len(stub.requests)] == [0, 1]


def test_sessions_that_nobody_uses_are_forgotten() -> None:
    stub = parcels().controlled(sessions=2)
    for name in ("one", "two", "one", "three"):
        create(stub, "a", {"x-counterfoil-session": name})
    assert stub.sessions.names() == ["one", "three"]
    assert len(stub.session("one").requests) == 2


def test_credentials_may_keep_callers_apart() -> None:
    stub = parcels().controlled(by_token=True)
    for key in ("first-key", "other-key", "other-key"):
        create(stub, "a", {"x-parcel-key": key})
    assert [len(stub.session(name).requests) for name in stub.sessions.names()] == [1, 2]
    assert "key" not in json.dumps(stub.sessions.names())
    own = ask(stub, "GET", f"{CONTROL}/requests", headers={"x-parcel-key": "other-key"}).json()
    assert len(own) == 2


def test_it_can_be_switched_off_and_moved() -> None:
    stub = parcels().controlled(prefix=None)
    assert control(stub, "GET", "/health").status_code == 404
    assert create(stub, "one", {"x-counterfoil-fault": "status=503", **NAMED}).status_code == 201
    assert stub.sessions.names() == []
    stub = parcels().controlled(prefix="/-/control")
    assert ask(stub, "GET", "/-/control/health").status_code == 200
    assert ask(stub, "GET", "/-/controller").status_code == 404
    assert control(stub, "GET", "/health").status_code == 404


def test_a_contract_may_have_variables_where_the_reserved_path_is() -> None:
    operation = {"get": {"responses": {"200": {"description": "", "content": {"text/plain": {"example": "object"}}}}}}
    stub = Stub({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/{bucket}/{name}": operation}})
    assert control(stub, "GET", "/health").json()["status"] == "ok"
    assert ask(stub, "GET", "/__counterfoil__else/health").text == "object"


def test_a_stub_made_again_remembers_nothing_and_changes_nothing() -> None:
    stub = parcels()
    create(stub, "one")
    stub.fail(status=500)
    again = stub.again()
    assert create(again, "one", NAMED).status_code == 201
    assert control(again, "GET", "/faults").json() == []
    assert (len(stub.requests), again.requests, stub.sessions.names()) == (1, [], [])


def test_the_description_says_what_faults_there_are() -> None:
    properties = description()["components"]["schemas"]["Fault"]["properties"]
    assert {"latency", "jitter", "status", "retry_after", "drop", "truncate", "malformed", "rate_limit"} < set(
        properties
    )
