"""Callbacks and webhooks: what is sent, where to, and what is only listed."""

import copy
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from counterfoil.stub import Stub
from counterfoil.stub.background import Background
from counterfoil.stub.callbacks import sending
from tests.command import counterfoil
from tests.stubs.client import ROOT

EVENT = {
    "type": "object",
    "required": ["id", "event", "topic"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "event": {"const": "subscribed"},
        "topic": {"type": "string"},
    },
}
REQUEST = {"required": True, "content": {"application/json": {"schema": EVENT}}}
HEADER = {"name": "X-Kind", "in": "header", "required": True, "schema": {"const": "event"}}
ANSWER = {"type": "object", "required": ["id", "topic"], "properties": {"id": EVENT["properties"]["id"], "topic": {}}}
TREE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Events", "version": "1"},
    "paths": {
        "/subscriptions": {
            "post": {
                "operationId": "subscribe",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["topic"],
                                "properties": {"topic": {"type": "string"}, "url": {"type": "string"}},
                            }
                        }
                    }
                },
                "responses": {"201": {"description": "Made", "content": {"application/json": {"schema": ANSWER}}}},
                "callbacks": {
                    "happened": {
                        "{$request.body#/url}?id={$response.body#/id}&topic={$request.body#/topic}": {
                            "put": {"parameters": [HEADER], "requestBody": REQUEST, "responses": {}}
                        }
                    }
                },
            }
        }
    },
    "webhooks": {"ended": {"post": {"requestBody": REQUEST, "responses": {}}}},
}


class Receiver(http.server.ThreadingHTTPServer):
    """Takes whatever is sent to it, and answers once it is `open`, as it is at first."""

    status = 200

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], Any]] = []
        self.open = threading.Event()
        self.open.set()
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline()
        if not self.parse_request():
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.seen.append((self.command, self.path, dict(self.headers), json.loads(body or b"null")))
        self.server.open.wait()
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url + "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.open.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stub() -> Stub:
    return Stub(TREE)


@pytest.fixture
def url(stub: Stub) -> Iterator[str]:
    background = Background()
    listening = background.listen(stub)
    yield listening.url
    listening.close()
    background.close()


def subscribe(url: str, target: Any, **headers: str) -> httpx.Response:
    body = {"topic": "a b&c", **({} if target is None else {"url": target})}
    return httpx.post(f"{url}/subscriptions", json=body, headers=headers)


