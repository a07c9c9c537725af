"""Reports of a run against a server that answers with what would be markup, commands or secrets somewhere."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from click.testing import Result

from counterfoil.checks.reporting.as_json import report_schema
from counterfoil.checks.reporting.findings import Finding, Report
from counterfoil.checks.reporting.github import to_github, to_markdown
from counterfoil.checks.reporting.junit import to_junit
from counterfoil.checks.reporting.places import Places
from counterfoil.checks.reporting.text import to_text
from counterfoil.checks.reporting.visible import visible
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.exchange import Request
from tests.contract.kit import ROOT, live_test
from tests.contract.servers.handwritten import API_KEY, PATH, MetricsHandler, running

VENDOR = "cuoral"
EVIL = "<script>alert(1)</script>\" onload='x' ]]> &amp; ##[error] ::error::no | `x` \x00\x1b[31m\u202e100% \ud800"
VOID = {"meta", "input", "line"}


class Hostile(MetricsHandler):
    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"name": f"{EVIL} {self.headers['x-api-key']}", "id": "one"}

    def answer(self, status: int, body: object, **headers: str) -> None:
        if status != 422:
            super().answer(status, body, **headers)
            return
        content = b"\x01 \x1b[31m no JSON"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report of one run in every format."""
    folder = tmp_path_factory.mktemp("reports")
    formats = [f"--format={form}={folder / form}" for form in ("text", "json", "junit", "github", "html")]
    with running(Hostile) as url:
        result = live_test(
            VENDOR, url, API_KEY, "--stage", "documented", "--stage", "ladder", "--format=text", *formats
        )
    assert result.exit_code == 1, result.output
    assert result.stdout == (folder / "text").read_text("utf-8")
    return folder


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


def test_github_is_given_one_command_a_kind_of_findings(told: Path) -> None:
    lines = (told / "github").read_text("utf-8").splitlines()
    findings = json.loads((told / "json").read_text("utf-8"))["vendors"][0]["findings"]
    kinds = {(finding["check"], finding["summary"]) for finding in findings}
    if len(kinds) > 10:
        assert lines.pop(0).startswith(f"::notice title=counterfoil::GitHub shows 10 of {len(kinds)} errors here")
    assert len(lines) == len(kinds)
    form = re.compile(r"::error (?:file=specs/cuoral/[^:,]+,line=\d+,col=\d+,)?title=cuoral%3A \w+::[^\r\n]+")
    assert [line for line in lines if not form.fullmatch(line)] == []
    assert any("line=" in line and "%0Aexpected: " in line for line in lines)
    assert any("100%25" in line for line in lines), "per cent signs of servers stay what they are"


