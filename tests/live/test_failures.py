"""Servers that do not answer: what is wrong with the way to them is bad input, the rest a finding in plain words."""

import socket
import socketserver
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from counterfoil.checks.wire import client
from tests.contract.loopback import serving
from tests.effort import ending
from tests.live.shop import Shop

ONE = ("--stage", "ladder", "--operation", "listThings")
SOON = (*ONE, "--timeout", "0.5")
MAKE_CERTIFICATE = (
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out ca.pem"
    " -subj /CN=shop -addext subjectAltName=IP:127.0.0.1"
)
ENCODED = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n[]"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: 100\r\n\r\n"


@contextmanager
def raw(
    answer: Callable[[socketserver.StreamRequestHandler], None], context: ssl.SSLContext | None = None
) -> Iterator[str]:
    """A server that reads the head of a request and lets `answer` do the rest; its URL."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            answer(self)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def get_request(self) -> tuple[socket.socket, object]:
            got, address = super().get_request()
            return (context.wrap_socket(got, server_side=True) if context else got), address

        def handle_error(self, *_: object) -> None:
            """Clients that go away are what these tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def hang(handler: socketserver.StreamRequestHandler) -> None:
    """Wait until the client has gone."""
    handler.rfile.read()


def endless(head: bytes, part: bytes) -> Callable[[socketserver.StreamRequestHandler], None]:
    """Write a part again and again, until the client has gone."""

    def answer(handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(head)
        while True:
            handler.wfile.write(part)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (hang, "no answer within 0.5 s"),
        (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "no answer within 0.5 s"),
        (endless(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"), "no answer within 0.5 s"),
        (endless(b"HTTP/1.1 200 OK\r\nx-long: ", b"a"), "no answer within 0.5 s"),
        (endless(HEAD % b"application/json", b" "), "the body came to no end in time"),
        (lambda handler: (handler.wfile.write(HEAD % b"a/b"), hang(handler)), "the body came to no end in time"),
    ],
    ids=["hangs", "100 for ever", "103 for ever", "a head for ever", "a body for ever", "hangs within a body"],
)
def test_an_answer_is_there_in_time(
    shop: Shop, answer: Callable[[socketserver.StreamRequestHandler], None], told: str
) -> None:
    with raw(answer) as url:
        result = shop.run("test", "--url", url, *SOON, "--budget", "1")
    assert result.exit_code == 1, result.output
    assert f"got: {told}" in result.stdout


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda handler: handler.wfile.write(HEAD % b"application/json" + b"["), "the body breaks off"),
        (lambda handler: handler.wfile.write(b"\0\xff what?\r\n"), "what came is no HTTP"),
        (lambda _: None, "the server closed the connection"),
        (lambda handler: handler.wfile.write(ENCODED), "the body is none in the Content-Encoding"),
        (lambda handler: handler.wfile.write(HEAD % (b"a" * 70_000)), "what came is no HTTP: got more than"),
    ],
    ids=["breaks off", "garbage", "closes", "not encoded", "endless header"],
)
def test_what_is_no_answer_is_told(
    shop: Shop, answer: Callable[[socketserver.StreamRequestHandler], None], told: str
) -> None:
    with raw(answer) as url:
        result = shop.run("test", "--url", url, *ONE)
    assert result.exit_code == 1, result.output
    assert f"got: {told}" in result.stdout


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'[{"id": "\xed\xa0\x80", "name": "", "size": "small"}]', "the body of 200 is no JSON"),
        (b"[" + b",".join([b'{"id": "a"}'] * 30_000) + b"]", "breaks its schema at /*/id: type"),
        (b"[" * 100_000, "the body of 200 is no JSON"),
    ],
    ids=["half a pair", "many items", "deep"],
)
def test_what_no_honest_server_answers_is_told_once(shop: Shop, body: bytes, told: str) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    with raw(lambda handler: handler.wfile.write(head + body)) as url:
        result = shop.run("test", "--url", url, *ONE, "--max-cases", "1")
    assert result.exit_code == 1, result.output
    assert result.stdout.count(told) == 1


