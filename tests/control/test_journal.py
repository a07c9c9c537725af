"""The journal tells what was asked and answered and why it was refused, and never a secret."""

import base64
import io
import json
import logging

import pytest

from counterfoil.stub.control.access_log import AccessLog
from tests.control.parcels import KEY, ask, control, create, parcels


def test_a_request_and_its_answer_are_told() -> None:
    stub = parcels()
    made = create(stub, "left-handed")
    [told] = control(stub, "GET", "/requests").json()
    assert (told["method"], told["path"], told["status"]) == ("POST", "/parcels", 201)
    assert (told["operation"], told["operation_id"]) == ("POST /parcels", "createParcel")
    assert told["body"] == {"name": "left-handed"}
    assert told["answer"] == made.json()
    assert told["answer_headers"]["content-type"] == "application/json"
    assert (told["reason"], told["violations"], told["fault"]) == (None, [], None)
    assert 0 < told["milliseconds"] < 5000


def test_a_refusal_is_told_with_its_reason() -> None:
    stub = parcels()
    ask(stub, "POST", "/parcels", {"note": 1})
    [told] = stub.requests
    assert told.reason == "invalid.required"
    assert [(each["in"], each["path"], each["keyword"]) for each in told.violations] == [
        ("body", "name", "required"),
        ("body", "note", "type"),
    ]
    ask(stub, "GET", "/nowhere")
    assert (stub.requests[-1].reason, stub.requests[-1].operation) == ("unknown-path", None)


def test_requests_are_chosen_by_what_was_asked_and_answered() -> None:
    stub = parcels()
    for name in ("one", "two"):
        create(stub, name)
    ask(stub, "POST", "/parcels", {})
    ask(stub, "GET", "/status")
    for chosen, statuses in {
        "?operation=createParcel&last=2": [201, 422],
        "?operation=POST%20/parcels&status=2XX": [201, 201],
        "?status=422": [422],
        "?refused=true": [422],
        "?refused=false&method=get": [200],
        "?last=1": [200],
    }.items():
        assert [each["status"] for each in control(stub, "GET", f"/requests{chosen}").json()] == statuses, chosen
    assert control(stub, "DELETE", "/requests").status_code == 204
    assert stub.requests == []


def test_the_journal_is_bounded_in_number_and_size() -> None:
    stub = parcels().controlled(kept=3)
    for number in range(5):
        create(stub, str(number))
    assert [each.body["name"] for each in stub.requests] == ["2", "3", "4"]
    stub = parcels()
    for _ in range(36):
        create(stub, "x" * 1_000_000)
    assert 10 < len(stub.requests) < 34


def test_no_secret_reaches_the_journal() -> None:
    token = 'tok/en "quoted" é'
    stub = parcels(token)
    basic = base64.b64encode(b"user:hunter2-pass").decode()
    ask(
        stub, "POST", "/parcels?ticket=tok%2Fen%20%22quoted%22%20%C3%A9&own=" + KEY, {"note": [token], token: KEY},
        {"authorization": f"Basic {basic}", "cookie": "sid=cookie-value", "x-trace": "hunter2-pass cookie-value"},
    )  # fmt: skip
    ask(stub, "POST", "/parcels", token.encode(), {"content-type": "application/json"})
    told = control(stub, "GET", "/requests").text + "".join(map(str, stub.requests))
    assert "***" in told
    plain = json.loads(json.dumps(told))
    for secret in (token, json.dumps(token)[1:-1], "tok%2Fen", KEY, basic, "hunter2", "cookie-value", "quoted"):
        assert secret not in plain, secret


def test_no_token_reaches_the_log_of_failures(caplog: pytest.LogCaptureFixture) -> None:
    stub = parcels(KEY)
    with caplog.at_level(logging.ERROR):
        assert create(stub, "boom", note=KEY).status_code == 500
    assert "ZeroDivisionError" in caplog.text
    assert KEY not in caplog.text
    assert [each.reason for each in stub.requests] == ["failure"]


@pytest.mark.parametrize("as_json", [False, True])
def test_the_access_log_has_a_line_for_each_request(as_json: bool) -> None:
    stub, written = parcels(KEY), io.StringIO()
    stub.log = AccessLog(stub.subject.secrets, written.write, "parcels", as_json=as_json)
    ask(stub, "POST", f"/parcels?key={KEY}", {"note": KEY})
    ask(stub, "GET", "/no%1B%5B31mwhere%0A")
    stub.log.flush()
    lines = written.getvalue().splitlines()
    assert len(lines) == 2
    assert KEY not in written.getvalue()
    assert "\x1b" not in written.getvalue()
    if as_json:
        told = json.loads(lines[0])
        assert (told["stub"], told["query"], told["status"], told["reason"]) == (
            "parcels", "key=***", 422, "invalid.required",
        )  # fmt: skip
        assert told["violations"] == [{"in": "body", "path": "name", "keyword": "required"}]
    else:
        assert "parcels POST /parcels?key=*** 422" in lines[0]
        assert lines[0].endswith("createParcel invalid.required body:name")
