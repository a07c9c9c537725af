"""What a run tells, and which exit code it has, where it ends otherwise than by its last request."""

import itertools
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from click.testing import CliRunner, Result

from counterfoil.checks.reporting.as_json import report_schema
from counterfoil.checks.reporting.coverage import Coverage
from counterfoil.checks.wire.tokens.sources import Renewal
from counterfoil.cli import main
from counterfoil.cli.commands.explain import explain
from tests.contract.kit import live_test
from tests.contract.servers.handwritten import API_KEY, MetricsHandler, running

VENDOR = "cuoral"
QUICK = ("--stage", "documented", "--stage", "ladder")
FORMS = ("text", "json", "junit", "github", "html")


class Shouting(MetricsHandler):
    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"name": body["name"].upper()}


def failing_after(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests themselves fail at an answer, with a secret in the error."""
    see, seen = Coverage.see, []

    def failing(self: Coverage, exchange: object, report: object) -> None:
        seen.append(exchange)
        if len(seen) == number:
            raise ZeroDivisionError(f"{API_KEY} \x1b")
        see(self, exchange, report)  # type: ignore[arg-type]  # what is passed on is what came

    monkeypatch.setattr(Coverage, "see", failing)


@pytest.fixture
def broken_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Result:
    """A run of which the tests themselves fail, with reports in `tmp_path`."""
    failing_after(20, monkeypatch)
    with running(Shouting) as url:
        return live_test(VENDOR, url, API_KEY, *QUICK, *(f"--format={form}={tmp_path / form}" for form in FORMS))


def test_a_defect_of_the_tests_is_told_as_such_with_what_was_found_before(broken_off: Result, tmp_path: Path) -> None:
    assert broken_off.exit_code == 3, broken_off.output
    assert "ZeroDivisionError" in broken_off.stderr
    assert "This is a defect of it" in broken_off.stderr
    told = {form: (tmp_path / form).read_text("utf-8") for form in FORMS}
    assert API_KEY not in "".join((broken_off.output, *told.values()))
    for text in told.values():
        assert "counterfoil itself failed: ZeroDivisionError" in text
        assert "metrics, ladder)" in text, "where it came to that is told"
        assert "echo" in text
    report = json.loads(told["json"])
    assert [str(error) for error in jsonschema_rs.validator_for(report_schema()).iter_errors(report)] == []
    assert (report["ok"], report["vendors"][0]["failure"] != "") == (False, True)
    suite = ET.fromstring(told["junit"])[0]
    assert (suite.attrib["errors"], len(suite.findall("testcase/error"))) == ("1", 1)


def test_a_baseline_is_not_outlived_by_a_run_that_broke_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    baseline = tmp_path / "known.yaml"
    entry = {"vendor": VENDOR, "check": "echo", "operation": "GET /", "summary": "gone", "reason": "known"}
    baseline.write_text(json.dumps({"findings": [entry]}))
    failing_after(20, monkeypatch)
    with running() as url:
        result = live_test(VENDOR, url, API_KEY, *QUICK, "--baseline", str(baseline))
    assert result.exit_code == 3
    assert "baseline-unused" not in result.output


def test_a_token_that_cannot_be_renewed_is_bad_input_with_what_was_found_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once, asked = tmp_path / "once.sh", itertools.count()
    once.write_text(f"#!/bin/sh\nmkdir {tmp_path}/used || exit 9\necho {API_KEY}\n")
    once.chmod(0o700)
    monkeypatch.setattr(Renewal, "due", property(lambda _: next(asked) > 20))
    with running(Shouting) as url:
        result = live_test(VENDOR, url, "", *QUICK, "--token-command", str(once), f"--format=json={tmp_path}/json")
    assert result.exit_code == 2, result.output
    assert "no-token: the command ended with exit code 9" in result.stderr
    (vendor,) = json.loads((tmp_path / "json").read_text("utf-8"))["vendors"]
    assert vendor["failure"].startswith("the command ended with exit code 9 (after POST ")
    assert vendor["findings"]


def test_other_commands_tell_a_defect_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(explain, "callback", fail)
    result = CliRunner().invoke(main, ["explain", VENDOR])
    assert (result.exit_code, "This is a defect of it" in result.stderr) == (3, True)


def test_a_full_disk_keeps_no_other_report_from_being_written(tmp_path: Path) -> None:
    # What is no file of its own is written to, and stays what it is.
    (tmp_path / "report.html").symlink_to("/dev/full")
    (tmp_path / "report.json").symlink_to(tmp_path / "there.json")
    files = [f"--format={form}={tmp_path}/report.{form}" for form in ("html", "json", "junit")]
    with running(Shouting) as url:
        result = live_test(VENDOR, url, API_KEY, "--stage", "documented", *files)
    assert result.exit_code == 2
    assert "report.html: not-written: no space left on device" in result.stderr
    assert (tmp_path / "report.html").is_symlink()
    assert (tmp_path / "report.json").is_symlink()
    assert json.loads((tmp_path / "there.json").read_text("utf-8"))["ok"] is False
    assert (tmp_path / "report.junit").is_file()