ODD = (
    (b"date", b"Mon, 01 Jan 99999999999999999999 00:00:00 GMT"),
    (b"location", b"http://[beyond"),
    (b"x-total-count", b"0" * 5_000),
)


def test_what_cannot_be_read_breaks_nothing_off(shop: Shop, tmp_path: Path) -> None:
    async def odd(scope: Any, receive: Any, send: Any) -> None:
        async def told(message: Any) -> None:
            replaced = [pair for pair in message.get("headers", ()) if pair[0].lower() not in dict(ODD)]
            await send({**message, "headers": [*replaced, *ODD]} if "status" in message else message)

        await shop(scope, receive, told)

    shop.changed = lambda _, body: {**body, "status": "4" * 5_000} if isinstance(body, dict) else body
    with serving(odd) as url:
        options = ("--stage", "probes", "--record", str(tmp_path / "odd.har"))
        result = shop.run("test", "--url", url, *options)
    assert result.exit_code == 1, result.output
    assert "Location is no URL" in result.stdout


def test_no_answer_takes_long_to_look_through(shop: Shop) -> None:
    body = b"\n" * 60_000 + b" at "
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    with raw(lambda handler: handler.wfile.write(head + body)) as url, ending():
        result = shop.run("test", "--url", url, *ONE, "--max-cases", "1")
    assert "the body of 200 is no JSON" in result.stdout


def test_a_server_that_is_busy_all_the_time_is_not_said_to_keep_its_contract(shop: Shop) -> None:
    def busy(handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n")

    with raw(busy) as url:
        result = shop.run("test", "--url", url, *ONE)
    assert result.exit_code == 1, result.output
    assert result.stdout.count("success_reached: GET /things: every request is answered as one of too many") == 1
    assert "success_reached at GET /things: valid requests are answered with 429 only" in result.stdout


def test_a_silent_server_is_left_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_SILENCE", 0.8)
    with raw(hang) as url:
        result = shop.run("test", "--url", url, "--timeout", "0.5")
    assert result.exit_code == 1
    assert "the rest: the server has not answered for" in result.stdout


def test_events_never_end(shop: Shop) -> None:
    def events(handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n")
        hang(handler)

    with raw(events) as url:
        result = shop.run("test", "--url", url, *ONE, "--timeout", "1", "--budget", "1")
    assert "no answer" not in result.stdout
    assert "content_type_conformance" in result.stdout


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS, and the file of the certificate that it shows."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", *MAKE_CERTIFICATE.split()],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context, folder / "ca.pem"


@pytest.mark.parametrize("command", ["test", "drift"])
def test_certificates_are_verified(shop: Shop, certified: tuple[ssl.SSLContext, Path], command: str) -> None:
    context, certificate = certified
    only = ONE if command == "test" else ONE[2:]

    def empty(handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]")

    with raw(empty, context) as url:
        untrusted = shop.run(command, "--url", url, *only)
        assert untrusted.exit_code == 2
        assert "endpoint-unreachable: the certificate is not trusted" in untrusted.output
        for chosen in (["--ca", str(certificate)], ["--insecure"]):
            trusted = shop.run(command, "--url", url, *only, *chosen)
            assert "endpoint-unreachable" not in trusted.output
            assert "no answer" not in trusted.output
        plain = shop.run(command, "--url", url, *only, "--ca", __file__)
        assert (plain.exit_code, "not-certificates" in plain.output) == (2, True)


def test_a_proxy_that_lets_nothing_through_is_bad_input(shop: Shop) -> None:
    def refusing(handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")

    with raw(refusing) as proxy:
        for url in ("http://api.invalid", "https://api.invalid"):
            result = shop.run("test", "--url", url, *ONE, "--proxy", proxy)
            assert result.exit_code == 2
            assert "endpoint-unreachable: the proxy does not let requests through" in result.output
