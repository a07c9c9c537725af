"""Recordings: HAR files of all traffic without secrets, and the checks of what others recorded."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from counterfoil.checks.operation import Operation
from counterfoil.checks.recording.masking import Masking
from counterfoil.checks.recording.writing import entry_of
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.exchange import Exchange, Request, Response
from counterfoil.stub.contract_tree import ContractTree
from tests.live.shop import TOKEN, Answer, Asked, Shop

RUN = ("--stage", "documented", "--stage", "probes", "--stage", "schemathesis", "--max-examples", "2")
# What HAR 1.2 requires of each object, by the place of that object in an entry.
REQUIRED = {
    (): {"startedDateTime", "time", "request", "response", "cache", "timings"},
    ("request",): {
        "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"
    },
    ("response",): {
        "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"
    },
    ("response", "content"): {"size", "mimeType"},
    ("timings",): {"send", "wait", "receive"},
}  # fmt: skip


@pytest.fixture
def har(tmp_path: Path) -> Path:
    return tmp_path / "traffic.har"


def entries_of(har: Path) -> list[dict[str, Any]]:
    log = json.loads(har.read_text("utf-8"))["log"]
    assert log["version"] == "1.2"
    assert {"name", "version"} <= log["creator"].keys()
    entries: list[dict[str, Any]] = log["entries"]
    return entries


def recorded(har: Path, *entries: dict[str, Any]) -> Path:
    log = {"version": "1.2", "creator": {"name": "browser", "version": "1"}, "entries": list(entries)}
    har.write_text(json.dumps({"log": log}), "utf-8")
    return har


def entry(method: str, url: str, status: int, body: Any = None, **content: Any) -> dict[str, Any]:
    text = {} if body is None else {"text": json.dumps(body)}
    headers = [{"name": ":status", "value": str(status)}, {"name": "content-type", "value": "application/json"}]
    return {
        "startedDateTime": "2026-11-21T10:00:00.000Z",
        "time": 12.5,
        "request": {"method": method, "url": url, "headers": []},
        "response": {
            "status": status,
            "headers": headers + content.pop("headers", []),
            "content": {"size": 99, "mimeType": "application/json", **text, **content},
        },
    }


def test_all_traffic_is_recorded(shop: Shop, har: Path) -> None:
    result = shop.tested(*RUN, "--record", str(har))
    assert result.exit_code == 0, result.output
    entries = entries_of(har)
    # The server below the shop answers methods that nobody knows; schemathesis tries at a path of its own what URLs may
    # hold, beside all operations.
    asked = [each for each in shop.asked if not each.path.startswith("/schemathesis-probe")]
    assert len([each for each in entries if each["request"]["method"] != "COUNTERFOIL"]) == len(asked)
    assert {each["_counterfoil"]["source"] for each in entries} >= {"documented", "probes", "coverage", "fuzzing"}
    for each in entries:
        for place, names in REQUIRED.items():
            found = each
            for step in place:
                found = found[step]
            assert names <= found.keys(), place


def test_a_recording_of_a_good_server_is_green(shop: Shop, har: Path) -> None:
    shop.tested(*RUN, "--record", str(har))
    count = len(shop.asked)
    result = shop.run("test", "--replay", str(har))
    assert result.exit_code == 0, result.output
    assert "POST /things: " in result.stdout
    assert len(shop.asked) == count  # nothing is sent


def test_a_recording_shows_what_was_wrong(shop: Shop, har: Path) -> None:
    shop.changed = lambda _, body: body | {"size": "huge"} if isinstance(body, dict) and "size" in body else body
    live = shop.tested("--stage", "documented", "--record", str(har))
    offline = shop.run("test", "--replay", str(har))
    assert live.exit_code == offline.exit_code == 1
    assert "response_schema_conformance: POST /things" in offline.stdout
    assert "/size" in offline.stdout


SECRETS = [TOKEN, "second canary/é+=&", "open-sesame-canary", "cookie-canary-31", "answer-canary-77"]


def leaky(asked: Asked) -> Answer | None:
    """Everything that was sent, in the answer."""
    told = json.dumps(sorted(asked.headers.items())) + asked.body.decode("utf-8", "replace") + asked.query
    cookies = {"Set-Cookie": "session=cookie-canary-31; Path=/; HttpOnly", "X-Told": quote(TOKEN)}
    return Answer(422, cookies, {"detail": told, "access_token": "answer-canary-77"})


def test_no_secret_is_recorded(shop: Shop, har: Path) -> None:
    shop.answers = leaky
    header = f"X-Tenant: {SECRETS[1].encode().decode('latin-1')}"
    result = shop.tested("--header", header, "--header", "Cookie: a=cookie-canary-31", *RUN, "--record", str(har))
    assert "open-sesame" not in har.read_text("utf-8")
    text = har.read_text("utf-8") + result.output
    assert len(entries_of(har)) > 10
    for secret in (TOKEN, "cookie-canary", "answer-canary"):
        for spelling in (
            secret,
            quote(secret, safe=""),
            quote_plus(secret),
            base64.b64encode(secret.encode()).decode(),
        ):
            assert spelling not in text
    assert "second can" not in text
    assert "HttpOnly" in text


def exchange(url: str, headers: dict[str, str], body: bytes, answer: bytes = b"") -> Exchange:
    tree: dict[str, Any] = {"openapi": "3.1.0", "paths": {"/a": {"post": {}}}}
    operation = Operation(tree, "POST", "/a", {}, ContractTree(tree))
    response = Response(200, (("Content-Type", "application/json"),), answer)
    return Exchange(operation, Request("POST", url, tuple(headers.items()), body), response, "valid", True, "ladder")


@pytest.mark.parametrize(
    ("scheme", "token", "sent"),
    [
        ({"type": "apiKey", "in": "query", "name": "key"}, "can/ary+1&x", {"url": "http://a/?key=can%2fary%2B1%26x"}),
        ({"type": "apiKey", "in": "cookie", "name": "key"}, "can-ary-2", {"headers": {"Cookie": "x=1; key=can-ary-2"}}),
        (
            {"type": "http", "scheme": "basic"},
            "user:can-ary-3",
            {"headers": {"Authorization": "Basic dXNlcjpjYW4tYXJ5LTM="}, "answer": b'{"why": "can-ary-3 is wrong"}'},
        ),
        ({"type": "http", "scheme": "bearer"}, "can-ary-4", {"headers": {"Authorization": "Bearer can-ary-"}}),
        ({"type": "http", "scheme": "bearer"}, 'can"ary\\5', {"answer": rb'{"why": "can\"ary\\5"}'}),
        ({"type": "http", "scheme": "bearer"}, "can-ary-6", {"body": b"\xff\xfe can-ary-6"}),
        (
            {"type": "oauth2", "flows": {}},
            "irrelevant-token",
            {
                "headers": {"Content-Type": "application/x-www-form-urlencoded"},
                "body": b"grant_type=password&password=can%2Dary-7",
            },
        ),
        (
            {"type": "oauth2", "flows": {}},
            "irrelevant-token",
            {
                "headers": {"Content-Type": "multipart/form-data; boundary=b"},
                "body": b'--b\r\nContent-Disposition: form-data; name="clientSecret"\r\n\r\ncan-ary-8\r\n--b--\r\n',
                "answer": b'{"why": "can-ary-8 is wrong", "secrets": 1, "secret": ["can-ary"]}',
            },
        ),
        (
            {"type": "oauth2", "flows": {}},
            "irrelevant-token",
            {
                "headers": {"Content-Type": "text/xml"},
                "body": b"<a><b api-key='can-ary'/><s:Password><![CDATA[can-ary]]></s:Password></a>",
            },
        ),
        ({"type": "oauth2", "flows": {}}, "irrelevant-token", {"url": "http://me:can-ary@a/?client_secret=can-ary"}),
        (
            {"type": "oauth2", "flows": {}},
            "irrelevant-token",
            {
                "body": b'{"newPassword": "can-ary", "password_confirmation": "can-ary", "has_password": true}',
                "answer": b'{"stripe_secret_key": "can-ary", "next_page_token": "2", "x-api-key": {"is": "can-ary"}}',
            },
        ),
        (
            {"type": "oauth2", "flows": {}},
            "irrelevant-token",
            {
                "url": "http://a/?to=https%3A%2F%2Fme%3Acan-ary%40b%2F&back=%2Fc%3Fid_token%3Dcan-ary%26x%3D1",
                "headers": {"X-Amz-Signature": "can-ary", "Link": '<https://a/b?p=2&api_key=can-ary>; rel="next"'},
                "body": b'{"file": "https://b/c?X-Amz-Date=1\\u0026X-Amz-Signature=can-ary", "see": "a?token=can-ary"}',
            },
        ),
    ],
)
def test_secrets_are_masked_in_every_place(scheme: dict[str, Any], token: str, sent: dict[str, Any]) -> None:
    masking = Masking({}, Credentials("TOKEN", token, schemes={"s": scheme}))
    found = exchange(**{"url": "http://a/", "headers": {}, "body": b"", **sent})
    text = json.dumps(entry_of(found, masking), ensure_ascii=False)
    body = entry_of(found, masking)["request"].get("postData", {})
    if body.get("_encoding") == "base64":
        text += base64.b64decode(body["text"]).decode("latin-1")
    assert "masked" in text
    for spelling in (token, "ary", "dXNlcjpj"):
        assert spelling not in re.sub("summary|library|boundary", "", text)


def test_what_browsers_record_is_read(shop: Shop, har: Path) -> None:
    thing = {"id": 1, "name": "lamp", "size": "small"}
    packed = base64.b64encode(gzip.compress(json.dumps([thing]).encode())).decode()
    url = "https://api.example.com/things"
    recorded(
        har,
        entry("GET", url, 200, text=packed, encoding="base64", headers=[{"name": "content-encoding", "value": "gzip"}]),
        entry("GET", f"{url}/1", 200, text=base64.b64encode(json.dumps(thing).encode()).decode(), encoding="base64"),
        entry("GET", f"{url}/2", 200),  # the browser left the body out
        entry("GET", "https://cdn.example.com/things", 200, {"not": "ours"}),
        entry("GET", "https://api.example.com/other", 200, {}),
        entry("GET", f"{url}/3", 0),
    )
    result = shop.run("test", "--replay", str(har))
    assert result.exit_code == 0, result.output
    for told in ("1 request to other servers", "1 request without an answer", "1 request whose answers are not"):
        assert told in result.stdout
    assert "GET /other: no operation of the contract (1 time)" in result.stdout


def test_what_browsers_recorded_is_checked(shop: Shop, har: Path) -> None:
    packed = base64.b64encode(gzip.compress(b'[{"id": "one", "name": "lamp", "size": "small"}]')).decode()
    url = "https://api.example.com/v2/things?size=small"
    recorded(
        har,
        entry("GET", url, 200, text=packed, encoding="base64", headers=[{"name": "content-encoding", "value": "gzip"}]),
        entry("GET", url, 418, {"detail": "a teapot"}),
    )
    result = shop.run("test", "--replay", str(har), "--url", "https://api.example.com/v2")
    assert result.exit_code == 1
    assert "/*/id: type" in result.stdout
    assert "undocumented status 418" in result.stdout
    elsewhere = shop.run("test", "--replay", str(har), "--url", "https://other.example.com")
    assert elsewhere.exit_code == 2
    assert "nothing-to-compare" in elsewhere.output


def test_headers_that_hold_no_secret_are_shown(shop: Shop, har: Path) -> None:
    headers = ("-H", "Accept: application/json", "-H", "X-Api-Version: 2026-11-21", "-H", "X-Tenant: tenant-canary-1")
    result = shop.tested(*headers, "--stage", "ladder", "--operation", "listThings", "--record", str(har))
    assert result.exit_code == 0, result.output
    sent = {pair["name"].lower(): pair["value"] for pair in entries_of(har)[0]["request"]["headers"]}
    shown = {name: sent[name] for name in ("accept", "x-api-version", "x-tenant")}
    assert shown == {"accept": "application/json", "x-api-version": "2026-11-21", "x-tenant": "[masked]"}
    assert "application/json" in entries_of(har)[0]["response"]["content"]["mimeType"]
    assert shop.run("test", "--replay", str(har)).exit_code == 0


def test_secrets_that_browsers_recorded_are_shown_nowhere(shop: Shop, har: Path) -> None:
    secrets = ["login-canary-11", "cookie-canary-22", "pin-canary-33", "answer-canary-44"]
    made = entry("POST", "https://api.example.com/things", 201, {"id": "login-canary-11", "token": secrets[3]})
    made["request"]["headers"] = [
        {"name": "authorization", "value": f"Bearer {secrets[0]}"},
        {"name": "cookie", "value": f"session={secrets[1]}"},
    ]
    made["request"]["postData"] = {
        "mimeType": "application/json",
        "text": json.dumps({"name": secrets[1], "size": "small", "pin": secrets[2]}),
    }
    recorded(har, made, {**made, "response": {}})  # Firefox has no answer for what an extension held back
    for command, option in (("test", "--replay"), ("drift", "--har")):
        for form in ((), ("--format", "json")) if command == "test" else ((),):
            told = shop.run(command, option, str(har), *form)
            assert told.exit_code == 1, told.output
            assert [secret for secret in secrets if secret in told.output] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"log": {"entries": [1]}}',
        b'{"log": {"entries": [{"request": {}}]}}',
        b"\xff\x00",
        b'{"log": {"entries": [{"request": {"method": "GET", "url": "http://a:99999"}, "response": {"status": 200}}]}}',
        b'{"log": {"_counterfoil": {"url": "http://["}, "entries": []}}',
    ],
)
def test_what_is_no_recording_is_bad_input(shop: Shop, har: Path, content: bytes) -> None:
    har.write_bytes(content)
    result = shop.run("test", "--replay", str(har))
    assert result.exit_code == 2
    assert "invalid-har" in result.output


def test_short_secrets_are_masked_in_their_fields() -> None:
    contract = {"components": {"schemas": {"A": {"properties": {"pin": {"type": "integer", "writeOnly": True}}}}}}
    found = exchange("http://a/", {}, b'{"pin": 4711, "PASSWORD" : "abc"', b'{"name": "4711 or more"}')
    kept = entry_of(found, Masking(contract, Credentials("TOKEN")))
    assert kept["request"]["postData"]["text"] == '{"pin": "[masked]", "PASSWORD" : "[masked]"'
    assert kept["response"]["content"]["text"] == '{"name": "4711 or more"}'


def test_words_that_are_in_a_token_are_no_secret() -> None:
    words = "acme: the token in other case, a token without its last character"
    assert Credentials("TOKEN", "acme-test-token").mask(words) == words
