"""Identifiers, and what may exist once only."""

from typing import Any

from tests.faults.altering import DROPPED, Change, Message, Serve
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS
from tests.faults.catalogue.errors import REGISTER
from tests.faults.faulty import Fault
from tests.faults.operators.answers import edit, header, replace_answer, set_response, status
from tests.faults.operators.conditions import after, at, every_nth
from tests.faults.operators.contracts import in_answer, in_body

UNIQUE = "x-counterfoil/unique"


def reuse_id(pointer: str) -> Change:
    """Answer with the id of the object before."""

    async def altered(request: Message, serve: Serve) -> Message:
        found = await serve(request)
        known = request.memory.get(altered)
        if known is not None:
            found.edit(pointer, lambda _: known)
        return found

    async def noting(request: Message, serve: Serve) -> Message:
        found = await serve(request)
        if found.succeeded and (own := found.read(pointer)) is not None:
            request.memory[altered] = own
        return found

    async def alternating(request: Message, serve: Serve) -> Message:
        count = request.memory[alternating] = request.memory.get(alternating, 0) + 1
        return await (altered if count % 5 == 0 else noting)(request, serve)

    return alternating


def forgotten_duplicates(pointer: str, kept: int) -> Change:
    """Look for duplicates among the last objects only: others are created under another name, and answered as asked."""

    async def altered(request: Message, serve: Serve) -> Message:
        again = request.copy()
        names: list[Any] = request.memory.setdefault(altered, [])
        name = request.read(pointer)
        found = await serve(request)
        if found.status in (400, 409) and name in names and name not in names[-kept:]:
            again.edit(pointer, lambda value: f"{value}-{len(names)}")
            found = await serve(again)
        if found.succeeded:
            names.append(name)
        return found

    return altered


FAULTS = [
    Fault("duplicates accepted", "cuoral", contract=in_body(DEFINITIONS, "properties/name", {"type": "string"})),
    Fault("duplicates accepted", "unibee", contract=in_body(NEW, f"properties/code/{UNIQUE}", False)),
    Fault("duplicates accepted", "orders", contract=in_body(ORDERS, f"properties/reference/{UNIQUE}", False)),
    Fault("duplicates in other case accepted", "unibee", contract=in_body(NEW, f"properties/code/{UNIQUE}", True)),
    Fault(
        "names in other case refused",
        "cuoral",
        contract=in_body(DEFINITIONS, f"properties/name/{UNIQUE}", "ignore-case"),
    ),
    Fault(
        "names in other case refused",
        "orders",
        contract=in_body(ORDERS, f"properties/reference/{UNIQUE}", "ignore-case"),
    ),
    Fault(
        "another field unique", "unibee", contract=in_body(NEW, "properties/metricName/x-counterfoil", {"unique": True})
    ),
    Fault(
        "data types must be unique",
        "cuoral",
        contract=in_body(DEFINITIONS, "properties/data_type/x-counterfoil", {"unique": True}),
    ),
    Fault("a duplicate is a server error", "cuoral", status(409, 500)),
    Fault("a duplicate is invalid", "cuoral", at(DEFINITIONS, status(409, 422))),
    Fault("a duplicate is answered as created", "orders", at(ORDERS, status(409, 201))),
    Fault(
        "a duplicate in the envelope of success",
        "unibee",
        at(
            NEW,
            replace_answer(
                200,
                {"code": 0, "data": None, "message": "", "redirect": "", "requestId": "req20260101abcdefghijklmno"},
                on="400",
            ),
        ),
    ),
    Fault("duplicates of old ones accepted", "cuoral", at(DEFINITIONS, forgotten_duplicates("/name", 1))),
    Fault("id used again", "orders", at(ORDERS, reuse_id("/id"))),
    Fault("id used again", "cuoral", at(DEFINITIONS, reuse_id("/id"))),
    Fault("public id used again", "cuoral", at(DEFINITIONS, reuse_id("/metric_id"))),
    Fault("id used again", "meteroid", at(METRICS, reuse_id("/id"))),
    Fault("id never changes", "unibee", at(NEW, set_response("/data/merchantMetric/id", 1))),
    Fault("id never changes", "meteroid", at(METRICS, set_response("/id", "bm_7n42DGM5Tflk9n8mt7Fhc7"))),
    Fault("id is an example", "orders", at(ORDERS, set_response("/id", "3fa85f64-5717-4562-b3fc-2c963f66afa6"))),
    Fault(
        "id without leading zeros",
        "cuoral",
        contract=in_answer(DEFINITIONS, "201", "properties/metric_id/x-counterfoil/generate", "METRIC-{increment}"),
    ),
    Fault(
        "id of another form after a while",
        "cuoral",
        at(DEFINITIONS, after(4, edit("/metric_id", lambda text: text.replace("-", "_")))),
    ),
    Fault("id in upper case now and then", "orders", at(ORDERS, every_nth(4, edit("/id", str.upper)))),
    Fault("id as text", "unibee", at(NEW, edit("/data/merchantMetric/id", str))),
    Fault("id as number with fraction", "cuoral", at(DEFINITIONS, edit("/id", lambda value: value + 0.5))),
    Fault("id as a number", "orders", at(ORDERS, set_response("/id", 17))),
    Fault("id null", "cuoral", at(DEFINITIONS, set_response("/id", None))),
    Fault("id of another object", "meteroid", at(METRICS, edit("/id", lambda text: text.replace("bm_", "pf_")))),
    Fault("id too long", "meteroid", at(METRICS, edit("/id", lambda text: text + "0" * 10))),
    Fault("id empty", "meteroid", at(METRICS, set_response("/id", ""))),
    Fault("id without braces of UUID", "orders", at(ORDERS, edit("/id", lambda text: text.replace("-", "")))),
    Fault("id not told", "orders", at(ORDERS, set_response("/id", DROPPED))),
    Fault(
        "Location of another order",
        "orders",
        at(ORDERS, header("location", "/v1/orders/3fa85f64-5717-4562-b3fc-2c963f66afa6", on="201")),
    ),
    Fault("no Location", "orders", at(ORDERS, header("location", None, on="201"))),
    Fault(
        "id of one kind of errors never changes",
        "unleash",
        at(REGISTER, set_response("/id", "6ba7b810-9dad-41d1-80b4-00c04fd430c8", on="400")),
    ),
    Fault("request id never changes", "unibee", set_response("/requestId", "req20260101abcdefghijklmno")),
    Fault("request id of another form", "unibee", set_response("/requestId", "1", on="*")),
    Fault("request id is no UUID", "orders", header("x-request-id", "17", on="2XX")),
]
