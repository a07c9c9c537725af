"""The ladder of requests: whatever another rule would take or refuse is among them, and each is labelled rightly."""

import copy
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.leaves import at
from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.cases.variants.walk import Walk
from counterfoil.checks.ladder.changes import Changes
from counterfoil.checks.ladder.climb import rungs
from counterfoil.checks.ladder.places_told import unnamed
from counterfoil.checks.operation import Operation, operations
from counterfoil.checks.wire.exchange import Response
from counterfoil.stub.contract_tree import ContractTree

MAIL = {
    "type": "object",
    "required": ["channel", "address"],
    "additionalProperties": False,
    "properties": {"channel": {"const": "mail"}, "address": {"type": "string", "format": "email", "maxLength": 40}},
}
PHONE = {
    "type": "object",
    "required": ["channel", "number"],
    "properties": {
        "channel": {"const": "phone"},
        "number": {"type": "string", "pattern": "^[0-9]{3}-[0-9]{4}(-[0-9]{1,3})?$"},
        "ext": {"type": ["integer", "null"], "minimum": 1, "maximum": 99},
    },
}
PARCEL = {
    "type": "object",
    "required": ["weight", "kind"],
    "properties": {
        "weight": {"type": "number", "exclusiveMinimum": 0, "maximum": 70, "multipleOf": 0.25},
        "kind": {"type": "string", "enum": ["plain", "frozen"]},
        "temperature": {"type": "integer", "minimum": -40, "maximum": -1},
    },
    "if": {"properties": {"kind": {"const": "frozen"}}},
    "then": {"required": ["temperature"]},
    "else": {"properties": {"temperature": False}},
}
SHIPMENT = {
    "type": "object",
    "required": ["label", "parcel"],
    "additionalProperties": False,
    "dependentRequired": {"until": ["since"]},
    "properties": {
        "label": {"type": "string", "minLength": 4, "maxLength": 30, "pattern": "^[A-Za-z][A-Za-z0-9 _-]*$"},
        "parcel": PARCEL,
        "stops": {
            "type": "array",
            "minItems": 1,
            "maxItems": 4,
            "items": {"type": "object", "properties": {"contact": {"oneOf": [MAIL, PHONE]}}},
        },
        "docks": {"type": "array", "uniqueItems": True, "maxItems": 3, "items": {"enum": ["a", "b", "c", "d", "e"]}},
        "ports": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": 6,
            "items": {"type": "string", "pattern": "^[a-z]{1,9}$"},
        },
        "marks": {
            "type": "object",
            "maxProperties": 2,
            "propertyNames": {"pattern": "^[a-z]{2,5}$"},
            "additionalProperties": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "integer", "minimum": 0}]},
        },
        "roles": {"type": "array", "contains": {"const": "main"}, "items": {"enum": ["main", "side"]}},
        "since": {"type": "string", "format": "date"},
        "until": {"type": "string", "format": "date"},
    },
}
NUMBER = "/properties/stops/items/properties/contact/oneOf/1/properties/number/pattern"
MAIL_AT = "/properties/stops/items/properties/contact/oneOf/0"


def _operation(content: dict[str, Any], parameters: tuple[dict[str, Any], ...] = ()) -> Operation:
    tree = {"requestBody": {"required": True, "content": content}} if content else {}
    method = {"responses": {"200": {"description": "done"}}, "parameters": [*parameters], **tree}
    return operations({"openapi": "3.1.0", "paths": {"/shipments": {"post": method}}})[0]


