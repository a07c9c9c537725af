"""Values made from schemas: valid, told by names and formats, the same for the same seed, others when asked for."""

import json
import re
from datetime import datetime
from typing import Any

import jsonschema_rs
import pytest

from counterfoil.stub import Stub
from counterfoil.stub.answers.sampling import Sampler
from counterfoil.stub.contract_tree import ContractTree
from tests.stubs.client import Answer, Client
from tests.stubs.resources import client_for, operation

NODE = {
    "type": "object",
    "required": ["name", "children"],
    "properties": {
        "name": {"type": "string"},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
    },
}
CAT = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}}
DOG = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "barks": {"type": "boolean"}}}
COMPONENTS = {"schemas": {"Node": NODE, "Cat": CAT, "dog": DOG}}
PETS = {
    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/dog"}],
    "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}},
}
SCHEMAS: dict[str, Any] = {
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4,6}$", "minLength": 9},
    "bounds": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "whole-bounds": {"type": "integer", "exclusiveMinimum": 7, "maximum": 8},
    "negative": {"type": "integer", "maximum": -3},
    "multiple": {"type": "number", "multipleOf": 0.05, "minimum": 10.01, "maximum": 10.09},
    "large-multiple": {"type": "integer", "multipleOf": 7919, "minimum": 8000},
    "unique": {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"enum": ["a", "b", "c"]}},
    "unique-objects": {"type": "array", "uniqueItems": True, "minItems": 4, "items": CAT},
    "tuple": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    "contains": {"type": "array", "contains": {"type": "integer", "minimum": 20}, "minContains": 2},
    "recursive": {"$ref": "#/components/schemas/Node"},
    "discriminator": PETS,
    "overlapping-one-of": {"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}},
                                     {"type": "object", "properties": {"b": {"type": "integer"}}}]},
    "one-of-beside-properties": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}},
                                 "oneOf": [{"required": ["x"]}, {"required": ["y"]}]},
    "any-of-bad-example": {"anyOf": [{"type": "integer", "example": "no"}, {"type": "string", "minLength": 3}]},
    "bad-example-inside": {"type": "object", "properties": {"a": {"type": "integer", "example": "text"}}},
    "impossible-optional": {"type": "object", "properties": {"a": {"type": "null", "oneOf": [CAT]}}},
    "all-of": {"allOf": [{"type": "object", "properties": {"a": {"minLength": 2}}, "required": ["a"]},
                         {"properties": {"a": {"type": "string", "maxLength": 4}}}]},
    "closed": {"type": "object", "additionalProperties": False, "properties": {"only": {"type": "string"}}},
    "map": {"type": "object", "minProperties": 2, "propertyNames": {"pattern": "^k[0-9]+$"},
            "additionalProperties": CAT},
    "pattern-properties": {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "minProperties": 1,
                           "additionalProperties": False},
    "short-email": {"type": "string", "format": "email", "maxLength": 8},
    "long-uri": {"type": "string", "format": "uri", "minLength": 60},
    "nullable": {"type": ["null", "string"], "format": "date-time"},
    "not-typed": {"minLength": 4},
    "int32": {"type": "integer", "format": "int32", "minimum": 2147483647},
    "formats": {"type": "object", "properties": {name: {"type": "string", "format": name} for name in
                ("date-time", "date", "time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6", "uri",
                 "uri-reference", "json-pointer", "regex", "idn-email", "iri", "uri-template")}},
}  # fmt: skip


def tree(schema: Any) -> dict[str, Any]:
    operation = {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}
    return {"openapi": "3.1.0", "paths": {"/a": {"get": operation}}, "components": COMPONENTS}


def client(schema: Any, **options: Any) -> Client:
    return Client(Stub(tree(schema)).configure(**options), {"paths": {}})


def valid(schema: Any, value: Any) -> bool:
    return jsonschema_rs.is_valid({**schema, "components": COMPONENTS}, value, validate_formats=True)


@pytest.mark.parametrize("name", SCHEMAS)
def test_values_are_valid(name: str) -> None:
    schema = SCHEMAS[name]
    assert valid(schema, client(schema)("GET", "/a").json)
    made_up = client(schema, dynamic=True)
    values = [made_up("GET", "/a").json for _ in range(6)]
    assert all(valid(schema, value) for value in values), values


def test_an_unsatisfiable_schema_is_answered_all_the_same() -> None:
    assert client({"type": "string", "minLength": 5, "maxLength": 2})("GET", "/a").status == 200


def test_names_tell_what_values_look_like() -> None:
    names = {"email": r".+@example\.com", "homepageUrl": "https://.*", "created_at": r"\d{4}-\d\d-\d\dT.*Z",
             "currency": "[A-Z]{3}", "firstName": "[A-Z][a-z]+", "ip_address": r"[\d.]+"}  # fmt: skip
    schema = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names} | {"year": {"type": "integer"}},
    }
    value = client(schema)("GET", "/a").json
    assert all(re.fullmatch(form, value[name]) for name, form in names.items()), value
    assert 2000 < value["year"] < 2100


