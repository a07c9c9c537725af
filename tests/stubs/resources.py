"""Contracts of small APIs with objects, and clients of their stubs."""

from typing import Any

from counterfoil.stub import Stub
from tests.made_contracts import contract_of
from tests.stubs.client import Client

ERROR = {"description": "no", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
ERROR_SCHEMA = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}


def ref(name: str) -> dict[str, str]:
    """A reference to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def ok(schema: Any = None, **more: Any) -> dict[str, Any]:
    """A response, with JSON if it has a schema."""
    return {"description": "ok", **({"content": {"application/json": {"schema": schema}}} if schema else {}), **more}


def body(schema: Any, media_type: str = "application/json") -> dict[str, Any]:
    """A request body."""
    return {"required": True, "content": {media_type: {"schema": schema}}}


def operation(status: str, answer: Any = None, request: Any = None, **more: Any) -> dict[str, Any]:
    """An operation that answers `answer`, a schema, and takes `request`; it declares 404."""
    made = {"responses": {status: ok(answer), "404": ERROR}, **more}
    return {**made, "requestBody": body(request)} if request else made


def query(name: str, schema: Any) -> dict[str, Any]:
    """A query parameter."""
    return {"name": name, "in": "query", "schema": schema}


def path(name: str, kind: str = "string") -> dict[str, Any]:
    """A path parameter."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def client_for(paths: dict[str, Any], **schemas: Any) -> Client:
    """A client of the stub of a contract with these paths and component schemas."""
    page = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Error": ERROR_SCHEMA, **schemas}},
    }
    tree = contract_of(page).tree
    return Client(Stub(tree), tree)


NEW_PET = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "kind": {"enum": ["cat", "dog"], "default": "cat"},
        "age": {"type": "integer"},
        "secret": {"type": "string", "writeOnly": True},
        "note": {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
PET = {
    "allOf": [
        ref("NewPet"),
        {
            "type": "object",
            "required": ["id", "created_at", "updated_at"],
            "properties": {
                "id": {"type": "integer"},
                "created_at": {"type": "string", "format": "date-time"},
                "updated_at": {"type": "string", "format": "date-time"},
                "status": {"enum": ["active", "archived"], "default": "active"},
            },
        },
    ]
}
SUMMARY = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
CHANGE = {
    "type": "object",
    "properties": {**NEW_PET["properties"], "age": {"type": ["integer", "null"]}, "id": {"type": "integer"}},
}
ITEM = {
    "parameters": [path("petId", "integer")],
    "get": operation("200", ref("Pet")),
    "put": operation("200", ref("Pet"), ref("NewPet")),
    "patch": operation("200", ref("Pet"), CHANGE),
    "delete": operation("204"),
}
PETS = {
    "/pets": {
        "get": operation("200", {"type": "array", "items": ref("Pet")}),
        "post": operation("201", ref("Pet"), ref("NewPet")),
    },
    "/pets/{petId}": ITEM,
}


def pets(**more: Any) -> Client:
    """A client of an API of pets; `more` are further paths, their slashes written as `__`."""
    further = {"/" + name.replace("__", "/"): item for name, item in more.items()}
    return client_for({**PETS, **further}, NewPet=NEW_PET, Pet=PET)
