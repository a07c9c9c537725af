"""Objects that belong to whoever a parameter names, which every operation has."""

import json
from pathlib import Path
from typing import Any

from counterfoil.checks import Settings, in_process, run
from counterfoil.stub.app import Stub
from tests.contract.kit import generated_of
from tests.faults.altering import Altered, Message, Serve

NOTE = {"$ref": "#/components/schemas/Note"}
TENANT = {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string", "pattern": "^t-[0-9]{2}$"}}
SHOWN = {"description": "The note", "content": {"application/json": {"schema": NOTE}}}
NEW = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "maxLength": 40}}}
LISTED = {
    "description": "All notes",
    "content": {"application/json": {"schema": {"type": "array", "items": NOTE}}},
}
NONE = {"description": "There is none"}
CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "paths": {
        "/notes": {
            "parameters": [TENANT],
            "get": {"responses": {"200": LISTED, "422": NONE}},
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": NEW}}},
                "responses": {"201": SHOWN, "422": NONE},
            },
        },
        "/notes/{id}": {
            "parameters": [TENANT, {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {"responses": {"200": SHOWN, "404": NONE, "422": NONE}},
        },
    },
    "components": {
        "schemas": {
            "Note": {
                "type": "object",
                "required": ["id", "tenant", "text", "created_at"],
                "properties": {
                    "id": {"type": "integer"},
                    "tenant": {"type": "string"},
                    "text": {"type": "string"},
                    "created_at": {"type": "string", "format": "date-time"},
                },
            }
        }
    },
}


async def of_tenant(request: Message, serve: Serve) -> Message:
    """Tells with each note whose it is."""
    answer = await serve(request)
    notes = answer.json
    if answer.succeeded and notes is not None:
        for note in notes if isinstance(notes, list) else [notes]:
            note["tenant"] = request.headers["x-tenant"]
        answer.json = notes
    return answer


def test_each_tenant_has_objects_of_its_own(tmp_path: Path) -> None:
    tenants: dict[bytes, Altered] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        tenant = dict(scope["headers"]).get(b"x-tenant", b"")
        if tenant not in tenants:
            tenants[tenant] = Altered(Stub(CONTRACT), of_tenant)
        await tenants[tenant](scope, receive, send)

    made = generated_of("notes", json.dumps(CONTRACT), tmp_path)
    report = run("notes", made, in_process(app), settings=Settings(stages=("ladder", "probes")))
    assert report.findings == []
    assert len(tenants) > 2
