"""What a person at a terminal meets: exit codes, messages, nothing half-written, quick help."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import COUNTERFOIL, add_acme, counterfoil

HEAVY = (
    "schemathesis", "datamodel_code_generator", "pydantic", "hypothesis", "jinja2", "rich", "uvicorn",
    "counterfoil.stub.app",
)  # fmt: skip


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with specs/acme, generated. Tests that use it leave it as it is."""
    folder = tmp_path_factory.mktemp("acme")
    add_acme(folder)
    run = counterfoil("generate", cwd=folder)
    assert run.returncode == 0, run.stderr
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def imported(statement: str) -> set[str]:
    """The heavy libraries that are loaded after `statement`."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name for name in HEAVY if name in run.stdout.splitlines()[-1].split()}


def run_main(*arguments: str) -> str:
    return f"from counterfoil.cli import main\nmain({list(arguments)!r}, standalone_mode=False)"


@pytest.mark.parametrize("command", [(), ("generate",), ("serve",), ("test",), ("explain",), ("vendor",)])
def test_help_imports_nothing_heavy(command: tuple[str, ...]) -> None:
    assert imported(run_main(*command, "--help")) == set()


def test_the_package_runs_as_the_command() -> None:
    run = subprocess.run([sys.executable, "-m", "counterfoil", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("counterfoil ")


def test_serving_imports_no_generator_and_no_tester(acme: Path) -> None:
    code = (
        "from pathlib import Path\nfrom counterfoil.stub import loading, serving\n"
        f"loading.load_stub(Path({str(acme / 'generated')!r}), 'acme', None)"
    )
    assert imported(code) & {"schemathesis", "datamodel_code_generator", "hypothesis", "jinja2"} == set()


def test_generating_imports_no_server_and_no_tester(tmp_path: Path) -> None:
    add_acme(tmp_path)
    code = run_main("generate", "--specs", f"{tmp_path}/specs", "--out", f"{tmp_path}/generated")
    assert imported(code) & {"schemathesis", "hypothesis", "uvicorn", "counterfoil.stub.app"} == set()


def test_a_second_run_imports_no_engine_and_changes_nothing(acme: Path) -> None:
    before = contents(acme)
    arguments = ("generate", "--specs", f"{acme}/specs", "--out", f"{acme}/generated")
    assert imported(run_main(*arguments)) & {"datamodel_code_generator", "pydantic"} == set()
    assert contents(acme) == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("generate", "acmee"), 2, "did you mean acme?"),
        (("generate", "../acme"), 2, "'../acme' cannot name a vendor"),
        (("generate", "--specs", "nowhere"), 2, "nowhere: no-such-folder"),
        (("generate", "--templates", "nowhere"), 2, "nowhere: no-such-folder"),
        (("generate", "--nonsense"), 2, "No such option"),
        (("serve", "acmee"), 2, "did you mean acme?"),
        (("serve", "--out", "nowhere"), 2, "run `counterfoil generate` first"),
        (("explain", "acme", "nmae"), 2, "hint: one of"),
        (("explain", "acme", "GET /nothing"), 2, "POST /widgets"),
        (("explain", "acme", "type"), 2, "places end in"),
        (("explain", "acme", "/components/schemas/NewWigdet"), 2, "/components/schemas/NewWidget\n"),
        (("test", "acmee"), 2, "did you mean acme?"),
        (("vendor", "acmee", "there"), 2, "did you mean acme?"),
        (("vendor", "acme", "there", "--check"), 2, "copy the models there first"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(acme: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    run = counterfoil(*arguments, cwd=acme)
    assert (run.returncode, "Traceback" in run.stderr) == (code, False), run.stderr
    assert said in run.stderr
    assert "\x1b" not in run.stderr


def test_check_is_quiet_when_current_and_shows_what_differs(tmp_path: Path, acme: Path) -> None:
    page = add_acme(tmp_path)
    missing = counterfoil("generate", "--check", cwd=tmp_path)
    assert (missing.returncode, "openapi.json: is missing" in missing.stdout) == (1, True)
    assert not (tmp_path / "generated").exists()

    assert counterfoil("generate", cwd=tmp_path).returncode == 0
    current = counterfoil("generate", "--check", cwd=tmp_path)
    assert (current.returncode, current.stdout) == (0, "")

    page.write_text(page.read_text().replace("minLength: 1", "minLength: 2"))
    before = contents(tmp_path)
    stale = counterfoil("generate", "--check", cwd=tmp_path)
    assert stale.returncode == 1
    assert re.search(r'^\+ .*"minLength": 2', stale.stdout, re.MULTILINE)
    assert contents(tmp_path) == before


def test_output_does_not_depend_on_where_it_is_made(tmp_path: Path, acme: Path) -> None:
    add_acme(tmp_path / "deep" / "er")
    run = counterfoil("generate", "--specs", tmp_path / "deep/er/specs", "--out", "there", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert contents(tmp_path / "there") == contents(acme / "generated")


def test_one_broken_vendor_stops_the_others_unless_told_to_keep_going(tmp_path: Path) -> None:
    add_acme(tmp_path, "acme")
    add_acme(tmp_path, "aaa").write_text("openapi: 3.1.0\ninfo: [unclosed\n")
    stopped = counterfoil("generate", cwd=tmp_path)
    assert stopped.returncode == 2
    assert not (tmp_path / "generated" / "acme").exists()
    going = counterfoil("generate", "--keep-going", cwd=tmp_path)
    assert going.returncode == 2
    assert "specs/aaa/api.yaml:" in going.stderr
    assert sorted(contents(tmp_path / "generated")) == sorted(
        path for path in contents(tmp_path / "generated") if path.startswith("acme/")
    )
    assert (tmp_path / "generated" / "acme" / "openapi.json").is_file()


def test_vendors_made_in_processes_side_by_side_come_out_as_alone(tmp_path: Path, acme: Path) -> None:
    padding = "# nothing to see here\n" * 20_000  # as long as what takes a second
    for name in ("acme", "other"):
        page = add_acme(tmp_path, name)
        page.write_text(page.read_text() + padding)
    (tmp_path / "specs" / "bad").mkdir()
    (tmp_path / "specs" / "bad" / "api.yaml").write_text("openapi: 3.1.0\ninfo: [unclosed\n")
    run = counterfoil("generate", "--keep-going", cwd=tmp_path)
    assert (run.returncode, "Traceback" in run.stderr) == (2, False), run.stderr
    told = [run.stderr.index(text) for text in ("→ generated/acme", "specs/bad/api.yaml:", "→ generated/other")]
    assert told == sorted(told)
    made, alone = contents(tmp_path / "generated" / "acme"), contents(acme / "generated" / "acme")
    assert {path for path in {*made, *alone} if made.get(path) != alone.get(path)} == {"counterfoil.lock"}
    assert counterfoil("generate", "bad", "other", cwd=tmp_path).returncode == 2


def test_strict_refuses_what_is_left_out_and_tells_how_much_otherwise(tmp_path: Path) -> None:
    page = add_acme(tmp_path)
    assert counterfoil("generate", "--strict", cwd=tmp_path).returncode == 0
    before = contents(tmp_path / "generated")
    hooks = "{a: {'http://x.invalid': {post: {}}}, b: {$ref: '#/components/callbacks/Nowhere'}}"
    broken = (
        "  /other:\n    get: {responses: {'200': {$ref: '#/components/responses/Nowhere'}}}\n"
        f"    put: {{callbacks: {hooks}}}\nwebhooks:\n  heard: {{post: {{}}}}\ncomponents:\n"
    )
    page.write_text(page.read_text().replace("components:\n", broken, 1))

    strict = counterfoil("generate", "--strict", cwd=tmp_path)
    assert strict.returncode == 2
    assert "unresolved-reference" in strict.stderr
    assert "strict: not generated" in strict.stderr
    assert contents(tmp_path / "generated") == before

    lenient = counterfoil("generate", cwd=tmp_path)
    assert lenient.returncode == 0
    assert "2 of 3 operations, 1 of 1 webhook, 1 of 1 callback, 3 of 3 schemas, 4 errors" in lenient.stderr
    assert counterfoil("generate", "--strict", cwd=tmp_path).returncode == 2  # although the output is current


def test_a_failed_run_leaves_the_old_output(tmp_path: Path) -> None:
    page = add_acme(tmp_path)
    assert counterfoil("generate", cwd=tmp_path).returncode == 0
    before = contents(tmp_path / "generated")
    page.write_bytes(b"openapi: \xff")
    run = counterfoil("generate", cwd=tmp_path)
    assert (run.returncode, "not-utf8" in run.stderr) == (2, True)
    assert contents(tmp_path / "generated") == before


@pytest.mark.parametrize("stranger", ["notes.txt", "acme/notes.txt"])
def test_what_someone_else_put_there_is_never_overwritten(tmp_path: Path, stranger: str) -> None:
    page = add_acme(tmp_path)
    out = tmp_path / "generated" / "acme"
    if "/" in stranger:
        assert counterfoil("generate", cwd=tmp_path).returncode == 0
        page.write_text(page.read_text().replace("minLength: 1", "minLength: 2"))
    out.mkdir(parents=True, exist_ok=True)
    (out / "notes.txt").write_text("mine")
    before = contents(tmp_path)
    run = counterfoil("generate", cwd=tmp_path)
    assert (run.returncode, "not-generated" in run.stderr) == (2, True)
    assert contents(tmp_path) == before


def test_names_that_give_one_package_are_refused(tmp_path: Path) -> None:
    add_acme(tmp_path, "a-b")
    add_acme(tmp_path, "a_b")
    run = counterfoil("generate", cwd=tmp_path)
    assert (run.returncode, "same-package" in run.stderr) == (2, True)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    page = add_acme(tmp_path)
    secret = page.rename(tmp_path / "elsewhere.yaml")
    page.symlink_to(secret)
    run = counterfoil("generate", cwd=tmp_path)
    assert (run.returncode, "link-outside" in run.stderr) == (2, True)


def test_unknown_settings_are_told_with_their_line(tmp_path: Path) -> None:
    page = add_acme(tmp_path)
    (page.parent / "vendor.toml").write_text("# settings\n\n[modells]\nsnake_case = true\n")
    run = counterfoil("generate", cwd=tmp_path)
    assert (run.returncode, "vendor.toml:3:1: unknown-setting: modells" in run.stderr) == (2, True)


def test_a_page_saved_on_windows_gives_the_same(tmp_path: Path, acme: Path) -> None:
    page = add_acme(tmp_path)
    page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes().replace(b"\n", b"\r\n"))
    assert counterfoil("generate", cwd=tmp_path).returncode == 0
    made, expected = contents(tmp_path / "generated" / "acme"), contents(acme / "generated" / "acme")
    assert made["openapi.json"] == expected["openapi.json"]
    assert made["evidence.json"] == expected["evidence.json"]


def test_explain_tells_where_a_fact_stands(acme: Path) -> None:
    page = (acme / "specs/acme/api.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(page, 1) if "minLength" in text)
    for wanted in ("minLength", "#/components/schemas/NewWidget/properties/name/minLength", "name.minLength"):
        run = counterfoil("explain", "acme", wanted, cwd=acme)
        assert run.returncode == 0, run.stderr
        assert "= 1" in run.stdout
        assert re.search(rf"documented +specs/acme/api\.yaml:{line}:", run.stdout)
    operation = counterfoil("explain", "acme", "POST /widgets", cwd=acme)
    assert "/paths/~1widgets/post/responses/401" in operation.stdout
    several = counterfoil("explain", "acme", "properties.name", cwd=acme)
    assert several.returncode == 0
    for place in ("NewWidget/properties/name", "NewWidget/required/0", "Widget/properties/name"):
        assert f"/components/schemas/{place}" in several.stdout
    assert "places end in" in several.stderr


def test_explain_warns_of_pages_that_changed_since(tmp_path: Path) -> None:
    page = add_acme(tmp_path)
    assert counterfoil("generate", cwd=tmp_path).returncode == 0
    page.write_text("# a line more\n" + page.read_text())
    run = counterfoil("explain", "acme", "minLength", cwd=tmp_path)
    assert (run.returncode, "stale-output" in run.stderr) == (0, True)


@contextlib.contextmanager
def serving(*arguments: str, cwd: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A running `counterfoil serve` and the URL of each vendor, read from what it prints."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [COUNTERFOIL, "serve", *arguments],
        cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, dict([line.split()]) if line else {}
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_where_each_vendor_answers_and_stops_when_told(acme: Path, ending: signal.Signals) -> None:
    with serving("--port", "0", cwd=acme) as (process, urls):
        request = urllib.request.Request(
            f"{urls['acme']}/widgets",
            b'{"name": "left-handed"}',
            {"content-type": "application/json", "x-acme-key": "anything"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            assert response.status == 201
        process.send_signal(ending)
        assert process.wait(60) == 0


def test_serve_says_when_a_port_is_taken(acme: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = counterfoil("serve", "--port", str(port), cwd=acme)
    assert (run.returncode, f"127.0.0.1:{port}: cannot-listen" in run.stderr) == (2, True)


def test_a_template_of_a_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    add_acme(tmp_path)
    mine = tmp_path / "mine" / "vendor" / "README.md.jinja"
    mine.parent.mkdir(parents=True)
    mine.write_text("All about widgets.\n")
    run = counterfoil("generate", "--templates", "mine", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "generated/acme/README.md").read_text() == "All about widgets.\n"

    mine.write_text("one\n{{ nothing.of_the_kind }}\n")
    run = counterfoil("generate", "--templates", "mine", cwd=tmp_path)
    assert (run.returncode, "mine/vendor/README.md.jinja:2:1: template-error" in run.stderr) == (2, True)

    classes = tmp_path / "mine" / "models" / "pydantic_v2" / "BaseModel.jinja2"
    classes.parent.mkdir(parents=True)
    classes.write_text("\n\n{{ nothing.of_the_kind }}\n")
    run = counterfoil("generate", "--templates", "mine", cwd=tmp_path)
    assert (run.returncode, "pydantic_v2/BaseModel.jinja2:3:1: template-error" in run.stderr) == (2, True)

    mine.rename(mine.with_name("RAEDME.md.jinja"))
    run = counterfoil("generate", "--templates", "mine", cwd=tmp_path)
    assert (run.returncode, "template-unused" in run.stderr) == (2, True)
