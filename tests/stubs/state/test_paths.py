"""What paths tell: nested collections, actions, single objects, procedures, envelopes."""

from typing import Any

import pytest

from tests.stubs.client import Client
from tests.stubs.resources import NEW_PET, PET, PETS, body, client_for, ok, operation, path, pets, query, ref

ORDER = {
    "type": "object",
    "required": ["id", "sku"],
    "properties": {"id": {"type": "string", "format": "uuid"}, "sku": {"type": "string"}},
}
NEW_ORDER = {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}}
NESTED = {
    "parameters": [path("pet_id", "integer")],
    "get": operation("200", {"type": "array", "items": ORDER}),
    "post": operation("201", ORDER, NEW_ORDER),
}


def test_what_is_nested_belongs_to_its_parent() -> None:
    item = {
        "parameters": [path("pet_id", "integer"), path("orderId")],
        "get": operation("200", ORDER),
        "delete": operation("204"),
    }
    client = pets(**{"pets__{pet_id}__orders": NESTED, "pets__{pet_id}__orders__{orderId}": item})
    early = client("POST", "/pets/77/orders", {"sku": "a"})
    assert early.status == 201, "no parent was made yet, so none is unknown"
    for name in ("Mina", "Rex"):
        client("POST", "/pets", {"name": name})
    assert client("POST", "/pets/77/orders", {"sku": "a"}).status == 404
    order = client("POST", "/pets/1/orders", {"sku": "b"}).json
    assert client("GET", "/pets/1/orders").json == [order]
    assert client("GET", "/pets/2/orders").json == []
    assert client("GET", f"/pets/1/orders/{order['id']}").json == order
    assert client("GET", f"/pets/2/orders/{order['id']}").status == 404
    assert client("GET", "/pets/3/orders").status == 404


def test_what_is_made_below_an_object_may_be_shown_elsewhere() -> None:
    item = {"parameters": [path("order_id")], "get": operation("200", ORDER), "delete": operation("204")}
    client = pets(**{"pets__{pet_id}__orders": NESTED, "orders__{order_id}": item})
    for name in ("Mina", "Rex"):
        client("POST", "/pets", {"name": name})
    orders = [client("POST", f"/pets/{number}/orders", {"sku": str(number)}).json for number in (1, 2, 1)]
    assert client("GET", "/pets/1/orders").json == [orders[0], orders[2]]
    assert client("GET", f"/orders/{orders[1]['id']}").json == orders[1]
    assert client("DELETE", f"/orders/{orders[0]['id']}").status == 204
    assert client("GET", "/pets/1/orders").json == [orders[2]]


@pytest.mark.parametrize("name", ["items", "data", "entries"])
def test_an_object_whose_list_is_called_as_those_of_pages_is_no_page(name: str) -> None:
    lines = {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}}
    told = {"type": "object", "required": [name], "properties": {name: lines}}
    order = {**told, "properties": {**ORDER["properties"], name: lines}}
    item = {"parameters": [path("order_id")], "get": operation("200", order), "put": operation("200", order, told)}
    client = pets(**{"orders": {"post": operation("201", order, told)}, "orders__{order_id}": item})
    made = client("POST", "/orders", {name: [{"sku": "a"}]}).json
    assert client("GET", f"/orders/{made['id']}").json == made
    changed = client("PUT", f"/orders/{made['id']}", {name: [{"sku": "b"}, {"sku": "c"}]}).json
    assert client("GET", f"/orders/{made['id']}").json == changed
    assert changed[name] == [{"sku": "b"}, {"sku": "c"}]


@pytest.mark.parametrize(("answer", "status"), [(None, 204), (ref("Pet"), 200)])
def test_actions_set_what_their_names_tell(answer: Any, status: int) -> None:
    action = {"parameters": [path("petId", "integer")], "post": operation(str(status), answer)}
    client = pets(
        **{f"pets__{{petId}}{verb}": action for verb in ("__archive", "__unarchive", ":archive", ":unarchive")}
    )
    client("POST", "/pets", {"name": "Mina"})
    for before in "/", ":":
        assert client("POST", f"/pets/1{before}archive").status == status
        assert client("GET", "/pets/1").json["status"] == "archived"
        assert client("POST", f"/pets/1{before}unarchive").status == status
        assert client("GET", "/pets/1").json["status"] == "active"
        assert client("POST", f"/pets/2{before}archive").status == 404


