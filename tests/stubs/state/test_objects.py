"""Objects that operations make, show, change and remove, told by paths, methods and schemas alone."""

import time
from datetime import datetime
from typing import Any

import pytest

from tests.stubs.resources import NEW_PET, PET, PETS, SUMMARY, body, client_for, ok, operation, path, pets, ref

MINA = {"name": "Mina", "tags": ["a"], "secret": "s", "surplus": 1}


def test_what_is_created_is_fetched_and_listed() -> None:
    client = pets()
    assert client("GET", "/pets").json == []
    made = client("POST", "/pets", MINA).json
    assert made["kind"] == "cat"
    assert "secret" not in made
    assert client("GET", f"/pets/{made['id']}").json == made
    other = client("POST", "/pets", {"name": "Rex"}).json
    assert client("GET", "/pets").json == [made, other]


def test_unknown_objects_are_refused_as_the_contract_says() -> None:
    client = pets()
    for method, sent in (("GET", b""), ("DELETE", b""), ("PATCH", {}), ("PUT", {"name": "n"})):
        answer = client(method, "/pets/7", sent)
        assert (answer.status, answer.json) == (404, {"error": "Not Found"})


def is_now(text: str) -> bool:
    return abs(datetime.fromisoformat(text).timestamp() - time.time()) < 60


def test_what_is_removed_is_gone() -> None:
    client = pets()
    made = client("POST", "/pets", MINA).json
    assert client("DELETE", f"/pets/{made['id']}").status == 204
    assert client("GET", f"/pets/{made['id']}").status == 404
    assert client("DELETE", f"/pets/{made['id']}").status == 404
    assert client("GET", "/pets").json == []
    assert client("POST", "/pets", MINA).json["id"] != made["id"]


def test_the_answer_to_a_removal_tells_of_it() -> None:
    marks = {"deleted": {"type": "boolean"}, "deleted_at": {"type": ["string", "null"], "format": "date-time"}}
    gone = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, **marks}}
    client = pets(**{"pets__{petId}": {**PETS["/pets/{petId}"], "delete": operation("200", gone)}})
    client("POST", "/pets", {"name": "Mina"})
    answer = client("DELETE", "/pets/1").json
    assert (answer["id"], answer["deleted"]) == (1, True)
    assert is_now(answer["deleted_at"])


def test_a_merge_patch_changes_what_it_names() -> None:
    client = pets()
    made = client("POST", "/pets", {**MINA, "age": 3, "note": "n"}).json
    time.sleep(0.002)
    after = client("PATCH", f"/pets/{made['id']}", {"age": None, "note": None, "name": "Minna", "id": 99}).json
    assert after.pop("updated_at") > made.pop("updated_at")
    assert after == {**{name: made[name] for name in made if name != "age"}, "name": "Minna", "note": None}


def test_objects_within_are_changed_as_far_as_their_schemas_have_parts() -> None:
    kinds = [
        {
            "type": "object",
            "required": ["kind", name],
            "properties": {"kind": {"const": name}, name: {"type": "integer"}},
        }
        for name in ("one", "other")
    ]
    inner = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": ["integer", "null"]}}}
    named = {"filter": {"oneOf": kinds}, "options": inner}
    thing = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, **named}}
    new = {"type": "object", "properties": named}
    item = {"parameters": [path("id", "integer")], "patch": operation("200", thing, new)}
    client = client_for({"/things": {"post": operation("201", thing, new)}, "/things/{id}": item})
    client("POST", "/things", {"filter": {"kind": "one", "one": 1}, "options": {"a": 1, "b": 1}})
    after = client("PATCH", "/things/1", {"filter": {"kind": "other", "other": 2}, "options": {"b": None}}).json
    assert after == {"id": 1, "filter": {"kind": "other", "other": 2}, "options": {"a": 1, "b": None}}


def test_objects_that_hold_others_of_their_kind() -> None:
    node = {
        "type": "object",
        "required": ["id", "name", "children"],
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "parent": ref("Node"),
            "children": {"type": "array", "items": ref("Node")},
        },
    }
    new = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    item = {"parameters": [path("id", "integer")], "get": operation("200", ref("Node"))}
    client = client_for({"/nodes": {"post": operation("201", ref("Node"), new)}, "/nodes/{id}": item}, Node=node)
    assert client("POST", "/nodes", {"name": "top"}).json == {"id": 1, "name": "top", "children": []}
    assert client("GET", "/nodes/1").json["name"] == "top"


