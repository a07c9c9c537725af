"""What the vendors' stubs do with metrics after they were made: list, show, change, archive and delete them."""

import time
from typing import Any

import pytest

from tests.stubs.client import vendor_client
from tests.stubs.vendors.test_refusals import API_KEY, BEARER, CREATE, NEW, SUM


def test_unibee_remembers_metrics_until_they_are_deleted() -> None:
    client = vendor_client("unibee")

    def ask(name: str, **body: Any) -> Any:
        return client("POST", f"/merchant/metric/{name}", body, API_KEY).json["data"]

    new = {"code": "api", "metricName": "API", "aggregationType": 1}
    made = client("POST", NEW, new, API_KEY).json["data"]["merchantMetric"]
    shown = ask("detail", metricId=made["id"])["merchantMetric"]
    assert {**shown, "gmtModify": 0} == made
    assert abs(shown["gmtModify"] - time.time()) < 60
    assert ask("list") == {"merchantMetrics": [shown], "total": 1}
    envelope = client("GET", "/merchant/metric/list?count=5", b"", API_KEY).json
    assert (envelope["code"], envelope["data"]) == (0, ask("list"))
    for unreadable in (b"", b"{", b"page=1"):
        assert client("POST", "/merchant/metric/list", unreadable, API_KEY).json["data"] == ask("list")
    assert ask("edit", metricId=made["id"], metricName="Calls")["merchantMetric"]["metricName"] == "Calls"
    assert ask("delete", metricId=made["id"]) == {"merchantMetric": None}
    assert ask("detail", metricId=made["id"]) == {"merchantMetric": None}
    assert client("GET", "/merchant/metric/list", b"", API_KEY).json["data"] == {"merchantMetrics": [], "total": 0}
    assert client("POST", NEW, new, API_KEY).json["code"] == 0


@pytest.mark.parametrize("name", ["detail", "edit", "delete"])
@pytest.mark.parametrize("body", [{}, b"", b"metricId=1", []])
def test_unibee_wants_the_id_of_a_metric(name: str, body: Any) -> None:
    answer = vendor_client("unibee")("POST", f"/merchant/metric/{name}", body, API_KEY)
    assert (answer.status, answer.json["message"]) == (400, "The MetricId field is required")


def test_meteroid_hides_archived_metrics_from_lists() -> None:
    client = vendor_client("meteroid")
    made = client("POST", CREATE, SUM, BEARER).json
    item = f"{CREATE}/{made['id']}"
    assert client("POST", f"{item}/archive", b"", BEARER).status == 204
    assert client("GET", item, b"", BEARER).json.keys() - made.keys() == {"archived_at"}
    assert client("GET", CREATE, b"", BEARER).json["data"] == []
    assert client("POST", f"{item}/unarchive", b"", BEARER).status == 204
    assert client("GET", item, b"", BEARER).json == made
    assert len(client("GET", CREATE, b"", BEARER).json["data"]) == 1


def test_meteroid_searches_names_and_codes() -> None:
    client = vendor_client("meteroid")
    for name, code in (("Bytes", "out"), ("Calls", "in")):
        client("POST", CREATE, {**SUM, "name": name, "code": code}, BEARER)
    for text, expected in (("byt", ["Bytes"]), ("IN", ["Calls"]), ("sum", []), ("bm_", [])):
        assert [each["name"] for each in client("GET", f"{CREATE}?search={text}", b"", BEARER).json["data"]] == expected


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("GET", "?per_page=x", "Failed to deserialize query string: "),
        ("GET", "?order_by=x", "Failed to deserialize query string: "),
        ("GET", "?per_page=0", "per_page: "),
        ("GET", "/x", "Invalid URL: "),
        ("PATCH", "/x", "Invalid URL: "),
        ("POST", "/x/archive", "Invalid URL: "),
    ],
)
def test_meteroid_paths_and_queries(method: str, target: str, expected: str) -> None:
    answer = vendor_client("meteroid")(method, CREATE + target, {} if method == "PATCH" else b"", BEARER)
    assert (answer.status, answer.text[: len(expected)]) == (400, expected)
