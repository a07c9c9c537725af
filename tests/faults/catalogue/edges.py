"""What only the last item, a foreign name, an odd text, many requests or the next answer shows."""

import re
import time
from typing import Any

from tests.faults.altering import Change, Message, Serve
from tests.faults.catalogue.crashes import CRASH, crash, crash_asked
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS
from tests.faults.catalogue.errors import REGISTER
from tests.faults.catalogue.leniency import order
from tests.faults.catalogue.shapes import METRIC_LIST
from tests.faults.catalogue.state import DETAIL, EDIT, METRIC, READ
from tests.faults.catalogue.strictness import is_text
from tests.faults.faulty import Fault
from tests.faults.operators.answers import answer, edit, fail, set_response
from tests.faults.operators.conditions import at, every_nth, when_asked
from tests.faults.operators.contracts import in_body, in_contract
from tests.faults.operators.requests import accept_invalid

_REFUSED = {"code": 400, "message": "no", "data": None, "redirect": "", "requestId": "req20260101abcdefghijklmno"}
_INVALID = {"code": "invalid", "message": "no", "errors": [{"path": "/reference", "message": "no"}]}
_RANDOM = re.compile(r"(req\d{8})\w{15}")


def _first_only(tags: dict[str, Any]) -> dict[str, Any]:
    return {name: held for name, held in tags.items() if name != "items"} | {"prefixItems": [tags["items"]]}


def _properties(asked: Message) -> dict[str, Any]:
    return asked.json if isinstance(asked.json, dict) else {}


def after_successes(number: int, change: Change) -> Change:
    """Do something to all requests after so many that were accepted."""

    async def altered(request: Message, serve: Serve) -> Message:
        if request.memory.get("accepted", 0) >= number:
            return await change(request, serve)
        found = await serve(request)
        request.memory["accepted"] = request.memory.get("accepted", 0) + found.succeeded
        return found

    return altered


def _tenth(change: Change) -> Change:
    """Do something to what would be the tenth success, once."""

    async def altered(request: Message, serve: Serve) -> Message:
        if request.memory.get("held", 0) == 9:
            request.memory["held"] = 10
            return await change(request, serve)
        found = await serve(request)
        request.memory["held"] = request.memory.get("held", 0) + found.succeeded
        return found

    return altered


def _with_content(found: Message, asked: Message) -> None:
    found.body = asked.body
    found.headers["content-length"] = str(len(asked.body))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(held) for name, held in value.items()}
    return round(value, 2) if isinstance(value, float) else value


FAULTS = [
    Fault(
        "characters between Z and a",
        "unleash",
        contract=in_body(REGISTER, "properties/name/pattern", "^[A-z_:][a-zA-Z0-9_:]*$"),
    ),
    Fault(
        "members of all objects for types",
        "unleash",
        at(REGISTER, accept_invalid("/type", "counter", lambda value: value in ("constructor", "toString"))),
    ),
    order("only the first tag is looked at", "properties/tags", _first_only),
    Fault("four unknown properties", "unleash", crash_asked(REGISTER, lambda asked: len(_properties(asked)) > 5)),
    Fault(
        "unknown property of another script",
        "unleash",
        crash_asked(REGISTER, lambda asked: any(not name.isascii() for name in _properties(asked))),
    ),
    Fault("a backslash at the end", "cuoral", crash(DEFINITIONS, "/name", is_text(lambda text: text.endswith("\\")))),
    Fault("half of an escape", "unibee", crash(NEW, "/metricName", is_text(lambda text: "\\x " in text))),
    Fault(
        "search for an open bracket",
        "meteroid",
        crash_asked(METRIC_LIST, lambda asked: re.search("[?&]?search=[^&]*%5B", asked.query)),
    ),
    Fault(
        "no charset",
        "unibee",
        at(NEW, when_asked(lambda asked: "charset" in asked.headers.get("content-type", ""), fail(400, _REFUSED))),
    ),
    Fault("rounded metadata", "unibee", at(NEW, edit(METRIC + "/metaData", _rounded))),
    Fault("changed in milliseconds", "unibee", at(EDIT, edit(METRIC + "/gmtModify", lambda value: value * 1000))),
    Fault(
        "changed when it was made", "unibee", at(NEW, set_response(METRIC + "/gmtModify", lambda _: int(time.time())))
    ),
    Fault(
        "eight kilobytes at most",
        "orders",
        when_asked(
            lambda asked: len(asked.body) > 8192, fail(413, {"code": "invalid", "message": "large", "errors": []})
        ),
    ),
    Fault("never changed", "unibee", at(DETAIL, set_response(METRIC + "/gmtModify", 0))),
    Fault(
        "null removes",
        "meteroid",
        contract=in_contract("paths/~1api~1v1~1metrics~1{id}/patch/x-counterfoil/state/nulls", "remove"),
    ),
    Fault(
        "maps are read empty",
        "meteroid",
        at(READ, edit("/segmentation_matrix/values", lambda value: {} if isinstance(value, dict) else value)),
    ),
    Fault(
        "another id of the request in words",
        "unibee",
        at(NEW, edit("/message", lambda text: _RANDOM.sub(r"\1abcdefghijklmno", text), on="4XX")),
    ),
    Fault("id of another day", "unibee", at(NEW, edit("/requestId", lambda text: f"req20200101{text[11:]}"))),
    Fault("every third is too many", "unleash", at(REGISTER, every_nth(3, fail(429, {"message": "slow down"})))),
    Fault("the tenth create is refused", "orders", at(ORDERS, _tenth(fail(400, _INVALID)))),
    Fault("the fifty-first create", "unleash", at(REGISTER, after_successes(50, CRASH))),
    Fault("the fifty-first create", "orders", at(ORDERS, after_successes(50, CRASH))),
    Fault("204 with content", "unleash", at(REGISTER, answer(_with_content, on="204"))),
    Fault("metrics of one day", "meteroid", at(METRICS, after_successes(60, fail(429, {"message": "slow down"})))),
]
