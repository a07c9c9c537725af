"""Lists and objects that tell otherwise than what was made, at their edges, below another parent, by default."""

from typing import Any

from tests.faults.catalogue.echo import NEW
from tests.faults.catalogue.shapes import LISTED, LISTS, METRIC_LIST
from tests.faults.catalogue.state import DELETE, DETAIL, METRIC, READ, no_merchant_metric, one_company
from tests.faults.catalogue.times import moved
from tests.faults.faulty import Fault
from tests.faults.operators.answers import edit, replace_answer
from tests.faults.operators.conditions import at, every_nth, when_asked
from tests.faults.operators.mixing import (
    asked_by_default,
    counting_removed,
    gone_together,
    mixed_kinds,
    ordered_within_pages,
)
from tests.faults.operators.requests import change_request, input_as, query_as

COMPANIES = "* /external/v1/external/v1/customers/companies/{id}/metrics"


def _with_description(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in listed if each.get("description") is not None]


def _described(held: dict[str, Any]) -> dict[str, Any]:
    return {**held, "description": held["description"] or ""}


def _rounded_down(held: dict[str, Any]) -> dict[str, Any]:
    return {**held, "total_pages": held["total_items"] // held["per_page"]}


FAULTS = [
    Fault("all companies share their values", "cuoral", at(COMPANIES, change_request(one_company))),
    Fault("only what has a description is listed", "cuoral", at(LISTS, edit("", _with_description))),
    Fault("no description is listed as an empty one", "cuoral", at(LISTS, edit("/*", _described))),
    Fault("the first one is not listed", "cuoral", at(LISTS, edit("", lambda held: held[1:]))),
    Fault("lists end after ten", "cuoral", at(LISTS, edit("", lambda held: held[:10]))),
    Fault("an empty list is null", "cuoral", at(LISTS, edit("", lambda held: held or None))),
    Fault("another order by default", "meteroid", at(METRIC_LIST, asked_by_default("order_by", "name.desc"))),
    Fault("ten a page by default", "meteroid", at(METRIC_LIST, asked_by_default("per_page", "10"))),
    Fault("fifteen a page by default", "orders", at(LISTED, asked_by_default("limit", "15"))),
    Fault("one currency by default", "orders", at(LISTED, asked_by_default("currency", "EUR"))),
    Fault(
        "ten a page are told by default",
        "meteroid",
        at(
            METRIC_LIST,
            when_asked(lambda asked: "per_page" not in asked.query, edit("/pagination_meta/per_page", lambda _: 10)),
        ),
    ),
    Fault(
        "lists are in conflict now and then", "cuoral", at(LISTS, every_nth(5, replace_answer(409, {"detail": "no"})))
    ),
    Fault(
        "no more than fifty a page",
        "meteroid",
        at(METRIC_LIST, query_as("per_page", lambda text: str(min(int(text), 50)) if text.isdigit() else text)),
    ),
    Fault("pages are rounded down", "meteroid", at(METRIC_LIST, edit("/pagination_meta", _rounded_down))),
    Fault(
        "ordered within pages",
        "meteroid",
        at(METRIC_LIST, ordered_within_pages("order_by", "/data", lambda metric: metric["name"])),
    ),
    Fault(
        "matrices of two kinds",
        "meteroid",
        at("* /api/v1/metrics/{id}", mixed_kinds("PATCH", "", "segmentation_matrix")),
    ),
    Fault("archived tomorrow", "meteroid", at(READ, edit("/archived_at", lambda text: text and moved(text, days=1)))),
    Fault("a removal removes all", "unibee", gone_together(NEW, DELETE, METRIC, no_merchant_metric)),
    Fault("ids of 32 bits", "unibee", at(DETAIL, input_as("/metricId", lambda value: value % 2**32))),
    Fault("removed are counted", "orders", counting_removed("DELETE", "/total")),
]
