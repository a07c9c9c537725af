"""What GitHub is given: commands for its log, and the summary of a job."""

import json
import re
from pathlib import Path

from counterfoil.checks.reporting.findings import Finding, Report
from counterfoil.checks.reporting.github import to_github, to_markdown
from counterfoil.checks.wire.credentials import Credentials
from tests.contract.reports.hostile import Hostile, against
from tests.contract.servers.handwritten import API_KEY


def test_github_is_given_one_command_a_kind_of_findings(told: Path) -> None:
    *lines, last = (told / "github").read_text("utf-8").splitlines()
    findings = json.loads((told / "json").read_text("utf-8"))["vendors"][0]["findings"]
    kinds = {(finding["check"], finding["summary"]) for finding in findings}
    if len(kinds) > 10:
        assert lines.pop(0).startswith(f"::notice title=counterfoil::GitHub shows 10 of {len(kinds)} errors here")
    assert len(lines) == len(kinds)
    form = re.compile(r"::error (?:file=specs/cuoral/[^:,]+,line=\d+,col=\d+,)?title=cuoral%3A \w+::[^\r\n]+")
    assert [line for line in lines if not form.fullmatch(line)] == []
    assert any("line=" in line and "%0Aexpected: " in line for line in lines)
    assert re.fullmatch(rf"cuoral: {len(findings)} findings \(4 operations, \d+ requests\)", last)
    assert any("100%25" in line for line in lines), "per cent signs of servers stay what they are"


def test_the_summary_of_a_github_job(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    result = against(Hostile, tmp_path, "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert result.exit_code == 1
    text = summary.read_text("utf-8")
    assert "✗" in text
    assert API_KEY not in text
    # Outside of code spans nothing is markup.
    assert "<script>" not in re.sub(r"(`+).+?\1", "", text)


def test_the_first_errors_of_a_step_are_of_all_vendors() -> None:
    reports = [Report(vendor, "a server", 1, Credentials("TOKEN")) for vendor in ("acme", "shop", "zoo")]
    for number in range(12):
        reports[0].add_finding(Finding("echo", f"GET /{number}", f"{number} differs", "a", "b"))
    for operation in ("GET /a", "GET /b"):
        reports[1].add_finding(Finding("echo", operation, "differs", "a, 100%\n", "b:c"))
    reports[2].failure = "it broke\noff"
    notice, *errors, _acme, _shop, zoo = to_github(reports).splitlines()
    assert zoo == "zoo: nothing found before it broke off (0 operations, 0 requests)"
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
