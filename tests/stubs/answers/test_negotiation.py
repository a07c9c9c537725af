"""Answers in the media type that Accept asks for (RFC 9110, section 12.5.1), written as that wants it."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tests.stubs.client import Answer, Client, client_of

PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "name": {"type": "string", "example": "Rex & Co <1>"},
        "tags": {
            "type": "array",
            "example": ["a", "b"],
            "items": {"type": "string", "xml": {"name": "tag"}},
            "xml": {"wrapped": True},
            "allOf": [{"xml": {"name": "labels", "wrapped": False}}],
        },
        "loose": {"type": "array", "items": {"type": "integer"}, "example": [1, 2]},
        "owner": {"type": "object", "properties": {"ok": {"type": "boolean", "example": True}}, "xml": {"prefix": "o"}},
    },
    "xml": {"name": "pet", "namespace": "urn:pets"},
}


def tree(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    operation = {"responses": {"200": {"description": "", "content": content}, **more}}
    paths = {"/pet": {"get": operation}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}


def ask(content: dict[str, Any], accept: str | None) -> Answer:
    client = Client(client_of(tree(content)).stub, {"paths": {}})
    return client("GET", "/pet", headers={} if accept is None else {"accept": accept})


SEVERAL = {
    "text/plain": {"example": "text"},
    "application/json": {"example": "json"},
    "application/vnd.api+json": {"example": "vendor"},
    "application/json; version=2": {"example": "second"},
    "application/xml": {"example": "<xml/>"},
}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/plain", "text/plain"),
        ("TEXT/Plain", "text/plain"),
        ("application/*", "application/json"),
        ("application/json;q=0.8, application/xml", "application/xml"),
        ("application/xml;q=0.8, application/json;q=0.9, */*;q=0.1", "application/json"),
        ("image/webp, application/vnd.api+json", "application/vnd.api+json"),
        ("text/plain, application/json", "text/plain"),
        ("application/json;version=2", "application/json; version=2"),
        ("application/json;charset=utf-8", "application/json"),
        ("*/*, application/json;q=0, text/plain;q=0", "application/vnd.api+json"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/json;q=0.5;level=1, text/plain;q=0.4", "application/json"),
    ],
)
def test_the_media_type_that_is_wanted_most(accept: str | None, media_type: str) -> None:
    answer = ask(SEVERAL, accept)
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize(
    "accept", ["image/png", "*/*;q=0", "application/json;q=0.0, text/html", "text/plain;version=3"]
)
def test_nothing_suits(accept: str) -> None:
    answer = ask(SEVERAL, accept)
    assert (answer.status, answer.headers["content-type"]) == (406, "application/problem+json")
    assert "text/plain" in answer.json["detail"]


def test_the_contract_says_what_not_acceptable_looks_like() -> None:
    error = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
    declared = {"description": "", "content": {"application/json": {"schema": error}}}
    client = client_of(tree({"text/plain": {"example": "x"}}, **{"406": declared}))
    answer = client("GET", "/pet", headers={"accept": "image/png"})
    assert answer.status == 406
    assert "text/plain" in answer.json["message"]


def test_an_answer_without_content_is_always_acceptable() -> None:
    operation = {"responses": {"204": {"description": ""}}}
    client = client_of({"openapi": "3.1.0", "paths": {"/pet": {"get": operation}}})
    assert client("GET", "/pet", headers={"accept": "image/png"}).status == 204


def test_xml_is_written_as_the_schema_says() -> None:
    answer = ask({"application/xml": {"schema": PET}}, "application/xml")
    root = ET.fromstring(answer.text)
    assert root.tag == "{urn:pets}pet"
    assert int(root.attrib["id"]) > 0
    assert root.find("{urn:pets}name").text == "Rex & Co <1>"
    assert [tag.text for tag in root.find("{urn:pets}labels")] == ["a", "b"]
    assert [item.text for item in root.findall("{urn:pets}loose")] == ["1", "2"]


def test_xml_example_is_left_as_it_is() -> None:
    assert ask({"application/xml": {"schema": PET, "example": "<pet id='3'/>"}}, None).text == "<pet id='3'/>"


@pytest.mark.parametrize(
    ("media_type", "schema", "text"),
    [
        ("text/plain", {"type": "string", "example": "pong"}, "pong"),
        ("text/csv", {"type": "string", "example": "a,b\n1,2"}, "a,b\n1,2"),
        ("text/plain", {"type": "integer", "const": 7}, "7"),
        (
            "application/x-www-form-urlencoded",
            {"type": "object", "example": {"a": [1, 2], "b": "x y"}},
            "a=1&a=2&b=x+y",
        ),
        ("application/x-ndjson", {"type": "array", "example": [{"a": 1}, {"a": 2}]}, '{"a":1}\n{"a":2}\n'),
        ("application/octet-stream", {"type": "string", "example": "bytes"}, "bytes"),
    ],
)
def test_other_media_types(media_type: str, schema: dict[str, Any], text: str) -> None:
    answer = ask({media_type: {"schema": schema}}, None)
    assert (answer.headers["content-type"], answer.text) == (media_type, text)


def test_what_was_created_is_written_in_the_wanted_media_type() -> None:
    body = {"required": True, "content": {"application/json": {"schema": PET}}}
    content = {"application/json": {"schema": PET}, "application/xml": {"schema": PET}}
    operation = {"requestBody": body, "responses": {"201": {"description": "", "content": content}}}
    client = client_of(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/pets": {"post": operation}}}
    )
    pet = {"id": 4, "name": "Mina"}
    as_xml = client("POST", "/pets", pet, {"accept": "application/xml"})
    assert as_xml.headers["content-type"] == "application/xml"
    assert ET.fromstring(as_xml.text).find("{urn:pets}name").text == "Mina"
    assert client("POST", "/pets", pet).json["name"] == "Mina"
    assert client("POST", "/pets", pet, {"accept": "image/png"}).status == 406


def test_headers_of_answers() -> None:
    headers = {
        "X-Required": {"required": True, "schema": {"type": "integer", "minimum": 7, "maximum": 7}},
        "X-Example": {"schema": {"type": "array", "items": {"type": "string"}}, "example": ["a", "b"]},
        "X-Optional": {"schema": {"type": "string"}},
        "Content-Type": {"required": True, "schema": {"type": "string"}},
    }
    response = {"description": "", "headers": headers, "content": {"application/json": {"example": {}}}}
    contract = {"openapi": "3.1.0", "paths": {"/pet": {"get": {"responses": {"200": response}}}}}
    answer = Client(client_of(contract).stub, {"paths": {}})("GET", "/pet")
    assert (answer.headers["x-required"], answer.headers["x-example"]) == ("7", "a,b")
    assert answer.headers["content-type"] == "application/json"
    assert "x-optional" not in answer.headers
    assert json.loads(answer.body) == {}
