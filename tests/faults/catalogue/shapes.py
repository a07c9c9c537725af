"""Answers that break their schema, mostly deep inside, and optional parts that never come."""

from typing import Any

from tests.faults.altering import DROPPED
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS
from tests.faults.catalogue.errors import REGISTER
from tests.faults.faulty import Fault
from tests.faults.operators.answers import add_response, drop, edit, set_response
from tests.faults.operators.conditions import at, when

LISTED = "GET /v1/orders"
ONE = "GET /v1/orders/{id}"
CHANGED = "PATCH /v1/orders/{id}"
METRIC_LIST = "GET /api/v1/metrics"
MERCHANT_LIST = "POST /merchant/metric/list"
LISTS = "GET /external/v1/external/v1/customers/metrics"


def _last(change: Any) -> Any:
    return lambda items: [*items[:-1], {**items[-1], **change}] if items else items


FAULTS = [
    Fault("quantity as text", "orders", at(ORDERS, edit("/lines/*/quantity", str))),
    Fault("price null", "orders", at(ORDERS, set_response("/lines/*/price", None))),
    Fault("gift of another kind", "orders", at(ORDERS, set_response("/lines/*/gift/kind", "box"))),
    Fault("article in lower case", "orders", at(ORDERS, edit("/lines/*/sku", str.lower))),
    Fault("country in lower case", "orders", at(ORDERS, edit("/customer/address/country", str.lower))),
    Fault("no email", "orders", at(ONE, drop("/customer/email"))),
    Fault("more in a customer", "orders", at(ONE, add_response("/customer", "id", 5))),
    Fault("more in a line", "orders", at(CHANGED, add_response("/lines/*", "total", 5))),
    Fault("no email in lists", "orders", at(LISTED, drop("/items/*/customer/email"))),
    Fault("last item of a list", "orders", at(LISTED, edit("/items", _last({"state": "unknown"})))),
    Fault("state in upper case", "orders", at(LISTED, edit("/items/*/state", str.upper))),
    Fault("state not in the enum", "orders", at(CHANGED, set_response("/state", "changed"))),
    Fault("total as text", "orders", at(LISTED, edit("/total", str))),
    Fault("total negative", "orders", at(LISTED, set_response("/total", -1))),
    Fault("page from 0", "orders", at(LISTED, set_response("/page", 0))),
    Fault("items null", "orders", at(LISTED, set_response("/items", None))),
    Fault(
        "items an object",
        "orders",
        at(LISTED, edit("/items", lambda items: {str(index): item for index, item in enumerate(items)})),
    ),
    Fault("no number", "orders", at(ORDERS, drop("/number"))),
    Fault("number 0", "orders", at(ORDERS, set_response("/number", 0))),
    Fault("number with fraction", "orders", at(ORDERS, set_response("/number", 1.5))),
    Fault("metadata of numbers", "orders", at(ORDERS, edit("/metadata", lambda held: dict.fromkeys(held, 1)))),
    Fault("options null", "orders", at(ORDERS, set_response("/lines/*/options", None))),
    Fault("options of numbers", "orders", at(ORDERS, edit("/lines/*/options", lambda held: dict.fromkeys(held, 1)))),
    Fault("tags null", "orders", at(ORDERS, edit("/tags", lambda tags: [*tags, None]))),
    Fault("customer null", "orders", at(ONE, set_response("/customer", None))),
    Fault("callback relative", "orders", at(ORDERS, set_response("/callback", "hook"))),
    Fault("an empty object", "orders", at(CHANGED, set_response("", {}))),
    Fault("a list of one", "orders", at(ONE, edit("", lambda held: [held]))),
    Fault("aggregation not in the enum", "meteroid", at(METRICS, set_response("/aggregation_type", "MEDIAN"))),
    Fault("values null", "meteroid", at(METRICS, set_response("/segmentation_matrix/values", None))),
    Fault(
        "values of null",
        "meteroid",
        at(
            METRICS,
            when(
                "/segmentation_matrix/type",
                lambda kind: kind == "SINGLE",
                edit("/segmentation_matrix/values", lambda values: [*values, None]),
            ),
        ),
    ),
    Fault("dimension without key", "meteroid", at(METRICS, drop("/segmentation_matrix/dimension2/key"))),
    Fault(
        "linked values no lists",
        "meteroid",
        at(
            METRICS,
            when(
                "/segmentation_matrix/type",
                lambda kind: kind == "LINKED",
                edit("/segmentation_matrix/values", lambda held: dict.fromkeys(held, "text")),
            ),
        ),
    ),
    Fault("rounding not in the enum", "meteroid", at(METRICS, set_response("/unit_conversion/rounding", "HALF"))),
    Fault("factor as text", "meteroid", at(METRICS, edit("/unit_conversion/factor", str))),
    Fault("number of pages as text", "meteroid", at(METRIC_LIST, edit("/pagination_meta/total_pages", str))),
    Fault("no pagination", "meteroid", at(METRIC_LIST, drop("/pagination_meta"))),
    Fault("family of a list wrong", "meteroid", at(METRIC_LIST, set_response("/data/*/product_family_id", "family"))),
    Fault("description null in lists", "meteroid", at(METRIC_LIST, add_response("/data/*", "description", None))),
    Fault("code empty", "meteroid", at("PATCH /api/v1/metrics/{id}", set_response("/code", ""))),
    Fault("name gone", "meteroid", at("GET /api/v1/metrics/{id}", drop("/name"))),
    Fault("type 9", "unibee", at(NEW, set_response("/data/merchantMetric/type", 9))),
    Fault("aggregation as text", "unibee", at(NEW, edit("/data/merchantMetric/aggregationType", str))),
    Fault("modified null", "unibee", at(NEW, set_response("/data/merchantMetric/gmtModify", None))),
    Fault("unit null", "unibee", at("POST /merchant/metric/detail", set_response("/data/merchantMetric/unit", None))),
    Fault("archived as number", "unibee", at("POST /merchant/metric/edit", edit("/data/merchantMetric/archived", int))),
    Fault("total gone", "unibee", at(MERCHANT_LIST, drop("/data/total"))),
    Fault("metrics null", "unibee", at("GET /merchant/metric/list", set_response("/data/merchantMetrics", None))),
    Fault("code of a listed metric gone", "unibee", at(MERCHANT_LIST, drop("/data/merchantMetrics/*/code"))),
    Fault("data a list", "unibee", at(NEW, edit("/data", lambda data: [data]))),
    Fault("no data", "unibee", at("POST /merchant/metric/edit", drop("/data"))),
    Fault("organization as text", "cuoral", at(DEFINITIONS, edit("/organization_id", str))),
    Fault("organization gone", "cuoral", at(LISTS, drop("/*/organization_id"))),
    Fault("public id a number", "cuoral", at(LISTS, set_response("/*/metric_id", 5))),
    Fault("last of a list null", "cuoral", at(LISTS, edit("", lambda items: [*items, None]))),
    Fault("list in an envelope", "cuoral", at(LISTS, edit("", lambda items: {"data": items}))),
    Fault("detail messages gone", "cuoral", at(DEFINITIONS, drop("/detail/*/msg", on="422"))),
    Fault("error without message", "orders", drop("/errors/*/message", on="400")),
    Fault("details null", "unleash", at(REGISTER, set_response("/details", None, on="400"))),
    Fault(
        "details of paths that are lists",
        "unleash",
        at(REGISTER, edit("/details/*/path", lambda path: path.split("/"), on="400")),
    ),
]

