"""Baselines: what is known is accepted for a reason, as long as it lasts and as long as it occurs."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
import yaml
from click.testing import Result

from counterfoil.cli.options import reports
from tests.contract.kit import live_test
from tests.contract.servers.handwritten import API_KEY, PATH, MetricsHandler, running

VENDOR = "cuoral"
LABEL = f"POST {PATH}"


class Shouting(MetricsHandler):
    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"name": body["name"].upper()}


class Whispering(MetricsHandler):
    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"data_type": body["data_type"].lower()[:1]}


def whole_run(handler: type[MetricsHandler], *arguments: str) -> Result:
    with running(handler) as url:
        return live_test(VENDOR, url, API_KEY, "--operation", LABEL, "--max-examples", "1", *arguments)


def run_of(handler: type[MetricsHandler], *arguments: str) -> Result:
    return whole_run(handler, "--stage", "documented", *arguments)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A baseline as `--write-baseline` drafts it for a server that shouts."""
    path = tmp_path_factory.mktemp("drafted") / "known" / "baseline.yaml"
    return path, run_of(Shouting, "--write-baseline", str(path))


@pytest.fixture
def baseline(drafted: tuple[Path, Result], tmp_path: Path) -> Path:
    """That baseline with reasons."""
    path = tmp_path / "baseline.yaml"
    path.write_text(re.sub(r"reason: \"\"", "reason: Shouting is their way.", drafted[0].read_text("utf-8")))
    return path


def entries(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = yaml.safe_load(path.read_text("utf-8"))["findings"]
    return found


def test_a_draft_has_everything_but_the_reasons(drafted: tuple[Path, Result]) -> None:
    path, result = drafted
    assert result.exit_code == 1
    assert "without a reason, which a person must give" in result.stderr
    found = entries(path)
    assert {entry["check"] for entry in found} >= {"echo", "documented_example"}
    assert {entry["operation"] for entry in found} == {LABEL}
    assert {entry["reason"] for entry in found} == {""}
    assert len(found) == len(re.findall(r"^  \d+\. ", result.stdout, re.MULTILINE))


def test_an_empty_reason_is_refused_before_anything_is_sent(drafted: tuple[Path, Result]) -> None:
    result = run_of(Shouting, "--baseline", str(drafted[0]))
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{drafted[0]}:4:5: bad-baseline: the reason is empty" in result.stderr


def test_what_is_known_is_accepted_and_told(baseline: Path) -> None:
    result = run_of(Shouting, "--baseline", str(baseline))
    assert result.exit_code == 0, result.output
    assert "keeps the contract" in result.stdout
    assert "accepted echo at" in result.stdout
    assert "Shouting is their way." in result.stdout


def test_what_is_new_is_found_beside_what_is_known(baseline: Path) -> None:
    class Both(Shouting):
        def created(self, body: dict[str, str], number: int) -> dict[str, object]:
            return super().created(body, number) | {"metric_id": None}

    result = run_of(Both, "--baseline", str(baseline), "--exit-first")
    assert result.exit_code == 1, "a finding that is known does not end the run"
    assert "metric_id" in result.stdout


def test_what_does_not_occur_any_more_is_an_error_at_its_line(baseline: Path) -> None:
    result = whole_run(MetricsHandler, "--baseline", str(baseline))
    assert result.exit_code == 2
    assert f"{baseline}:4:5: baseline-unused: does not occur any more: {VENDOR}: " in result.stderr
    assert result.stderr.count("baseline-unused") == len(entries(baseline))
    partly = run_of(MetricsHandler, "--baseline", str(baseline))
    assert partly.exit_code == 0, "a part of the stages shows nothing of the others"
    own_stages = [f"--stage={stage}" for stage in ("documented", "ladder", "probes")]
    assert whole_run(MetricsHandler, *own_stages, "--baseline", str(baseline)).exit_code == 2
    baseline.write_text(re.sub(r"(    reason: .*\n)", r"\1    stage: schemathesis\n", baseline.read_text("utf-8")))
    result = whole_run(MetricsHandler, *own_stages, "--baseline", str(baseline))
    assert result.exit_code == 0, result.output


class Late(datetime):
    """A clock that shows the last minute of a month."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Late":
        return cls(2026, 3, 31, 23, 59, tzinfo=tz)


@pytest.mark.parametrize(("days", "exit_code"), [(-1, 1), (0, 0), (1, 0)])
def test_it_is_accepted_until_a_day(baseline: Path, days: int, exit_code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "datetime", Late)
    until = Late.now(UTC).date() + timedelta(days=days)
    baseline.write_text(re.sub(r"(    reason: .*\n)", rf"\1    until: {until}\n", baseline.read_text("utf-8")))
    result = run_of(Shouting, "--baseline", str(baseline))
    assert result.exit_code == exit_code, result.output
    assert ("warning: baseline-expired: was accepted until" in result.stderr) == (exit_code == 1)


def test_a_new_draft_keeps_the_reasons_of_what_still_occurs(baseline: Path) -> None:
    other = '  - {vendor: other, check: echo, operation: GET /, summary: s, reason: Elsewhere., until: "2001-02-03"}\n'
    baseline.write_text(baseline.read_text("utf-8") + other)
    result = whole_run(Whispering, "--write-baseline", str(baseline))
    assert result.exit_code == 1
    found = entries(baseline)
    assert {entry["reason"] for entry in found if entry["vendor"] == VENDOR} <= {"", "Shouting is their way."}
    assert not any("name" in entry["summary"] for entry in found), "what was mended is gone"
    (kept,) = [entry for entry in found if entry["vendor"] == "other"]
    assert (kept["reason"], str(kept["until"])) == ("Elsewhere.", "2001-02-03")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("- echo\n", "1:1", "a baseline is an object with a list `findings`"),
        ("findings: 5\n", "1:1", "a baseline is an object with a list `findings`"),
        ("findings:\n  - echo\n", "2:5", "an entry is an object with vendor, check, operation, summary, reason"),
        ("findings:\n  - {vendor: a, check: b, operation: c}\n", "2:5", "an entry needs summary, reason, as text"),
        (
            "findings:\n  - {vendor: a, check: b, operation: c, summary: d, reason: e, stage: ladder}\n",
            "2:5",
            "`stage` is schemathesis",
        ),
        ("findings:\n  - {vendor: a, why: b}\n", "2:5", "an entry has no why"),
        (
            "findings:\n  - {vendor: a, check: b, operation: c, summary: d, reason: e,\n     until: soon}\n",
            "3:6",
            "`until` is a date",
        ),
    ],
)
def test_mistakes_are_told_at_their_lines(tmp_path: Path, text: str, place: str, message: str) -> None:
    path = tmp_path / "baseline.yaml"
    path.write_text(text)
    result = run_of(MetricsHandler, "--baseline", str(path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{path}:{place}: bad-baseline: {message}" in result.stderr


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    result = run_of(MetricsHandler, "--baseline", str(tmp_path / "none.yaml"))
    assert (result.exit_code, "none.yaml: not-read" in result.stderr) == (2, True)
