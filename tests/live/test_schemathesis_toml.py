"""What people have in schemathesis.toml about a server is taken from there, and the rest is told of."""

from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import Result

from counterfoil.checks.live.interruption import Interruption
from counterfoil.checks.wire.pace import Pace
from tests.contract.kit import contract_test
from tests.contract.servers.handwritten import API_KEY, PATH, MetricsHandler, running
from tests.live.test_pace import START, Clock

VENDOR = "cuoral"


class Noting(MetricsHandler):
    """Notes by whom it was asked."""

    seen: ClassVar[list[tuple[str | None, str | None]]] = []

    def is_authenticated(self) -> bool:
        self.seen.append((self.headers.get("x-team"), self.headers.get("x-api-key")))
        return super().is_authenticated()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    monkeypatch.delenv("COUNTERFOIL_CUORAL_TOKEN", raising=False)
    Noting.seen.clear()
    return tmp_path


def run_of(*arguments: str) -> Result:
    with running(Noting) as url:
        only = ("--operation", f"POST {PATH}", "--stage", "documented")
        return contract_test(VENDOR, "--url", url, *only, *arguments, KEY_OF_OURS=API_KEY)


def test_rate_credentials_and_headers_are_taken_and_kept_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setitem(Pace.__init__.__kwdefaults__, "clock", clock)
    monkeypatch.setattr(Interruption, "sleep", lambda _, seconds: clock.sleep(seconds))
    (folder / "schemathesis.toml").write_text(
        'rate-limit = "4/s"\n[headers]\nX-Team = "team-secret-77"\n'
        '[auth.openapi.ApiKeyAuth]\napi_key = "${KEY_OF_OURS}"\n'
    )
    with running(Noting) as url:
        only = ("--operation", f"POST {PATH}", "--stage", "ladder")
        result = contract_test(VENDOR, "--url", url, *only, "--budget", "4", KEY_OF_OURS=API_KEY)
    assert len(Noting.seen) >= 2
    assert {team for team, _ in Noting.seen} == {"team-secret-77"}
    assert Noting.seen[0][1] == API_KEY
    assert clock.now - START >= 0.25 * (len(Noting.seen) - 1)
    assert API_KEY not in result.output
    assert "team-secret-77" not in result.output


def test_the_command_line_has_precedence(folder: Path) -> None:
    (folder / "schemathesis.toml").write_text(f'[headers]\nX-Team = "theirs"\nX-Api-Key = "{API_KEY}"\n')
    run_of("--header", "x-team: mine")
    assert set(Noting.seen) == {("mine", API_KEY)}


def test_what_is_not_read_is_told(folder: Path) -> None:
    (folder / "schemathesis.toml").write_text(
        'seed = 3\nbaseline = "known.json"\n[auth.dynamic.openapi.x]\npath = "/"\n'
    )
    result = run_of("--header", f"x-api-key: {API_KEY}")
    assert result.exit_code == 0, result.output
    for text in ("baseline is not read", "use --baseline", "seed is not read", "auth.dynamic is not read"):
        assert text in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rate-limit = \n", "not-toml"),
        ('[auth.openapi.x]\nbearer = "${NO_SUCH_VARIABLE}"\n', "NO_SUCH_VARIABLE is not set"),
        ('rate-limit = "fast"\n', "invalid-rate"),
    ],
)
def test_mistakes_are_bad_input(folder: Path, text: str, message: str) -> None:
    (folder / "schemathesis.toml").write_text(text)
    result = run_of()
    assert (result.exit_code, message in result.stderr) == (2, True), result.output
    assert Noting.seen == []


def test_the_file_of_another_repository_says_nothing(folder: Path) -> None:
    (folder / "schemathesis.toml").write_text("no TOML")
    (folder / "inside" / ".git").mkdir()
    assert run_of("--header", f"x-api-key: {API_KEY}").exit_code == 0