def test_an_object_goes_by_any_name_that_its_path_tells_of() -> None:
    shop = {
        "type": "object",
        "required": ["id", "slug"],
        "properties": {"id": {"type": "string"}, "slug": {"type": "string"}},
    }
    item = {"parameters": [path("idOrSlug")], "get": operation("200", shop), "delete": operation("204")}
    new = {"type": "object", "required": ["slug"], "properties": {"slug": {"type": "string"}}}
    client = client_for({"/shops": {"post": operation("201", shop, new)}, "/shops/{idOrSlug}": item})
    made = [client("POST", "/shops", {"slug": slug}).json for slug in ("corner", "market")]
    assert [client("GET", f"/shops/{each[name]}").json for each in made for name in each] == [made[0]] * 2 + [
        made[1]
    ] * 2
    assert client("DELETE", "/shops/corner").status == 204
    assert client("GET", f"/shops/{made[0]['id']}").status == client("GET", "/shops/corner").status == 404


@pytest.mark.parametrize(("place", "wrapped"), [("", False), ("/batch", True), (":batchCreate", False)])
def test_several_objects_are_made_at_once_or_none(place: str, wrapped: bool) -> None:
    def several(schema: Any) -> Any:
        listed = {"type": "array", "items": schema}
        return {"type": "object", "required": ["pets"], "properties": {"pets": listed}} if wrapped else listed

    conflict = {"responses": {"201": ok(several(ref("Pet"))), "409": ok()}}
    paths: dict[str, Any] = {"/pets": {"get": PETS["/pets"]["get"]}, "/pets/{petId}": PETS["/pets/{petId}"]}
    paths.setdefault(f"/pets{place}", {})["post"] = {**operation("201", None, several(ref("NewPet"))), **conflict}
    client = client_for(paths, NewPet=NEW_PET, Pet=PET)
    sent = [{"name": "Mina", "age": 3}, {"name": "Rex"}]
    answer = client("POST", f"/pets{place}", {"pets": sent} if wrapped else sent)
    made = answer.json["pets"] if wrapped else answer.json
    assert [(each["id"], each["name"], each.get("age")) for each in made] == [(1, "Mina", 3), (2, "Rex", None)]
    assert client("GET", "/pets").json == made
    assert client("GET", "/pets/2").json == made[1]
    assert client("GET", "/pets/3").status == 404


@pytest.mark.parametrize(("responses", "status", "names"), [({}, 201, ["b", "c"]), ({"409": ok()}, 409, ["a"])])
def test_of_several_objects_one_that_is_there_is_replaced_or_refused(
    responses: Any, status: int, names: list[str]
) -> None:
    tag = {
        "type": "object",
        "required": ["name"],
        "properties": {"key": {"type": "string"}, "name": {"type": "string"}},
    }
    tags = {"type": "array", "items": tag}
    made = {**operation("201", tags, tags), "responses": {"201": ok(tags), **responses}}
    item = {"parameters": [path("key")], "get": operation("200", tag)}
    client = client_for({"/tags": {"get": operation("200", tags), "post": made}, "/tags/{key}": item})
    client("POST", "/tags", [{"key": "x", "name": "a"}])
    assert client("POST", "/tags", [{"key": "y", "name": "c"}, {"key": "x", "name": "b"}]).status == status
    assert sorted(each["name"] for each in client("GET", "/tags").json) == names


def test_actions_that_tell_nothing_answer_by_example() -> None:
    result = {"type": "object", "required": ["score"], "properties": {"score": {"const": 7}}}
    action = {"parameters": [path("petId", "integer")], "post": operation("200", result)}
    client = pets(**{"pets__{petId}__appraise": action})
    assert client("POST", "/pets/5/appraise").json == {"score": 7}


def test_a_single_object_is_there_from_the_start() -> None:
    shape = {
        "type": "object",
        "required": ["theme"],
        "properties": {"theme": {"enum": ["dark", "light"]}, "size": {"type": "integer"}},
    }
    client = client_for(
        {
            "/settings": {
                "get": operation("200", shape),
                "put": operation("200", shape, shape),
                "delete": operation("204"),
            }
        }
    )
    assert client("GET", "/settings").json["theme"] == "dark"
    assert client("PUT", "/settings", {"theme": "light"}).json == {"theme": "light"}
    assert client("GET", "/settings").json == {"theme": "light"}
    assert client("DELETE", "/settings").status == 204
    assert client("GET", "/settings").status == 404
    client("PUT", "/settings", {"theme": "dark", "size": 2})
    assert client("GET", "/settings").json == {"theme": "dark", "size": 2}