def _with(pointer: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(SHIPMENT)
    way, _, last = pointer.rpartition("/")
    holder = json_pointer.resolve(changed, way)
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return changed


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/properties/label/pattern", "^[A-Za-z_][A-Za-z0-9 _-]*$"),
        ("/properties/label/pattern", "^[A-Za-z][A-Za-z0-9 _.-]*$"),
        ("/properties/label/pattern", "^[A-Za-z][A-Za-z0-9 -]*$"),
        ("/properties/label/pattern", "^[A-Za-z][A-Za-z0-9 _-]*"),
        ("/properties/label/maxLength", 31),
        (NUMBER, "^[0-9]{3}-[0-9]{4}(-[0-9]{1,4})?$"),
        (NUMBER, "^[0-9]{3}-[0-9]{4}(-[0-9]{2,3})?$"),
        (NUMBER, "^[0-9]{3}-[0-9]{4}$"),
        (NUMBER, "^[0-9]{3}.[0-9]{4}(-[0-9]{1,3})?$"),
        (f"{MAIL_AT}/required", ["channel"]),
        (f"{MAIL_AT}/additionalProperties", True),
        (f"{MAIL_AT}/properties/address/maxLength", 41),
        (f"{MAIL_AT}/properties/address/format", "hostname"),
        ("/properties/stops/items/properties/contact/oneOf/1/properties/ext/maximum", 100),
        ("/properties/stops/maxItems", 5),
        ("/properties/docks/uniqueItems", False),
        ("/properties/docks/maxItems", 4),
        ("/properties/ports/maxItems", 5),
        ("/properties/marks/maxProperties", 3),
        ("/properties/marks/propertyNames", {"pattern": "^[a-z]{2,6}$"}),
        ("/properties/marks/additionalProperties/anyOf/0/maxLength", 10),
        ("/properties/marks/additionalProperties/anyOf/1/minimum", -1),
        ("/properties/roles/items", {"enum": ["main", "side", "MAIN"]}),
        ("/properties/roles/contains", {}),
        ("/properties/parcel/properties/weight/maximum", 70.25),
        ("/properties/parcel/properties/weight/multipleOf", 0.125),
        ("/properties/parcel/properties/temperature/minimum", -39),
        ("/properties/parcel/then", {}),
        ("/properties/parcel/else", {}),
        ("/dependentRequired", {}),
        ("/properties/until/format", "date-time"),
    ],
)
def test_some_variant_tells_another_rule_from_that_of_the_contract(pointer: str, value: Any) -> None:
    operation = _operation({"application/json": {"schema": SHIPMENT}})
    body = (valid := ValidRequests(Instances(operation.schemas))).body(operation)
    assert body is not None
    walk = Walk(valid.instances)
    variants = [
        *walk.variants(SHIPMENT, body.pointer, body.full),
        *walk.additions(SHIPMENT, body.pointer, body.minimal),
    ]
    other = ContractTree(_with(pointer, value)).validator("")
    assert any(valid.instances.fits(body.pointer, each.value) != other.is_valid(each.value) for each in variants)


def test_requests_break_many_rules_at_once_each_at_a_place_of_its_own() -> None:
    operation = _operation({"application/json": {"schema": SHIPMENT}})
    bare, body = (valid := ValidRequests(Instances(operation.schemas))).bare(operation), valid.body(operation)
    assert bare is not None
    assert body is not None
    groups = list(Changes(bare, body, valid.instances).broken_together())
    assert len(groups[0].parts) > 5
    assert len(groups) < sum(len(group.parts) for group in groups) / 3
    for group in groups:
        for path, alone in zip(group.paths, (make() for make in group.parts), strict=True):
            assert alone.broken
            assert at(alone.draft.value, path, "gone") == at(group.draft.value, path, "gone")


def test_schemas_that_hold_each_other_without_end_are_looked_into_once_each() -> None:
    names = [f"n{number}" for number in range(12)]
    parts = {name: {"$ref": f"#/components/schemas/{name}"} for name in names}
    schemas = {
        name: {"type": "object", "properties": {"text": {"type": "string", "maxLength": 3 + number}, **parts}}
        for number, name in enumerate(names)
    }
    body = {"content": {"application/json": {"schema": parts["n0"]}}}
    post = {"requestBody": body, "responses": {"200": {"description": "done"}}}
    contract = {"openapi": "3.1.0", "paths": {"/parts": {"post": post}}, "components": {"schemas": schemas}}
    operation = operations(contract)[0]
    bare, held = (valid := ValidRequests(Instances(operation.schemas))).bare(operation), valid.body(operation)
    assert bare is not None
    assert held is not None
    assert len(json.dumps(held.full)) < 100_000
    changes = Changes(bare, held, valid.instances, 1_000)
    plans = list(changes.plans())
    assert changes.is_cut
    assert len(plans) < 3_000
    limits = {f"/components/schemas/{name}/properties/text/maxLength" for name in names}
    assert limits <= {plan.rule[0] for plan in plans if not plan.is_valid}


@pytest.mark.parametrize(
    "told",
    [
        {"detail": [{"loc": ["body", "label"]}, {"loc": ["body", "stops", 0, "contact", "number"]}]},
        {"errors": [{"path": "label", "message": "weight"}, {"path": "stops.0.contact"}]},
        {"errors": [{"instancePath": "/label"}, {"instancePath": "/stops/0/contact"}]},
        {"errors": {"label": ["too short"], "contact": ["unknown"]}},
    ],
)
def test_what_a_refusal_of_many_mistakes_leaves_out_is_suspicious(told: Any) -> None:
    response = Response(422, (("content-type", "application/json"),), json.dumps(told).encode())
    assert unnamed(response, [("label",), ("parcel", "weight"), ("stops", 0, "contact")]) == [1]


