"""Requests that are odd, valid or not, and make a server fail."""

from collections.abc import Callable
from typing import Any

from tests.faults.altering import Change, Message
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS, VALUES
from tests.faults.catalogue.errors import REGISTER
from tests.faults.catalogue.leniency import CHANGE
from tests.faults.catalogue.strictness import is_text
from tests.faults.faulty import Fault
from tests.faults.operators.answers import fail
from tests.faults.operators.conditions import after, at, every_nth, when, when_asked

CRASH = fail(500, "Internal Server Error", "text/plain")


def crash(operation: str, pointer: str, test: Callable[[Any], Any]) -> Change:
    """Fail for such a value."""
    return at(operation, when(pointer, test, CRASH))


def crash_asked(operation: str, test: Callable[[Message], Any]) -> Change:
    """Fail for such a request."""
    return at(operation, when_asked(test, CRASH))


def _has(text: str) -> Callable[[Any], Any]:
    return is_text(lambda value: text in value)


def _large(limit: int) -> Callable[[Any], Any]:
    return lambda value: isinstance(value, int) and abs(value) > limit


def _is_invalid_utf8(request: Message) -> bool:
    try:
        request.body.decode()
    except UnicodeDecodeError:
        return True
    return False


FAILED = {
    "code": 68,
    "message": "Server Error-req20240131Ab3dEf6hIj9kLmN-68",
    "data": {},
    "redirect": "",
    "requestId": "req20240131Ab3dEf6hIj9kLmN",
}

