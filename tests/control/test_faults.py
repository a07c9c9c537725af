"""Stubs fail as they are told to: how, which requests, how often."""

import time
from typing import Any

import pytest

from counterfoil.stub.control.disturbance import ConnectionClosedError
from tests.control.parcels import ask, control, create, parcels

HEADER = "x-counterfoil-fault"


def test_a_status_is_answered_as_the_contract_declares_it() -> None:
    stub = parcels()
    stub.fail_next(status=429, retry_after=7)
    limited = create(stub, "one")
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
    assert limited.json() == {"errors": [{"message": "Too Many Requests"}]}
    stub.fail_next(status=503)
    assert create(stub, "one").headers["content-type"] == "application/problem+json"
    assert create(stub, "one").status_code == 201
    assert [each.fault for each in stub.requests] == [{"status": 429, "retry_after": 7}, {"status": 503}, None]


def test_a_fault_holds_for_an_operation_and_until_it_is_removed() -> None:
    stub = parcels()
    fault = control(stub, "POST", "/faults", {"operation": "createParcel", "status": 500}).json()
    assert [create(stub, "one").status_code for _ in range(3)] == [500, 500, 500]
    assert ask(stub, "GET", "/status").status_code == 200
    assert control(stub, "GET", "/faults").json() == [fault]
    assert control(stub, "DELETE", f"/faults/{fault['id']}").status_code == 204
    assert create(stub, "one").status_code == 201
    assert control(stub, "DELETE", f"/faults/{fault['id']}").status_code == 404


def test_a_share_of_requests_fails_and_always_the_same_ones() -> None:
    def outcomes(seed: int) -> list[int]:
        stub = parcels()
        stub.fail(status=500, probability=0.3, seed=seed)
        return [ask(stub, "GET", "/status").status_code for _ in range(100)]

    assert outcomes(1) == outcomes(1) != outcomes(2)
    assert 15 <= outcomes(1).count(500) <= 45


def test_requests_beyond_a_limit_are_told_to_come_back() -> None:
    stub = parcels()
    stub.fail(rate_limit=2)
    answers = [ask(stub, "GET", "/status") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 429, 429]
    assert 30 < int(answers[-1].headers["retry-after"]) <= 60


def test_requests_are_let_through_again_after_a_while() -> None:
    stub = parcels()
    stub.fail(rate_limit=1, window=0.2)
    assert ask(stub, "GET", "/status").status_code == 200
    end = time.monotonic() + 30
    while (answer := ask(stub, "GET", "/status")).status_code == 429:
        assert answer.headers["retry-after"] == "1"
        assert time.monotonic() < end


def test_an_answer_comes_late() -> None:
    stub = parcels()
    stub.fail_next(latency=150, jitter=20)
    started = time.monotonic()
    assert create(stub, "one").status_code == 201
    assert time.monotonic() - started > 0.12
    create(stub, "two")
    assert [each.fault for each in stub.requests] == [{"latency": 150, "jitter": 20}, None]


@pytest.mark.parametrize(("when", "remembered"), [("before", 0), ("after", 1)])
def test_a_connection_is_closed_before_or_after_the_operation_takes_effect(when: str, remembered: int) -> None:
    stub = parcels()
    stub.fail_next(drop=when)
    with pytest.raises(ConnectionClosedError):
        create(stub, "one")
    assert sum(len(each["objects"]) for each in stub.state.values()) == remembered
    assert (stub.requests[0].status, stub.requests[0].fault) == (None, {"drop": when})


def test_a_body_is_cut_off_or_cannot_be_parsed() -> None:
    stub = parcels()
    stub.fail_next(truncate=3)
    with pytest.raises(ConnectionClosedError) as closed:
        ask(stub, "GET", "/status")
    assert closed.value.sent is not None
    assert closed.value.sent.body == b'{"r'
    stub.fail_next(malformed=True)
    broken = ask(stub, "GET", "/status")
    assert (broken.status_code, len(broken.content)) == (200, int(broken.headers["content-length"]))
    with pytest.raises(ValueError):
        broken.json()


