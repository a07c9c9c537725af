"""What the vendors' untouched pages give without overlays, cell by cell, and that our pages in specs/ say the same."""

import functools
from collections.abc import Callable

import pytest

from counterfoil import pointer
from counterfoil.contract import Contract, build
from counterfoil.documents.folder import VendorFolder
from tests.pages.contract_view import View, types, without_texts
from tests.shared_material import ROOT, shared

PAGES = {"unleash": "unleash.md", "cuoral": "cuoral.md", "unibee": "unibee.md", "meteroid": "meteroid.txt"}
OURS = {
    "unleash": "register-impact-metric.md",
    "cuoral": "create-metric-definition.md",
    "unibee": "new-merchant-metric.md",
    "meteroid": "create-billable-metric.txt",
}


@functools.cache
def build_original(vendor: str) -> Contract:
    page = shared(f"seeds/{PAGES[vendor]}")
    folder = VendorFolder("seeds", vendor, vendor, ((page.name, page.read_text(encoding="utf-8")),))
    return build(folder, overlay=False)


@pytest.fixture(scope="session")
def contract() -> Callable[[str], Contract]:
    """The contract of a vendor's page as it was published."""
    return build_original


class TestUnleash:
    @pytest.fixture
    def view(self, contract: Callable[[str], Contract]) -> View:
        return View(contract("unleash"))

    def test_operation(self, view: View) -> None:
        assert (view.method, view.path) == ("post", "/api/admin/impact-metrics/register")
        assert view.operation["operationId"] == "register-impact-metric"

    def test_server(self, view: View) -> None:
        assert view.servers == ["https://app.unleash-instance.example.com"]

    def test_security(self, view: View) -> None:
        assert [{"type": "apiKey", "name": "Authorization", "in": "header"}] in view.security()
        assert all(len(alternative) == 1 for alternative in view.security())
        assert view.parameters == []

    def test_request(self, view: View) -> None:
        assert list(view.request()["properties"]) == ["name", "type"]
        assert view.request("name")["type"] == view.request("type")["type"] == "string"
        assert view.request("type")["enum"] == ["counter", "gauge", "histogram"]
        assert set(view.request()["required"]) == {"name", "type"}

    def test_success(self, view: View) -> None:
        assert [status for status in view.responses if status.startswith("2")] == ["204"]
        assert "content" not in view.responses["204"]

    def test_errors(self, view: View) -> None:
        assert [status for status in view.responses if not status.startswith("2")] == ["400", "401", "403"]
        for status in ("400", "401", "403"):
            assert types(view.response(status)) == {"id": "string", "name": "string", "message": "string"}

    def test_examples(self, view: View) -> None:
        assert view.examples(view.operation["requestBody"]) == [{"name": "checkout_completions", "type": "counter"}]

    def test_diagnostics(self, view: View) -> None:
        assert not [str(found) for found in view.contract.diagnostics if found.severity == "error"]


