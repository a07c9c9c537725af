"""Objects that belong to whoever a parameter names, which every operation has."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx

from counterfoil.checks import Settings, in_process, run
from counterfoil.checks.wire.target import at_url
from counterfoil.stub.app import Stub
from tests.contract.kit import generated_of
from tests.contract.loopback import serving
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


class Tenants:
    """A stub for each tenant that is named."""

    def __init__(self, contract: dict[str, Any]) -> None:
        self.contract = contract
        self.stubs: dict[bytes, Stub] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            tenant = dict(scope["headers"]).get(b"x-tenant", b"")
            stub = self.stubs.setdefault(tenant, Stub(self.contract))
            await Altered(stub, of_tenant)(scope, receive, send)


def test_each_tenant_has_objects_of_its_own(tmp_path: Path) -> None:
    tenants = Tenants(CONTRACT)
    made = generated_of("notes", json.dumps(CONTRACT), tmp_path)
    report = run("notes", made, in_process(tenants), settings=Settings(stages=("ladder", "probes")))
    assert report.findings == []
    assert len(tenants.stubs) > 2


def test_objects_are_removed_where_they_were_made(tmp_path: Path) -> None:
    contract = deepcopy(CONTRACT)
    contract["paths"]["/notes/{id}"]["delete"] = {"responses": {"204": NONE, "404": NONE, "422": NONE}}
    tenants = Tenants(contract)
    made = generated_of("notes", json.dumps(contract), tmp_path)
    with serving(tenants) as url:
        report = run("notes", made, at_url(url), settings=Settings(stages=("ladder",)))
        assert report.findings == []
        assert report.left_behind == []
        made_by = [name for name, stub in tenants.stubs.items() if any(each.method == "POST" for each in stub.requests)]
        lists = [httpx.get(f"{url}/notes", headers=[(b"x-tenant", name)]) for name in made_by]
        left = [each.json() for each in lists if each.status_code == 200]
    assert len(left) > 1
    assert not any(left)
