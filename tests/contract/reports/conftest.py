"""Reports of one run against a hostile server."""

from pathlib import Path

import pytest

from tests.contract.kit import live_test
from tests.contract.reports.hostile import VENDOR, Hostile
from tests.contract.servers.handwritten import API_KEY, running


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