VANISHING = [
    Fault("note never there", "orders", drop("/note")),
    Fault("tags never there", "orders", at(ORDERS, drop("/tags"))),
    Fault("discount never read", "orders", at(ONE, drop("/discount"))),
    Fault("day never listed", "orders", at(LISTED, drop("/items/*/deliver_on"))),
    Fault("phone never there", "orders", at(ORDERS, drop("/customer/phone"))),
    Fault("gifts never there", "orders", at(ORDERS, drop("/lines/*/gift"))),
    Fault("usage group never there", "meteroid", at(METRICS, drop("/usage_group_key"))),
    Fault("matrix never read", "meteroid", at("GET /api/v1/metrics/{id}", drop("/segmentation_matrix"))),
    Fault("description never listed", "meteroid", at(METRIC_LIST, drop("/data/*/description"))),
    Fault(
        "archived never told",
        "meteroid",
        edit(
            "",
            lambda held: (
                {key: value for key, value in held.items() if key != "archived_at"} if isinstance(held, dict) else held
            ),
        ),
    ),
    Fault("metadata never there", "unibee", at(NEW, drop("/data/merchantMetric/metaData"))),
    Fault("details never there", "unleash", set_response("/details", DROPPED, on="400")),
    Fault("input never told", "cuoral", drop("/detail/*/input", on="422")),
]
