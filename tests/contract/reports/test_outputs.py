"""Where reports go."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.reports.hostile import Hostile, against
from tests.contract.servers.handwritten import MetricsHandler


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
