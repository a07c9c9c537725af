"""`counterfoil serve FILE`: a stub of any page, which was not generated before."""

import contextlib
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import COUNTERFOIL, counterfoil

PETS = """\
openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: "https://api.example.com/v1"}]
paths:
  /pets:
    get:
      responses:
        200:
          description: ok
          content:
            application/json:
              schema: {type: array, items: {$ref: "schemas/pet.yaml"}}
"""
PET = "{type: object, required: [name], properties: {name: {type: string, example: Rex}}}\n"


@contextlib.contextmanager
def serving(*arguments: str, cwd: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [COUNTERFOIL, "serve", *arguments, "--port", "0"],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield re.search(r"http://\S+", process.stdout.readline())[0]
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "pet.yaml").write_text(PET)
    (tmp_path / "other.yaml").write_text(PETS.replace("/pets", "/others"))
    (tmp_path / "pets.yaml").write_text(PETS)
    return tmp_path


def test_a_document_and_the_files_beside_it(pets: Path) -> None:
    with serving("pets.yaml", cwd=pets) as url:
        for path in ("/pets", "/v1/pets"):
            with urllib.request.urlopen(url + path) as answer:
                assert answer.headers["content-type"] == "application/json"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{url}/others")
    assert not (pets / "generated").exists()


def test_options_that_users_of_prism_know(pets: Path) -> None:
    with serving("./pets.yaml", "-d", "--seed", "5", "--no-cors", "--errors", cwd=pets) as url:
        request = urllib.request.Request(f"{url}/pets", headers={"Origin": "https://page.example"})
        with urllib.request.urlopen(request) as answer:
            assert "access-control-allow-origin" not in answer.headers
            assert b"Rex" not in answer.read()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("missing.yaml", None, "missing.yaml: unreadable"),
        ("broken.yaml", "openapi: 3.0.3\npaths: [\n", "broken.yaml:"),
        ("empty.json", "", "empty.json: empty-file"),
        ("prose.md", "Hello.\n", "prose.md:"),
        ("binary.yaml", "openapi: \udcff\n", "binary.yaml:1:1: not-utf8"),
    ],
)
def test_what_cannot_be_served(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, errors="surrogateescape")
    result = counterfoil("serve", name, "--port", "0", cwd=tmp_path)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_nothing_outside_the_folder_is_read(pets: Path) -> None:
    inner = pets / "inner"
    inner.mkdir()
    (inner / "pets.yaml").write_text(PETS.replace("schemas/pet.yaml", "../schemas/pet.yaml"))
    result = counterfoil("serve", "inner/pets.yaml", "--port", "0", cwd=pets)
    assert result.returncode == 2
    assert "../schemas/pet.yaml" in result.stderr
