"""Whatever is sent, a stub never fails; and if its handler does, that is told."""

import copy
import logging
from typing import Any

import pytest

from counterfoil.stub import Reply, Stub
from counterfoil.stub.requests.strict_json import MalformedJSONError, parse
from tests.effort import ending
from tests.stubs.answers.test_inference import GOOD, HEADERS, TREE
from tests.stubs.client import JSON, Client, client_of, vendor_client
from tests.stubs.echoing import echo_client
from tests.stubs.vendors.test_answers import BODIES, CREDENTIALS

MALFORMED = {
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "beyond-floats": b'{"a": 1e999}',
    "thousands-of-digits": b'{"a": ' + b"9" * 5000 + b"}",
    "lone-surrogate": b'{"a": "\\ud800"}',
    "surrogate-in-a-name": b'{"\\udfff": 1}',
    "not-utf8": b'{"a": "\xff"}',
    "utf16": '{"a": 1}'.encode("utf-16"),
    "byte-order-mark": b"\xef\xbb\xbf{}",
    "control-character": b'{"a": "\x00"}',
    "deep-list": b"[" * 100_000,
    "deep-object": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "nested-below-the-recursion-limit": b'{"a":' * 300 + b"1" + b"}" * 300,
    "nested-150-deep": b"[" * 150 + b"]" * 150,
    "two-values": b"{} {}",
    "trailing-comma": b'{"a": 1,}',
}
ODD = {
    "null": b"null",
    "number": b"1",
    "string": b'"x"',
    "list": b"[{}]",
    "false": b"false",
    "empty-name": b'{"": 1}',
    "equal-names": b'{"name": 1, "name": "a"}',
    "escaped-null": b'{"name": "\\u0000", "code": "\\u0000"}',
    "emoji": '{"name": "🧾", "code": "\\ud83e\\uddfe"}'.encode(),
    "big-integer": b'{"name": 123456789012345678901234567890, "type": 123456789012345678901234567890}',
    "braces": b'{"name": "{uuid} {nothing} {{", "type": "{value}"}',
    "long": b'{"name": "' + b"x" * 90_000 + b'"}',
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedJSONError):
        parse(body)


def test_json_keeps_what_it_says() -> None:
    assert parse(b'{"a": [1.5, 10000000000000000000000, "\\u00e9\\ud83e\\uddfe\\u0000"], "b": null}') == {
        "a": [1.5, 10**22, "é🧾\0"],
        "b": None,
    }


@pytest.mark.parametrize("vendor", list(BODIES))
@pytest.mark.parametrize("body", [*MALFORMED.values(), *ODD.values()], ids=[*MALFORMED, *ODD])
def test_odd_bodies_are_refused(vendor: str, body: bytes) -> None:
    path, _, success = BODIES[vendor]
    answer = vendor_client(vendor)("POST", path, body, {**CREDENTIALS[vendor], **JSON}, chunks=7)
    assert 400 <= answer.status < 500
    assert answer.status != success


@pytest.mark.parametrize("vendor", list(BODIES))
@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json" + "x" * 5_000},
        {"content-type": ";;;"},
        {"content-type": "\xff/\xfe"},
        {"authorization": "\xff\xfe", "x-api-key": "\xff"},
        {"authorization": "Bearer " + "a" * 10_000, "x-api-key": "a" * 10_000},
        {"cookie": "=;=;\x00", "x-api-key": "k"},
    ],
)
def test_odd_headers_are_survived(vendor: str, headers: dict[str, str]) -> None:
    path, body, _ = BODIES[vendor]
    client = vendor_client(vendor, "sesame")
    assert client("POST", path, body, headers).status < 500
    assert vendor_client(vendor)("POST", path, body, {**CREDENTIALS[vendor], **headers}).status < 500


@pytest.mark.parametrize(
    "target", ["", "*", "//", "/%00", "/%ff", "/parcels/%2e%2e", "/parcels/1/labels/%ff.pdf", "/" * 5000]
)
def test_odd_paths_are_survived(target: str) -> None:
    assert client_of(copy.deepcopy(TREE))("GET", target, b"", HEADERS).status in (204, 404)


@pytest.mark.parametrize("vendor", list(BODIES))
def test_paths_that_are_not_utf8_are_survived(vendor: str) -> None:
    assert vendor_client(vendor)("GET", "/api/\udcff", b"", CREDENTIALS[vendor]).status == 404


@pytest.mark.parametrize("form", ["^(a+)+$", "^(?=a)(a|aa)+$", "^(?!b)(?:a*)*c$", r"^(\w+\s?)*$"])
def test_no_form_of_a_token_takes_long(form: str) -> None:
    tree: dict[str, Any] = copy.deepcopy(TREE)
    tree["components"]["securitySchemes"]["key"]["x-counterfoil"] = {"token": form}
    with ending():
        answer = client_of(tree)("POST", "/parcels", GOOD, {**HEADERS, "x-key": "a" * 60_000 + "!"})
    assert answer.status == 401