def test_a_replacement_keeps_what_the_server_made_and_no_more() -> None:
    client = pets()
    made = client("POST", "/pets", {**MINA, "kind": "dog", "age": 3}).json
    after = client("PUT", f"/pets/{made['id']}", {"name": "Rex"}).json
    assert {name: after.get(name) for name in ("id", "created_at", "name", "kind", "age", "tags")} == {
        "id": made["id"], "created_at": made["created_at"], "name": "Rex", "kind": "cat", "age": None, "tags": None,
    }  # fmt: skip
    assert client("GET", f"/pets/{made['id']}").json == after


@pytest.mark.parametrize(
    ("operations", "status", "expected"),
    [
        (
            [{"op": "replace", "path": "/name", "value": "Rex"}, {"op": "add", "path": "/tags/-", "value": "b"}],
            200,
            ("Rex", ["a", "b"]),
        ),
        ([{"op": "move", "from": "/tags/0", "path": "/name"}], 200, ("a", [])),
        ([{"op": "test", "path": "/name", "value": "x"}, {"op": "remove", "path": "/tags"}], 422, None),
        ([{"op": "remove", "path": "/tags/7"}], 422, None),
    ],
)  # fmt: skip
def test_a_json_patch_is_applied_as_a_whole(operations: Any, status: int, expected: Any) -> None:
    change = {**operation("200", ref("Pet")), "requestBody": body({"type": "array"}, "application/json-patch+json")}
    item = {**PETS["/pets/{petId}"], "patch": change}
    client = client_for({**PETS, "/pets/{petId}": item}, NewPet=NEW_PET, Pet=PET)
    made = client("POST", "/pets", MINA).json
    answer = client("PATCH", f"/pets/{made['id']}", operations, {"content-type": "application/json-patch+json"})
    assert answer.status == status
    if expected:
        assert (answer.json["name"], answer.json["tags"]) == expected
    else:
        assert client("GET", f"/pets/{made['id']}").json == made


def test_answers_tell_of_objects_what_their_schemas_have() -> None:
    paths = {
        "/pets": {
            "post": operation("201", {"type": "object", "properties": {"id": {"type": "integer"}}}, ref("NewPet")),
            "get": operation(
                "200",
                {
                    "type": "object",
                    "required": ["data"],
                    "properties": {"data": {"type": "array", "items": ref("Summary")}},
                },
            ),
        },
        "/pets/{petId}": {"parameters": [path("petId", "integer")], "get": operation("200", ref("Pet"))},
    }
    client = client_for(paths, NewPet=NEW_PET, Pet=PET, Summary=SUMMARY)
    made = client("POST", "/pets", MINA).json
    assert made == {"id": 1}
    assert client("GET", "/pets").json == {"data": [{"id": 1, "name": "Mina"}]}
    first, again = client("GET", "/pets/1").json, client("GET", "/pets/1").json
    assert first == again
    assert (first["name"], first["tags"]) == ("Mina", ["a"])
    assert is_now(first["created_at"])


def test_answers_without_content_are_remembered_all_the_same() -> None:
    paths = {**PETS, "/pets": {**PETS["/pets"], "post": operation("204", None, ref("NewPet"))}}
    client = client_for(paths, NewPet=NEW_PET, Pet=PET)
    assert client("POST", "/pets", MINA).status == 204
    listed = client("GET", "/pets").json
    assert [each["name"] for each in listed] == ["Mina"]
    assert client("GET", f"/pets/{listed[0]['id']}").json == listed[0]


def test_clients_may_choose_keys() -> None:
    key = {"type": "object", "required": ["slug"], "properties": {"slug": {"type": "string"}, "n": {"type": "integer"}}}
    put = {"requestBody": body(key), "responses": {"200": ok(key), "201": ok(key)}}
    item = {"parameters": [path("slug")], "get": operation("200", key), "put": put, "delete": operation("204")}
    client = client_for({"/things/{slug}": item, "/things": {"get": operation("200", {"type": "array", "items": key})}})
    assert client("GET", "/things/a").status == 404
    assert client("PUT", "/things/a", {"slug": "a", "n": 1}).status == 201
    assert client("PUT", "/things/a", {"slug": "a", "n": 2}).status == 200
    assert client("GET", "/things/a").json == {"slug": "a", "n": 2}
    assert client("GET", "/things").json == [{"slug": "a", "n": 2}]


