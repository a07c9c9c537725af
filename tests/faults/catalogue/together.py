"""Faults that show only where two things come together, after many requests, or by another way to say the same."""

import json
from collections.abc import Callable
from typing import Any

from tests.faults.altering import Change, Message, Serve
from tests.faults.catalogue.authentication import wrong
from tests.faults.catalogue.echo import DEFINITIONS, NEW
from tests.faults.catalogue.errors import REGISTER
from tests.faults.faulty import Fault
from tests.faults.operators.answers import edit, fail, set_response
from tests.faults.operators.conditions import at, when_asked
from tests.faults.operators.requests import change_request

_VALUES = "POST /external/v1/external/v1/customers/companies/{company_id}/metrics"
_NO_PATTERN = "The `/body/name` property must match pattern"
_CRASH = {
    "code": 500,
    "message": "Server Error-req20260316aB3dE5fG7hI9jK1lM-500",
    "data": {},
    "redirect": "",
    "requestId": "req20260316aB3dE5fG7hI9jK1lM",
}


def _problem(name: str, message: str) -> dict[str, Any]:
    return {
        "id": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
        "name": name,
        "message": message,
        "details": [{"message": message, "path": "/body/name"}],
    }


def _says(test: Callable[[dict[str, Any]], object]) -> Callable[[Message], bool]:
    """Whether the body of a request is an object that a test says of."""
    return lambda asked: isinstance(asked.json, dict) and bool(test(asked.json))


def _twice_for(name: str, value: Any, unique: str) -> Change:
    """What no two objects may share is asked of those only that have another value for `name`."""

    async def altered(request: Message, serve: Serve) -> Message:
        sent = request.json
        if not isinstance(sent, dict) or sent.get(name) != value or not isinstance(sent.get(unique), str):
            return await serve(request)
        number = request.memory[altered] = request.memory.get(altered, 0) + 1
        told = f"{sent[unique][:80]}-{number}-other"
        request.json = {**sent, unique: told}
        found = await serve(request)
        text = found.body.decode().replace(told, json.dumps(sent[unique], ensure_ascii=False)[1:-1])
        found.body = text.encode()
        return found

    return altered


def _same_beginning(name: str, length: int, status: int, value: Any) -> Change:
    """Texts that begin alike are the same."""

    async def altered(request: Message, serve: Serve) -> Message:
        sent = request.json
        text = sent.get(name) if isinstance(sent, dict) else None
        known: set[str] = request.memory.setdefault(altered, set())
        if isinstance(text, str) and len(text) > length and text[:length] in known:
            return request.respond(status, value)
        found = await serve(request)
        if found.succeeded and isinstance(text, str):
            known.add(text[:length])
        return found

    return altered


def _names(most: int, status: int, value: Any) -> Change:
    """Another name than so many that were given is too many."""

    async def altered(request: Message, serve: Serve) -> Message:
        sent = request.json
        known: set[str] = request.memory.setdefault(altered, set())
        name = str(sent.get("name")) if isinstance(sent, dict) else ""
        if len(known) >= most and name not in known:
            return request.respond(status, value)
        found = await serve(request)
        if found.succeeded:
            known.add(name)
        return found

    return altered


def _again(status: int, value: Any) -> Change:
    """What was said before is refused."""

    async def altered(request: Message, serve: Serve) -> Message:
        known: set[bytes] = request.memory.setdefault(altered, set())
        found = await serve(request)
        if found.succeeded and request.body in known:
            return request.respond(status, value)
        if found.succeeded:
            known.add(request.body)
        return found

    return altered


FAULTS = [
    Fault(
        "a pattern is another one for one choice",
        "unleash",
        at(
            REGISTER,
            when_asked(
                _says(lambda sent: ":" in str(sent.get("name")) and sent.get("type") == "histogram"),
                fail(400, _problem("BadDataError", _NO_PATTERN)),
            ),
        ),
    ),
    Fault(
        "two choices together fail",
        "unibee",
        at(
            NEW,
            when_asked(
                _says(lambda sent: sent.get("type") == 3 and sent.get("aggregationType") == 4), fail(400, _CRASH)
            ),
        ),
    ),
    Fault("duplicates of one choice are taken", "unibee", at(NEW, _twice_for("type", 2, "code"))),
    Fault(
        "names that begin alike are the same",
        "cuoral",
        at(DEFINITIONS, _same_beginning("name", 40, 409, {"detail": "Metric with this name already exists"})),
    ),
    Fault(
        "the second scheme in lower case is refused",
        "unleash",
        when_asked(lambda asked: asked.headers.get("authorization", "").startswith("bearer "), change_request(wrong)),
    ),
    Fault("another name fails after fifty", "unleash", at(REGISTER, _names(50, 500, _problem("UnknownError", "no")))),
    Fault(
        "what was said before is refused",
        "unleash",
        at(REGISTER, _again(409, _problem("NameExistsError", "A metric of this name exists."))),
    ),
    Fault("the code of a success is a status", "unibee", set_response("/code", 200, on="200")),
    Fault("values belong to another organization", "cuoral", at(_VALUES, set_response("/organization_id", 41))),
    Fault(
        "lists are cut off where they are shown",
        "orders",
        at("GET /v1/orders/{id}", edit("/tags", lambda tags: tags[:3])),
    ),
]
