"""Models accept what a JSON Schema validator accepts, keyword by keyword, and write again what they read."""

import json
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import jsonschema_rs
import pytest
from pydantic import TypeAdapter, ValidationError

from tests.exactness.instances import Sampler
from tests.exactness.package import generated_models

REF = "#/components/schemas/"
OBJECT = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a"]}
CAT = {"type": "object", "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}, "required": ["kind"]}
DOG = {"type": "object", "properties": {"kind": {"const": "dog"}, "good": {"type": "boolean"}}, "required": ["kind"]}
NAMED = {"type": "integer", "enum": [1, 2, 3], "x-enum-varnames": ["count", "count unique", "import"]}


def of(**properties: Any) -> dict[str, Any]:
    """An object schema with these optional properties."""
    return {"type": "object", "properties": properties}


SCHEMAS: dict[str, Any] = {
    "types": of(
        **{name: {"type": name} for name in ("string", "integer", "number", "boolean", "null", "array", "object")}
    ),
    "several-types": of(a={"type": ["string", "integer"]}, b={"type": ["object", "null"], "properties": {"c": {}}}),
    "integer-formats": of(
        a={"type": "integer", "format": "int32"},
        b={"type": "integer", "format": "int64"},
        c={"type": "array", "prefixItems": [{"type": "integer", "format": "int32"}]},
    ),
    "required": {**OBJECT, "required": ["a", "b", "elsewhere"]},
    "closed": {**OBJECT, "additionalProperties": False},
    "typed-others": {**OBJECT, "additionalProperties": {"type": "integer", "minimum": 3}},
    "mapping": {"type": "object", "additionalProperties": {"type": ["boolean", "null"]}, "minProperties": 1},
    "closed-pair": {"type": "object", "properties": {"c": {}}, "additionalProperties": False, "minProperties": 1},
    "rules-met-again": of(a={"$ref": f"{REF}closed-pair"}, b={"type": "array", "items": {"$ref": f"{REF}closed-pair"}}),
    "nothing-but-null": {"type": "null"},
    "references-to-null": of(a={"$ref": f"{REF}nothing-but-null"}, b={"type": ["integer", "null"]}),
    "property-count": {**OBJECT, "minProperties": 2, "maxProperties": 3},
    "pattern-properties": {**OBJECT, "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": False},
    "property-names": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$", "maxLength": 3}},
    "dependent-required": {**OBJECT, "dependentRequired": {"a": ["b"]}},
    "dependent-schemas": {**OBJECT, "dependentSchemas": {"b": {"properties": {"a": {"const": "abc"}}}}},
    "forbidden-property": {"type": "object", "properties": {"a": False, "b": {"type": "string"}}},
    "bounds": of(a={"type": "integer", "minimum": 1, "maximum": 5}, b={"type": "number", "exclusiveMinimum": 0.5}),
    "bounds-without-type": of(a={"minimum": 2}, b={"maxLength": 2}, c={"maxItems": 1}, d={"required": ["x"]}),
    "multiples": of(a={"type": "number", "multipleOf": 0.01}, b={"type": "integer", "multipleOf": 3}),
    "lengths": of(
        a={"type": "string", "minLength": 2, "maxLength": 3}, b={"type": "array", "minItems": 1, "maxItems": 2}
    ),
    "patterns": of(a={"type": "string", "pattern": r"^\d+$"}, b={"type": "string", "pattern": r"^[a-z]{2,3}$"}),
    "more-patterns": of(a={"type": "string", "pattern": r"^\w+\s[^\d,]$"}, b={"type": "string", "pattern": "a.b$"}),
    "character-categories": of(
        a={"type": "string", "pattern": r"^\p{Lu}[\p{L}\p{Nd}_-]*$"},
        b={"type": "string", "pattern": r"^[^\p{L}]\P{Letter}*$"},
    ),
    "formats": of(
        **{name: {"type": "string", "format": name} for name in ("date-time", "date", "time", "uuid", "email")}
    ),
    "more-formats": of(
        **{name: {"type": "string", "format": name} for name in ("uri", "ipv4", "ipv6", "hostname", "duration")}
    ),
    "unique-items": {"type": "array", "items": {"type": ["number", "boolean", "object"]}, "uniqueItems": True},
    "prefix-items": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    "contains": {"type": "array", "contains": {"type": "integer"}, "minContains": 2, "maxContains": 3},
    "string-enum": of(a={"type": "string", "enum": ["x", "y"]}, b={"enum": ["x", None]}, c={"const": "x"}),
    "other-enums": of(
        a={"enum": [1, 2.0]}, b={"const": False}, c={"enum": [True, 1, "1"]}, d={"enum": [[1], {"a": 1}]}
    ),
    "large-constants": of(a={"enum": [1, 10**20]}, b={"enum": [True, "a", 1.0]}),
    "enum-beside-reference": {"enum": ["x", "y", 3], "anyOf": [{"$ref": f"{REF}nothing-but-null"}, {"const": "x"}]},
    "enum-of-arrays": {"enum": [[1], [{"c": 1}], [{}]], "type": "array", "items": {"$ref": f"{REF}closed-pair"}},
    "named-integers": of(a=NAMED, b={"type": "array", "items": NAMED}, c={"enum": [1, None], "x-enum-varnames": ["x"]}),
    "some-named-integers": {**NAMED, "not": {"const": 2}},
    "null-or-named-integer": {**NAMED, "type": ["integer", "null"], "enum": [1, 2, None]},
    "overlapping-alternatives": {"oneOf": [OBJECT, {"type": "object", "required": ["b"]}]},
    "tagged-alternatives": {"oneOf": [CAT, DOG], "discriminator": {"propertyName": "kind"}},
    "alternatives-of-which-one-needs-no-tag": {
        "oneOf": [CAT, DOG, of(**{"kind": {"enum": ["bird"]}, "x-kind": {"const": "tit"}})]
    },
    "any-of": {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "integer"}, {"type": "null"}]},
    "simple-alternatives": of(a={"oneOf": [{"type": ["string", "number"]}, {"type": "boolean"}, {"type": "integer"}]}),
    "null-more-than-once": of(a={"oneOf": [{"type": "null"}, {"type": "null"}, {"type": "string", "maxLength": 3}]}),
    "nullable-alternatives": of(a={"oneOf": [{"type": "null"}, OBJECT]}, b={"anyOf": [CAT, DOG, {"type": "null"}]}),
    "all-of": {"allOf": [OBJECT, of(c={"type": "boolean"}, a={"minLength": 2})]},
    "all-of-closed": {"allOf": [{**OBJECT, "additionalProperties": False}, of(c={"type": "boolean"})]},
    "not": {**OBJECT, "not": {"required": ["b"]}},
    "conditions": {**OBJECT, "if": {"required": ["b"]}, "then": {"properties": {"a": {"minLength": 2}}}},
    "beside-alternatives": {**OBJECT, "oneOf": [{"required": ["b"]}, {"required": ["c"]}]},
    "unevaluated-properties": {"allOf": [OBJECT], "anyOf": [of(c={}), of(d={})], "unevaluatedProperties": False},
    "unevaluated-items": {
        "type": "array",
        "prefixItems": [{"type": "string"}],
        "unevaluatedItems": {"type": "integer"},
    },
    "recursion": of(next={"$ref": f"{REF}recursion"}, all={"type": "array", "items": {"$ref": f"{REF}recursion"}}),
    "recursion-of-merged-parts": of(
        c={"allOf": [{"$ref": f"{REF}recursion-of-merged-parts"}, of(c=of(d={"type": "integer"}))]}
    ),
    "recursion-beside-alternatives": of(a={"$ref": f"{REF}recursion-beside-alternatives", "anyOf": [CAT, DOG]}),
    "recursive-alternatives": {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": f"{REF}recursive-alternatives"}}]
    },
    "names": of(
        **{
            name: {"type": "integer"}
            for name in ("class", "model_dump", "a-b", "a b", "_x", "", "int", "日本", "Names")
        }
    ),
    "deep-reference": of(a={"$ref": f"{REF}types/properties/integer"}),
    "nothing": of(a=False, b={"not": {}}),
    "anything": of(a=True, b={}),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package of models of one API whose operations answer by the schemas, each called after its schema."""
    with generated_models(tmp_path_factory.mktemp("keywords"), document()) as module:
        yield module


def document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Keywords", "version": "1"},
        "paths": {
            f"/{name}": {
                "get": {
                    "operationId": f"get {name}",
                    "responses": {
                        "200": {
                            "description": "One.",
                            "content": {"application/json": {"schema": {"$ref": REF + name}}},
                        }
                    },
                }
            }
            for name in SCHEMAS
        },
        "components": {"schemas": SCHEMAS},
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_accepts_what_the_schema_accepts_and_writes_what_was_read(models: ModuleType, name: str) -> None:
    operation = next(item for item in models.OPERATIONS.values() if item.path == f"/{name}")
    adapter: TypeAdapter[Any] = TypeAdapter(operation.responses["200"]["application/json"])
    oracle = jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": {"schemas": with_integer_bounds(SCHEMAS)}},
        validate_formats=True,
    )
    verdicts = set()
    for instance in instances(name):
        text = json.dumps(instance)
        valid = oracle.is_valid(instance)
        verdicts.add(valid)
        read, refusal = attempt(adapter, text)
        assert valid == (refusal is None), f"{text} is {'valid' if valid else 'invalid'}, the model says: {refusal}"
        if refusal is not None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            written = json.loads(adapter.dump_json(read, exclude_unset=True))
        assert same(instance, written), f"{text} is written as {written}"
    assert verdicts == {True, False} or name == "anything"


def attempt(adapter: TypeAdapter[Any], text: str) -> tuple[Any, ValidationError | None]:
    """What the model makes of a JSON text, or why it refuses it."""
    try:
        return adapter.validate_json(text), None
    except ValidationError as error:
        return None, error


def instances(name: str) -> Iterator[Any]:
    sampler = Sampler(document(), seed=len(name))
    for _ in range(25):
        sample = sampler.sample(SCHEMAS[name])
        yield sample
        yield from sampler.mutations(sample, SCHEMAS[name])


def with_integer_bounds(schema: Any) -> Any:
    """The schema with `int32` and `int64` said as bounds: the validator does not know these formats of OpenAPI."""
    if isinstance(schema, list):
        return [with_integer_bounds(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    bits = {"int32": 31, "int64": 63}.get(schema.get("format", ""))
    bounds = {"minimum": -(2**bits), "maximum": 2**bits - 1} if bits else {}
    return {key: with_integer_bounds(value) for key, value in schema.items()} | bounds


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; booleans are no numbers, and 1.0 is 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