@pytest.mark.parametrize(
    ("declared", "status", "names"), [({}, 201, ["y"]), ({"409": {"description": ""}}, 409, ["x"])]
)
def test_a_second_object_with_a_chosen_key(declared: Any, status: int, names: list[str]) -> None:
    user = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
    made = operation("201", user, user)
    made["responses"].update(declared)
    paths = {"/users": {"post": made}, "/users/{id}": {"parameters": [path("id")], "get": operation("200", user)}}
    client = client_for(paths)
    assert client("POST", "/users", {"id": "a", "name": "x"}).status == 201
    assert client("POST", "/users", {"id": "a", "name": "y"}).status == status
    assert [client("GET", "/users/a").json["name"]] == names


def test_what_a_conflict_is_declared_for_is_unique() -> None:
    user = {"type": "object", "required": ["email"], "properties": {"email": {"type": "string"}}}
    shown = {"allOf": [user, {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}]}
    made = operation("201", shown, user)
    made["responses"]["409"] = {"description": "taken"}
    item = {"parameters": [path("id", "integer")], "delete": operation("204"), "get": operation("200", shown)}
    client = client_for({"/users": {"post": made}, "/users/{id}": item})
    assert client("POST", "/users", {"email": "a"}).status == 201
    assert client("POST", "/users", {"email": "a"}).status == 409
    assert client("DELETE", "/users/1").status == 204
    assert client("POST", "/users", {"email": "a"}).status == 201


def test_examples_of_the_contract_are_there_from_the_start() -> None:
    item = {**PETS["/pets/{petId}"], "parameters": [{**path("petId", "integer"), "example": 42}]}
    client = client_for({**PETS, "/pets/{petId}": item}, NewPet=NEW_PET, Pet=PET)
    assert client("GET", "/pets/41").status == 404
    assert client("GET", "/pets/42").json["id"] == 42
    assert client("PATCH", "/pets/42", {"name": "Rex"}).json["name"] == "Rex"
    assert client("GET", "/pets/42").json["name"] == "Rex"
    assert client("DELETE", "/pets/42").status == 204
    assert client("GET", "/pets/42").status == 404


def test_objects_that_nothing_makes_are_there_until_they_are_removed() -> None:
    paths = {name: {method: each for method, each in item.items() if method != "post"} for name, item in PETS.items()}
    client = client_for(paths, NewPet=NEW_PET, Pet=PET)
    assert client("GET", "/pets/5").json["id"] == 5
    assert client("PATCH", "/pets/5", {"name": "Rex"}).json["name"] == "Rex"
    assert client("GET", "/pets/5").json["name"] == "Rex"
    assert client("DELETE", "/pets/6").status == 204
    assert client("GET", "/pets/6").status == 404


def test_what_is_write_only_is_told_nowhere() -> None:
    card = {
        "type": "object",
        "properties": {"number": {"type": "string"}, "cvc": {"type": "string", "writeOnly": True}},
    }
    source = {"anyOf": [card, {"type": "object", "required": ["iban"], "properties": {"iban": {"type": "string"}}}]}
    new = {"type": "object", "properties": {"card": card, "cards": {"type": "array", "items": card}, "source": source}}
    shown = {"allOf": [new, {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}]}
    item = {"parameters": [path("id", "integer")], "get": operation("200", shown)}
    client = client_for({"/payments": {"post": operation("201", shown, new)}, "/payments/{id}": item})
    one = {"number": "42", "cvc": "secret"}
    made = client("POST", "/payments", {"card": one, "cards": [one], "source": one})
    assert "secret" not in made.text
    assert made.json["source"] == {"number": "42"}
    assert client("GET", "/payments/1").json == made.json


def test_what_is_echoed_gets_what_the_answer_requires_within_it() -> None:
    asked = {"type": "object", "required": ["stream"], "properties": {"stream": {"type": "string"}}}
    told = {
        "type": "object",
        "required": ["id", "stream"],
        "properties": {"id": {"type": "integer"}, **asked["properties"]},
    }
    names = {"type": "array", "items": {"type": "string"}}
    new = {"note": {"type": "string"}, "casts": {"type": "array", "items": asked}, "labels": names}
    shown = {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "integer"},
            "note": {"type": "string"},
            "casts": {"type": "array", "items": told},
            "labels": {"type": "array", "items": told},
        },
    }
    request = {"type": "object", "properties": new}
    change = operation("200", shown, request)
    change["responses"]["200"]["content"]["application/json"]["example"] = {
        "id": 1,
        "labels": [{"id": 9, "stream": "c"}],
    }
    item = {"parameters": [path("id", "integer")], "get": operation("200", shown), "patch": change}
    client = client_for({"/spaces": {"post": operation("201", shown, request)}, "/spaces/{id}": item})
    made = client("POST", "/spaces", {"note": "n", "casts": [{"stream": "a"}, {"stream": "b"}]}).json
    assert [each["stream"] for each in made["casts"]] == ["a", "b"]
    assert made["note"] == "n"
    assert client("GET", "/spaces/1").json == made
    changed = client("PATCH", "/spaces/1", {"labels": ["a"]}).json
    assert changed["labels"] == [{"id": 9, "stream": "c"}]
    assert client("GET", "/spaces/1").json == changed