def keyed(name: str, /, **more: Any) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: {"type": "integer"}, **more}}


@pytest.mark.parametrize(
    ("does", "undoes", "name", "schema", "values"),
    [
        ("pause", "resume", "paused", {"type": "boolean"}, (True, False)),
        ("disable", "enable", "disabled", {"type": "boolean"}, (True, False)),
        ("pause", "resume", "status", {"enum": ["running", "paused"]}, ("paused", "running")),
        ("deactivate", "activate", "state", {"enum": ["deactivated", "active"]}, ("deactivated", "active")),
        ("unpause", "resume", "status", {"enum": ["queued", "done"], "default": "done"}, ("done", "done")),
    ],
)
def test_actions_undo_each_other(does: str, undoes: str, name: str, schema: Any, values: tuple[Any, Any]) -> None:
    job = {
        "type": "object",
        "required": ["id", name],
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, name: schema},
    }
    new = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    action = {"parameters": [path("id", "integer")], "post": operation("200", ref("Job"))}
    item = {"parameters": [path("id", "integer")], "get": operation("200", ref("Job"))}
    client = client_for(
        {
            "/jobs": {"post": operation("201", ref("Job"), new)},
            "/jobs/{id}": item,
            f"/jobs/{{id}}/{does}": action,
            f"/jobs/{{id}}/{undoes}": action,
        },
        Job=job,
    )
    client("POST", "/jobs", {"name": "a"})
    for verb, value in zip((does, undoes), values, strict=True):
        assert client("POST", f"/jobs/1/{verb}", {}).json[name] == value
        assert client("GET", "/jobs/1").json[name] == value


def data(schema: Any) -> dict[str, Any]:
    """An envelope around a pet, or a list of them."""
    return {"type": "object", "required": ["ok", "data"], "properties": {"ok": {"const": True}, "data": schema}}


def procedures(new: str, listed: str, detail: str, edit: str, delete: str, key: str) -> Client:
    def post(answer: Any, request: Any) -> dict[str, Any]:
        return {"post": operation("200", answer, request)}

    one = data(
        {"type": "object", "required": ["pet"], "properties": {"pet": {"oneOf": [ref("Pet"), {"type": "null"}]}}}
    )
    many = data(
        {
            "type": "object",
            "required": ["pets", "total"],
            "properties": {"pets": {"type": "array", "items": ref("Pet")}, "total": {"type": "integer"}},
        }
    )
    paging = {
        "type": "object",
        "properties": {"page": {"type": "integer", "default": 0}, "count": {"type": "integer", "default": 20}},
    }
    paths = {
        new: post(one, ref("NewPet")),
        listed: post(many, paging),
        detail: post(one, keyed(key)),
        edit: post(one, keyed(key, name={"type": "string"})),
        delete: post(one, keyed(key)),
    }
    return client_for(paths, NewPet=NEW_PET, Pet=PET)


@pytest.mark.parametrize(
    "names",
    [
        ("/shop/pet/new", "/shop/pet/list", "/shop/pet/detail", "/shop/pet/edit", "/shop/pet/delete", "petId"),
        ("/pets.create", "/pets.list", "/pets.info", "/pets.update", "/pets.delete", "pet"),
        ("/createPet", "/listPets", "/getPet", "/updatePet", "/deletePet", "id"),
        ("/v1/create_pet", "/v1/list_pets", "/v1/get_pet", "/v1/update_pet", "/v1/remove_pet", "pet_id"),
    ],
)
def test_procedures(names: tuple[str, ...]) -> None:
    new, listed, detail, edit, delete, key = names
    client = procedures(new, listed, detail, edit, delete, key)
    pet = client("POST", new, {"name": "Mina"}).json["data"]["pet"]
    client("POST", new, {"name": "Rex"})
    assert client("POST", detail, {key: pet["id"]}).json == {"ok": True, "data": {"pet": pet}}
    assert client("POST", edit, {key: pet["id"], "name": "Minna"}).json["data"]["pet"]["name"] == "Minna"
    shown = client("POST", listed, {"count": 1}).json["data"]
    assert ([each["name"] for each in shown["pets"]], shown["total"]) == (["Minna"], 2)
    assert client("POST", delete, {key: pet["id"]}).status == 200
    assert client("POST", detail, {key: pet["id"]}).status == 404


