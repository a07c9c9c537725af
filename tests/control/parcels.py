"""A small contract, and ways to call a stub of it."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx

from counterfoil.stub import Call, Reply, Stub

CONTROL = "/__counterfoil__"
KEY = "key-0123456789"
TREE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Parcels", "version": "1"},
    "security": [{"key": []}],
    "paths": {
        "/parcels": {
            "post": {
                "operationId": "createParcel",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {"name": {"type": "string"}, "note": {"type": "string"}},
                            }
                        }
                    },
                },
                "responses": {
                    "201": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}},
                    "429": {
                        "description": "",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["errors"],
                                    "properties": {
                                        "errors": {
                                            "type": "array",
                                            "items": {
                                                "type": "object",
                                                "required": ["message"],
                                                "properties": {"message": {"type": "string"}},
                                            },
                                        }
                                    },
                                }
                            }
                        },
                    },
                },
            }
        },
        "/status": {
            "get": {
                "operationId": "status",
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"example": {"ready": True}}}}
                },
            }
        },
    },
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Parcel-Key"}}},
}


def parcels(token: str | None = None) -> Stub:
    """A stub that creates parcels, and fails at those that are called boom."""
    stub = Stub(TREE).configure(token=token)

    @stub.operation("POST", "/parcels")
    def create(call: Call[Any, Any]) -> Reply[Any]:
        if call.value["name"] == "boom":
            raise ZeroDivisionError(call.value.get("note"))
        return call.create()

    return stub


def ask(
    stub: Any, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """What a stub answers to somebody with credentials; `body` is a JSON value."""

    async def exchange() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(stub), base_url="http://stub") as client:
            sent = {"x-parcel-key": KEY, **(headers or {})}
            content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
            if content is not None:
                sent.setdefault("content-type", "application/json")
            return await client.request(method, path, content=content, headers=sent)

    return asyncio.run(exchange())


def create(stub: Any, name: str, headers: Mapping[str, str] | None = None, **fields: Any) -> httpx.Response:
    """What a stub answers to whoever creates a parcel."""
    return ask(stub, "POST", "/parcels", {"name": name, **fields}, headers)


def control(stub: Any, method: str, path: str, body: Any = None, session: str | None = None) -> httpx.Response:
    """What the control API of a stub answers."""
    return ask(stub, method, CONTROL + path, body, {"x-counterfoil-session": session} if session else None)