class TestUniBee:
    @pytest.fixture
    def view(self, contract: Callable[[str], Contract]) -> View:
        return View(contract("unibee"))

    def test_operation(self, view: View) -> None:
        assert (view.method, view.path) == ("post", "/merchant/metric/new")

    def test_server(self, view: View) -> None:
        assert view.servers == ["https://api.unibee.dev", "https://api-sandbox.unibee.top"]

    def test_security(self, view: View) -> None:
        [[scheme]] = view.security()
        assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
        assert view.parameters == []

    def test_request(self, view: View) -> None:
        assert types(view.request()) == {
            "aggregationProperty": "string",
            "aggregationType": "integer",
            "carryoverProrationEnabled": "boolean",
            "code": "string",
            "metaData": "object",
            "metricDescription": "string",
            "metricName": "string",
            "prorationRefundEnabled": "boolean",
            "type": "integer",
            "unit": "string",
        }
        assert set(view.request()["required"]) == {"code", "metricName"}

    def test_request_enums(self, view: View) -> None:
        assert view.request("aggregationType")["enum"] == [1, 2, 3, 4, 5]
        assert view.request("aggregationType")["x-enum-varnames"] == ["count", "count unique", "latest", "max", "sum"]
        assert view.request("type")["enum"] == [1, 2, 3, 4]
        assert view.request("type")["x-enum-varnames"] == [
            "limit_metered",
            "charge_metered",
            "charge_recurring",
            "limit_recurring",
        ]

    def test_request_enums_are_inferred_where_they_are_described(self, view: View) -> None:
        at = "/components/schemas/unibee.api.merchant.metric.NewReq/properties/aggregationType/enum"
        [step] = view.contract.evidence.history(at)
        assert (step.kind, step.rule) == ("inferred", "enum-from-prose")
        lines = shared("seeds/unibee.md").read_text(encoding="utf-8").split("\n")
        assert "AggregationType,1-count，" in lines[step.location.line - 1]

    def test_open_object(self, view: View) -> None:
        values = view.request("metaData").get("additionalProperties", True)
        assert values is True or without_texts(view.resolve(values)) == {}
        assert "format" not in view.request("metaData")

    def test_success(self, view: View) -> None:
        assert [status for status in view.responses if status.startswith("2")] == ["200"]
        assert types(view.response("200")) == {
            "code": "integer",
            "data": "object",
            "merchantId": "integer",
            "message": "string",
            "redirect": "string",
            "requestId": "string",
        }
        assert list(view.response("200", "data")["properties"]) == ["merchantMetric"]
        assert types(view.response("200", "data", "merchantMetric")) == {
            "aggregationProperty": "string",
            "aggregationType": "integer",
            "archived": "boolean",
            "carryoverProrationEnabled": "boolean",
            "code": "string",
            "createTime": "integer",
            "gmtModify": "integer",
            "id": "integer",
            "merchantId": "integer",
            "metaData": "object",
            "metricDescription": "string",
            "metricName": "string",
            "prorationRefundEnabled": "boolean",
            "type": "integer",
            "unit": "string",
        }

    def test_errors(self, view: View) -> None:
        assert [status for status in view.responses if not status.startswith("2")] == ["400", "401", "404", "500"]
        for status in ("400", "401", "404", "500"):
            assert types(view.response(status)) == types(view.response("200"))
            at = pointer.join("", "paths", view.path, view.method, "responses", status)
            assert "inferred" in view.kinds(at)

    def test_the_sample_body_is_a_diagnostic_and_no_example(self, view: View) -> None:
        assert view.examples(view.operation["requestBody"]) == []
        [found] = [found for found in view.contract.diagnostics if "example" in found.rule]
        lines = shared("seeds/unibee.md").read_text(encoding="utf-8").split("\n")
        assert '"aggregationType": 0' in lines[found.location.line - 1]
        assert "aggregationType" in found.message


class TestCuoral:
    @pytest.fixture
    def view(self, contract: Callable[[str], Contract]) -> View:
        return View(contract("cuoral"))

    def test_operation(self, view: View) -> None:
        assert (view.method, view.path) == ("post", "/external/v1/external/v1/customers/metrics")

    def test_server(self, view: View) -> None:
        assert view.servers == []

    def test_security(self, view: View) -> None:
        assert view.security() == []
        assert view.parameters == []

    def test_request(self, view: View) -> None:
        assert types(view.request()) == {"name": "string", "description": "string", "data_type": "string"}
        assert view.request()["required"] == ["name", "data_type"]
        assert "enum" not in view.request("data_type")

    def test_required_is_inferred_where_the_table_has_it(self, view: View) -> None:
        at = pointer.join("", "paths", view.path, "post", "requestBody", "content", "application/json", "schema")
        [step] = view.contract.evidence.history(f"{at}/required/1")
        assert (step.kind, step.rule, step.location.line) == ("inferred", "required-from-table", 19)

    def test_success(self, view: View) -> None:
        assert [status for status in view.responses if status.startswith("2")] == ["201"]
        assert types(view.response("201")) == {
            "id": "integer",
            "metric_id": "string",
            "name": "string",
            "description": "string",
            "data_type": "string",
            "organization_id": "integer",
            "time_created": "string",
            "time_updated": "string",
        }
        formats = {name: child.get("format") for name, child in view.response("201")["properties"].items()}
        assert {name for name, written in formats.items() if written == "date-time"} == {"time_created", "time_updated"}
        assert view.response("201").get("required", []) == []

    def test_errors(self, view: View) -> None:
        assert [status for status in view.responses if not status.startswith("2")] == ["422"]
        assert types(view.response("422", "detail", "[]")) == {"loc": "array", "msg": "string", "type": "string"}
        assert view.response("422", "detail", "[]", "loc", "[]")["type"] == ["string", "integer"]

    def test_examples(self, view: View) -> None:
        [sent] = view.examples(view.operation["requestBody"])
        [answered] = view.examples(view.responses["201"])
        assert (sent["name"], sent["data_type"]) == ("Customer Tier", "STRING")
        assert answered == {
            **sent,
            "id": 5,
            "metric_id": "METRIC-005",
            "organization_id": 42,
            "time_created": "2025-11-27T10:06:09.459Z",
            "time_updated": "2025-11-27T10:06:09.459Z",
        }
        at = pointer.join("", "paths", view.path, "post", "requestBody", "content", "application/json", "example")
        assert view.kinds(at) == {"documented"}

    def test_diagnostics(self, view: View) -> None:
        assert [str(found) for found in view.contract.diagnostics if found.severity != "note"] == []


