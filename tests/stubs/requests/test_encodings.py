"""Compressed bodies are read as what they were (RFC 9110, section 8.4), and bounded."""

import gzip
import sys
import zlib
from types import SimpleNamespace
from typing import Any

import pytest

from tests.stubs.client import Answer
from tests.stubs.echoing import echo_client

BODY = b'{"a": 1}'
MIB = 1024 * 1024


def send(body: bytes, encoding: str, content: Any = None, **operation: Any) -> Answer:
    content = content or {"application/json": {"schema": {"type": "object", "required": ["a"]}}}
    client = echo_client({"requestBody": {"content": content}, **operation})
    return client("POST", "/echo", body, {"content-type": next(iter(content)), "content-encoding": encoding})


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)  # which else tells the time


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzipped(BODY)),
        ("X-GZIP", gzipped(BODY[:3]) + gzipped(BODY[3:]) + b"\0\0"),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw_deflate(BODY)),
        ("deflate, gzip", gzipped(zlib.compress(BODY))),
        ("identity", BODY),
        ("", BODY),
    ],
)
def test_compressed_bodies(encoding: str, body: bytes) -> None:
    answer = send(body, encoding)
    assert (answer.status, answer.json["value"]) == (200, {"a": 1})


def test_forms_and_the_journal_see_what_was_compressed() -> None:
    content = {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}
    client = echo_client({"requestBody": {"content": content}})
    headers = {"content-type": next(iter(content)), "content-encoding": "gzip"}
    assert client("POST", "/echo", gzipped(b"a=1"), headers).json["value"] == {"a": "1"}
    assert client.stub.requests[0].body == "a=1"


@pytest.mark.parametrize(
    ("encoding", "body", "status", "detail"),
    [
        ("gzip", BODY, 400, "the body is not compressed as it says"),
        ("gzip", gzipped(BODY)[:-9], 400, "breaks off"),
        ("gzip", gzipped(b"") * 101, 400, "more than 100 parts"),
        ("gzip", gzipped(b'{"b": 1}'), 422, "required"),
        ("gzip", gzipped(b" " * (MIB + 1)), 413, "too large"),
        ("gzip", gzipped(b" " * 100_000) * 20, 413, "too large"),
        ("gzip, gzip", gzipped(gzipped(b" " * 10 * MIB)), 413, "too large"),
        ("zstd", BODY, 415, "The content encoding of the request body is not supported."),
        ("gzip, gzip, gzip, gzip", BODY, 415, "encoding"),
    ],
)
def test_what_cannot_be_read_is_refused(encoding: str, body: bytes, status: int, detail: str) -> None:
    answer = send(body, encoding)
    assert (answer.status, detail in answer.json["detail"]) == (status, True), answer.text
    assert answer.headers.get("accept-encoding", "").startswith("gzip, deflate") == (status == 415)


def test_bodies_that_nobody_reads_stay_as_they_are() -> None:
    client = echo_client({})
    assert client("GET", "/echo", b"x", {"content-encoding": "zstd"}).status == 200


def test_brotli_is_understood_where_there_is_a_library_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in with the interface of the package `brotli`, which need not be installed: it doubles each byte."""
    from counterfoil.stub.requests.bodies import encodings

    class Decompressor:
        def __init__(self) -> None:
            self.rest = b""

        def process(self, data: bytes, output_buffer_limit: int) -> bytes:
            self.rest += bytes(byte for byte in data for _ in range(2))
            part, self.rest = self.rest[:output_buffer_limit], self.rest[output_buffer_limit:]
            return part

        def can_accept_more_data(self) -> bool:
            return not self.rest

        def is_finished(self) -> bool:
            return True

    monkeypatch.setitem(sys.modules, "brotli", SimpleNamespace(Decompressor=Decompressor, error=KeyError))
    encodings._brotli.cache_clear()
    try:
        assert encodings.understood() == "gzip, deflate, br"
        assert encodings.decoded(b"abc", b"br", 6) == b"aabbcc"
        with pytest.raises(encodings.TooLargeError):
            encodings.decoded(b"abc", b"br", 5)
    finally:
        monkeypatch.undo()
        encodings._brotli.cache_clear()
