"""Lists: pages, filters, order, search, and what envelopes and headers tell of them."""

from typing import Any

import pytest

from counterfoil.stub import Stub
from tests.stubs.client import Client
from tests.stubs.resources import NEW_PET, PET, PETS, client_for, ok, operation, query, ref

TEXT, WHOLE = {"type": "string"}, {"type": "integer", "minimum": 0}
NAMES = ["Mina", "Rex", "Ada", "Bob", "Cleo"]


def listing(answer: Any, *parameters: tuple[str, Any], **more: Any) -> Client:
    """A client of pets, five of them made, whose list answers with this schema and has these query parameters."""
    shown = {**operation("200", answer, parameters=[query(*each) for each in parameters])}
    shown["responses"]["200"] |= more
    paths = {**PETS, "/pets": {**PETS["/pets"], "get": shown}}
    client = client_for(paths, NewPet=NEW_PET, Pet=PET, Order={"enum": ["asc", "desc"]})
    for age, name in enumerate(NAMES):
        client("POST", "/pets", {"name": name, "kind": "dog" if age % 2 else "cat", "age": age, "tags": [name[0], "t"]})
    return client


def names(client: Client, target: str) -> list[str]:
    found = client("GET", target).json
    found = found if isinstance(found, list) else found["data"]
    return [each["name"] for each in found]


def envelope(**properties: Any) -> dict[str, Any]:
    fields = {"data": {"type": "array", "items": ref("Pet")}, **properties}
    return {"type": "object", "required": list(fields), "properties": fields}


PAGE_TWO = "/pets?page%5Bnumber%5D=2&page%5Bsize%5D=3"
BARE = {"type": "array", "items": ref("Pet")}


@pytest.mark.parametrize(
    ("parameters", "target", "expected"),
    [
        ({"page": WHOLE | {"minimum": 1}, "per_page": WHOLE}, "/pets?page=2&per_page=2", ["Ada", "Bob"]),
        ({"page": WHOLE | {"default": 0}, "size": WHOLE | {"default": 2}}, "/pets", ["Mina", "Rex"]),
        ({"page": WHOLE | {"default": 0}, "size": WHOLE | {"default": 2}}, "/pets?page=2", ["Cleo"]),
        ({"page": {"type": "integer", "description": "Zero-based."}, "size": WHOLE}, "/pets?page=1&size=4", ["Cleo"]),
        ({"limit": WHOLE, "offset": WHOLE}, "/pets?limit=2&offset=1", ["Rex", "Ada"]),
        ({"limit": WHOLE, "offset": WHOLE}, "/pets?offset=9", []),
        ({"limit": WHOLE, "starting_after": TEXT}, "/pets?limit=2&starting_after=2", ["Ada", "Bob"]),
        ({"limit": WHOLE, "ending_before": TEXT}, "/pets?limit=2&ending_before=4", ["Rex", "Ada"]),
        ({"page": WHOLE, "size": WHOLE, "offset": WHOLE | {"default": 0}}, "/pets?page=1&size=3", ["Bob", "Cleo"]),
        ({"sort": TEXT, "order": ref("Order") | {"default": "desc"}}, "/pets?sort=name", sorted(NAMES)[::-1]),
        ({"kind": TEXT}, "/pets?kind=dog", ["Rex", "Bob"]),
        ({"kind": {"type": "array", "items": TEXT}}, "/pets?kind=dog&kind=cat", NAMES),
        ({"name": {"type": "array", "items": TEXT}}, "/pets?name=Ada&name=Bob", ["Ada", "Bob"]),
        ({"names": {"type": "array", "items": TEXT}}, "/pets?names=Ada&names=Bob", ["Ada", "Bob"]),
        ({"tags": TEXT}, "/pets?tags=R", ["Rex"]),
        ({"age": WHOLE, "kind": TEXT}, "/pets?age=1&kind=cat", []),
        ({"age_gte": WHOLE, "age_lt": WHOLE}, "/pets?age_gte=1&age_lt=3", ["Rex", "Ada"]),
        ({"filter[kind]": TEXT}, "/pets?filter%5Bkind%5D=dog", ["Rex", "Bob"]),
        ({"page[number]": {"type": "integer"}, "page[size]": WHOLE}, PAGE_TWO, ["Bob", "Cleo"]),
        ({"q": TEXT}, "/pets?q=EO", ["Cleo"]),
        ({"q": TEXT}, "/pets?q=dog", []),
        ({"q": TEXT}, "/pets?q=20", []),
        ({"sort": TEXT}, "/pets?sort=-name", ["Rex", "Mina", "Cleo", "Bob", "Ada"]),
        ({"order_by": TEXT}, "/pets?order_by=name.desc", ["Rex", "Mina", "Cleo", "Bob", "Ada"]),
        ({"order_by": TEXT | {"default": "name.asc"}}, "/pets", sorted(NAMES)),
        ({"sort_by": TEXT, "order": {"enum": ["asc", "desc"]}}, "/pets?sort_by=age&order=desc", NAMES[::-1]),
        ({"sort": TEXT}, "/pets?sort=kind,-age", ["Cleo", "Ada", "Mina", "Bob", "Rex"]),
        ({"sort": TEXT}, "/pets?sort=nameDesc", ["Rex", "Mina", "Cleo", "Bob", "Ada"]),
        ({"sort": TEXT}, "/pets?sort=%2Bcreated", NAMES),
        ({"unheard_of": TEXT}, "/pets?unheard_of=1", NAMES),
    ],
)  # fmt: skip
def test_parameters(parameters: dict[str, Any], target: str, expected: list[str]) -> None:
    assert names(listing(BARE, *parameters.items()), target) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("All pets, the newest first.", NAMES[::-1]),
        ("Pets are sorted by age in descending order.", NAMES[::-1]),
        ("Pets, ordered by name", sorted(NAMES)),
        ("Where `all` is given, the newest first.", NAMES),
    ],
)
def test_order_is_the_one_that_words_tell_unless_another_one_is_asked_for(told: str, expected: list[str]) -> None:
    client = listing(BARE, ("sort", TEXT), description=told)
    assert names(client, "/pets") == expected
    assert names(client, "/pets?sort=name") == sorted(NAMES)


