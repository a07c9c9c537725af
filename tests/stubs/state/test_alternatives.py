"""Objects that are one of several kinds, told by what requests say."""

from typing import Any

import pytest

from tests.stubs.resources import client_for, operation, ref

TEXT = {"type": "string"}


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