def test_what_is_write_only_is_not_answered() -> None:
    schema = {"type": "object", "required": ["secret"], "properties": {"secret": {"type": "string", "writeOnly": True}}}
    assert client(schema)("GET", "/a").json == {}


def test_the_same_for_the_same_seed_and_another_for_another() -> None:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in ("name", "email", "city", "id")}}
    texts = [client(schema, seed=seed)("GET", "/a").text for seed in (0, 0, 1, 2)]
    assert texts[0] == texts[1]
    assert len({*texts}) == 3
    assert len({client(schema)("GET", "/a").text for _ in range(2)}) == 1


def test_dynamic_answers_vary_and_repeat_with_the_stub() -> None:
    schema = {"type": "object", "properties": {"id": {"type": "string", "example": "shown"}, "n": {"type": "integer"}}}

    def run(seed: int) -> list[str]:
        stub = client(schema, dynamic=True, seed=seed)
        return [stub("GET", "/a").text for _ in range(5)]

    assert run(3) == run(3)
    assert run(3) != run(4)
    assert len({*run(3)}) == 5
    assert all(json.loads(text)["id"] != "shown" for text in run(3))


def test_large_schemas_stay_small() -> None:
    names = [f"S{number}" for number in range(30)]
    schemas = {
        name: {
            "type": "object",
            "properties": {other.lower(): {"$ref": f"#/components/schemas/{other}"} for other in names},
        }
        for name in names
    }
    contract = ContractTree({"components": {"schemas": schemas}})
    assert len(json.dumps(Sampler(contract).value({"$ref": "#/components/schemas/S0"}))) < 100_000


def test_a_discriminator_that_is_no_text_names_no_kind() -> None:
    event = {
        "type": "object",
        "required": ["event"],
        "properties": {"event": {"type": "object"}},
        "discriminator": {"propertyName": "event", "mapping": {"order": "#/components/schemas/Event"}},
    }
    contract = ContractTree({"components": {"schemas": {"Event": event}}})
    assert Sampler(contract).value({"$ref": "#/components/schemas/Event"}) == {"event": {}}


def errors(schema: Any, example: Any) -> Answer:
    contract = tree(schema)
    contract["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["example"] = example
    return Client(Stub(contract).configure(errors=True), {"paths": {}})("GET", "/a")


def test_errors_tells_of_answers_that_break_the_contract() -> None:
    assert errors(CAT, {"kind": "cat"}).status == 200
    answer = errors(CAT, {"kind": "dog", "lives": "nine"})
    assert (answer.status, answer.headers["content-type"]) == (500, "application/problem+json")
    found = {tuple(each["location"]): each["code"] for each in answer.json["validation"]}
    assert found == {("response", "body", "kind"): "const", ("response", "body", "lives"): "type"}
    assert json.loads(answer.headers["sl-violations"]) == answer.json["validation"]


def test_what_an_overlay_generates_stands_in_values_that_are_made_up() -> None:
    told = {
        "code": {"type": "integer", "x-counterfoil": {"generate": 0}},
        "request": {"type": "string", "x-counterfoil": {"generate": "r-{hex-8}-{alphanumeric-6}"}},
        "trace": {"type": "string", "x-counterfoil": {"generate": "{uuid}"}},
        "at": {"type": "string", "x-counterfoil": {"generate": "{now}"}},
    }
    contract = ContractTree({"openapi": "3.1.0", "paths": {}})
    schema = {"type": "object", "required": list(told), "properties": told}
    made = Sampler(contract).value(schema)
    assert made["code"] == 0
    assert re.fullmatch(r"r-[0-9a-f]{8}-[0-9A-Za-z]{6}", made["request"])
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", made["trace"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made["at"])
    assert Sampler(contract).value(schema) == made
    assert Sampler(contract).varied(schema, "other")["code"] == 0
    assert Sampler(contract, 1).value(schema)["request"] != made["request"]


def test_a_moment_is_the_same_as_a_text_and_as_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {
        "type": "object",
        "required": ["id", "name", "told", "counted"],
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "told": {"type": "string", "x-counterfoil": {"generate": "{now-milliseconds}"}},
            "counted": {"type": "integer", "x-counterfoil": {"generate": "{now-unix-milliseconds}"}},
        },
    }
    asked = {"type": "object", "properties": {"name": {"type": "string"}}}
    client = client_for({"/moments": {"post": operation("201", made, asked)}})
    for milliseconds in range(1_795_335_393_300, 1_795_335_393_400):
        monkeypatch.setattr("counterfoil.stub.call.time", lambda moment=milliseconds / 1000: moment)
        answer = client("POST", "/moments", {"name": "now"}).json
        assert datetime.fromisoformat(answer["told"]).timestamp() == pytest.approx(answer["counted"] / 1000, abs=1e-6)
