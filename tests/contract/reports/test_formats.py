"""Reports for programs and terminals, of a run against a hostile server."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from counterfoil.checks.reporting.as_json import report_schema
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.reporting.junit import to_junit
from counterfoil.checks.wire.credentials import Credentials
from tests.contract.kit import ROOT
from tests.contract.reports.hostile import VENDOR
from tests.contract.servers.handwritten import API_KEY, PATH


@pytest.mark.parametrize("form", ["text", "json", "junit", "github", "html"])
def test_no_format_tells_a_secret_or_a_lone_surrogate(told: Path, form: str) -> None:
    text = (told / form).read_text("utf-8")
    assert API_KEY not in text
    assert "$COUNTERFOIL_CUORAL_TOKEN" in text.replace("&#34;", '"')


def test_json_is_what_its_schema_says(told: Path) -> None:
    schema = report_schema()
    jsonschema_rs.meta.validate(schema)
    report = json.loads((told / "json").read_text("utf-8"))
    assert [str(error) for error in jsonschema_rs.validator_for(schema).iter_errors(report)] == []
    (vendor,) = report["vendors"]
    assert (report["ok"], vendor["ok"], vendor["vendor"]) == (False, False, VENDOR)
    created = next(each for each in vendor["operations"] if each["operation"] == f"POST {PATH}")
    assert created["statuses"]["seen"]["201"] > 0
    assert created["requests"]["ladder"] > 10
    states = {check["check"]: check["state"] for check in created["checks"]}
    assert states["response_schema_conformance"] == "failed"
    assert "unsupported_method" not in states, "what was not run is not told of"
    types = [each for each in created["keywords"] if each["pointer"].endswith("/name/type")]
    assert types
    assert all(each["valid"] and each["invalid"] for each in types)


def test_the_rule_of_a_finding_leads_to_its_line(told: Path) -> None:
    (vendor,) = json.loads((told / "json").read_text("utf-8"))["vendors"]
    rule = next(each["rule"] for each in vendor["findings"] if "breaks its schema at /id" in each["summary"])
    lines = (ROOT / rule["location"]["path"]).read_text("utf-8").splitlines()
    assert "int" in lines[rule["location"]["line"] - 1]


def test_junit_has_a_case_for_each_check_and_operation(told: Path) -> None:
    root = ET.fromstring((told / "junit").read_text("utf-8"))
    (suite,) = root
    cases = suite.findall("testcase")
    assert suite.get("name") == VENDOR
    assert int(suite.attrib["tests"]) == len(cases) == len({case.get("name") for case in cases})
    failures = [failure for case in cases for failure in case.findall("failure")]
    assert int(suite.attrib["failures"]) == len(failures) > 0
    assert any("curl -i" in (failure.text or "") and "<script>" in (failure.text or "") for failure in failures)
    assert any("\ufffd \ufffd[31m no JSON" in (failure.text or "") for failure in failures)
    assert all(failure.get("message") and failure.get("type") for failure in failures)
    for case in cases:
        assert len(case) <= 1
        assert {child.tag for child in case} <= {"failure", "skipped"}
    assert all(skipped.get("message") for skipped in suite.iter("skipped"))


# The schema that the xUnit plugin of Jenkins holds files to, junit-10: attributes that are there and may be, children.
JUNIT = {
    "testsuites": ((), ("name", "time", "tests", "failures", "errors"), ("testsuite",)),
    "testsuite": (
        ("name", "tests", "failures", "errors"),
        ("group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"),
        ("testsuite", "properties", "testcase"),
    ),
    "properties": ((), (), ("property",)),
    "property": (("name", "value"), (), ()),
    "testcase": (
        ("name",),
        ("time", "classname", "group"),
        ("skipped", "error", "failure", "system-out", "system-err"),
    ),
    **dict.fromkeys(("failure", "error", "skipped"), ((), ("type", "message"), ())),
}


def test_junit_has_nothing_that_jenkins_refuses(told: Path) -> None:
    broken = Report("acme", "a server", 1, Credentials("TOKEN"), seconds=12345.6, failure="it broke off")
    for text in ((told / "junit").read_text("utf-8"), to_junit([broken])):
        root = ET.fromstring(text)
        assert root.tag == "testsuites"
        for element in root.iter():
            needed, possible, children = JUNIT[element.tag]
            assert set(needed) <= set(element.attrib) <= {*needed, *possible}
            assert {child.tag for child in element} <= set(children)
            if element.tag.startswith("testsuite"):
                assert re.fullmatch(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?", element.attrib["time"])
                assert all(element.attrib[name].isdecimal() for name in ("tests", "failures", "errors"))


@pytest.mark.parametrize("form", ["text", "github"])
def test_a_terminal_is_given_nothing_to_obey(told: Path, form: str) -> None:
    text = (told / form).read_text("utf-8")
    assert "\x1b" not in text
    assert "\u2401 \u241b[31m no JSON" in text
