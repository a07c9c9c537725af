"""The wheel, installed elsewhere, does what the checkout does."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.command import add_acme

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment that has the wheel, and borrows its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    environment = folder / "venv"
    venv.create(environment, with_pip=False, symlinks=True)
    context = {"base": str(environment), "platbase": str(environment)}
    bin_folder = Path(sysconfig.get_path("scripts", "venv", context))
    install = [sys.executable, "-m", "pip", "--python", bin_folder / "python", "install", "--no-deps", "--no-index"]
    subprocess.run([*install, next(folder.glob("*.whl"))], check=True, capture_output=True)
    # A path entry lends the libraries; path files inside it, such as that of the editable install, are not followed.
    site = Path(sysconfig.get_path("purelib", "venv", context))
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return bin_folder


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)


def test_the_wheel_generates_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    add_acme(tmp_path)
    where = run(installed / "python", "-c", "import counterfoil; print(counterfoil.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)

    generated = run(installed / "counterfoil", "generate", cwd=tmp_path)
    assert generated.returncode == 0, generated.stderr
    made = tmp_path / "generated" / "acme"
    assert json.loads((made / "openapi.json").read_text())["openapi"].startswith("3.1")
    assert (made / "models" / "py.typed").is_file()
    compiled = run(installed / "python", "-m", "compileall", "-q", made, cwd=tmp_path)
    assert compiled.returncode == 0, compiled.stdout

    again = run(installed / "counterfoil", "generate", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, "acme: up to date\n")


def test_the_wheel_tests_the_stub_it_made(installed: Path, tmp_path: Path) -> None:
    add_acme(tmp_path)
    assert run(installed / "counterfoil", "generate", cwd=tmp_path).returncode == 0
    tested = run(installed / "counterfoil", "test", cwd=tmp_path)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_the_source_distribution_builds_the_same_wheel(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path, ROOT], check=True, capture_output=True
    )
    listed = run(sys.executable, "-m", "zipfile", "-l", next(tmp_path.glob("*.whl")), cwd=tmp_path).stdout
    templates = [path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.jinja*")]
    assert templates
    assert [name for name in templates if f"counterfoil/{name}" not in listed] == []