@pytest.mark.parametrize(("told", "found"), [("Notes by their `text` or `id`", 1), ("What to look for", 0)])
def test_text_is_looked_for_where_words_say(told: str, found: int) -> None:
    note = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "text": TEXT}}
    told_of = {"type": "object", "properties": {"text": TEXT}}
    asked = query("q", TEXT) | {"description": told}
    shown = operation("200", {"type": "array", "items": note}, parameters=[asked])
    client = client_for({"/notes": {"get": shown, "post": operation("201", note, told_of)}})
    keys = [client("POST", "/notes", {"text": "hello"}).json["id"] for _ in range(2)]
    assert len(client("GET", f"/notes?q={keys[0][2:-2]}").json) == found
    assert len(client("GET", "/notes?q=ELL").json) == 2


def test_envelopes_of_numbered_pages() -> None:
    meta = {
        "type": "object",
        "properties": dict.fromkeys(("page", "per_page", "total_items", "total_pages"), WHOLE),
    }
    meta["required"] = list(meta["properties"])
    link = {"type": ["string", "null"], "format": "uri"}
    links = {"type": "object", "required": ["next", "prev"], "properties": {"next": link, "prev": link}}
    answer = envelope(meta=meta, links=links, has_more={"type": "boolean"})
    client = listing(answer, ("page", WHOLE | {"minimum": 1}), ("per_page", WHOLE))
    first = client("GET", "/pets?per_page=2").json
    assert first["meta"] == {"page": 1, "per_page": 2, "total_items": 5, "total_pages": 3}
    assert (first["has_more"], first["links"]["prev"]) == (True, None)
    target = first["links"]["next"].removeprefix("http://localhost")
    last = client("GET", client("GET", target).json["links"]["next"].removeprefix("http://localhost")).json
    assert [each["name"] for each in last["data"]] == ["Cleo"]
    assert (last["has_more"], last["links"]["next"]) == (False, None)
    assert last["links"]["prev"].endswith("page=2")


def test_pages_of_a_parameter_that_is_an_object() -> None:
    flags = {name: {"type": "boolean"} for name in ("first", "last", "empty")}
    pages = {"type": "object", "properties": {"number": WHOLE | {"minimum": 1}, "size": WHOLE}}
    client = listing(envelope(links={"type": "object", "properties": {"next": TEXT}}, **flags), ("page", pages))
    paths = client.tree["paths"]["/pets"]["get"]["parameters"]
    paths[0] |= {"style": "deepObject", "explode": True}
    client = Client(Stub(client.tree).remembering(lambda _: client.stub.sessions.default.store), client.tree)
    first = client("GET", "/pets?page%5Bsize%5D=4").json
    assert [first[flag] for flag in flags] == [True, False, False]
    last = client("GET", first["links"]["next"].removeprefix("http://localhost")).json
    assert ([each["name"] for each in last["data"]], [last[flag] for flag in flags]) == (["Cleo"], [False, True, False])


