"""What other repositories use of this one in CI: the actions, the workflows that show them, the pre-commit hook."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from counterfoil.cli import main
from tests.contract.servers.handwritten import API_KEY, PATH, MetricsHandler, running

ROOT = Path(__file__).parents[1]
ACTIONS = sorted(ROOT.glob("actions/*/action.yml"))
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path: Path) -> list[dict[str, Any]]:
    tree = read(path)
    if "runs" in tree:
        return list(tree["runs"]["steps"])
    return [step for job in tree["jobs"].values() for step in job["steps"]]


def commands(text: str) -> list[list[str]]:
    """The calls of `counterfoil` in a script or an entry of a hook: name of the command and options, each."""
    joined = text.replace("\\\n", " ")
    calls = re.findall(r"(?:^|/bin/)counterfoil\"? (\w+)([^>\n]*)", joined, re.MULTILINE)
    return [[name, *re.findall(r"(?<=\s)(--[a-z-]+)", rest)] for name, rest in calls]


@pytest.mark.parametrize("path", [*ACTIONS, *WORKFLOWS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_script_has_an_expression_in_it(path: Path) -> None:
    # What stands in `${{ }}` becomes a part of the script, whatever it says; and a secret a part of the log.
    assert steps(path)
    for step in steps(path):
        assert "${{" not in step.get("run", "")
        # A tag may be moved to other code later.
        assert re.fullmatch(r"\./actions/\w+|actions/[a-z-]+@[0-9a-f]{40}", step.get("uses", "./actions/x"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_use_actions_as_they_are(path: Path) -> None:
    tree = read(path)
    assert tree["permissions"] == {"contents": "read"}
    for step in steps(path):
        if str(step.get("uses")).startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        if str(step.get("uses")).startswith("./"):
            inputs = read(ROOT / step["uses"] / "action.yml")["inputs"]
            assert set(step["with"]) <= set(inputs)
            assert {name for name, each in inputs.items() if each.get("required")} <= set(step["with"])
            for vendor in f"{step['with'].get('vendors', '')} {step['with'].get('vendor', '')}".split():
                assert (ROOT / "generated" / vendor).is_dir()


def test_secrets_reach_no_step_as_an_argument() -> None:
    for path in [*ACTIONS, *WORKFLOWS]:
        for step in steps(path):
            assert "secrets." not in str(step.get("with", "")) + step.get("run", "")


@pytest.mark.parametrize("path", [*ACTIONS, ROOT / ".pre-commit-hooks.yaml"], ids=lambda path: path.parent.name)
def test_the_commands_exist(path: Path) -> None:
    scripts = (
        [step.get("run", "") for step in steps(path)] if path in ACTIONS else [each["entry"] for each in read(path)]
    )
    found = [call for script in scripts for call in commands(script)]
    assert found
    for name, *options in found:
        told = CliRunner().invoke(main, [name, "--help"])
        assert told.exit_code == 0, f"there is no command {name}"
        assert [option for option in options if option not in told.output] == []


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """The environment of a step, in which counterfoil is installed already."""
    bin_folder = tmp_path / "temp" / "counterfoil" / "bin"
    bin_folder.mkdir(parents=True)
    command = bin_folder / "counterfoil"
    command.write_text(f"#!{sys.executable}\nfrom counterfoil.cli import main\nmain()\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return {**os.environ, "RUNNER_TEMP": str(tmp_path / "temp"), "REPORTS": str(tmp_path / "reports")}


def in_a_step(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A script as the runner runs it with `shell: bash`."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_the_action_tests_annotates_and_keeps_reports(runner: dict[str, str], tmp_path: Path) -> None:
    script = next(step["run"] for step in steps(ROOT / "actions/test/action.yml") if "vendors" in step.get("run", ""))
    environment = {
        **runner,
        "VENDORS": "cuoral\nmeteroid\n",
        "ARGUMENTS": "--stage=documented\n--seed=2\n",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }
    run = in_a_step(script, environment)
    assert run.returncode == 0, run.stdout + run.stderr
    assert [line.partition(" (")[0] for line in run.stdout.splitlines()] == [
        "cuoral: keeps the contract",
        "meteroid: keeps the contract",
    ]
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["junit.xml", "report.html", "report.json"]
    assert '"seed": 2' in (tmp_path / "reports" / "report.json").read_text()
    assert (tmp_path / "summary.md").read_text().count("✓ keeps the contract") == 2


class Drifted(MetricsHandler):
    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"surprise": "\n::error::```<b>"}


def test_the_action_keeps_what_differs(runner: dict[str, str], tmp_path: Path) -> None:
    script = next(step["run"] for step in steps(ROOT / "actions/drift/action.yml") if "drift" in step.get("run", ""))
    with running(Drifted) as url:
        environment = {
            **runner,
            "VENDOR": "cuoral",
            "URL": url,
            "ARGUMENTS": f"--operation=POST {PATH}",
            "FOUND": str(tmp_path / "found"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "COUNTERFOIL_CUORAL_TOKEN": API_KEY,
        }
        run = in_a_step(script, environment)
    assert (run.returncode, run.stdout) == (1, ""), run.stderr
    found = {path.name: path.read_text() for path in (tmp_path / "found").iterdir()}
    assert sorted(found) == ["drift.txt", "overlay.yaml"]
    assert "surprise" in found["drift.txt"]
    assert yaml.safe_load(found["overlay.yaml"])["actions"]
    summary = (tmp_path / "summary.md").read_text()
    assert "surprise" in summary
    assert all(line.startswith("    ") for line in summary.splitlines())
    assert API_KEY not in "".join(found.values()) + summary + run.stderr


def test_the_hook_runs_where_something_may_be_stale() -> None:
    (hook,) = read(ROOT / ".pre-commit-hooks.yaml")
    assert re.match(hook["files"], "specs/acme/overlay.yaml")
    assert re.match(hook["files"], "generated/acme/stub.py")
    assert hook["pass_filenames"] is False
    assert hook["entry"].split() == ["counterfoil", "generate", "--check"]