class Page(HTMLParser):
    """Notes every element, its attributes and the text below it; refuses what is not nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.append((self.open[-1], data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_html_is_one_page_in_which_servers_write_only_text(told: Path) -> None:
    text = (told / "html").read_text("utf-8")
    page = Page(text)
    (script,) = [data for tag, data in page.texts if tag == "script"]
    assert "alert" not in script
    policy = next(each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for tag, attributes in page.elements:
        assert not {"src", "onload", "onclick", "srcdoc"} & set(attributes), tag
    assert {"link", "img", "iframe", "object"}.isdisjoint(tag for tag, _ in page.elements)
    assert re.search(r"url\(|@import|https?://(?!127)", re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)) is None
    told_by_server = [data for tag, data in page.texts if tag == "pre" and "<script>alert(1)</script>" in data]
    assert told_by_server
    texts = "".join(data for _, data in page.texts)
    assert "\u202e" not in texts
    assert "\x1b" not in texts
    assert "\u2401 \u241b[31m no JSON" in texts


@pytest.mark.parametrize("form", ["text", "github"])
def test_a_terminal_is_given_nothing_to_obey(told: Path, form: str) -> None:
    text = (told / form).read_text("utf-8")
    assert "\x1b" not in text
    assert "\u2401 \u241b[31m no JSON" in text


def test_html_shows_what_json_tells_and_its_links_lead_somewhere(told: Path) -> None:
    page = Page((told / "html").read_text("utf-8"))
    (vendor,) = json.loads((told / "json").read_text("utf-8"))["vendors"]
    shown = [each for each in page.all("details") if "data-check" in each]
    found = Counter((finding["check"], finding["operation"]) for finding in vendor["findings"])
    assert Counter((each["data-check"], each["data-operation"]) for each in shown) == found
    kinds = Counter((finding["check"], finding["summary"]) for finding in vendor["findings"])
    assert sum("data-kind" in each for each in page.all("details")) == sum(count > 1 for count in kinds.values()) > 0
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    links = [str(each["href"]) for each in page.all("a")]
    assert {link.removeprefix("#") for link in links} <= set(identifiers)
    heads = {data for tag, data in page.texts if tag == "span"}
    assert {check["check"] for each in vendor["operations"] for check in each["checks"]} <= heads
    pictures = [data for tag, data in page.texts if tag == "title"]
    assert any("Requests by operation" in data for data in pictures)
    assert any(re.search(r"answers took: p50 .*, p95 ", data) for data in pictures)
    for svg in page.all("svg"):
        assert svg["role"] == "img"
        assert svg["aria-labelledby"] in identifiers


def test_the_summary_of_a_github_job(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    result = against(Hostile, tmp_path, "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert result.exit_code == 1
    text = summary.read_text("utf-8")
    assert "✗" in text
    assert API_KEY not in text
    # Outside of code spans nothing is markup.
    assert "<script>" not in re.sub(r"(`+).+?\1", "", text)


def test_what_an_overlay_guesses_is_told_as_that() -> None:
    places = Places(ROOT / "generated" / VENDOR / "evidence.json", f"specs/{VENDOR}")
    report = Report(VENDOR, "a server", 1, Credentials("TOKEN"), places=places)
    responses = f"/paths/{PATH.replace('/', '~1')}/post/responses"
    for status in ("409", "401"):
        report.add_finding(Finding("check", "POST", status, "one", "two", pointer=f"{responses}/{status}"))
    guessed, known = re.findall(r"^     rule: (.*)$", to_text(report), re.MULTILINE)
    assert re.fullmatch(
        r"specs/cuoral/overlay\.yaml:\d+:\d+ \(inferred, says the overlay: The page calls .*\)", guessed
    )
    assert re.fullmatch(r"specs/cuoral/overlay\.yaml:\d+:\d+", known)


def test_text_says_once_what_holds_of_several_operations() -> None:
    report = Report("acme", "a server", 1, Credentials("TOKEN"))
    for operation, command in (("GET /a", "curl the longer way"), ("PUT /b", "curl b"), ("GET /c", "curl to c")):
        report.add_finding(Finding("check", operation, "is the same", "one", "two", command))
    report.add_finding(Finding("check", "GET /a", "is another", "one", "two", "curl a"))
    first, second, end = to_text(report).split("\n\n")[1:]
    assert first.startswith("  1. check: PUT /b: is the same\n")
    assert first.endswith("also at: GET /c, GET /a\n     curl b")
    assert second.startswith("  2. check: GET /a: is another\n")
    assert end.startswith("  4 findings of 2 kinds (")


def test_the_first_errors_of_a_step_are_of_all_vendors() -> None:
    reports = [Report(vendor, "a server", 1, Credentials("TOKEN")) for vendor in ("acme", "shop", "zoo")]
    for number in range(12):
        reports[0].add_finding(Finding("echo", f"GET /{number}", f"{number} differs", "a", "b"))
    for operation in ("GET /a", "GET /b"):
        reports[1].add_finding(Finding("echo", operation, "differs", "a, 100%\n", "b:c"))
    reports[2].failure = "it broke\noff"
    notice, *errors = to_github(reports).splitlines()
    assert re.fullmatch("::notice title=counterfoil::GitHub shows 10 of 14 errors here.*", notice)
    assert errors[:3] == [
        "::error title=zoo%3A broken off::it broke%0Aoff",
        "::error title=acme%3A echo::GET /0: 0 differs%0Aexpected: a%0Agot: b",
        "::error title=shop%3A echo::GET /a: differs%0Aexpected: a, 100%25%0A%0Agot: b:c%0Aalso at: GET /b",
    ]
    assert len(errors) == 14
    assert "- broken off: `it broke off`" in to_markdown(reports)


def test_a_summary_is_not_larger_than_github_takes() -> None:
    report = Report("acme", "a server", 1, Credentials("TOKEN"))
    for number in range(900):
        report.add_finding(Finding("echo", f"GET /{number}", "differs", "é" * 1000, "b", "curl"))
    text = to_markdown([report])
    assert 900_000 < len(text.encode()) < 1_048_576
    told, more = text.count("- `echo` at"), re.findall(r"^- (\d+) more are in the reports$", text, re.MULTILINE)
    assert told + int(more[0]) == 900


def against(handler: type[MetricsHandler], folder: Path, *arguments: str, **environment: str) -> Result:
    with pytest.MonkeyPatch.context() as patch, running(handler) as url:
        for name, value in environment.items():
            patch.setenv(name, value)
        return live_test(VENDOR, url, API_KEY, "--stage", "documented", *arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (lambda folder: ("--format", "json", "--format", "html"), "only one of json, html can go to standard output"),
        (lambda folder: ("--format", "pdf"), "'pdf' is none of text, json, junit, github, html"),
        (lambda folder: ("--format", "json="), "names no file"),
        (lambda folder: ("-f", f"json={folder}/a", "-f", f"html={folder}/a"), "two formats go to the same file"),
        (lambda folder: ("-f", f"json={folder}/a", "-o", f"{folder}/b"), "--output is for one --format"),
        (lambda folder: ("-f", f"json={folder}/file/a"), "not-written"),
    ],
)
def test_outputs_that_cannot_be(tmp_path: Path, arguments: Callable[[Path], tuple[str, ...]], message: str) -> None:
    (tmp_path / "file").write_text("a file, no folder")
    result = against(MetricsHandler, tmp_path, *arguments(tmp_path))
    assert (result.exit_code, message in result.output) == (2, True), result.output
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_output_takes_the_one_format_and_text_stays_on_standard_output(tmp_path: Path) -> None:
    result = against(Hostile, tmp_path, "--format", "html", "--output", str(tmp_path / "new" / "report.html"))
    assert result.exit_code == 1
    assert "1. " in result.stdout
    assert (tmp_path / "new" / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("body", ["--b\r\nname: it's\r\n", "\x1b[31m\u202e\x9bred\x01b2", "C:\\n\r", "two\nlines"])
def test_commands_can_be_pasted_as_people_see_them(body: str) -> None:
    command = Request("POST", "http://shop/", (), body.encode()).curl(Credentials("TOKEN"))
    seen = visible(command).replace("curl -i", "printf '%s\\0'", 1)
    said = subprocess.run(["bash", "-c", seen], capture_output=True, check=True).stdout
    assert said.split(b"\0")[-2] == body.encode()