def test_form_is_sent_in_every_way_that_it_can_be_written() -> None:
    properties = {"text": {"enum": ["a", "b"]}, "copies": {"type": "integer", "minimum": 4, "maximum": 5}}
    schema = {"type": "object", "required": ["copies"], "additionalProperties": False, "properties": properties}
    sent: dict[str, set[str]] = {"valid": set(), "broken": set()}
    operation = _operation({"application/x-www-form-urlencoded": {"schema": schema}})
    for rung in rungs(operation, ValidRequests(Instances(operation.schemas))):
        if rung.draft.media_type == "application/x-www-form-urlencoded":
            fields = dict(parse_qsl((rung.draft.body or b"").decode(), keep_blank_values=True))
            sent["broken" if rung.broken else "valid"].add(json.dumps(fields, sort_keys=True))
    assert {'{"copies": "5", "text": "a"}', '{"copies": "4", "text": "b"}', '{"copies": "4"}'} <= sent["valid"]
    assert {'{"copies": "6", "text": "a"}', '{"copies": "text", "text": "a"}', '{"text": "a"}'} <= sent["broken"]
    assert not sent["valid"] & sent["broken"]


def test_part_that_says_it_is_json_may_be_taken_for_text() -> None:
    properties = {"note": {"type": "string"}, "copies": {"type": "integer"}}
    operation = _operation({"multipart/form-data": {"schema": {"type": "object", "properties": properties}}})
    refused = {
        rung.place: rung.must
        for rung in rungs(operation, ValidRequests(Instances(operation.schemas)))
        if b"application/json\r\n\r\n{}" in (rung.draft.body or b"")
    }
    assert refused == {"note": False, "copies": True}


@pytest.mark.parametrize(
    ("node", "valid", "broken"),
    [
        ({"schema": {"type": "array", "maxItems": 2, "items": {"enum": ["a", "b"]}}}, "a b", "a a a"),
        (
            {"explode": False, "schema": {"type": "array", "minItems": 2, "items": {"enum": [8, 9]}}},
            "9,8",
            "8",
        ),
        (
            {
                "style": "deepObject",
                "schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "maximum": 7}}},
            },
            "7",
            "8",
        ),
        ({"content": {"application/json": {"schema": {"type": "object", "required": ["a"]}}}}, '{"a": "string"}', "{}"),
        ({"schema": {"type": "integer", "minimum": 7, "maximum": 7}}, "7", "7px"),
    ],
)
def test_parameter_of_any_style_is_tried(node: dict[str, Any], valid: str, broken: str) -> None:
    operation = _operation({}, ({"name": "p", "in": "query", **node},))
    sent: dict[str, set[str]] = {"valid": set(), "broken": set()}
    for rung in rungs(operation, ValidRequests(Instances(operation.schemas))):
        sent["broken" if rung.broken else "valid"].add(" ".join(text for _, text in rung.draft.query))
    assert broken in sent["broken"]
    assert valid in sent["valid"]


def test_what_another_path_of_the_same_shape_may_take_is_not_called_wrong() -> None:
    def get(schema: dict[str, Any]) -> dict[str, Any]:
        parameter = {"name": "key", "in": "path", "required": True, "schema": schema}
        return {"get": {"responses": {"200": {"description": "done"}}, "parameters": [parameter]}}

    paths = {"/people/{key}": get({"type": "string", "format": "uuid"})}
    for others, is_broken in (({}, True), ({"/people/{key}/": get({})}, True), ({"/people/{name}": get({})}, False)):
        operation = operations({"openapi": "3.1.0", "paths": paths | others})[0]
        found = list(rungs(operation, ValidRequests(Instances(operation.schemas))))
        assert any(rung.broken for rung in found) is is_broken
        assert any(not rung.broken for rung in found)


def test_what_some_servers_read_as_a_truth_value_is_not_tried() -> None:
    schema = {"anyOf": [{"type": "boolean"}, {"type": "string", "enum": ["true", "false"]}]}
    operation = _operation({}, ({"name": "p", "in": "query", "schema": schema},))
    sent = {
        text for rung in rungs(operation, ValidRequests(Instances(operation.schemas))) for _, text in rung.draft.query
    }
    assert {"true", "false"} <= sent
    assert not {text for text in sent if text.strip() in ("true", "false")} - {"true", "false"}
