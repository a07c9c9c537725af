"""What the vendors' untouched pages give without overlays, cell by cell, and that our pages in specs/ say the same."""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from counterfoil import pointer
from counterfoil.contract import Contract, build
from counterfoil.documents.folder import VendorFolder, open_vendor
from tests.shared_material import ROOT, shared

PAGES = {"unleash": "unleash.md", "cuoral": "cuoral.md", "unibee": "unibee.md", "meteroid": "meteroid.txt"}


@functools.cache
def build_original(vendor: str) -> Contract:
    page = shared(f"seeds/{PAGES[vendor]}")
    folder = VendorFolder("seeds", vendor, vendor, ((page.name, page.read_text(encoding="utf-8")),))
    return build(folder, overlay=False)


@pytest.fixture(scope="session")
def contract() -> Callable[[str], Contract]:
    """The contract of a vendor's page as it was published."""
    return build_original


class View:
    """One contract with its single operation; references are followed."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.tree = contract.tree
        [(self.path, item)] = self.tree["paths"].items()
        [(self.method, self.operation)] = item.items()
        self.parameters = self.operation.get("parameters", [])
        self.responses = self.operation["responses"]
        self.servers = [server["url"] for server in self.tree.get("servers", [])]

    def security(self) -> list[list[dict[str, Any]]]:
        """The alternatives of the operation, each a list of schemes without their descriptions."""
        schemes = self.tree.get("components", {}).get("securitySchemes", {})
        alternatives = self.operation.get("security", self.tree.get("security", []))
        return [[without_texts(schemes[name]) for name in alternative] for alternative in alternatives]

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            node = pointer.resolve(self.tree, node["$ref"].removeprefix("#"))
        return node

    def schema(self, body: dict[str, Any], *names: str) -> dict[str, Any]:
        """The JSON schema of a request body or response, or of the property that `names` lead to."""
        schema = self.resolve(self.resolve(body)["content"]["application/json"]["schema"])
        for name in names:
            schema = self.resolve(schema["items"] if name == "[]" else schema["properties"][name])
        return schema

    def request(self, *names: str) -> dict[str, Any]:
        return self.schema(self.operation["requestBody"], *names)

    def response(self, status: str, *names: str) -> dict[str, Any]:
        return self.schema(self.responses[status], *names)

    def examples(self, body: dict[str, Any]) -> list[Any]:
        media = self.resolve(body)["content"]["application/json"]
        named = [example["value"] for example in media.get("examples", {}).values()]
        return [media["example"], *named] if "example" in media else named

    def kinds(self, at: str) -> set[str]:
        """How the fact at a pointer came to be."""
        return {step.kind for step in self.contract.evidence.history(at)}


def types(schema: dict[str, Any]) -> dict[str, Any]:
    """The types of an object's properties."""
    return {name: child.get("type") for name, child in schema["properties"].items()}


def without_texts(node: Any) -> Any:
    """A part of a contract without what only people read."""
    if isinstance(node, dict):
        return {
            key: without_texts(value)
            for key, value in node.items()
            if not (key in ("description", "summary") and isinstance(value, str))
        }
    return [without_texts(item) for item in node] if isinstance(node, list) else node


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


@pytest.mark.parametrize("vendor", PAGES)
def test_nothing_that_addresses_an_assistant_is_left(contract: Callable[[str], Contract], vendor: str) -> None:
    text = str(contract(vendor).tree).lower()
    for hint in ("llms.txt", "mcp", "agent instructions", "?ask=", "documentation index", "append .md", "gitbook"):
        assert hint not in text


@pytest.mark.parametrize("vendor", PAGES)
def test_our_page_gives_the_same_apart_from_texts(contract: Callable[[str], Contract], vendor: str) -> None:
    ours = build(open_vendor(ROOT / "specs", vendor), overlay=False)
    assert without_texts(ours.tree) == without_texts(contract(vendor).tree)
    rules = [found.rule for found in ours.diagnostics if found.severity != "note"]
    assert rules == [found.rule for found in contract(vendor).diagnostics if found.severity != "note"]
