"""What was made, changed or removed shows otherwise afterwards, in the object or in lists."""

from datetime import UTC, datetime

from tests.faults.altering import DROPPED, Message, Serve
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS, VALUES
from tests.faults.catalogue.shapes import CHANGED, LISTED, LISTS, MERCHANT_LIST, METRIC_LIST, ONE
from tests.faults.faulty import Fault
from tests.faults.operators.answers import drop, edit, fail, replace_answer, set_response, status
from tests.faults.operators.conditions import after, at, every_nth, when_asked
from tests.faults.operators.requests import change_request, input_as, query_as, without_query
from tests.faults.operators.storing import (
    also,
    answered_before,
    forget_after_create,
    last_one,
    pretend,
    put_back,
    stale,
    told_before,
)

REMOVED = "DELETE /v1/orders/{id}"
METRIC = "/data/merchantMetric"
DETAIL = "POST /merchant/metric/detail"
EDIT = "POST /merchant/metric/edit"
DELETE = "POST /merchant/metric/delete"
READ = "GET /api/v1/metrics/{id}"
PATCHED = "PATCH /api/v1/metrics/{id}"
COMPANY = "GET /external/v1/external/v1/customers/companies/{id}/metrics"


def _not_an_order(request: Message) -> Message:
    return request.respond(404, {"code": "not_found", "message": "There is no such order"})


def _not_a_metric(request: Message) -> Message:
    return request.respond(404, {"code": "NOT_FOUND", "message": "Resource not found"})


def no_merchant_metric(request: Message) -> Message:
    """The answer of a vendor that tells null of what is not there."""
    data = {"merchantMetric": None}
    body = {"code": 0, "message": "", "data": data, "redirect": "", "requestId": "req20260101abcdefghijklmno"}
    return request.respond(200, body)


def one_company(request: Message) -> None:
    """Take whatever company is asked about for the first one."""
    request.path = "/".join(part if not part.isdigit() else "1" for part in request.path.split("/"))


def _without_empty(found: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in found.items() if text}


def _without_nulls(found: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if value is not None}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def _refused_if_unknown(request: Message, serve: Serve) -> Message:
    """An object that is not shown is not acted upon either."""
    look = request.copy()
    look.method, look.path, look.body = "GET", request.path.rpartition("/")[0], b""
    shown = await serve(look)
    return request.respond(404, shown.json) if shown.status == 404 else await serve(request)