def test_a_list_of_procedures_may_be_asked_for_by_get() -> None:
    many = {"type": "array", "items": ref("Pet")}
    client = client_for(
        {
            "/pet/new": {"post": operation("200", ref("Pet"), ref("NewPet"))},
            "/pet/detail": {"post": operation("200", ref("Pet"), keyed("petId"))},
            "/pet/list": {"get": operation("200", many), "post": operation("200", many, keyed("age"))},
        },
        NewPet=NEW_PET,
        Pet=PET,
    )
    assert client("GET", "/pet/list").json == []
    made = client("POST", "/pet/new", {"name": "Mina", "age": 3}).json
    assert client("GET", "/pet/list").json == client("POST", "/pet/list", {"age": 3}).json == [made]


def test_procedures_by_query() -> None:
    shown = operation("200", ref("Pet"), parameters=[query("id", {"type": "integer"})])
    paths = {"/pet/create": {"post": operation("200", ref("Pet"), ref("NewPet"))}, "/pet/get": {"get": shown}}
    client = client_for(paths, NewPet=NEW_PET, Pet=PET)
    pet = client("POST", "/pet/create", {"name": "Mina"}).json
    assert client("GET", f"/pet/get?id={pet['id']}").json == pet
    assert client("GET", "/pet/get?id=9").status == 404


def test_json_api() -> None:
    attributes = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    }
    sent = {
        "type": "object",
        "required": ["type", "attributes"],
        "properties": {"type": {"const": "pets"}, "attributes": attributes},
    }
    thing = {
        **sent,
        "required": ["type", "id", "attributes"],
        "properties": {**sent["properties"], "id": {"type": "string"}},
    }
    one, many = data(ref("Thing")), data({"type": "array", "items": ref("Thing")})
    request = {"type": "object", "required": ["data"], "properties": {"data": sent}}
    item = {"parameters": [path("id")], "get": operation("200", one), "patch": operation("200", one, request)}
    client = client_for(
        {"/pets": {"get": operation("200", many), "post": operation("201", one, request)}, "/pets/{id}": item},
        Thing=thing,
    )
    made = client("POST", "/pets", {"data": {"type": "pets", "attributes": {"name": "Mina", "age": 2}}}).json["data"]
    changed = client("PATCH", f"/pets/{made['id']}", {"data": {"type": "pets", "attributes": {"name": "Rex"}}}).json[
        "data"
    ]
    assert changed == {**made, "attributes": {"name": "Rex", "age": 2}}
    assert client("GET", "/pets").json["data"] == [changed]


def test_operations_whose_part_is_not_plain_answer_by_example() -> None:
    result = {"type": "object", "required": ["rate"], "properties": {"rate": {"type": "number", "default": 2}}}
    paths = {
        "/rates/{currency}": {"parameters": [path("currency")], "get": operation("200", result)},
        "/pets/search": {"post": operation("200", {"type": "array", "items": ref("Pet")}, NEW_PET)},
        **PETS,
    }
    client = client_for(paths, NewPet=NEW_PET, Pet=PET)
    assert client("GET", "/rates/EUR").json == {"rate": 2}
    assert client("POST", "/pets/search", {"name": "x"}).status == 200
    assert client("GET", "/pets").json == []


def test_objects_named_in_the_body_of_a_put() -> None:
    put = {"requestBody": body(ref("Pet")), "responses": {"200": ok(ref("Pet")), "404": {"description": "no"}}}
    client = client_for({**PETS, "/pets": {**PETS["/pets"], "put": put}}, NewPet=NEW_PET, Pet=PET)
    made = client("POST", "/pets", {"name": "Mina"}).json
    assert client("PUT", "/pets", {**made, "name": "Rex"}).json["name"] == "Rex"
    assert client("GET", f"/pets/{made['id']}").json["name"] == "Rex"
    assert client("PUT", "/pets", {**made, "id": 99}).status == 404
