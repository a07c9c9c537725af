"""Requests that are repeated or made under conditions, and where objects are that were made."""

import json
from typing import Any

import pytest

from tests.stubs.client import JSON, Client
from tests.stubs.resources import ERROR, NEW_PET, PET, body, client_for, ok, operation, path, ref

TAGGED = {"ETag": {"schema": {"type": "string"}}}


def header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": {"type": "string"}}


def pets(made: dict[str, Any] | None = None, shown: dict[str, Any] | None = None, **more: Any) -> Client:
    """Pets of which the operations that make and show one have further members."""
    post = {**operation("201", ref("Pet"), ref("NewPet")), **(made or {})}
    item = {
        "parameters": [path("petId", "integer"), header("If-Match"), header("If-None-Match")],
        "get": {**operation("200", ref("Pet")), **(shown or {})},
        "patch": operation("200", ref("Pet"), {"type": "object", "properties": {"name": {"type": "string"}}}),
        "delete": operation("204"),
    }
    return client_for({"/pets": {"post": post}, "/pets/{petId}": item}, Pet=PET, NewPet=NEW_PET, **more)


@pytest.mark.parametrize("place", ["header", "body"])
def test_what_is_repeated_under_its_key_happens_once(place: str) -> None:
    keyed = {**NEW_PET, "properties": {**NEW_PET["properties"], "idempotency_key": {"type": "string"}}}
    named = {"parameters": [header("Idempotency-Key")]} if place == "header" else {"requestBody": body(keyed)}
    located = {"201": ok(ref("Pet"), headers={"Location": {"schema": {"type": "string"}}})}
    client = pets({"responses": located, **named})

    def made(name: str, key: str) -> tuple[int, Any]:
        sent = {"name": name, **({"idempotency_key": key} if place == "body" else {})}
        headers = {**JSON, **({"idempotency-key": key} if place == "header" else {})}
        answer = client("POST", "/pets", json.dumps(sent).encode(), headers)
        return answer.status, answer.headers.get("location")

    assert [made("Mina", "a"), made("Mina", "a"), made("Mina", "b")] == [
        (201, "/pets/1"), (201, "/pets/1"), (201, "/pets/2"),
    ]  # fmt: skip
    assert made("Rex", "a")[0] == 422
    assert made("", "")[0] == 201


def test_versions_of_objects_are_told_and_heeded() -> None:
    tagged = {"responses": {"200": ok(ref("Pet"), headers=TAGGED), "304": {"description": ""}, "404": ERROR}}
    client = pets({"responses": {"201": ok(ref("Pet"), headers=TAGGED)}}, tagged)
    first = client("POST", "/pets", {"name": "Mina"}).headers["etag"]
    assert client("GET", "/pets/1").headers["etag"] == first
    unchanged = client("GET", "/pets/1", headers={"if-none-match": f'"other", W/{first}'})
    assert (unchanged.status, unchanged.body, unchanged.headers["etag"]) == (304, b"", first)
    assert client("PATCH", "/pets/1", {"name": "Minna"}, {"if-match": first}).status == 200
    assert client("PATCH", "/pets/1", {"name": "Rex"}, {"if-match": first}).status == 412
    assert (
        client("DELETE", "/pets/1", headers={"if-match": f"W/{client('GET', '/pets/1').headers['etag']}"}).status == 412
    )
    assert client("GET", "/pets/1", headers={"if-none-match": first}).json["name"] == "Minna"
    assert client("DELETE", "/pets/1", headers={"if-match": "*"}).status == 204
    assert client("DELETE", "/pets/1", headers={"if-match": "*"}).status == 404


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (None, None),
        ({"Location": {"schema": {"type": "string", "format": "uri"}}}, "http://localhost/pets/1"),
        ({"Location": {"schema": {"type": "string"}}}, "/pets/1"),
        ({"X-Other": {"schema": {"type": "string"}}}, None),
    ],
)
def test_what_was_made_is_located(headers: Any, expected: str | None) -> None:
    client = pets({"responses": {"201": ok(None, **({"headers": headers} if headers else {}))}})
    assert client("POST", "/pets", {"name": "Mina"}).headers.get("location") == expected
    assert client("GET", "/pets/1").json["name"] == "Mina"


def test_object_of_a_key_that_is_made_again_is_the_same_one() -> None:
    told = {"key": {"type": "string"}, "age": {"type": "integer"}}
    made = {**told, "id": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"}}
    asked, shown = {"type": "object", "properties": told}, {"type": "object", "required": [*made], "properties": made}
    one = {"parameters": [path("key")], "get": operation("200", shown)}
    every = {"get": operation("200", {"type": "array", "items": shown}), "post": operation("201", shown, asked)}
    client = client_for({"/sets": every, "/sets/{key}": one})
    first, second = (client("POST", "/sets", {"key": "a", "age": age}).json for age in (1, 2))
    assert second == {**first, "age": 2} == client("GET", "/sets/a").json
    nameless = [client("POST", "/sets", {"key": ""}).json for _ in range(2)]
    assert client("GET", "/sets").json == [second, *nameless]
    assert nameless[0]["id"] != nameless[1]["id"]
