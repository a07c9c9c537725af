"""A stub answers most requests as soon as they are there, and a client cannot tell: order, bodies and connections."""

import asyncio
import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil.stub import Stub
from counterfoil.stub.background import Background
from counterfoil.stub.call import Call, Reply
from counterfoil.stub.handlers.registry import Handlers

TEXT = {"application/json": {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}
TREE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "paths": {
        "/notes": {
            "post": {
                "requestBody": {"required": True, "content": TEXT},
                "responses": {"201": {"description": "made", "content": TEXT}},
            },
            "get": {"responses": {"200": {"description": "all", "content": {"text/plain": {"example": "none"}}}}},
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
        "/slow": {"get": {"responses": {"200": {"description": "late", "content": TEXT}}}},
        "/brief": {"get": {"responses": {"200": {"description": "odd", "content": TEXT}}}},
        "/odd": {"get": {"responses": {"200": {"description": "odd", "content": TEXT}}}},
    },
}
LARGE = 300_000  # bytes, more than a socket takes at once

handlers = Handlers()


@handlers.operation("GET", "/slow")
async def slow(call: Call[Any, Any]) -> Reply[Any]:
    await asyncio.sleep(0.05)
    return Reply.json(200, {"name": "slow"})


@handlers.operation("GET", "/odd")
async def odd(call: Call[Any, Any]) -> Reply[Any]:
    return Reply(200, b"{}", [(b"x-odd", b"a\r\nset-cookie: b=c")])


def brief(call: Call[Any, Any]) -> Reply[Any]:
    return Reply(200, b"{}", [(b"x-odd", b"a\r\nset-cookie: b=c")])


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where the stub listens."""
    background = Background()
    stub = Stub(TREE).use(handlers)
    stub.operation("GET", "/brief")(brief)
    listening = background.listen(stub)
    yield int(listening.url.rpartition(":")[2])
    listening.close()
    background.close()


def request(line: str, body: bytes | None = None, *headers: str) -> bytes:
    """A request as it is sent, with a body if there is one."""
    lines = [f"{line} HTTP/1.1", "host: x", *headers]
    if body is not None:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def note(name: str) -> bytes:
    return request("POST /notes", json.dumps({"name": name}).encode())


def told(port: int, *parts: bytes) -> bytes:
    """All that is answered to what is sent part by part; the last request closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for part in parts:
            connection.sendall(part)
        found = b""
        while part := connection.recv(65536):
            found += part
    return found


def statuses(answer: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


LAST = request("GET /notes", None, "connection: close")


def test_requests_that_come_at_once_are_answered_in_their_order(port: int) -> None:
    sent = note("one") + request("GET /slow") + note("two") + request("GET /nowhere") + note("three") + LAST
    answer = told(port, sent)
    assert statuses(answer) == [201, 200, 201, 404, 201, 200]
    assert re.findall(rb'"name":"(\w+)"', answer) == [b"one", b"slow", b"two", b"three"]


def test_a_request_may_come_byte_by_byte(port: int) -> None:
    sent = note("bytes") + LAST
    answer = told(port, *(sent[at : at + 1] for at in range(len(sent))))
    assert statuses(answer) == [201, 200]
    assert b'"name":"bytes"' in answer


@pytest.mark.parametrize("size", [0, 65_000, LARGE])
def test_bodies_of_any_length(port: int, size: int) -> None:
    answer = told(port, note("x" * size) + LAST)
    assert statuses(answer) == [201, 200]
    assert b'"name":"%s"' % (b"x" * size) in answer


def test_chunks(port: int) -> None:
    head = request("POST /notes", None, "content-type: application/json", "transfer-encoding: chunked")
    assert b'"name":"chunks"' in told(port, head, b'9\r\n{"name":"\r\n', b'8\r\nchunks"}\r\n0\r\n\r\n' + LAST)


def test_a_client_that_asks_first_is_told_to_continue(port: int) -> None:
    body = b'{"name":"polite"}'
    sent = request("POST /notes", body, "expect: 100-continue")
    assert statuses(told(port, sent[: -len(body)], body + LAST)) == [100, 201, 200]


def test_no_body_where_there_is_none(port: int) -> None:
    head, _, rest = told(port, request("HEAD /notes") + LAST).partition(b"\r\n\r\n")
    assert b"content-length: 4" in head
    assert rest.startswith(b"HTTP/1.1 200")
    gone, _, rest = told(port, request("DELETE /notes") + LAST).partition(b"\r\n\r\n")
    assert b"content-length" not in gone
    assert rest.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "line", ["GET /notes HTTP/1.0\r\n\r\n", "GET /notes HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"]
)
def test_a_connection_is_closed_when_the_client_says_so(port: int, line: str) -> None:
    answer = told(port, line.encode())
    assert statuses(answer) == [200]
    assert b"connection: close" in answer


@pytest.mark.parametrize("path", ["odd", "brief"])
def test_no_header_breaks_a_line(port: int, path: str) -> None:
    answer = told(port, request(f"GET /{path}") + LAST)
    assert statuses(answer) == [500, 200]
    assert b"set-cookie" not in answer
