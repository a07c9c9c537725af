"""What arrives on a socket may be no HTTP at all: a served stub answers or closes, and goes on serving."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil.stub import Stub, connection
from counterfoil.stub.background import Background
from tests.stubs.requests.fuzzing import STATUS, fuzz, send
from tests.stubs.requests.raw_requests import RawRequest, RawRequests
from tests.stubs.requests.test_bodies import ORDER

TREE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Orders", "version": "1"},
    "security": [{"session": []}, {}],
    "paths": {
        "/orders": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"type": "object", "properties": {"a": {"type": "number"}}}},
                        "application/x-www-form-urlencoded": {"schema": ORDER},
                        "multipart/form-data": {"schema": ORDER},
                        "application/xml": {"schema": ORDER},
                        "text/plain": {"schema": {"type": "string"}},
                    },
                },
                "responses": {"201": {"description": "made", "content": {"application/json": {"schema": {}}}}},
            },
            "get": {
                "parameters": [
                    {"name": "p", "in": "query", "style": "deepObject", "schema": {"type": "object"}},
                    {"name": "n", "in": "query", "schema": {"type": "integer"}},
                    {"name": "c", "in": "cookie", "schema": {"type": "array", "items": {"type": "integer"}}},
                    {"name": "X-N", "in": "header", "schema": {"type": "integer"}},
                ],
                "responses": {"200": {"description": "all", "content": {"application/json": {"schema": {}}}}},
            },
        },
        "/orders/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "one", "content": {"application/json": {"schema": {}}}}},
            }
        },
    },
    "components": {"securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "s"}}},
}
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[int, Stub]]:
    """The port of a served stub, and the stub."""
    stub, background = Stub(TREE), Background()
    listening = background.listen(stub)
    yield int(listening.url.rpartition(":")[2]), stub
    listening.close()
    background.close()


def answers(port: int, content: bytes, pieces: int = 1) -> list[int]:
    """The statuses that are answered to a client that sends this and no more."""
    return [int(found) for found in STATUS.findall(send(port, RawRequest(content, pieces)))]


def get(target: bytes, *headers: bytes) -> bytes:
    return b"GET %s HTTP/1.1\r\n%s\r\n" % (target, b"".join(line + b"\r\n" for line in (b"host: x", *headers)))


def post(body: bytes, media_type: bytes = b"application/json", *headers: bytes) -> bytes:
    lines = (b"host: x", b"content-type: " + media_type, b"content-length: %d" % len(body), *headers)
    return b"POST /orders HTTP/1.1\r\n%s\r\n%s" % (b"".join(line + b"\r\n" for line in lines), body)


def chunked(*chunks: bytes) -> bytes:
    head = b"POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


FORM, PARTS, XML = b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=b", b"application/xml"
REQUESTS: dict[str, tuple[bytes, set[int | None]]] = {
    "nothing like HTTP": (b"\x16\x03\x01\x02\x00\x01\x00", {400, None}),
    "HTTP/0.9": (b"GET /orders\r\n\r\n", {200, 400, None}),
    "an unknown version": (b"GET /orders HTTP/9.9\r\nhost: x\r\n\r\n", {400, None, 200}),
    "an unknown method": (b"BREW /orders HTTP/1.1\r\nhost: x\r\n\r\n", {400, 405}),
    "a header without a colon": (get(b"/orders", b"nonsense"), {400}),
    "a name with a space": (get(b"/orders", b"a b: c"), {400}),
    "NUL in a header": (get(b"/orders", b"a: \x00"), {400}),
    "bytes in a header": (get(b"/orders", b"X-N: \xff\xfe"), {422}),
    "bytes in a cookie": (get(b"/orders", b"cookie: c=\xff; =; ;; s"), {422}),
    "a header of 1 MiB": (get(b"/orders", b"a: " + b"x" * MIB), {431}),
    "20,000 headers": (get(b"/orders", *[b"a%d: b" % number for number in range(20_000)]), {431}),
    "a target of 1 MiB": (get(b"/" + b"x" * MIB), {414}),
    "two lengths": (post(b"{}", b"application/json", b"content-length: 3"), {400}),
    "length and chunks": (post(b"{}", b"application/json", b"transfer-encoding: chunked"), {400, None}),
    "a length below zero": (b"POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n", {400}),
    "a huge length": (b"POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 1%s\r\n\r\n" % (b"0" * 30), {400}),
    "a bad chunk": (chunked() + b"zz\r\n", {400}),
    "chunks over the limit": (chunked(*[b"[" * 65536] * 20) + b"0\r\n\r\n", {413}),
    "a body over the limit": (post(b" " * (MIB + 1)), {413}),
    "an absolute target": (get(b"http://x/orders"), {200}),
    "an absolute target elsewhere": (get(b"http://other.example/nowhere"), {404}),
    "an asterisk": (b"OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n", {200, 204, 400, 404}),
    "dots": (get(b"/orders/../../etc/passwd"), {404}),
    "encoded dots": (get(b"/%2e%2e/%2e%2e/etc/passwd"), {404}),
    "an encoded slash": (get(b"/orders/..%2f..%2fetc"), {200, 404}),
    "NUL in a path": (get(b"/orders/%00"), {200, 404}),
    "bytes in a path": (get(b"/orders/%ff%fe"), {422}),
    "raw bytes in a path": (get(b"/orders/\xff"), {200, 400, 404, 422}),
    "half an escape": (get(b"/orders/%"), {200, 404}),
    "an escape of no digits": (get(b"/orders/%zz?n=%zz"), {422, 200, 404}),
    "bytes in a query": (get(b"/orders?n=%ff&%ff=%ff&p[%ff]=1"), {422}),
    "NUL in a query": (get(b"/orders?n=%00"), {422}),
    "surrogates in a query": (get(b"/orders?n=%ED%A0%80"), {422}),
    "many brackets": (get(b"/orders?p" + b"[a]" * 5000 + b"=1"), {200}),
    "brackets that contradict": (get(b"/orders?p[a]=1&p[a][b]=2&p[a]=3&p[][]=4&p[][c]=5&p[=6&p]=7"), {200, 422}),
    "a gigantic integer": (get(b"/orders?n=" + b"9" * 5000), {422}),
    "beyond floats": (get(b"/orders?n=1e999"), {422}),
    "deep JSON": (post(b"[" * 100_000), {400}),
    "deep JSON that closes": (post(b"[" * 100_000 + b"]" * 100_000), {400}),
    "1e999": (post(b'{"a": 1e999}'), {400}),
    "1E+400": (post(b'{"a": [1E+400]}'), {400}),
    "a number of 5,000 digits": (post(b'{"a": %s}' % (b"9" * 5000)), {400}),
    "a number of 290 digits": (post(b'{"a": %s}' % (b"9" * 290)), {201}),
    "a lone surrogate": (post(b'{"a\\ud800": 1}'), {400}),
    "equal names": (post(b'{"a": "x", "a": 1}'), {201}),
    "UTF-16": (post('{"a": 1}'.encode("utf-16")), {400}),
    "a form of bytes": (post(b"id=%ff%00&\xff=\xff&&==&[]=1", FORM), {400}),
    "a form of brackets": (post(b"id=1&to" + b"[a]" * 3000 + b"=1", FORM), {201, 422}),
    "parts without end": (post(b"--b\r\n" * 1000, PARTS), {400}),
    "parts of bytes": (post(b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--b--', PARTS), {400}),
    "laughs": (post(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', XML), {400}),
    "deep XML": (post(b"<a>" * 50_000, XML), {400}),
    "XML of bytes": (post(b"<a>\xff</a>", XML), {400}),
    "a charset of a path": (post(b"x", b"text/plain; charset=../../etc/passwd"), {400}),
    "a charset with NUL": (post(b"x", b"text/plain; charset=%00"), {400}),
    "a media type of bytes": (post(b"x", b"\xff/\xfe"), {415}),
}


@pytest.mark.parametrize(("request_bytes", "statuses"), REQUESTS.values(), ids=REQUESTS.keys())
def test_a_stub_goes_on(served: tuple[int, Stub], request_bytes: bytes, statuses: set[int | None]) -> None:
    port, stub = served
    assert next(iter(answers(port, request_bytes)), None) in statuses
    assert stub.failures == []
    assert answers(port, post(b'{"a": 1}')) == [201]


UPGRADE = (b"connection: Upgrade, HTTP2-Settings", b"upgrade: h2c", b"http2-settings: AAMAAABkAAQAAP__")
GOOD = post(b'{"a": 1}')


@pytest.mark.parametrize(
    ("content", "pieces", "statuses"),
    [
        (GOOD * 3, 1, [201, 201, 201]),
        (GOOD * 3, 8, [201, 201, 201]),
        (GOOD + b"\0nonsense", 1, [201, 400]),
        (GOOD + get(b"/orders", b"a b: c") + GOOD, 1, [201, 400]),
        (post(b'{"a": 1}', b"application/json", b"expect: 100-continue"), 8, [100, 201]),
        (post(b'{"a": 1}', b"application/json", *UPGRADE) + get(b"/orders", *UPGRADE) + GOOD, 1, [201, 200, 201]),
        (post(b'{"a": 1}', b"application/json", *UPGRADE) + GOOD, 8, [201, 201]),
        (get(b"/orders", b"upgrade: websocket", b"connection: upgrade") + GOOD, 1, [200, 201]),
        (b"CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n" + GOOD, 1, [400]),
        (b"GET /orders HTTP/1.1\r\na: " + b"x" * 80_000, 8, [431]),
        (b"GET /" + b"x" * 80_000, 8, [414]),
        (b"GET /" + b"x" * 70_000, 3, [414]),
        (b"GET /orders HTTP/1.1\r\na: " + b"x" * 70_000, 3, [431]),
        (b"\r\n" + GOOD + b"GET /" + b"x" * 140_000, 3, [201, 414]),
        (b"\r\n" + GOOD + b"GET /" + b"x" * 140_000, 1, [201, 414]),
        (GOOD + b"GET /orders HTTP/1.1\r\na: " + b"x" * 140_000, 1, [201, 431]),
        (b"GET /" + b"x" * 400_000, 4, [414]),
        (b"GET /orders HTTP/1.1\r\nhost: x\r\na: " + b"x" * 400_000, 4, [431]),
        (post(b" " * (2 * MIB)) + GOOD, 8, [413, 201]),
        (post(b" " * 200_000 + b'{"a": 1}') + GOOD, 1, [201, 201]),
        (chunked(b'{"a"', b": 1}") + b"0\r\nx: y\r\n\r\n" + GOOD, 8, [201, 201]),
    ],
)
def test_several_requests_of_one_connection(
    served: tuple[int, Stub], content: bytes, pieces: int, statuses: list[int]
) -> None:
    assert answers(served[0], content, pieces) == statuses


@pytest.mark.parametrize("share", [1, 20, 60, 90])
def test_a_request_that_breaks_off(served: tuple[int, Stub], share: int) -> None:
    port, stub = served
    known = len(stub.requests)
    assert answers(port, GOOD[: len(GOOD) * share // 100]) == []
    assert (stub.failures, len(stub.requests)) == ([], known)


def test_a_request_that_does_not_go_on(served: tuple[int, Stub], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.05)
    for part in (GOOD[:20], GOOD[:-2]):
        with socket.create_connection(("127.0.0.1", served[0]), timeout=5) as client:
            client.sendall(part)
            assert client.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_requests_drawn_at_random(served: tuple[int, Stub], caplog: pytest.LogCaptureFixture) -> None:
    port, stub = served
    complaints: list[str] = []
    seen = fuzz(
        port, RawRequests(TREE, 1), 200, lambda request, what: complaints.append(f"{what}: {request.content!r}")
    )
    assert (complaints, stub.failures) == ([], [])
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert {200, 201, 400, 404, 405, 415, 422, 431} < seen.keys()
