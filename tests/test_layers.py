"""What holds of the repository as a whole, whatever is in it."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VENDORS = sorted(path.name for path in (ROOT / "specs").iterdir() if path.is_dir())
LONGEST = 350  # lines


def tracked(*patterns: str) -> list[Path]:
    run = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in run.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_vendor_is_named_where_all_are_served(vendor: str) -> None:
    files = [
        path
        for folder in ("generator", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert files
    named = [path for path in files if vendor.lower() in path.read_text("utf-8", "replace").lower()]
    assert named == []


def test_the_lock_file_pins_names_and_versions_only() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    pin = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+(; [a-z_]+ [!=<>]+ '[A-Za-z0-9._]+')?")
    assert pins
    assert [line for line in pins if not pin.fullmatch(line)] == []
    assert "://" not in "".join(lines)


def test_every_direct_dependency_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.match(r"[\w.-]+", line)[0].lower().replace("-", "_") for line in wanted}
    pinned = {
        line.partition("==")[0].lower().replace("-", "_")
        for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    }
    assert names <= pinned


def test_files_stay_short() -> None:
    files = tracked("generator/*.py", "tests/*.py", "templates/*")
    long = {str(path.relative_to(ROOT)): n for path in files if (n := len(path.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_nothing_names_a_machine_or_a_registry() -> None:
    machine = re.compile(r"https?://[^ \"']*/(simple|packages)/|(?<![\w.])/(work|home|opt|root)/")
    files = [path for path in tracked() if path.suffix not in {".html", ".json"} and path.name != "test_layers.py"]
    assert [path for path in files if machine.search(path.read_text("utf-8", "replace"))] == []


def test_every_template_is_documented() -> None:
    documented = re.findall(
        r"`((?:models|stub|vendor|reports)/[^`]+\.jinja2?)`", (ROOT / "generator/README.md").read_text("utf-8")
    )
    names = [path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.jinja*")]
    assert [name for name in names if not any(name.match(pattern) for pattern in documented)] == []
    assert [pattern for pattern in documented if not any(name.match(pattern) for name in names)] == []