FAULTS = [
    Fault("NUL", "cuoral", crash(DEFINITIONS, "/name", _has("\0"))),
    Fault("NUL where it is refused", "unleash", crash(REGISTER, "/name", _has("\0"))),
    Fault("NUL in a description", "meteroid", crash(METRICS, "/description", _has("\0"))),
    Fault("NUL deep inside", "orders", crash(ORDERS, "/lines/0/comment", _has("\0"))),
    Fault("NUL in metadata", "unibee", crash(NEW, "/unit", _has("\0"))),
    Fault("quotes", "cuoral", crash(DEFINITIONS, "/description", _has("'"))),
    Fault("double quotes", "orders", crash(ORDERS, "/note", _has('"'))),
    Fault("percent signs", "meteroid", crash(METRICS, "/name", _has("%"))),
    Fault("braces", "orders", crash(ORDERS, "/customer/name", _has("{"))),
    Fault("backslashes", "unibee", crash(NEW, "/metricDescription", _has("\\"))),
    Fault("colons", "unleash", crash(REGISTER, "/name", _has(":"))),
    Fault(
        "astral characters",
        "unibee",
        crash(NEW, "/metricName", is_text(lambda text: any(ord(char) > 0xFFFF for char in text))),
    ),
    Fault("other scripts", "meteroid", crash(METRICS, "/usage_group_key", is_text(lambda text: not text.isascii()))),
    Fault(
        "letters of right to left",
        "orders",
        crash(ORDERS, "/note", is_text(lambda text: any("\u0590" <= char <= "\u08ff" for char in text))),
    ),
    Fault(
        "combining characters",
        "cuoral",
        crash(DEFINITIONS, "/name", is_text(lambda text: any("\u0300" <= char <= "\u036f" for char in text))),
    ),
    Fault("line ends", "unibee", crash(NEW, "/metricName", _has("\n"))),
    Fault("tabs", "cuoral", crash(DEFINITIONS, "/description", _has("\t"))),
    Fault("angle brackets", "orders", crash(ORDERS, "/note", _has("<"))),
    Fault("empty description", "cuoral", crash(DEFINITIONS, "/description", is_text(lambda text: text == ""))),
    Fault("empty comment", "orders", crash(ORDERS, "/lines/0/comment", is_text(lambda text: text == ""))),
    Fault("white space alone", "meteroid", crash(METRICS, "/name", is_text(str.isspace))),
    Fault("long names", "cuoral", crash(DEFINITIONS, "/name", is_text(lambda text: len(text) > 255))),
    Fault(
        "a name of 200 characters of four bytes",
        "unibee",
        crash(NEW, "/code", is_text(lambda text: len(text.encode()) > 255)),
    ),
    Fault("more than 32 bits", "cuoral", crash(VALUES, "/metric_id", _large(2**31 - 1))),
    Fault("more than 64 bits", "cuoral", crash(VALUES, "/metric_id", _large(2**63 - 1))),
    Fault(
        "negative factors",
        "meteroid",
        crash(METRICS, "/unit_conversion/factor", lambda value: isinstance(value, int) and value < 0),
    ),
    Fault("factor 0", "meteroid", crash(METRICS, "/unit_conversion/factor", lambda value: value == 0)),
    Fault(
        "null in a text",
        "cuoral",
        crash_asked(DEFINITIONS, lambda asked: isinstance(asked.json, dict) and asked.json.get("name", 0) is None),
    ),
    Fault("object in place of a text", "orders", crash(ORDERS, "/reference", lambda value: isinstance(value, dict))),
    Fault("list in place of an object", "orders", crash(ORDERS, "/customer", lambda value: isinstance(value, list))),
    Fault("text in place of lines", "orders", crash(ORDERS, "/lines", lambda value: isinstance(value, str))),
    Fault("line that is no object", "orders", crash(ORDERS, "/lines/0", lambda value: not isinstance(value, dict))),
    Fault(
        "gift of another kind",
        "orders",
        crash(
            ORDERS,
            "/lines/0/gift",
            lambda value: not isinstance(value, dict) or value.get("kind") not in ("card", "wrap"),
        ),
    ),
    Fault(
        "number in place of values",
        "meteroid",
        crash(METRICS, "/segmentation_matrix/values", lambda value: isinstance(value, int)),
    ),
    Fault(
        "unknown matrix",
        "meteroid",
        crash(METRICS, "/segmentation_matrix/type", lambda value: value not in ("SINGLE", "DOUBLE", "LINKED")),
    ),
    Fault("body that is a list", "unleash", crash_asked(REGISTER, lambda asked: isinstance(asked.json, list))),
    Fault("body that is null", "cuoral", crash_asked(DEFINITIONS, lambda asked: asked.body.strip() == b"null")),
    Fault("body that is a text", "unibee", crash_asked(NEW, lambda asked: isinstance(asked.json, str))),
    Fault("body that is a number", "orders", crash_asked(CHANGE, lambda asked: isinstance(asked.json, int))),
    Fault("no body", "orders", crash_asked(ORDERS, lambda asked: not asked.body)),
    Fault("no body", "unibee", crash_asked("POST /merchant/metric/edit", lambda asked: not asked.body)),
    Fault(
        "malformed body",
        "orders",
        crash_asked(ORDERS, lambda asked: bool(asked.body) and asked.json is None and asked.body != b"null"),
    ),
    Fault("malformed body", "unleash", crash_asked(REGISTER, lambda asked: asked.body == b"{")),
    Fault("invalid UTF-8", "cuoral", crash_asked(DEFINITIONS, _is_invalid_utf8)),
    Fault("deep nesting", "meteroid", crash_asked(METRICS, lambda asked: asked.body.startswith(b"[" * 1000))),
    Fault(
        "many values",
        "meteroid",
        crash(METRICS, "/segmentation_matrix/values", lambda value: isinstance(value, list) and len(value) > 100),
    ),
    Fault("no tags", "orders", crash(ORDERS, "/tags", lambda value: value == [])),
    Fault("empty metadata", "unibee", crash(NEW, "/metaData", lambda value: value == {})),
    Fault(
        "odd names in metadata",
        "unibee",
        crash(NEW, "/metaData", lambda value: isinstance(value, dict) and any(not name.isascii() for name in value)),
    ),
    Fault(
        "nothing but what is required",
        "meteroid",
        crash_asked(
            METRICS,
            lambda asked: (
                isinstance(asked.json, dict)
                and set(asked.json) == {"aggregation_type", "code", "name", "product_family_id"}
            ),
        ),
    ),
    Fault(
        "unknown property",
        "orders",
        crash_asked(ORDERS, lambda asked: isinstance(asked.json, dict) and any("xtra" in name for name in asked.json)),
    ),
    Fault(
        "limit that is no number",
        "orders",
        crash_asked(
            "GET /v1/orders",
            lambda asked: (
                "limit=" in asked.query and not asked.query.partition("limit=")[2].partition("&")[0].isdigit()
            ),
        ),
    ),
    Fault("negative page", "meteroid", crash_asked("GET /api/v1/metrics", lambda asked: "page=-" in asked.query)),
    Fault(
        "page far behind",
        "unibee",
        crash_asked(
            "GET /merchant/metric/list",
            lambda asked: any(
                name == "page" and len(value) > 6
                for name, _, value in (pair.partition("=") for pair in asked.query.split("&"))
            ),
        ),
    ),
    Fault(
        "id that is no UUID",
        "orders",
        at("GET /v1/orders/{id}", when_asked(lambda asked: len(asked.path) != len("/v1/orders/") + 36, CRASH)),
    ),
    Fault(
        "company that is no number",
        "cuoral",
        at(
            "GET /external/v1/external/v1/customers/companies/{id}/metrics",
            when_asked(lambda asked: not asked.path.split("/")[-2].isdigit(), CRASH),
        ),
    ),
    Fault("unknown order", "orders", at("DELETE /v1/orders/{id}", when_asked(lambda asked: True, every_nth(2, CRASH)))),
    Fault("the tenth create", "cuoral", at(DEFINITIONS, after(9, CRASH))),
    Fault("every seventeenth create", "orders", at(ORDERS, every_nth(17, CRASH))),
    Fault(
        "media types with a charset",
        "meteroid",
        crash_asked(METRICS, lambda asked: "charset" in asked.headers.get("content-type", "")),
    ),
    Fault("no media type", "orders", crash_asked(ORDERS, lambda asked: "content-type" not in asked.headers)),
    Fault("the seventh create fails as is stated", "unibee", at(NEW, after(6, fail(400, FAILED)))),
    Fault(
        "a path with a number beyond 64 bits",
        "cuoral",
        crash_asked("GET" + VALUES.removeprefix("POST"), lambda asked: "9223372036854775808" in asked.path),
    ),
]