def settled(stub: Stub, count: int = 1) -> list[Any]:
    """The callbacks, once there are so many and none of them waits."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if len(stub.callbacks) >= count and all(each.outcome != "waiting" for each in stub.callbacks):
            break
        time.sleep(0.005)
    return stub.callbacks


def test_a_callback_is_sent_after_the_answer(stub: Stub, url: str, receiver: Receiver) -> None:
    answer = subscribe(url, f"{receiver.url}/hook").json()
    (callback,) = settled(stub)
    ((method, path, headers, body),) = receiver.seen
    assert (method, path) == ("PUT", f"/hook?id={answer['id']}&topic=a%20b%26c")
    assert body == {"id": answer["id"], "event": "subscribed", "topic": "a b&c"} == callback.body
    assert (headers["X-Kind"], headers["Content-Type"]) == ("event", "application/json")
    assert (callback.name, callback.operation) == ("happened", "POST /subscriptions")
    assert (callback.outcome, callback.status) == ("sent", 200)


def test_the_answer_waits_for_nothing(stub: Stub, url: str, receiver: Receiver) -> None:
    receiver.open.clear()
    assert subscribe(url, receiver.url).status_code == 201
    assert [each.outcome for each in stub.callbacks] == ["waiting"]
    receiver.open.set()
    assert [each.outcome for each in settled(stub)] == ["sent"]


def test_nobody_is_waited_for_for_ever(
    stub: Stub, url: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT", 0.1)
    receiver.open.clear()
    subscribe(url, receiver.url)
    (callback,) = settled(stub)
    assert (callback.outcome, callback.status) == ("failed", None)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert subscribe(url, f"http://127.0.0.1:{closed.getsockname()[1]}").status_code == 201
        assert [each.outcome for each in settled(stub, 2)] == ["failed", "failed"]


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://example.com/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::ffff:10.0.0.1]/",
        "http://127.0.0.1.example.com/",
        "http://user:password@127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "//127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://[127.0.0.1/",
        "nonsense",
        "",
    ],
)
def test_what_leads_elsewhere_is_listed_only(
    stub: Stub, url: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = []
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *given, **more: (looked_up.append(given[0]), look_up(*given, **more))[1]
    )
    assert subscribe(url, target).status_code == 201
    (callback,) = settled(stub)
    assert (callback.outcome, bool(callback.reason), callback.status) == ("listed", True, None)
    assert set(looked_up) <= {"127.0.0.1"}  # the client, looking for the stub


@pytest.mark.parametrize(
    ("allowed", "leads_to", "outcome"),
    [
        (("hooks.test",), "127.0.0.1", "sent"),
        (("HOOKS.test:{port}",), "127.0.0.1", "sent"),
        (("hooks.test:1",), "127.0.0.1", "listed"),
        (("other.test",), "127.0.0.1", "listed"),
        (("hooks.test",), "10.1.2.3", "listed"),
        (("hooks.test",), "::ffff:192.168.0.1", "listed"),
        (("hooks.test", "10.1.0.0/16"), "10.1.2.3", "failed"),
        (None, "127.0.0.1", "listed"),
    ],
)
def test_users_allow_hosts(
    url: str,
    stub: Stub,
    receiver: Receiver,
    allowed: Any,
    leads_to: str,
    outcome: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **named: look_up(leads_to if host == "hooks.test" else host, *more, **named),
    )
    if outcome == "failed":
        monkeypatch.setattr(sending, "TIMEOUT", 0.1)
    port = receiver.server_port
    stub.configure(allow_callbacks=allowed and tuple(each.format(port=port) for each in allowed))
    subscribe(url, f"http://hooks.test:{port}/")
    assert settled(stub)[0].outcome == outcome
    assert len(receiver.seen) == (outcome == "sent")
    assert [seen[2]["Host"] for seen in receiver.seen] == [f"hooks.test:{port}"] * len(receiver.seen)


def test_redirections_are_not_followed(stub: Stub, url: str, receiver: Receiver) -> None:
    receiver.status = 307
    subscribe(url, receiver.url)
    assert [(each.outcome, each.status) for each in settled(stub)] == [("sent", 307)]
    assert len(receiver.seen) == 1


def test_a_url_smuggles_no_headers(stub: Stub, url: str, receiver: Receiver) -> None:
    subscribe(url, f"{receiver.url}/a b\r\nX-Evil: 1\r\n\r\nGET /c")
    settled(stub)
    assert [("X-Evil" in headers, len(path.split())) for _, path, headers, _ in receiver.seen] == [(False, 1)]


def test_a_contract_smuggles_no_headers(receiver: Receiver) -> None:
    names = ("Transfer-Encoding", "Host", "X\r\nX-Evil", "X-Good")
    parameters = [
        {"name": name, "in": "header", "required": True, "schema": {"const": "a\r\nX-Worse: 1"}} for name in names
    ]
    Stub({"webhooks": {"ended": {"post": {"parameters": parameters}}}, "paths": {}}).trigger_webhook(
        "ended", receiver.url
    )
    (headers,) = (seen[2] for seen in receiver.seen)
    assert headers["X-Good"].startswith("a")
    assert headers["Host"] in receiver.url
    assert not headers.keys() & {"Transfer-Encoding", "X-Evil", "X-Worse", "X"}


def test_only_what_succeeds_calls_back(stub: Stub, url: str, receiver: Receiver) -> None:
    assert httpx.post(f"{url}/subscriptions", json={"url": receiver.url}).status_code == 422
    subscribe(url, None)
    stub.fail_next("subscribe")
    assert subscribe(url, receiver.url).status_code == 500
    stub.fail_next("subscribe", drop="before")
    with pytest.raises(httpx.HTTPError):
        subscribe(url, receiver.url)
    assert (stub.callbacks, receiver.seen) == ([], [])
    stub.fail_next("subscribe", latency=1)
    subscribe(url, receiver.url)
    assert [each.outcome for each in settled(stub)] == ["sent"]


def test_a_stub_that_calls_itself_does_so_once() -> None:
    tree = copy.deepcopy(TREE)
    operation = tree["paths"]["/subscriptions"]["post"]
    operation["callbacks"] = {"again": {"$request.body#/url": {"post": {"requestBody": operation["requestBody"]}}}}
    stub, background = Stub(tree), Background()
    listening = background.listen(stub)
    subscribe(listening.url, f"{listening.url}/subscriptions")
    (callback,) = settled(stub)
    listening.close()
    background.close()
    assert (callback.outcome, callback.status, callback.body["topic"]) == ("sent", 201, "a b&c")
    assert callback.body["url"] == callback.url
    assert [each.status for each in stub.requests] == [201, 201]


def test_webhooks_are_triggered(stub: Stub, url: str, receiver: Receiver) -> None:
    control = f"{url}/__counterfoil__"
    assert httpx.get(f"{control}/webhooks").json() == ["ended"]
    done = httpx.post(
        f"{control}/webhooks/ended", json={"url": f"{receiver.url}/end"}, params={"session": "mine"}
    ).json()
    assert (done["outcome"], done["status"], done["operation"]) == ("sent", 200, None)
    assert (receiver.seen[0][:2], receiver.seen[0][3]) == (("POST", "/end"), done["body"])
    assert done["body"]["event"] == "subscribed"
    assert httpx.get(f"{control}/callbacks", params={"session": "mine"}).json() == [done]
    assert httpx.get(f"{control}/callbacks").json() == []
    assert httpx.delete(f"{control}/callbacks", params={"session": "mine"}).status_code == 204
    assert stub.session("mine").callbacks == []
    assert httpx.post(f"{control}/webhooks/begun", json={}).status_code == 404
    assert httpx.post(f"{control}/webhooks/ended", json={"uri": "x"}).status_code == 422
    assert httpx.post(f"{control}/webhooks/ended").json()["outcome"] == "listed"


def test_webhooks_are_triggered_from_python(stub: Stub, receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    assert stub.trigger_webhook("ended", receiver.url, body={"own": 1}).status == 200
    assert receiver.seen[0][3] == {"own": 1}
    assert stub.trigger_webhook("ended", "http://10.0.0.1/").reason == "10.0.0.1 is not allowed"
    stub.trigger_webhook("ended", "http://10.0.0.1/")
    assert [record.message.partition(";")[0] for record in caplog.records] == [
        "ended is not sent: 10.0.0.1 is not allowed"
    ]
    assert [each.outcome for each in stub.callbacks] == ["sent", "listed", "listed"]
    stub.reset()
    assert stub.callbacks == []
    with pytest.raises(ValueError, match="it has ended"):
        stub.trigger_webhook("begun")


def test_what_is_no_host_is_told() -> None:
    done = counterfoil("serve", "unibee", "--allow-callbacks", "http://hooks.test/", cwd=ROOT)
    assert done.returncode == 2
    assert "is no host, address or network" in done.stderr