FAULTS = [
    Fault("delete does nothing", "orders", at(REMOVED, pretend(204))),
    Fault(
        "delete does nothing",
        "unibee",
        at(DELETE, change_request(lambda request: setattr(request, "path", "/merchant/metric/detail"))),
    ),
    Fault("what is deleted is told", "unibee", at(DELETE, told_before("/merchant/metric/detail"))),
    Fault("deleted twice", "orders", at(REMOVED, status(404, 204))),
    Fault("deleted are still found", "orders", at(REMOVED, every_nth(2, pretend(204)))),
    Fault("delete fails", "orders", at(REMOVED, replace_answer(404, {"code": "not_found", "message": "no"}, on="204"))),
    Fault("created are not found", "orders", at(ONE, fail(404, {"code": "not_found", "message": "no"}))),
    Fault(
        "created are not found", "meteroid", at(READ, fail(404, {"code": "NOT_FOUND", "message": "Resource not found"}))
    ),
    Fault("created are not found", "unibee", at(DETAIL, set_response(METRIC, None))),
    Fault("every third created is lost", "orders", forget_after_create(ORDERS, "", 3, _not_an_order)),
    Fault("every second created is lost", "meteroid", forget_after_create(METRICS, "", 2, _not_a_metric)),
    Fault("every third created is lost", "unibee", forget_after_create(NEW, METRIC, 3, no_merchant_metric)),
    Fault("created are not changed", "orders", at(CHANGED, fail(404, {"code": "not_found", "message": "no"}))),
    Fault("changes are not kept", "orders", at(CHANGED, put_back(""))),
    Fault("changes are not kept", "meteroid", at(PATCHED, put_back(""))),
    Fault("changes are not answered", "orders", at(CHANGED, answered_before(""))),
    Fault("changes are not answered", "meteroid", at(PATCHED, answered_before(""))),
    Fault("changes are not answered", "unibee", at(EDIT, edit(METRIC + "/metricName", lambda name: name + " (old)"))),
    Fault("changes do not show", "orders", stale("")),
    Fault("changes do not show in lists", "orders", at("GET /v1/orders", edit("/items/*/note", lambda note: "old"))),
    Fault("changes do not show", "unibee", at(DETAIL, edit(METRIC + "/metricDescription", lambda text: text[:5]))),
    Fault(
        "note cannot be changed",
        "orders",
        at(CHANGED, change_request(lambda request: request.edit("/note", lambda _: DROPPED))),
    ),
    Fault(
        "note cannot be removed",
        "orders",
        at(
            CHANGED,
            change_request(lambda request: request.edit("/note", lambda value: DROPPED if value is None else value)),
        ),
    ),
    Fault("priority set by each change", "orders", at(CHANGED, also("priority", 1))),
    Fault("note removed by each change", "orders", at(CHANGED, also("note", None))),
    Fault("description removed by each change", "meteroid", at(PATCHED, also("description", "changed"))),
    Fault("unit removed by each change", "unibee", at(EDIT, also("unit", ""))),
    Fault("a change makes another reference", "orders", at(CHANGED, edit("/reference", lambda text: text + "-2"))),
    Fault(
        "a change makes another id", "orders", at(CHANGED, set_response("/id", "3fa85f64-5717-4562-b3fc-2c963f66afa6"))
    ),
    Fault("a change makes another code", "unibee", at(EDIT, edit(METRIC + "/code", lambda text: text + "2"))),
    Fault("a change makes another family", "meteroid", at(PATCHED, set_response("/product_family_id", "pf_other"))),
    Fault("another object is read", "orders", at(ONE, set_response("/id", "3fa85f64-5717-4562-b3fc-2c963f66afa6"))),
    Fault("the last object is read", "orders", at(ONE, last_one(""))),
    Fault("read otherwise than created", "orders", at(ONE, edit("/customer/name", str.upper))),
    Fault("read without lines", "orders", at(ONE, set_response("/lines", []))),
    Fault("read otherwise than created", "meteroid", at(READ, edit("/name", str.upper))),
    Fault("read otherwise than created", "unibee", at(DETAIL, set_response(METRIC + "/type", 4))),
    Fault("listed otherwise than created", "orders", at(LISTED, edit("/items/*/reference", str.lower))),
    Fault("listed otherwise than created", "cuoral", at(LISTS, set_response("/*/description", None))),
    Fault(
        "listed otherwise than created",
        "unibee",
        at(MERCHANT_LIST, edit("/data/merchantMetrics/*/metricName", str.upper)),
    ),
    Fault("lists lack the last", "orders", at(LISTED, edit("/items", lambda items: items[:-1]))),
    Fault("lists lack the first", "meteroid", at(METRIC_LIST, edit("/data", lambda items: items[1:]))),
    Fault("lists lack the last", "cuoral", at(LISTS, edit("", lambda items: items[:-1]))),
    Fault("lists lack the last", "unibee", at(MERCHANT_LIST, edit("/data/merchantMetrics", lambda items: items[:-1]))),
    Fault("lists are empty", "cuoral", at(LISTS, set_response("", []))),
    Fault("lists are empty", "unibee", at("GET /merchant/metric/list", set_response("/data/merchantMetrics", []))),
    Fault("lists never change", "cuoral", at(LISTS, edit("", lambda items: items[:1]))),
    Fault(
        "lists have one twice",
        "orders",
        at(LISTED, edit("/items", lambda items: [*items, items[0]] if items else items)),
    ),
    Fault(
        "values of another company",
        "cuoral",
        at(VALUES, change_request(one_company)),
    ),
    Fault("values of all companies", "cuoral", at(COMPANY, change_request(one_company))),
    Fault("total of the page", "orders", at(LISTED, edit("", lambda held: {**held, "total": len(held["items"])}))),
    Fault("total off by one", "unibee", at(MERCHANT_LIST, edit("/data/total", lambda total: total + 1))),
    Fault("total 0", "meteroid", at(METRIC_LIST, set_response("/pagination_meta/total_items", 0))),
    Fault(
        "pages off by one", "meteroid", at(METRIC_LIST, edit("/pagination_meta/total_pages", lambda total: total + 1))
    ),
    Fault("second page is the first", "orders", at(LISTED, without_query("page"))),
    Fault("second page is the first", "meteroid", at(METRIC_LIST, without_query("page"))),
    Fault(
        "second page is the third",
        "orders",
        at(LISTED, query_as("page", lambda page: str(int(page) * 2 - 1) if page.isdigit() else page)),
    ),
    Fault(
        "pages overlap",
        "orders",
        at(LISTED, when_asked(lambda asked: "page=2" in asked.query, edit("/items", lambda items: items[1:]))),
    ),
    Fault("limit ignored", "orders", at(LISTED, without_query("limit"))),
    Fault("limit ignored", "meteroid", at(METRIC_LIST, without_query("per_page"))),
    Fault(
        "limit off by one",
        "orders",
        at(
            LISTED,
            query_as("limit", lambda limit: str(int(limit) + 1) if limit.isdigit() and 0 < int(limit) < 50 else limit),
        ),
    ),
    Fault("count ignored", "unibee", at("GET /merchant/metric/list", without_query("count"))),
    Fault("currency ignored", "orders", at(LISTED, without_query("currency"))),
    Fault("search ignored", "meteroid", at(METRIC_LIST, without_query("search"))),
    Fault("family ignored", "meteroid", at(METRIC_LIST, without_query("product_family_id"))),
    Fault("order ignored", "orders", at(LISTED, without_query("sort"))),
    Fault(
        "order reversed",
        "meteroid",
        at(
            METRIC_LIST,
            query_as(
                "order_by", lambda text: text.replace(".desc", ".x").replace(".asc", ".desc").replace(".x", ".asc")
            ),
        ),
    ),
    Fault("order ignored", "meteroid", at(METRIC_LIST, without_query("order_by"))),
    Fault("archiving does nothing", "meteroid", at("POST /api/v1/metrics/{id}/archive", fail(204, None, "text/plain"))),
    Fault("archived are gone", "meteroid", at("POST /api/v1/metrics/{id}/unarchive", fail(204, None, "text/plain"))),
    Fault(
        "eleventh create refused",
        "orders",
        at(ORDERS, after(10, fail(409, {"code": "conflict", "message": "There are too many"}))),
    ),
    Fault("twentieth create fails", "cuoral", at(DEFINITIONS, after(19, fail(503, {"detail": "busy"})))),
    Fault("an object is listed twice", "cuoral", at(LISTS, edit("", lambda held: held + held[:1]))),
    Fault("second page is the first", "unibee", at(MERCHANT_LIST, input_as("/page", lambda _: 0))),
    Fault("metadata gone in every second answer", "orders", at(ONE, every_nth(2, drop("/metadata")))),
    Fault("street gone in every second answer", "orders", at(ONE, every_nth(2, drop("/customer/address/street")))),
    Fault("empty metadata not kept", "orders", at(ONE, edit("/metadata", _without_empty))),
    Fault("comments of lines trimmed when read", "orders", at(ONE, edit("/lines/*/comment", lambda text: text[:11]))),
    Fault("prices rounded when read", "orders", at(ONE, edit("/lines/*/price", lambda price: round(price, 2) or 0.01))),
    Fault("lines reversed when read", "orders", at(ONE, edit("/lines", lambda lines: lines[::-1]))),
    Fault("a change loses the address", "orders", at(CHANGED, input_as("/customer/address", lambda _: DROPPED))),
    Fault("a change loses the telephone", "orders", at(CHANGED, input_as("/customer/phone", lambda _: DROPPED))),
    Fault("matrix gone in every second answer", "meteroid", at(READ, every_nth(2, drop("/segmentation_matrix")))),
    Fault("factor without sign when read", "meteroid", at(READ, edit("/unit_conversion/factor", abs))),
    Fault("metaData gone in every second answer", "unibee", at(DETAIL, every_nth(2, drop(METRIC + "/metaData")))),
    Fault("metaData without nulls when read", "unibee", at(DETAIL, edit(METRIC + "/metaData", _without_nulls))),
    Fault("changed whenever listed", "cuoral", at(LISTS, set_response("/*/time_updated", lambda _: _now()))),
    Fault("changed whenever listed", "orders", at(LISTED, set_response("/items/*/updated_at", lambda _: _now()))),
    Fault(
        "what is unknown cannot be unarchived",
        "meteroid",
        at("POST /api/v1/metrics/{id}/unarchive", _refused_if_unknown),
    ),
]