class TestMeteroid:
    AGGREGATIONS = ("COUNT", "LATEST", "MAX", "MIN", "MEAN", "SUM", "COUNT_DISTINCT")

    @pytest.fixture
    def view(self, contract: Callable[[str], Contract]) -> View:
        return View(contract("meteroid"))

    def test_operation(self, view: View) -> None:
        assert (view.method, view.path) == ("post", "/api/v1/metrics")
        assert view.operation["summary"] == "Create a billable metric"

    def test_server(self, view: View) -> None:
        assert view.servers == ["https://api.example.com"]

    def test_security(self, view: View) -> None:
        assert view.security() == [[{"type": "http", "scheme": "bearer"}]]
        assert view.parameters == []

    def test_request(self, view: View) -> None:
        assert types(view.request()) == {
            "aggregation_type": "string",
            "code": "string",
            "name": "string",
            "product_family_id": "string",
            "aggregation_key": ["string", "null"],
            "description": ["string", "null"],
            "product_id": ["string", "null"],
            "segmentation_matrix": "object",
            "unit_conversion": "object",
            "usage_group_key": ["string", "null"],
        }
        assert view.request()["required"] == ["aggregation_type", "code", "name", "product_family_id"]
        assert view.request("aggregation_type")["enum"] == list(self.AGGREGATIONS)
        assert types(view.request("segmentation_matrix")) == {"key": "string", "values": "array"}
        assert view.request("segmentation_matrix", "values", "[]")["type"] == "string"
        assert types(view.request("unit_conversion")) == {"factor": "number", "rounding": "string"}

    def test_nested_shapes_are_inferred_from_the_sample(self, view: View) -> None:
        at = pointer.join("", "paths", view.path, "post", "requestBody", "content", "application/json", "schema")
        [step] = view.contract.evidence.history(f"{at}/properties/unit_conversion/properties/factor/type")
        assert (step.kind, step.rule, step.location.line) == ("inferred", "type-from-example", 30)

    def test_success(self, view: View) -> None:
        assert list(view.responses) == ["2XX"]
        assert view.responses["2XX"]["description"] == "Metric created"
        at = pointer.join("", "paths", view.path, "post", "responses", "2XX")
        assert [step.rule for step in view.contract.evidence.history(at)] == ["missing-success-status"]
        fields = types(view.response("2XX"))
        nullable = {name for name, kind in fields.items() if isinstance(kind, list) and "null" in kind}
        assert len(fields) == 13
        assert nullable == {"aggregation_key", "archived_at", "description", "product_id", "usage_group_key"}
        required = ["aggregation_type", "code", "created_at", "id", "name", "product_family_id"]
        assert view.response("2XX")["required"] == required
        assert view.response("2XX", "aggregation_type")["enum"] == list(self.AGGREGATIONS)
        assert view.response("2XX", "created_at")["format"] == "date-time"
        assert types(view.response("2XX", "unit_conversion")) == {"factor": "number", "rounding": "string"}

    def test_examples_are_sampled(self, view: View) -> None:
        [sent] = view.examples(view.operation["requestBody"])
        [answered] = view.examples(view.responses["2XX"])
        assert "<string>" not in str((sent, answered))
        assert answered["id"] == "bm_7n42DGM5Tflk9n8mt7Fhc7"
        assert sent["product_family_id"] == answered["product_family_id"] == "pf_7n42DGM5Tflk9n8mt7Fhc7"
        for part in ("requestBody", "responses/2XX"):
            at = pointer.join("", "paths", view.path, "post") + f"/{part}/content/application~1json/example"
            [step] = view.contract.evidence.history(at)
            assert (step.kind, step.rule) == ("inferred", "placeholder-sampled")

    def test_diagnostics(self, view: View) -> None:
        assert [str(found) for found in view.contract.diagnostics if found.severity != "note"] == []


@pytest.mark.parametrize("vendor", PAGES)
def test_nothing_that_addresses_an_assistant_is_left(contract: Callable[[str], Contract], vendor: str) -> None:
    text = str(contract(vendor).tree).lower()
    for hint in ("llms.txt", "mcp", "agent instructions", "?ask=", "documentation index", "append .md", "gitbook"):
        assert hint not in text


@pytest.mark.parametrize("vendor", PAGES)
def test_our_page_gives_the_same_apart_from_texts(contract: Callable[[str], Contract], vendor: str) -> None:
    page = ROOT / "specs" / vendor / OURS[vendor]
    ours = build(VendorFolder("specs", vendor, vendor, ((page.name, page.read_text("utf-8")),)), overlay=False)
    assert without_texts(ours.tree) == without_texts(contract(vendor).tree)
    rules = [found.rule for found in ours.diagnostics if found.severity != "note"]
    assert rules == [found.rule for found in contract(vendor).diagnostics if found.severity != "note"]
