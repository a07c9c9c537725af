"""What a contract leaves open is no mistake of a server, and what it does not is one still."""

import json
from typing import Any

import pytest

from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.variants.walk import Walk
from counterfoil.checks.ladder import judge, refusals
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import operations
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.echoes.comparing import MISSING, echoes
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange, Request, Response

COUNT = {"name": "count", "in": "query", "schema": {"type": "integer", "minimum": 1}}
FLAG = {"name": "flag", "in": "query", "schema": {"type": "boolean"}}
TREE: dict[str, Any] = {
    "openapi": "3.1.0",
    "x-counterfoil": {"coerce": ["string-to-number", "fraction-to-integer"]},
    "paths": {"/a": {"get": {"parameters": [COUNT, FLAG], "responses": {"200": {"description": "done"}}}}},
}
GET = operations(TREE)[0]
JSON = ("Content-Type", "application/json")


def exchange(query: str, status: int, answer: Any) -> Exchange:
    response = Response(status, (JSON,), json.dumps(answer).encode())
    return Exchange(GET, Request("GET", f"http://a/a?{query}"), response, "invalid", True, "ladder")


@pytest.mark.parametrize(
    ("query", "is_open"), [("count=1.5", True), ("count=0.5", False), ("count=1.5&flag=7", False), ("", False)]
)
def test_a_query_may_be_converted_by_all_rules_together(query: str, is_open: bool) -> None:
    assert judge.is_converted(exchange(query, 200, {})) is is_open


@pytest.mark.parametrize(
    ("told", "is_open"),
    [
        ({"error": {"field": "files"}}, True),
        ({"error": {"field": "files[0].url"}}, True),
        ({"error": {"field": "note"}}, False),
        ({"detail": [{"loc": ["body", "files"]}]}, False),
    ],
)
def test_a_field_may_be_the_one_that_holds_what_is_wrong(told: Any, is_open: bool) -> None:
    report = Report("acme", "", 1, Credentials(""))
    rung = Rung(Draft(GET), "files.0.url", "is empty", "it is no URL", "", path=("files", 0, "url"))
    refusals.check(exchange("", 400, told), rung, report)
    assert ([each.check for each in report.findings] == []) is is_open


@pytest.mark.parametrize(("sent", "is_open"), [({}, True), ([], True), ("", False), ({"a": 1}, False)])
def test_what_holds_nothing_may_be_left_out(sent: Any, is_open: bool) -> None:
    assert echoes(GET, {}, {}, sent, MISSING) is is_open


@pytest.mark.parametrize(("words", "longest"), [("Up to 12 bytes", 12), ("Up to 12 characters", 48)])
def test_lengths_are_in_bytes_where_words_say_so(words: str, longest: int) -> None:
    schema = {"type": "string", "maxLength": 12, "description": words}
    tree = {**TREE, "components": {"schemas": {"Text": schema}}}
    instances = Instances(operations(tree)[0].schemas)
    found = Walk(instances).variants(schema, pointer := "/components/schemas/Text", "text")
    valid = [each.value for each in found if instances.fits(pointer, each.value)]
    assert max(len(text.encode()) for text in valid if "\U0001f9fe" in text) == longest
