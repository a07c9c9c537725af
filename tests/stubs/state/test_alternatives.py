"""Objects that are one of several kinds, told by what requests say."""

from typing import Any

import pytest

from tests.stubs.resources import client_for, ok, operation, path, ref

TEXT = {"type": "string"}
WRITTEN = TEXT | {"writeOnly": True}


def kind(name: str, *, keyed: bool, **properties: Any) -> dict[str, Any]:
    """The schema of a kind of charge, as requests or answers have it."""
    stated = {"type": {"type": "string", "enum": [name]}, "name": TEXT, **properties}
    own = {"id": {"type": "string", "format": "uuid"}} if keyed else {}
    return {"type": "object", "required": ["type", *own], "properties": {**own, **stated}}


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_the_kind_that_was_asked_for_is_answered(keyword: str) -> None:
    new = [kind("flat", keyed=False, price={"type": "integer"}), kind("metered", keyed=False, unit=TEXT)]
    charges = [kind("flat", keyed=True, price={"type": "integer"}), kind("metered", keyed=True, unit=TEXT)]
    schemas: dict[str, Any] = {"Flat": charges[0], "Metered": charges[1]}
    either = {keyword: [ref("Flat"), ref("Metered")]}
    client = client_for({"/charges": {"post": operation("201", either, {keyword: new})}}, **schemas)
    for told in ({"type": "metered", "name": "a", "unit": "MB"}, {"type": "flat", "name": "b", "price": 3}):
        made = client("POST", "/charges", told).json
        assert made.pop("id")
        assert made == told


def test_an_object_of_one_kind_repeats_what_several_requests_may_tell() -> None:
    new = [kind("flat", keyed=False, price={"type": "integer"}), kind("metered", keyed=False, unit=TEXT)]
    types = {"type": TEXT, "name": TEXT, "price": {"type": "integer"}, "unit": TEXT}
    charge = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, **types}}
    client = client_for({"/charges": {"post": operation("201", charge, {"oneOf": new})}})
    made = client("POST", "/charges", {"type": "metered", "name": "a", "unit": "MB"}).json
    assert made == {"id": 1, "type": "metered", "name": "a", "unit": "MB"}


def test_kinds_that_only_a_discriminator_names_are_kept_whole() -> None:
    named = {"flat": "#/components/schemas/Flat", "metered": "#/components/schemas/Metered"}
    base = {
        "type": "object",
        "required": ["type"],
        "properties": {"id": {"type": "integer", "readOnly": True}, "type": {"enum": ["flat", "metered"]}},
        "discriminator": {"propertyName": "type", "mapping": named},
    }
    flat = {"allOf": [ref("Charge"), {"type": "object", "properties": {"price": {"type": "integer"}}}]}
    metered = {"allOf": [ref("Charge"), {"type": "object", "properties": {"unit": TEXT, "key": WRITTEN}}]}
    replaced = operation("200", ref("Charge"), ref("Charge"))
    listed = {"get": operation("200", {"type": "array", "items": ref("Charge")})}
    client = client_for(
        {
            "/charges": {"post": operation("201", ref("Charge"), ref("Charge")), **listed},
            "/charges/{id}": {"parameters": [path("id", "integer")], "put": replaced},
        },
        Charge=base, Flat=flat, Metered=metered,
    )  # fmt: skip
    told = {"type": "metered", "unit": "MB", "key": "k"}
    shown = {"id": 1, "type": "metered", "unit": "MB"}
    assert client("POST", "/charges", told).json == shown
    assert client("GET", "/charges").json == [shown]
    assert client("PUT", "/charges/1", told | {"unit": "GB"}).json == shown | {"unit": "GB"}