def test_moments_without_a_format_are_those_of_making_and_changing() -> None:
    shown = "2025-10-15T13:52:35.329Z"
    moments: dict[str, Any] = {name: {"type": "string", "example": shown} for name in ("created", "updated")}
    counts = {"modified": {"type": "integer", "example": 3}}
    key = {
        "type": "object",
        "required": ["id", *moments],
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, **moments, **counts},
    }
    new = {"type": "object", "properties": {"name": {"type": "string"}}}
    item = {
        "parameters": [path("id", "integer")],
        "get": operation("200", key),
        "patch": operation("200", key, new),
    }
    client = client_for({"/keys": {"post": operation("201", key, new)}, "/keys/{id}": item})
    made = client("POST", "/keys", {"name": "a"}).json
    assert made["created"] == made["updated"] > shown
    assert made["modified"] == 3
    changed = client("PATCH", "/keys/1", {"name": "b"}).json
    assert (changed["created"], changed["updated"] > made["updated"]) == (made["created"], True)


def test_what_is_made_up_in_an_object_does_not_grow_with_its_circles() -> None:
    places = {name: ref("Place") for name in ("home", "work", "birth", "favourite")}
    notes = {name: ref("Note") for name in ("first", "last", "best")}
    text = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
    pet = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, **places}}
    client = client_for(
        {"/pets": {"post": operation("201", ref("Pet"), NEW_PET)}},
        Pet=pet,
        Place={"type": "object", "properties": {"called": {"type": "string"}, **notes}},
        Note={**text, "properties": {**text["properties"], **places}},
    )
    answer = client("POST", "/pets", {"name": "Rex"})
    assert answer.json["home"]["first"]["text"]
    assert len(answer.body) < 5_000


def test_what_is_made_up_in_an_object_of_many_parts_is_no_more_than_some_hundred_values() -> None:
    parts: dict[str, Any] = {"type": "object", "properties": {"text": {"type": "string"}}}
    for _ in range(4):
        parts = {"type": "object", "properties": {"text": {"type": "string"}, **dict.fromkeys("abcdefgh", parts)}}
    pet = {**parts, "properties": {**parts["properties"], "id": {"type": "integer"}, "name": {"type": "string"}}}
    answer = client_for({"/pets": {"post": operation("201", pet, NEW_PET)}})("POST", "/pets", {"name": "Rex"})
    assert answer.json["name"] == "Rex"
    assert answer.json["a"]["a"]["text"]
    assert answer.json["h"]["text"]
    assert len(answer.body) < 10_000


@pytest.mark.parametrize("own", [{"maxLength": 13}, {"pattern": "^pet"}, {"allOf": [{"pattern": "^p-[a-z]{9}$"}, {}]}])
def test_objects_have_ids_of_their_own_and_tell_what_they_are_below(own: dict[str, Any]) -> None:
    now = {"allOf": [{"type": "string", "format": "date-time"}, {"description": "When it was changed."}]}
    properties = {"id": {"type": "string", **own}, "ownerId": {"type": "integer"}, "lastModified": now}
    pet = {"type": "object", "required": ["id", "ownerId"], "properties": {**properties, "name": {"type": "string"}}}
    for new in (NEW_PET, {"type": "object", "properties": {"id": properties["id"], "name": {"type": "string"}}}):
        client = client_for({"/owners/{owner_id}/pets": {"post": operation("201", pet, new)}})
        made = [client("POST", f"/owners/{owner}/pets", {"name": "Rex"}).json for owner in (4, 5)]
        assert made[0]["id"] != made[1]["id"]
        assert [each["ownerId"] for each in made] == [4, 5]
        assert is_now(made[0]["lastModified"])
