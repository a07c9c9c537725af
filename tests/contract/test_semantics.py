"""What answers say, of servers that are made wrong in one thing: contract tests find it, and name the check."""

import base64
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.running import run
from counterfoil.checks.settings import Settings, Stage
from counterfoil.checks.wire.target import in_process
from counterfoil.stub.loading import load_stub
from tests.contract.kit import generated_of
from tests.faults.altering import Altered, Change, Message, Serve, unchanged

LONG_AGO = "2024-02-29T12:00:00.000Z"
TOKEN = "canary-5d1f42d8e0b95a63"

CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Tickets", "version": "1"},
    "security": [{"key": []}],
    "paths": {
        "/tickets": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewTicket"}}},
                },
                "responses": {
                    "201": {
                        "description": "made",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ticket"}}},
                    },
                    "401": {"$ref": "#/components/responses/Problem"},
                    "409": {"$ref": "#/components/responses/Problem"},
                    "422": {"$ref": "#/components/responses/Problem"},
                },
            }
        },
        "/tickets/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {
                    "200": {
                        "description": "shown",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ticket"}}},
                    },
                    "401": {"$ref": "#/components/responses/Problem"},
                    "404": {"$ref": "#/components/responses/Problem"},
                },
            }
        },
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
        "responses": {
            "Problem": {
                "description": "refused",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        },
        "schemas": {
            "NewTicket": {
                "type": "object",
                "required": ["title"],
                "properties": {
                    "title": {"type": "string", "minLength": 1},
                    "amount": {"type": "number"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "note": {"type": "string"},
                    "pin": {"type": "string", "minLength": 8, "writeOnly": True},
                    "author": {
                        "type": "object",
                        "properties": {"name": {"type": ["string", "null"]}, "age": {"type": "integer"}},
                    },
                },
            },
            "Ticket": {
                "type": "object",
                "required": ["id", "title", "organization_id", "created_at", "updated_at"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "title": {"type": "string"},
                    "amount": {"type": "number"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "note": {"type": "string"},
                    "author": {
                        "type": "object",
                        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                    },
                    "organization_id": {"type": "integer"},
                    "created_at": {"type": "string"},
                    "updated_at": {"type": "string"},
                },
            },
            "Problem": {
                "type": "object",
                "required": ["status", "code", "message"],
                "properties": {
                    "status": {"type": "integer"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "errors": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"path": {"type": "string"}}},
                    },
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what is generated from the contract."""
    return generated_of("tickets", json.dumps(CONTRACT), tmp_path_factory.mktemp("tickets")).parent


def report_on(out: Path, change: Change, *stages: Stage) -> Report:
    """What contract tests find at the stub behind `change`, by all stages of ours if none are given."""
    target = in_process(Altered(load_stub(out, "tickets", TOKEN), change))
    settings = Settings(stages=stages or ("documented", "ladder", "probes"))
    return run("tickets", out / "tickets", target, token=TOKEN, settings=settings)


def on(status: int, change: Callable[[Any, Message], Any]) -> Change:
    """Change the JSON bodies of answers with a status."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request)
        if found.status == status and (body := found.json) is not None:
            found.json = change(body, request)
        return found

    return altered


def setting(name: str, value: Callable[[Any], Any]) -> Change:
    """Change a property of tickets that were made."""
    return on(201, lambda body, _: {**body, name: value(body[name])} if name in body else body)


def counting(name: str) -> Change:
    """A number of its own for every answer."""
    numbers = iter(range(10_000))
    return setting(name, lambda _: next(numbers))


def without(name: str) -> Change:
    return on(200, lambda body, _: {key: value for key, value in body.items() if key != name})


def leaking(form: Callable[[str], str]) -> Change:
    return on(201, lambda body, _: {**body, "debug": form(TOKEN)})


async def raw_half(request: Message, serve: Serve) -> Message:
    """A note that ends within a character beyond 16 bits."""
    answer = await serve(request)
    if answer.status == 201:
        answer.edit("/note", lambda note: f"{note}\ud83d")
    return answer


async def raw_twice(request: Message, serve: Serve) -> Message:
    """A name twice in an object."""
    found = await serve(request)
    if found.status == 201:
        found.body = b'{"id": "1", ' + found.body[1:]
    return found


FAULTS = [
    ("text trimmed", setting("title", str.strip), "echo"),
    ("zero as default", setting("amount", lambda value: value or 1), "echo"),
    ("number rounded", setting("amount", round), "echo"),
    ("list without end", setting("tags", lambda value: value[:-1]), "echo"),
    ("inner text in capitals", setting("author", lambda held: {**held, "name": held.get("name", "").upper()}), "echo"),
    ("identifier used again", setting("id", lambda _: "3fa85f64-5717-4562-b3fc-2c963f66afa6"), "identifiers_unique"),
    ("created long ago", setting("created_at", lambda _: LONG_AGO), "timestamps"),
    ("updated before created", setting("updated_at", lambda _: LONG_AGO), "timestamps"),
    ("created otherwise when read", on(200, lambda body, _: {**body, "created_at": LONG_AGO}), "timestamps"),
    ("tenant changes", counting("organization_id"), "constants"),
    ("token in a property", leaking(str), "no_secrets"),
    ("token within Base64", leaking(lambda token: base64.b64encode(f"user:{token}:x".encode()).decode()), "no_secrets"),
    ("secret of the request", on(201, lambda body, asked: {**body, "hint": asked.read("/pin")}), "no_secrets"),
    ("note never told", without("note"), "vanishing"),
    ("status of another error", on(404, lambda body, _: {**body, "status": 400}), "error_status"),
    ("code of another error", on(404, lambda body, _: {**body, "code": "unauthorized"}), "error_code"),
    ("another place", on(422, lambda body, _: {**body, "errors": [{"path": "/elsewhere"}]}), "error_location"),
    ("a name twice", raw_twice, "message_conformance"),
    ("half of a character", raw_half, "message_conformance"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "check"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_fault_is_found_by_its_check(out: Path, change: Change, check: str) -> None:
    assert check in {finding.check for finding in report_on(out, change).findings}


def lower(value: list[str]) -> list[str]:
    return [each.lower() for each in value]


@pytest.mark.parametrize(
    ("name", "told", "change", "is_found"),
    [
        ("title", "Shown in lists. Surrounding white space is removed.", str.strip, False),
        ("title", "Trimmed, then stored in lower case", lambda text: text.strip().lower(), False),
        ("title", "Stored in lower case", str.strip, True),
        ("title", "Stored in lower case", str.upper, True),
        ("tags", "Lower-cased, each once, in alphabetical order", lambda tags: sorted(set(lower(tags))), False),
        ("tags", "What it is filed under, in the order given", lambda tags: sorted(tags, reverse=True), True),
        ("tags", "Sorted", lambda tags: tags[:1], True),
    ],
)
def test_what_a_server_is_told_to_make_of_a_value_is_no_finding(
    tmp_path: Path, name: str, told: str, change: Callable[[Any], Any], is_found: bool
) -> None:
    contract = copy.deepcopy(CONTRACT)
    contract["components"]["schemas"]["NewTicket"]["properties"][name]["description"] = told
    folder = generated_of("tickets", json.dumps(contract), tmp_path).parent
    report = report_on(folder, setting(name, change), "ladder")
    assert ("echo" in {finding.check for finding in report.findings}) is is_found


def test_stub_as_it_is_has_no_fault(out: Path) -> None:
    assert report_on(out, unchanged).findings == []


def test_findings_tell_where_the_rule_stands(out: Path) -> None:
    report = report_on(out, setting("title", str.strip))
    finding = next(each for each in report.findings if each.check == "echo")
    assert finding.pointer.startswith("/paths/~1tickets/post/responses/201")
    assert TOKEN not in "".join((finding.curl, finding.got, finding.expected))