def test_no_request_brings_a_line_end_into_a_header() -> None:
    tree: dict[str, Any] = copy.deepcopy(TREE)
    answer = {"status": 404, "headers": {"X-Path": "at {request-path}"}, "body": "gone"}
    tree["x-counterfoil"] = {"refusals": {"unknown-path": answer}}
    client = client_of(tree)
    assert client("GET", "/a%0d%0aSet-Cookie:%20b=c%00", b"", HEADERS).headers["x-path"] == "at /a  Set-Cookie: b=c "
    reply: Reply[Any] = Reply(204)
    reply.set_header("X-Name", "a\r\nb\u20ac")
    assert reply.headers == [(b"x-name", b"a  b?")]


def test_odd_methods_are_survived() -> None:
    client = client_of(copy.deepcopy(TREE))
    assert client("BREW", "/parcels", b"", HEADERS).status == 405
    assert client("BREW", "/nowhere", b"", HEADERS).status == 404


def test_a_failing_handler_is_told_whatever_was_answered(caplog: pytest.LogCaptureFixture) -> None:
    tree: dict[str, Any] = copy.deepcopy(TREE)
    stub = Stub(tree)

    @stub.operation("POST", "/parcels")
    def fail(call: Any) -> Any:
        raise ZeroDivisionError(call.path)

    with caplog.at_level(logging.ERROR, "counterfoil.stub"):
        answer = Client(stub, tree)("POST", "/parcels", GOOD, HEADERS, fails=True)
    assert answer.status == 500
    assert "ZeroDivisionError" not in answer.text
    assert [str(failure) for failure in stub.failures] == ["POST /parcels: ZeroDivisionError('/parcels')"]
    assert "in fail" in stub.failures[0].trace
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("media_type", "body"),
    [("application/json", b"[" + b"{}," * 300_000 + b"{}]"), ("application/x-ndjson", b"{}\n" * 300_000)],
)
def test_what_is_wrong_everywhere_is_refused_at_once(media_type: str, body: bytes) -> None:
    thing = {"type": "object", "required": ["a", "b", "c"]}
    schema = thing if "nd" in media_type else {"type": "array", "items": thing}
    operation = {"requestBody": {"content": {media_type: {"schema": schema}}}}
    client = echo_client(operation)
    answer = client("POST", "/echo", body, {"content-type": media_type})
    assert (answer.status, answer.json["detail"]) == (422, '0.a: "a" is a required property')
    assert 1 <= len(client.stub.requests[0].violations) <= 110


def test_a_handler_sees_a_typed_body_and_answers_with_a_model() -> None:
    from pydantic import BaseModel

    from counterfoil.stub import Call, Reply

    class NewParcel(BaseModel):
        to: str
        grams: int

    class Made(BaseModel):
        ok: bool
        parcel: dict[str, Any]

    tree: dict[str, Any] = copy.deepcopy(TREE)
    stub = Stub(tree)

    @stub.operation("POST", "/parcels")
    def weigh(call: Call[NewParcel, Made]) -> Reply[Made]:
        if call.body.grams > 100:
            raise call.refuse("duplicate", message="too heavy")
        parcel = {"id": "1", "to": call.body.to, "grams": 1, "state": "new", "note": None, "cancelled_at": None}
        return call.reply(Made(ok=True, parcel=parcel | {"created_at": "2024-01-01T00:00:00Z"}))

    client = Client(stub, tree)
    assert client("POST", "/parcels", GOOD, HEADERS).json["parcel"]["to"] == "Rome"
    heavy = client("POST", "/parcels", {**GOOD, "grams": 101}, HEADERS)
    assert (heavy.status, heavy.json["error"]["message"]) == (409, "too heavy")


def test_a_handler_for_no_operation_is_an_error() -> None:
    with pytest.raises(LookupError):
        Stub(copy.deepcopy(TREE)).operation("POST", "/nowhere")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"8": [7], "007": "x"}', "007"),
        (b'{"a": [7], "0": [1, "x"]}', "0.1"),
        (b'{"a": [7], "": [1, "x"]}', ".1"),
    ],
)
def test_properties_that_are_called_by_numbers_or_not_at_all_are_named(body: bytes, place: str) -> None:
    lists = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "integer"}}}
    client = echo_client({"requestBody": {"content": {"application/json": {"schema": lists}}}})
    answer = client("POST", "/echo", body, JSON)
    assert (answer.status, answer.json["detail"].partition(":")[0]) == (422, place)
