"""Models copied into another project: they stand on their own there, and an edit or a newer contract is noticed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import add_acme, counterfoil

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path, generated: Path) -> Path:
    """A folder with specs/acme, generated, and models copied into app/vendored/acme."""
    shutil.copytree(generated, tmp_path, dirs_exist_ok=True)
    run = counterfoil("vendor", "acme", "app/vendored", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    return tmp_path


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("acme")
    add_acme(folder)
    run = counterfoil("generate", cwd=folder)
    assert run.returncode == 0, run.stderr
    return folder


USE = """
from {package} import NewWidget, Widget
widget = Widget.model_validate_json(
    '{{"id": "7a2e4d5c-3b1f-4c8a-9d6e-0f1a2b3c4d5e", "name": "x", "created_at": "2026-01-02T03:04:05Z"}}'
)
assert (widget.name, widget.created_at.year) == ("x", 2026)
assert NewWidget(name="x").model_dump_json(exclude_unset=True) == '{{"name":"x"}}'
try:
    NewWidget(name="")
except ValueError:
    print("refused")
import sys
print("counterfoil" in sys.modules)
"""


def use(package: str, cwd: Path, python: Path | str = sys.executable) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-P", "-c", f"import sys; sys.path.insert(0, '.')\n{USE.format(package=package)}"],
        cwd=cwd,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("package", ["app.vendored.acme", "_anything.else_", "acme"])
def test_models_work_under_any_package_name(project: Path, package: str) -> None:
    target = project / package.replace(".", "/")
    if not target.exists():
        shutil.copytree(project / "app/vendored/acme", target)
    run = use(package, project)
    assert run.stdout.split() == ["refused", "False"], run.stderr


def test_an_untouched_copy_is_current(project: Path) -> None:
    run = counterfoil("vendor", "acme", "app/vendored", "--check", cwd=project)
    assert (run.returncode, run.stdout) == (0, "")
    assert (project / "app/vendored/acme/py.typed").is_file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: file.write_text(file.read_text() + "# mine\n"), "{file}: edited"),
        (lambda file: file.unlink(), "{file}: missing"),
        (lambda file: file.with_name("more.py").write_text(""), "{folder}/more.py: was not copied from here"),
    ],
)
def test_check_names_the_file_that_was_changed(project: Path, change: object, said: str) -> None:
    folder = Path("app/vendored/acme")
    change(project / folder / "__init__.py")
    run = counterfoil("vendor", "acme", "app/vendored", "--check", cwd=project)
    assert run.returncode == 1
    assert run.stdout == said.format(file=folder / "__init__.py", folder=folder) + "\n"


def test_check_says_that_a_newer_contract_exists(project: Path) -> None:
    page = project / "specs/acme/api.yaml"
    page.write_text(page.read_text().replace("enum: [flat, round]", "enum: [flat, round, oval]"))
    assert counterfoil("generate", cwd=project).returncode == 0
    run = counterfoil("vendor", "acme", "app/vendored", "--check", cwd=project)
    assert (run.returncode, run.stdout) == (1, "app/vendored/acme: a newer contract exists in generated/acme\n")
    assert counterfoil("vendor", "acme", "app/vendored", cwd=project).returncode == 0
    assert counterfoil("vendor", "acme", "app/vendored", "--check", cwd=project).returncode == 0


def test_an_edited_copy_is_not_overwritten(project: Path) -> None:
    file = project / "app/vendored/acme/__init__.py"
    file.write_text("# mine\n")
    run = counterfoil("vendor", "acme", "app/vendored", cwd=project)
    assert (run.returncode, "__init__.py: edited-copy" in run.stderr) == (2, True)
    assert file.read_text() == "# mine\n"


def test_edited_output_is_not_copied(project: Path) -> None:
    (project / "generated/acme/models/__init__.py").write_text("# mine\n")
    run = counterfoil("vendor", "acme", "elsewhere", cwd=project)
    assert (run.returncode, "generated/acme/models/__init__.py: edited-output" in run.stderr) == (2, True)
    assert not (project / "elsewhere").exists()


ROUND_TRIP = """
import importlib, json, pathlib
from pydantic import TypeAdapter

for folder in sorted(pathlib.Path("generated").iterdir()):
    models = importlib.import_module(f"generated.{folder.name}.models")
    paths = json.loads((folder / "openapi.json").read_text())["paths"]
    for operation in models.OPERATIONS.values():
        node = paths[operation.path][operation.method.lower()]
        bodies = [(operation.request, node["requestBody"])] if "requestBody" in node else []
        bodies += [(types, node["responses"][status]) for status, types in operation.responses.items()]
        for types, documented in bodies:
            for media_type, media in documented.get("content", {}).items():
                if "example" in media and "json" in media_type:
                    adapter = TypeAdapter(types[media_type])
                    value = adapter.validate_json(json.dumps(media["example"]))
                    assert json.loads(adapter.dump_json(value, exclude_unset=True)) == media["example"]
                    print(folder.name)
"""


@pytest.mark.slow
@pytest.mark.parametrize("release", ["pydantic==2.11.0", "pydantic"], ids=["oldest", "newest"])
def test_models_need_nothing_but_pydantic(project: Path, tmp_path: Path, release: str) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", release], check=True)
    run = use("app.vendored.acme", project, python)
    assert run.stdout.split() == ["refused", "False"], run.stderr
    run = subprocess.run([python, "-c", ROUND_TRIP], cwd=ROOT, capture_output=True, text=True)
    vendors = {path.name for path in (ROOT / "generated").iterdir()}
    assert (set(run.stdout.split()), run.stderr) == (vendors, "")
