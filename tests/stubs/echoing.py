"""Stubs that answer with what they made of a request."""

from typing import Any

from counterfoil.stub import Call, Reply, Stub
from tests.stubs.client import Client


def echo_client(operation: dict[str, Any], path: str = "/echo", **components: Any) -> Client:
    """A client of a stub with one operation, a POST if it has a body, that answers with parameters and value."""
    method = "POST" if "requestBody" in operation else "GET"
    answer = {"200": {"description": "What was read", "content": {"application/json": {"schema": {}}}}}
    tree = {
        "openapi": "3.1.0",
        "info": {"title": "Echo", "version": "1"},
        "paths": {path: {method.lower(): {"responses": answer, **operation}}},
        "components": components,
    }
    stub = Stub(tree)

    @stub.operation(method, path)
    def echo(call: Call[Any, Any]) -> Reply[Any]:
        named = {f"{place} {name}": value for (place, name), value in call.parameters.items()}
        return Reply.json(200, {"parameters": named, "value": call.value})

    return Client(stub, tree)


def parameter(place: str, schema: Any, style: str | None = None, **fields: Any) -> dict[str, Any]:
    """A parameter called `p`."""
    stated = {"style": style} if style else {}
    return {"name": "p", "in": place, "required": place == "path", "schema": schema, **stated, **fields}
