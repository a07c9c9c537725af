"""What shows only when answers are held against one another, or against what the contract states of them."""

import asyncio
import json
import uuid
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from counterfoil.checks import Settings, in_process, patience, run
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire import starvation
from counterfoil.stub import Stub
from tests.contract.kit import generated_of
from tests.faults.altering import Altered, Change, Message, Serve

KEY = "canary-2e8f42d8e0b95a63"
PROBLEM = {"description": "refused", "content": {"application/json": {"schema": {"type": "object"}}}}
REFUSED = dict.fromkeys(("400", "401", "415", "422"), PROBLEM)


def ok(**properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "required": [*properties], "properties": properties}
    return {"description": "done", "content": {"application/json": {"schema": schema}}}


TEXT, SIZE = {"type": "string", "minLength": 1}, {"type": "integer"}
NOTE = {"type": "object", "required": ["name", "size"], "properties": {"name": TEXT, "size": SIZE}}
ID = {"type": "string", "format": "uuid"}
REFERENCE = {"type": "string", "x-counterfoil": {"generate": "note-{alphanumeric-12}"}}
SHOWN = ok(id=ID, reference=REFERENCE, name=TEXT, size=SIZE)
CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "security": [{"key": []}],
    "x-counterfoil": {"order": ["path", "credentials", "media-type", "malformed", "required", "schema"]},
    "paths": {
        "/notes": {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": NOTE}}},
                "responses": {"201": SHOWN, **REFUSED},
            }
        },
        "/notes/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": ID}],
                "responses": {"200": SHOWN, **REFUSED, "404": PROBLEM},
            }
        },
        "/search": {
            "get": {
                "parameters": [{"name": "text", "in": "query", "required": True, "schema": TEXT}],
                "responses": {"200": ok(text=TEXT), **REFUSED},
            }
        },
    },
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is generated from the contract, with what only an overlay may say of it."""
    made = generated_of("notes", json.dumps(CONTRACT), tmp_path_factory.mktemp("notes"))
    (made / "openapi.json").write_text(json.dumps(CONTRACT), "utf-8")
    return made


@pytest.fixture(autouse=True)
def lost(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Says how many seconds this process loses from one look to the next: none, unless a test says so."""
    each = [0.0]
    looks = count(1)
    monkeypatch.setattr(starvation, "_waited", lambda: next(looks) * each[0])
    return lambda seconds: each.__setitem__(0, seconds)


async def honest(request: Message, serve: Serve) -> Message:
    """Searches tell what was searched for, and each answer to POST has an id of its own."""
    answer = await serve(request)
    if answer.status == 200 and request.path == "/search":
        answer.json = {"text": parse_qs(request.query)["text"][0]}
    if request.method == "POST":
        answer.headers["x-request-id"] = str(uuid.uuid4())
    return answer


def outcome(folder: Path, change: Change, slowest: float = 5.0) -> Report:
    """What is told of a server behind `change`."""
    stub = Stub(CONTRACT).configure(token=KEY)
    stub.operation("POST", "/notes")(lambda call: call.create())
    settings = Settings(stages=("ladder", "probes"), slowest=slowest)

    async def changed(request: Message, serve: Serve) -> Message:
        return await change(request, lambda asked: honest(asked, serve))

    return run("notes", folder, in_process(Altered(stub, changed)), token=KEY, settings=settings)


def found(folder: Path, change: Change, slowest: float = 5.0) -> set[tuple[str, str]]:
    """Checks that find something at a server behind `change`, and at which operation."""
    return {(finding.check, finding.operation) for finding in outcome(folder, change, slowest).findings}


def answering(change: Callable[[Message], object], status: int = 200) -> Change:
    async def altered(request: Message, serve: Serve) -> Message:
        answer = await serve(request)
        if answer.status == status:
            change(answer)
        return answer

    return altered


async def reads_before_it_asks_who(request: Message, serve: Serve) -> Message:
    if request.method == "POST" and request.json is None:
        request.headers["x-api-key"] = KEY
    return await serve(request)


async def knows_one_media_type(request: Message, serve: Serve) -> Message:
    if "," in request.headers.get("accept", ""):
        return request.respond(406, {})
    return await serve(request)


async def one_id(request: Message, serve: Serve) -> Message:
    answer = await serve(request)
    if request.method == "POST":
        answer.headers["x-request-id"] = str(uuid.UUID(int=7))
    return answer


def late(seconds: float, often: int = 20) -> Change:
    """Every search takes long that has such a number."""
    number = count(1)

    async def altered(request: Message, serve: Serve) -> Message:
        if request.path == "/search" and next(number) % often == 0:
            await asyncio.sleep(seconds)
        return await serve(request)

    return altered


async def names_kinds_of_errors(request: Message, serve: Serve) -> Message:
    answer = await serve(request)
    if answer.status >= 400:
        kind = 7 if answer.status != 401 else 8 + len(request.headers.get("x-api-key", "")) % 2
        answer.supply("id", str(uuid.UUID(int=kind)))
    return answer


@pytest.mark.parametrize("change", [lambda request, serve: serve(request), names_kinds_of_errors])
def test_an_honest_server_is_green(folder: Path, change: Change) -> None:
    assert found(folder, change) == set()


MADE, SEARCHED = "POST /notes", "GET /search"
FAULTS = [
    (answering(lambda answer: answer.edit("/reference", lambda text: text[:-1]), 201), "stated_form", MADE),
    (answering(lambda answer: answer.edit("/reference", lambda _: "note-0123456789ab"), 201), "stated_form", MADE),
    (answering(lambda answer: answer.edit("/text", lambda text: text[:40])), "parameter_echo", SEARCHED),
    (one_id, "request_ids", MADE),
    (reads_before_it_asks_who, "order_of_checks", MADE),
    (knows_one_media_type, "header_fields", MADE),
    (late(0.5), "response_time", SEARCHED),
]  # fmt: skip


@pytest.mark.parametrize(("change", "check", "operation"), FAULTS)
def test_a_fault_is_found_by_its_check_at_its_operation(
    folder: Path, change: Change, check: str, operation: str
) -> None:
    assert (check, operation) in found(folder, change, slowest=0.4)


def test_no_server_is_blamed_for_a_busy_machine(folder: Path, lost: Callable[[float], None]) -> None:
    lost(1)
    assert found(folder, late(0.5), slowest=0.4) == set()


def test_one_late_answer_is_told_and_no_finding(folder: Path) -> None:
    report = outcome(folder, late(0.5, often=30), slowest=0.4)
    assert report.cases[SEARCHED].total() < 60
    assert report.findings == []
    assert [item.operation for item in report.skipped if item.check == "response_time"] == [SEARCHED]


@pytest.mark.parametrize(("limit", "others"), [("FOR_ONE", True), ("FOR_ALL", False)])
def test_a_slow_operation_is_asked_no_further(
    folder: Path, limit: str, others: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, limit, 0.1)
    report = outcome(folder, late(0.06, often=1), slowest=0.05)
    assert [(finding.check, finding.operation) for finding in report.findings] == [("response_time", SEARCHED)]
    assert report.cases[SEARCHED].total() == 2
    assert (report.cases[MADE].total() > 50) is others
    assert [item.reason for item in report.skipped if item.reason.startswith("the rest")]
    assert not report.whole