def test_pages_as_spring_data_tells_of_them_begin_at_0() -> None:
    client = listing(envelope(number=WHOLE, totalElements=WHOLE), ("page", {"type": "integer"}), ("size", WHOLE))
    page = client("GET", "/pets?page=1&size=4").json
    assert ([each["name"] for each in page["data"]], page["number"], page["totalElements"]) == (["Cleo"], 1, 5)


def test_more_before_an_object() -> None:
    client = listing(envelope(has_more={"type": "boolean"}), ("limit", WHOLE), ("ending_before", TEXT))
    pages = [client("GET", f"/pets?limit=2&ending_before={key}").json for key in (5, 3)]
    assert [(len(page["data"]), page["has_more"]) for page in pages] == [(2, True), (2, False)]


def test_cursors_lead_to_the_end() -> None:
    answer = envelope(next_cursor={"type": ["string", "null"]})
    client = listing(answer, ("cursor", TEXT), ("limit", WHOLE))
    found, cursor, pages = [], "", 0
    while cursor is not None and pages < 9:
        page = client("GET", f"/pets?limit=2&cursor={cursor}").json
        found += [each["name"] for each in page["data"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert (found, pages) == (NAMES, 3)


def test_a_cursor_that_may_not_be_null_is_left_out() -> None:
    answer = envelope(next_token=TEXT)
    answer["required"] = ["data"]
    client = listing(answer, ("next_token", TEXT), ("max_results", WHOLE))
    assert client("GET", "/pets?max_results=3").json["next_token"] == "3"
    assert "next_token" not in client("GET", "/pets?max_results=3&next_token=3").json


def test_headers_tell_of_pages_where_they_are_declared() -> None:
    headers = {"Link": {"schema": TEXT}, "X-Total-Count": {"schema": WHOLE}}
    client = listing(BARE, ("page", WHOLE | {"minimum": 1}), ("per_page", WHOLE), headers=headers)
    answer = client("GET", "/pets?per_page=2&page=2")
    assert answer.headers["x-total-count"] == "5"
    assert '<http://localhost/pets?per_page=2&page=3>; rel="next"' in answer.headers["link"]
    assert '<http://localhost/pets?per_page=2&page=1>; rel="prev"' in answer.headers["link"]


def test_lists_within_lists() -> None:
    edge = {"type": "object", "required": ["node"], "properties": {"node": ref("Pet"), "weight": WHOLE}}
    client = listing(
        {"type": "object", "required": ["edges"], "properties": {"edges": {"type": "array", "items": edge}}}
    )
    assert [each["node"]["name"] for each in client("GET", "/pets").json["edges"]] == NAMES


def test_a_list_is_no_page_where_nothing_asks_for_pages() -> None:
    client = listing(BARE)
    for number in range(30):
        client("POST", "/pets", {"name": str(number)})
    assert len(client("GET", "/pets").json) == 35


def test_lists_of_what_nothing_makes_are_the_example() -> None:
    shown = {"get": {"responses": {"200": ok({"type": "array", "items": ref("Pet")})}}}
    shown["get"]["responses"]["200"]["content"]["application/json"]["example"] = [
        {"id": 1, "name": "Ada", "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z"}
    ]
    client = client_for({"/pets": shown, "/pets/{petId}": PETS["/pets/{petId}"]}, NewPet=NEW_PET, Pet=PET)
    assert names(client, "/pets") == ["Ada"]
    client("PATCH", "/pets/1", {"name": "Bea"})
    client("PATCH", "/pets/2", {"name": "Cy"})
    assert names(client, "/pets") == ["Bea", "Cy"]
    client("DELETE", "/pets/1")
    assert names(client, "/pets") == ["Cy"]


def test_links_lead_on_where_no_parameter_does() -> None:
    links = {"type": "object", "properties": {"next": {"type": ["string", "null"], "format": "uri"}}}
    client = listing(envelope(links=links), ("limit", WHOLE))
    target, seen = "/pets?limit=2", []
    while target:
        page = client("GET", target).json
        seen += [each["name"] for each in page["data"]]
        target = (page["links"]["next"] or "").partition("http://localhost")[2]
    assert seen == NAMES