def test_a_header_lets_one_request_fail() -> None:
    stub = parcels()
    failed = create(stub, "one", {HEADER: "status=503; retry-after=2; latency=1"})
    assert (failed.status_code, failed.headers["retry-after"]) == (503, "2")
    with pytest.raises(ConnectionClosedError):
        create(stub, "one", {HEADER: "drop"})
    assert create(stub, "one").status_code == 201


@pytest.mark.parametrize(
    "header", ["status=99", "status=x", "nonsense", "latency=nan", "drop=later", ";", "status=500;status=501"]
)
def test_a_header_that_makes_no_sense_is_refused(header: str) -> None:
    refused = create(parcels(), "one", {HEADER: header})
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("X-Counterfoil-Fault: ")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"status": 200}, "status: 200 is less than the minimum of 400"),
        ({"probability": 0.5}, "a fault needs one of latency, status"),
        ({"status": 500, "tmies": 2}, "'tmies' was unexpected"),
        ({"status": 500, "operation": "createParcle"}, "did you mean createParcel?"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(fault: dict[str, Any], told: str) -> None:
    stub = parcels()
    refused = control(stub, "POST", "/faults", fault)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert told in refused.json()["detail"]
    with pytest.raises(ValueError, match=told.replace("?", r"\?").replace("$", r"\$")):
        stub.fail(**fault)
    assert stub.faults == []


def test_queued_answers_are_given_one_after_the_other() -> None:
    stub = parcels()
    queued = {"operation": "createParcel", "answers": [
        {"status": 202, "body": {"later": True}, "headers": {"Location": "/jobs/1"}}, {"status": 429}, {}
    ]}  # fmt: skip
    assert control(stub, "POST", "/answers", queued).status_code == 204
    assert create(stub, "one").status_code == 202
    assert control(stub, "GET", "/answers").json() == {"POST /parcels": [{"status": 429}, {}]}
    assert create(stub, "one").json() == {"errors": [{"message": "Too Many Requests"}]}
    assert create(stub, "one").status_code == 201
    assert stub.requests[0].answer_headers["location"] == "/jobs/1"
    assert [each.reason for each in stub.requests] == [None, None, None]
    assert stub.queued_answers == {}
    assert stub.state == {}


def test_a_request_that_is_refused_uses_no_answer_up() -> None:
    stub = parcels()
    stub.answer_next("POST /parcels", body={"id": 7})
    assert ask(stub, "POST", "/parcels", {}).status_code == 422
    assert create(stub, "one").json() == {"id": 7}
    with pytest.raises(ValueError, match="bdoy"):
        stub.queue_answers("status", [{"bdoy": 1}])


def test_a_queued_answer_keeps_the_contract_unless_it_need_not() -> None:
    stub = parcels()
    wrong: dict[str, Any] = {"status": 429, "body": {"errors": [{"message": 7}]}}
    with pytest.raises(ValueError, match=r"body\.errors\.0\.message: 7 is not of type \"string\""):
        stub.answer_next("createParcel", **wrong)
    refused = control(stub, "POST", "/answers", {"operation": "createParcel", "answers": [{}, wrong]})
    assert (refused.status_code, "unchecked" in refused.json()["detail"]) == (422, True)
    with pytest.raises(ValueError, match="text/plain is not declared"):
        stub.answer_next("status", body="a text", headers={"Content-Type": "text/plain"})
    assert stub.queued_answers == {}
    stub.answer_next("createParcel", **wrong, unchecked=True)
    assert (
        control(stub, "POST", "/answers", {"operation": "createParcel", "unchecked": True, **wrong}).status_code == 204
    )
    assert stub.queued_answers == {"POST /parcels": [{**wrong, "unchecked": True}] * 2}
    assert create(stub, "one").json() == wrong["body"]
    stub.answer_next("status", body="a text", headers={"Content-Type": "text/plain"}, unchecked=True)
    assert ask(stub, "GET", "/status").text == "a text"
    stub.answer_next("status", status=503, body={"whatever": True})
    assert ask(stub, "GET", "/status").json() == {"whatever": True}


def test_nothing_without_a_body_is_made_malformed() -> None:
    stub = parcels()
    stub.answer_next("status", status=204)
    stub.fail(malformed=True)
    assert ask(stub, "GET", "/status").content == b""