def test_what_holds_for_all_kinds_is_in_each() -> None:
    own = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": TEXT}}
    either = {**own, "oneOf": [kind("flat", keyed=False, price={"type": "integer"}), kind("metered", keyed=False)]}
    new = {"oneOf": either["oneOf"]}
    client = client_for({"/charges": {"post": operation("201", either, new)}})
    assert client("POST", "/charges", {"type": "metered", "name": "a"}).json == {
        "id": 1,
        "type": "metered",
        "name": "a",
    }


def test_an_answer_keeps_what_the_kind_that_fits_best_has_of_a_request() -> None:
    parts = {"type": "array", "items": {"type": "object", "required": ["sku"], "properties": {"sku": TEXT}}}
    once = {"allOf": [kind("once", keyed=True, parts=parts), {"required": ["parts"]}]}
    often = {"allOf": [kind("often", keyed=True, parts=parts, times={"type": "integer"}), {"required": ["times"]}]}
    names = {"type": "array", "items": TEXT}
    new = kind("once", keyed=False, parts=names, times={"type": "integer"})
    client = client_for({"/charges": {"post": operation("201", {"oneOf": [once, often]}, new)}})
    made = client("POST", "/charges", {"type": "once", "name": "a", "parts": ["p"], "times": 2}).json
    assert (made["type"], made["name"], len(made["parts"])) == ("once", "a", 1)


def test_the_kind_that_was_asked_for_is_answered_where_none_can_repeat_all_of_a_request() -> None:
    parts = {"type": "array", "items": {"type": "object", "required": ["sku"], "properties": {"sku": TEXT}}}
    names, price = {"type": "array", "items": TEXT}, {"type": "integer"}
    charges = [kind("once", keyed=True, parts=parts, price=price), kind("often", keyed=True, parts=parts)]
    new = [kind("once", keyed=False, parts=names, price=price), kind("often", keyed=False, parts=names)]
    client = client_for({"/charges": {"post": operation("201", {"oneOf": charges}, {"oneOf": new})}})
    made = client("POST", "/charges", {"type": "often", "name": "a", "parts": ["p"], "price": 3}).json
    assert (made["type"], made["name"]) == ("often", "a")


def test_a_change_that_answers_with_one_of_several_kinds_tells_the_object() -> None:
    charge = kind("often", keyed=True, unit=TEXT) | {"required": ["id"]}
    kinds = [kind("once", keyed=True, price={"type": "integer"}), kind("often", keyed=True, unit=TEXT)]
    change = operation("200", {"oneOf": kinds}, {"type": "object", "properties": {"name": TEXT}})
    item = {"parameters": [path("id")], "patch": change}
    new = kind("often", keyed=False, unit=TEXT)
    client = client_for({"/charges": {"post": operation("201", charge, new)}, "/charges/{id}": item})
    made = client("POST", "/charges", {"type": "often", "name": "a", "unit": "MB"}).json
    assert client("PATCH", f"/charges/{made['id']}", {"name": "b"}).json == made | {"name": "b"}


def test_what_is_made_up_is_of_a_kind_that_a_discriminator_names() -> None:
    named = {"flat": "#/components/schemas/Flat", "metered": "#/components/schemas/Metered"}
    kinds = {"discriminator": {"propertyName": "type", "mapping": named}}
    base = {"type": "object", "required": ["type"], "properties": {"type": TEXT}, **kinds}
    schemas = {name: {"allOf": [ref("Charge"), {"type": "object"}]} for name in ("Flat", "Metered")}
    wrong = {"type": "object", "properties": {"errors": {"type": "array", "items": ref("Charge")}}}
    paths = {f"/{name}": {"get": operation("200", ref(name))} for name in ("Charge", "Metered")}
    refused = operation("200", ref("Charge"), {"type": "object"})
    refused["responses"]["400"] = ok(wrong)
    client = client_for({**paths, "/charges": {"post": refused}}, Charge=base, **schemas)
    assert [client("GET", path).json["type"] for path in paths] == ["flat", "metered"]
    assert client("POST", "/charges", []).json["errors"][0]["type"] in named
