"""What `x-counterfoil: {state: …}` says of an operation, over what would be inferred."""

import json
from typing import Any

import pytest

from counterfoil.contract import build
from counterfoil.documents.folder import VendorFolder
from counterfoil.location import CounterfoilError
from counterfoil.stub import Stub
from tests.stubs.client import Client
from tests.stubs.resources import ERROR_SCHEMA, body, ok, operation, path, query

METRIC = {
    "type": "object",
    "required": ["id", "name", "archived_at"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "archived_at": {"type": ["string", "null"], "format": "date-time"},
    },
}
NEW = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "note": {"type": ["string", "null"]}},
}
ONE = {
    "type": "object",
    "required": ["code", "metric"],
    "properties": {
        "code": {"const": 0},
        "metric": {"oneOf": [{"$ref": "#/components/schemas/Metric"}, {"type": "null"}]},
    },
}
MANY = {"type": "array", "items": {"$ref": "#/components/schemas/Metric"}}
KEY = {"type": "object", "required": ["ref"], "properties": {"ref": {"type": "integer"}}}
CHANGE = {"type": "object", "required": ["ref"], "properties": {**KEY["properties"], **NEW["properties"]}}
ITEM = {"collection": "/metrics", "key": "body:/ref", "identifier": "id", "entity": "/metric"}
STATES: dict[str, dict[str, Any]] = {
    "/gauge": {"action": "create", "collection": "/metrics", "identifier": "id", "entity": "/metric"},
    "/gauges": {
        "action": "list",
        "collection": "/metrics",
        "identifier": "id",
        "entity": "",
        "only": {"archived_at": None},
    },
    "/gauge/look": {**ITEM, "action": "fetch", "unknown": "null"},
    "/gauge/tune": {**ITEM, "action": "change", "nulls": "unchanged"},
    "/gauge/drop": {**ITEM, "action": "remove", "returns": "null"},
    "/gauge/shelve": {**ITEM, "action": "change", "set": {"archived_at": "{now}"}, "only": {"archived_at": None}},
    "/gauge/unshelve": {**ITEM, "action": "change", "set": {"archived_at": None}, "unknown": "ignore"},
    "/gauge/{ref}/copy": {**ITEM, "action": "fetch", "key": "path:ref"},
    "/gauge/see": {**ITEM, "action": "fetch", "key": "query:ref", "unknown": "example"},
    "/gauge/count": {"action": "answer"},
}


def overlaid(states: dict[str, dict[str, Any]], metric: dict[str, Any] = METRIC, **root: Any) -> Client:
    """A client of an API whose paths tell nothing, with what an overlay says of their state, and of the `root`."""
    plain = {
        "/gauge": operation("200", ONE, NEW),
        "/gauges": operation("200", MANY),
        "/gauge/look": operation("200", ONE, KEY),
        "/gauge/tune": operation("200", ONE, CHANGE),
        "/gauge/drop": operation("200", ONE, KEY),
        "/gauge/shelve": operation("200", ONE, KEY),
        "/gauge/unshelve": operation("204", None, KEY),
        "/gauge/{ref}/copy": operation("200", ONE, parameters=[path("ref", "integer")]),
        "/gauge/see": operation("200", ONE, parameters=[query("ref", {"type": "integer"})]),
        "/gauge/count": {"requestBody": body(KEY), "responses": {"200": ok({"const": 5})}},
    }
    page = {
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {name: {"post": each} for name, each in plain.items()},
        "components": {"schemas": {"Metric": metric, "Error": ERROR_SCHEMA}},
    }  # fmt: skip
    actions = [
        {
            "target": f"$.paths['{name}'].post", "description": "why", "x-confidence": "inferred",
            "update": {"x-counterfoil": {"state": state}},
        }
        for name, state in states.items()
    ]  # fmt: skip
    if root:
        told = {"target": "$", "description": "why", "x-confidence": "inferred", "update": {"x-counterfoil": root}}
        actions.append(told)
    overlay = {"overlay": "1.1.0", "info": {"title": "o", "version": "1"}, "actions": actions}
    folder = VendorFolder(
        "acme", "acme", "acme", (("page.json", json.dumps(page)),), ("overlay.yaml", json.dumps(overlay))
    )
    tree = build(folder).tree
    return Client(Stub(tree), tree)


def test_operations_do_what_is_said() -> None:
    client = overlaid(STATES)
    made = [client("POST", "/gauge", {"name": name, "note": "n"}).json["metric"] for name in ("a", "b", "c")]
    assert client("POST", "/gauges").json == made
    assert client("POST", "/gauge/look", {"ref": 2}).json == {"code": 0, "metric": made[1]}
    assert client("POST", "/gauge/look", {"ref": 9}).json == {"code": 0, "metric": None}
    assert client("POST", "/gauge/2/copy").json["metric"] == made[1]
    assert client("POST", "/gauge/9/copy").status == 404
    assert client("POST", "/gauge/see?ref=2").json["metric"] == made[1]
    assert client("POST", "/gauge/see?ref=9").status == 200
    tuned = client("POST", "/gauge/tune", {"ref": 2, "name": "B", "note": None}).json["metric"]
    assert tuned == {**made[1], "name": "B"}
    assert client("POST", "/gauge/drop", {"ref": 1}).json == {"code": 0, "metric": None}
    assert client("POST", "/gauge/drop", {"ref": 1}).status == 404
    assert client("POST", "/gauge/count", {"ref": 1}).json == 5


def test_what_is_shelved_is_seen_by_those_that_want_it() -> None:
    client = overlaid(STATES)
    client("POST", "/gauge", {"name": "a"})
    assert client("POST", "/gauge/shelve", {"ref": 1}).json["metric"]["archived_at"] is not None
    assert client("POST", "/gauges").json == []
    assert client("POST", "/gauge/shelve", {"ref": 1}).status == 404
    assert client("POST", "/gauge/look", {"ref": 1}).json["metric"]["archived_at"] is not None
    assert client("POST", "/gauge/unshelve", {"ref": 1}).status == 204
    assert client("POST", "/gauge/unshelve", {"ref": 9}).status == 204
    assert len(client("POST", "/gauges").json) == 1


def test_what_making_sets_shows_later() -> None:
    client = overlaid({**STATES, "/gauge": {**STATES["/gauge"], "set": {"note": "looked after"}}})
    made = client("POST", "/gauge", {"name": "a", "note": "new"}).json["metric"]
    assert made["note"] == "new"
    assert client("POST", "/gauge/look", {"ref": 1}).json["metric"] == {**made, "note": "looked after"}


def test_what_is_set_to_null_is_left_out_where_nulls_are() -> None:
    client = overlaid(STATES, {**METRIC, "required": ["id", "name"]}, nulls="omit")
    made = client("POST", "/gauge", {"name": "a"}).json["metric"]
    assert "archived_at" not in made
    assert "archived_at" in client("POST", "/gauge/shelve", {"ref": 1}).json["metric"]
    client("POST", "/gauge/unshelve", {"ref": 1})
    assert client("POST", "/gauge/look", {"ref": 1}).json["metric"] == made
    assert client("POST", "/gauges").json == [made]


@pytest.mark.parametrize(
    "state",
    [{"action": "make"}, {"key": "header:x"}, {"collection": "metrics"}, {"unknown": "maybe"}, {"other": 1}, {}],
)
def test_what_cannot_be_said_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises(CounterfoilError):
        overlaid({"/gauge": state})
