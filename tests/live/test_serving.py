"""`counterfoil serve --record`, a proxy that checks both sides, and `--replay`, a server that repeats a recording."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.command import COUNTERFOIL
from tests.live.shop import TOKEN, Answer, Shop
from tests.live.test_recording import entry, recorded

TEAM = "blue-canary-82"
KEY = {"X-Shop-Key": TOKEN}
LAMP = {"name": "lamp", "size": "small", "pin": "open-sesame"}


@contextmanager
def served(shop: Shop, *arguments: str) -> Iterator[tuple[httpx.Client, list[str]]]:
    """A client of `counterfoil serve shop`; what that wrote to standard error is there at the end."""
    command = [str(COUNTERFOIL), "serve", "shop", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    told: list[str] = []
    process = subprocess.Popen(
        command, cwd=shop.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = next((word for word in line.split() if word.startswith("http")), "")
        assert url, process.stderr.read() if process.stderr else ""
        with httpx.Client(base_url=url, headers=KEY, trust_env=False, timeout=60) as client:
            yield client, told
    finally:
        process.send_signal(signal.SIGINT)
        told.append(process.communicate(timeout=60)[1])


def test_a_proxy_records_and_checks_both_sides(shop: Shop, tmp_path: Path) -> None:
    har = tmp_path / "traffic.har"
    shop.changed = lambda asked, body: body | {"size": "huge"} if asked.path == "/things/1" and body else body
    options = ("--har", str(har), "-H", f"X-Team: {TEAM}", "--timeout", "60")
    with shop.serving() as url, served(shop, "--record", url, *options) as (client, told):
        assert client.get("/things", params={"size": "vast"}).status_code == 422
        made = client.post("/things", json=LAMP)
        assert (made.status_code, made.json()["name"]) == (201, "lamp")
        assert client.post("/things", json={"name": 5}).status_code == 422
        assert client.get("/things/1").json()["size"] == "huge"
        assert client.delete("/things/1").status_code == 204
        assert client.get("/nowhere").status_code == 404
    (text,) = told
    assert 'GET /things 422: request: the query parameter size breaks its schema: must be one of "small", ' in text
    assert "POST /things 422: request: the body breaks its schema" in text
    assert "GET /things/{thingId} 200: answer: response_schema_conformance" in text
    assert "/nowhere: no operation of the contract" in text
    assert text.count("POST /things") == 1
    entries = json.loads(har.read_text("utf-8"))["log"]["entries"]
    assert [each["response"]["status"] for each in entries] == [422, 201, 422, 200, 204, 404]
    for secret in (TOKEN, TEAM, "open-sesame"):
        assert secret not in har.read_text("utf-8") + text
    assert (shop.asked[0].headers["x-shop-key"], shop.asked[0].headers["x-team"]) == (TOKEN, TEAM)
    assert "GET /nowhere: no operation of the contract (1 time)" in shop.run("drift", "--har", str(har)).stdout
    assert shop.run("test", "--replay", str(har)).exit_code == 1


def test_a_server_that_is_gone_is_a_bad_gateway(shop: Shop) -> None:
    with shop.serving() as url:
        running = served(shop, "--record", url)
        client, told = running.__enter__()
    assert client.get("/things").status_code == 502
    running.__exit__(None, None, None)
    assert "no answer" in told[0]


def test_what_was_recorded_is_answered_again(shop: Shop, tmp_path: Path) -> None:
    har = tmp_path / "traffic.har"
    with shop.serving() as url, served(shop, "--record", url, "--har", str(har)) as (client, _):
        first = [client.post("/things", json=LAMP).json(), client.get("/things/1").json(), client.get("/things").json()]
        client.delete("/things/1")
        client.get("/things/1")
        nowhere = client.get("/nowhere").text
        client.post("/things", json=LAMP | {"name": f"of {TOKEN}"})
    with served(shop, "--replay", str(har)) as (client, _):
        made = client.post("/things", json={**LAMP, "pin": "anything else"})
        assert [made.json(), client.get("/things/1").json(), client.get("/things").json()] == first
        assert [client.get("/things/1").status_code for _ in range(2)] == [404, 404]
        assert client.get("/nowhere").text == nowhere
        assert client.post("/things", json={**LAMP, "name": "another"}).status_code == 404
        assert client.post("/things", json={**LAMP, "name": "of mine"}).status_code == 201
        assert len(made.headers.get_list("date")) == 1
        assert client.get("/things", params={"size": "small"}).status_code == 404


def test_the_stub_answers_the_rest(shop: Shop, tmp_path: Path) -> None:
    thing: Any = {"id": 7, "name": "from the file", "size": "large"}
    har = recorded(tmp_path / "live.har", entry("GET", "https://api.example.com/things/7", 200, thing))
    with served(shop, "--replay", str(har), "--fallback") as (client, _):
        assert client.get("/things/7").json() == thing
        assert client.post("/things", json=LAMP).status_code == 201
        assert client.get("/things/1").json()["name"] == "lamp"


@pytest.mark.parametrize(
    "options",
    [
        ["--record", "ftp://a"],
        ["--replay", "missing.har"],
        ["--record", "http://u:p@h"],
        ["--har", "traffic.har"],
        ["--record", "http://127.0.0.1:1", "--replay", "a.har"],
        ["--record", "http://127.0.0.1:1", "--ca", "missing.pem"],
    ],
)
def test_what_cannot_be_served_is_bad_input(shop: Shop, options: list[str]) -> None:
    assert shop.run("serve", *options).exit_code == 2


def test_an_answer_without_body_is_passed_on(shop: Shop) -> None:
    shop.answers = lambda _: Answer(304)
    with shop.serving() as url, served(shop, "--record", url) as (client, _):
        assert client.get("/things").status_code == 304
