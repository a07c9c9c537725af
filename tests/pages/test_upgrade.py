"""Documents of every OpenAPI version become OpenAPI 3.1: one fact of a version in, what 3.1 says for it out."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator.schemas import schema_v31

from counterfoil.contract import build
from counterfoil.documents.folder import VendorFolder
from tests.made_contracts import contract_of
from tests.shared_material import shared


def upgraded_schema(schema: Any, version: str = "3.0.3") -> Any:
    """A schema after a document of the version that has it among its components was made a contract."""
    parts = {"Under": schema, "Other": {"type": "object"}}
    if version == "2.0":
        document = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}, "definitions": parts}
    else:
        document = {
            "openapi": version,
            "info": {"title": "t", "version": "1"},
            "paths": {},
            "components": {"schemas": parts},
        }
    return contract_of(document).tree["components"]["schemas"]["Under"]


OTHER = {"$ref": "#/components/schemas/Other"}
NULL = {"type": "null"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"type": "string", "enum": ["a"], "nullable": True}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"nullable": True, **OTHER}, {"anyOf": [OTHER, NULL]}),
        (
            {"nullable": True, "description": "d", "allOf": [OTHER]},
            {"description": "d", "anyOf": [{"allOf": [OTHER]}, NULL]},
        ),
        ({"nullable": True, "anyOf": [OTHER]}, {"anyOf": [OTHER, NULL]}),
        (
            {"nullable": True, "type": "object", "oneOf": [OTHER, {"required": ["a"]}]},
            {"anyOf": [{"type": "object", "oneOf": [OTHER, {"required": ["a"]}]}, NULL]},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"exclusiveMaximum": True}, {}),
        ({"type": "string", "example": "e"}, {"type": "string", "examples": ["e"]}),
        ({"type": "string", "maxLength": 3, "description": "d", **OTHER}, {"description": "d", **OTHER}),
        ({"properties": {"nullable": {"type": "string"}}}, {"properties": {"nullable": {"type": "string"}}}),
        (
            {"dependencies": {"a": ["b"], "c": {"required": ["d"]}}},
            {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}},
        ),
        ({"type": "array", "items": [{"type": "string"}]}, {"type": "array", "prefixItems": [{"type": "string"}]}),
    ],
)
@pytest.mark.parametrize("version", ["2.0", "3.0.3"])
def test_schema(version: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    text = json.dumps(before)
    if version == "2.0":
        text = re.sub(r'"nullable": (true|false)', r'"x-nullable": \1', text)
        text = text.replace("#/components/schemas/", "#/definitions/")
    assert upgraded_schema(json.loads(text), version) == after


def test_siblings_of_a_reference_hold_in_3_1() -> None:
    schema = {**OTHER, "required": ["a"]}
    assert upgraded_schema(schema, "3.1.1") == schema


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "integer", "format": "int"}, {"type": "integer"}),
        ({"type": "integer", "format": "*int64"}, {"type": "integer", "format": "int64"}),
        ({"type": "boolean", "format": "*bool", "properties": {}}, {"type": "boolean"}),
        ({"type": "object", "format": "map[string]interface {}"}, {"type": "object"}),
        ({"type": "string", "format": "*time.Time"}, {"type": "string", "format": "date-time"}),
        ({"type": "string", "format": "ThingId"}, {"type": "string", "format": "ThingId"}),
        ({"type": "float"}, {"type": "number", "format": "float"}),
        ({"type": "string", "minLength": "3"}, {"type": "string", "minLength": 3}),
        ({"type": "string", "pattern": r"\A[a-z]+\z"}, {"type": "string", "pattern": "^[a-z]+$"}),
        ({"type": "string", "pattern": "(?i)^x[a-f]$"}, {"type": "string", "pattern": "^[xX][a-fA-F]$"}),
        ({"type": "integer", "default": "3"}, {"type": "integer", "default": 3}),
        ({"type": "string", "default": None}, {"type": "string"}),
        ({"required": ["a", "b", "a"]}, {"required": ["a", "b"]}),
        (
            {"type": "object", "properties": {"a": {"type": "string", "required": True}}},
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        ),
    ],
)
def test_dialect(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert upgraded_schema(before) == after


def swagger(**operation: Any) -> dict[str, Any]:
    return {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "api.acme.example",
        "basePath": "/v2/",
        "schemes": ["https", "http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {"/things": {"post": {"responses": {"200": {"description": "ok"}}, **operation}}},
        "definitions": {"Thing": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}},
        "parameters": {"Body": {"in": "body", "name": "b", "schema": {"$ref": "#/definitions/Thing"}}},
        "securityDefinitions": {
            "plain": {"type": "basic"},
            "granted": {
                "type": "oauth2",
                "flow": "accessCode",
                "authorizationUrl": "https://a.example/a",
                "tokenUrl": "https://a.example/t",
                "scopes": {"read": "r"},
            },
        },
    }


def upgraded_operation(**operation: Any) -> Any:
    return contract_of(swagger(**operation)).tree["paths"]["/things"]["post"]


def test_swagger_document() -> None:
    tree = contract_of(swagger()).tree
    assert tree["openapi"] == "3.1.0"
    assert [server["url"] for server in tree["servers"]] == [
        "https://api.acme.example/v2",
        "http://api.acme.example/v2",
    ]
    assert tree["components"]["securitySchemes"] == {
        "plain": {"type": "http", "scheme": "basic"},
        "granted": {
            "type": "oauth2",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "https://a.example/a",
                    "tokenUrl": "https://a.example/t",
                    "scopes": {"read": "r"},
                }
            },
        },
    }
    assert not {"host", "basePath", "schemes", "consumes", "produces", "definitions"} & tree.keys()


@pytest.mark.parametrize("shared_body", [False, True])
def test_swagger_body(shared_body: bool) -> None:
    own = {"in": "body", "name": "b", "schema": {"$ref": "#/definitions/Thing"}}
    tree = contract_of(swagger(parameters=[{"$ref": "#/parameters/Body"} if shared_body else own])).tree
    body = tree["paths"]["/things"]["post"]["requestBody"]
    if shared_body:
        assert body == {"$ref": "#/components/requestBodies/Body"}
        body = tree["components"]["requestBodies"]["Body"]
    assert body["content"] == {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    assert "parameters" not in tree["paths"]["/things"]["post"]


def test_swagger_form() -> None:
    fields = [
        {"in": "formData", "name": "file", "type": "file", "required": True},
        {"in": "formData", "name": "tags", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
    ]
    assert upgraded_operation(parameters=fields)["requestBody"]["content"] == {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["file"],
            },
            "encoding": {"tags": {"style": "form", "explode": True}},
        }
    }


@pytest.mark.parametrize(
    ("collection_format", "style"),
    [
        (None, {"explode": False}),
        ("csv", {"explode": False}),
        ("multi", {"explode": True}),
        ("pipes", {"style": "pipeDelimited", "explode": False}),
    ],
)
def test_swagger_parameter(collection_format: str | None, style: dict[str, Any]) -> None:
    stated = {"in": "query", "name": "q", "type": "array", "items": {"type": "integer"}, "maxItems": 3}
    if collection_format:
        stated["collectionFormat"] = collection_format
    (parameter,) = upgraded_operation(parameters=[stated])["parameters"]
    schema = {"type": "array", "items": {"type": "integer"}, "maxItems": 3}
    assert parameter == {"in": "query", "name": "q", "schema": schema, **style}


def test_a_schema_that_refers_to_a_parameter_means_its_schema() -> None:
    document = swagger(parameters=[{"in": "query", "name": "team", "schema": {"$ref": "#/parameters/Team"}}])
    document["parameters"]["Team"] = {"in": "query", "name": "team", "type": "string"}
    (parameter,) = contract_of(document).tree["paths"]["/things"]["post"]["parameters"]
    assert parameter["schema"] == {"$ref": "#/components/parameters/Team/schema"}


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        ({"info": []}, "wrong-type"),
        ({"paths": {"/a": {"get": {"responses": {}, "parameters": [{"in": "body", "name": "b"}]}}}}, "wrong-type"),
        ({"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}}, "unresolved-reference"),
        (
            {"components": {"schemas": {"A": {"$ref": "#/components/responses/R"}}, "responses": {"R": {}}}},
            "unresolved-reference",
        ),
        ({"components": {"schemas": {"A": {"type": 5, "items": "x"}}}}, "wrong-keyword"),
        ({"security": [{"missing": []}]}, "unknown-security-scheme"),
        ({"components": {"schemas": {"A": {"type": "integer", "maximum": 10**400}}}}, "wrong-keyword"),
        ({"components": {"schemas": {"A": {"type": "integer", "default": "many"}}}}, "default-violates-contract"),
    ],
)
def test_defects_are_told_and_the_rest_is_valid(document: dict[str, Any], rule: str) -> None:
    contract = contract_of({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, **document})
    assert rule in {found.rule for found in contract.diagnostics}
    jsonschema_rs.Draft202012Validator(dict(schema_v31)).validate(contract.tree)


def test_swagger_response() -> None:
    response = {
        "description": "ok",
        "schema": {"$ref": "#/definitions/Thing"},
        "examples": {"application/json": {"a": "x"}},
        "headers": {"X-Rate": {"type": "integer"}},
    }
    assert upgraded_operation(responses={"200": response})["responses"]["200"] == {
        "description": "ok",
        "headers": {"X-Rate": {"schema": {"type": "integer"}}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}, "example": {"a": "x"}}},
    }


def test_what_3_2_adds_is_kept_under_extensions() -> None:
    operation = {"responses": {"200": {"description": "ok", "content": {"text/event-stream": {"itemSchema": OTHER}}}}}
    tree = contract_of(
        {
            "openapi": "3.2.0",
            "info": {"title": "t", "version": "1"},
            "tags": [{"name": "a", "parent": "b", "kind": "nav"}],
            "paths": {"/things": {"query": operation, "additionalOperations": {"COPY": operation}}},
            "components": {"schemas": {"Other": {"type": "string"}}},
        }
    ).tree
    more = tree["paths"]["/things"]["x-additional-operations"]
    assert {method: stated["operationId"] for method, stated in more.items()} == {
        "COPY": "copyThings",
        "QUERY": "queryThings",
    }
    assert more["COPY"]["responses"]["200"]["content"]["text/event-stream"] == {"x-item-schema": OTHER}
    assert tree["tags"] == [{"name": "a", "x-parent": "b", "x-kind": "nav"}]


DOCUMENTS = [
    ("netlify--api.yaml", 174),
    ("flexprice--swagger2.json", 258),
    ("adyen--LegalEntityService-v3.yaml", 34),
    ("readmeio-oas-examples--yaml-train-travel.yaml", None),
    ("pan-docusaurus--bakery-openapi.yaml", None),
    ("xero--projects.yaml", None),
    ("readmeio-oas-examples--json-schema-validation-local.json", None),
]


@pytest.mark.parametrize(("name", "operations"), DOCUMENTS, ids=[name for name, _ in DOCUMENTS])
def test_published_document(name: str, operations: int | None) -> None:
    text = shared(f"corpus/openapi/{name}").read_text("utf-8")
    tree = build(VendorFolder("acme", "acme", "acme", ((name, text),))).tree
    jsonschema_rs.Draft202012Validator(dict(schema_v31)).validate(tree)
    if operations:
        methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
        assert sum(len(methods & item.keys()) for item in tree["paths"].values()) == operations
