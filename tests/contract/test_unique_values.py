"""Values that no two objects may share are made fresh, and stay what they are there to try."""

import json
from functools import partial

import pytest

from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.objects.existing import Existing
from counterfoil.checks.operation import Operation, operations
from counterfoil.checks.semantics.leaks.written import Written
from counterfoil.checks.unique import UniqueValues
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange, Request, Response


def _operation(schema: dict[str, object]) -> Operation:
    code = {**schema, "x-counterfoil": {"unique": True}}
    content = {"application/json": {"schema": {"type": "object", "properties": {"code": code}}}}
    post = {"requestBody": {"content": content}, "responses": {"201": {"description": "made"}}}
    return operations({"openapi": "3.1.0", "paths": {"/codes": {"post": post}}})[0]


def _note(asked: list[str], draft: Draft) -> None:
    asked.append(draft.operation.path)


def _sent(schema: dict[str, object], value: str, count: int) -> list[str]:
    operation, unique = _operation(schema), UniqueValues("ab12")
    return [unique.refresh(operation, {"code": value})["code"] for _ in range(count)]


def test_shortest_text_stays_the_shortest_twice() -> None:
    for schema, value in (
        ({"type": "string", "minLength": 3}, "abc"),
        ({"type": "string", "pattern": "^[A-Z][A-Z0-9]{3,30}$"}, "A000"),
    ):
        sent = _sent(schema, value, 5)
        assert len(set(sent)) == 5, "each is sent once"
        assert [len(each) for each in sent[:2]] == [len(value)] * 2, "what is too short for some servers is tried"
        assert all(len(each) > len(value) for each in sent[2:]), "there are more longer texts than short ones"


def test_longest_text_stays_within_its_bounds() -> None:
    sent = _sent({"type": "string", "maxLength": 4}, "abcd", 5)
    assert len(set(sent)) == 5
    assert all(len(each) == 4 for each in sent)


def test_reference_that_is_an_empty_text_names_no_object() -> None:
    text = {"type": "string"}
    rack = {"type": "object", "required": ["id"], "properties": {"id": text, "name": text}}
    box = {"type": "object", "properties": {"rack_id": text, "name": text}}
    made = {"201": {"description": "made", "content": {"application/json": {"schema": rack}}}}
    name = {"application/json": {"schema": {"type": "object", "properties": {"name": text}}}}
    key = {"name": "id", "in": "path", "required": True, "schema": text}
    paths: dict[str, object] = {
        "/racks": {"post": {"requestBody": {"content": name}, "responses": made}},
        "/racks/{id}": {"get": {"parameters": [key], "responses": {"200": made["201"]}}},
        "/boxes/{id}": {"get": {"parameters": [key], "responses": {"200": made["201"]}}},
    }
    for shown, wanted in (("", []), ("top", ["/racks"])):
        content = {"application/json": {"schema": box, "example": {"rack_id": shown, "name": "a"}}}
        post = {"requestBody": {"content": content}, "responses": made}
        found = operations({"openapi": "3.1.0", "paths": paths | {"/boxes": {"post": post}}})
        asked: list[str] = []
        existing = Existing(found, ValidRequests(Instances(found[0].schemas)))
        draft = Draft(next(each for each in found if each.path == "/boxes")).with_json({"rack_id": shown, "name": "a"})
        existing.aimed(draft, partial(_note, asked))
        assert asked == wanted


@pytest.mark.parametrize(("value", "is_told"), [("Abé: O'B a,b", False), ("n6n8dbiniqm435", True)])
def test_secret_that_other_properties_are_tried_with_is_no_leak_in_these(value: str, is_told: bool) -> None:
    text = {"type": "string"}
    kinds = {"pin": {**text, "writeOnly": True}, "hint": {**text, "format": "password"}}
    note = {"type": "object", "properties": {"id": text, "text": text, **kinds}}
    content = {"application/json": {"schema": note}}
    done = {"description": "done", "content": content}
    key = {"name": "id", "in": "path", "required": True, "schema": text}
    item = {
        "get": {"parameters": [key], "responses": {"200": done}},
        "patch": {"parameters": [key], "requestBody": {"content": content}, "responses": {"200": done}},
    }
    paths = {"/notes": {"post": {"requestBody": {"content": content}, "responses": {"201": done}}}, "/notes/{id}": item}
    patch = next(each for each in operations({"openapi": "3.1.0", "paths": paths}) if each.method == "PATCH")
    headers = (("content-type", "application/json"),)
    request = Request("PATCH", "http://localhost/notes/1", headers, json.dumps({"pin": value}).encode())
    for name, is_leak in (("text", is_told), ("pin", True), ("hint", False)):
        response = Response(200, headers, json.dumps({name: value}).encode())
        exchange = Exchange(patch, request, response, "valid", authenticated=True, source="ladder")
        assert bool(Written().told(exchange)) is is_leak
