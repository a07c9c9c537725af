"""What a person may get wrong about the folder of a vendor, and where they are sent."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from counterfoil.documents.folder import check_names, list_vendors, open_vendor
from counterfoil.location import CounterfoilError, Diagnostic

PAGE = 'openapi: 3.1.0\ninfo: {title: Orchard, version: "1"}\npaths: {}\n'


def refusals(attempt: Callable[[], object]) -> tuple[Diagnostic, ...]:
    with pytest.raises(CounterfoilError) as refused:
        attempt()
    return refused.value.diagnostics


@pytest.fixture
def specs(tmp_path: Path):
    """Make the vendor `orchard` of files, name → text or bytes; the folder of all vendors."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "specs" / "orchard"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "specs"

    return make


@pytest.mark.parametrize(
    ("files", "rule", "place"),
    [
        ({}, "no-pages", "orchard"),
        ({"README.md": "# Ours", ".hidden.yaml": PAGE, "notes.odt": PAGE}, "no-pages", "orchard"),
        ({"page.yaml": PAGE, "empty.md": " \n"}, "empty-file", "empty.md"),
        ({"page.yaml": PAGE, "overlay.yml": "overlay: 1.0.0"}, "misnamed-overlay", "overlay.yml"),
        ({"page.yaml": PAGE.encode() + b"# caf\xe9\n"}, "not-utf8", "page.yaml:4:1"),
    ],
)
def test_folders(specs, files: Mapping[str, str | bytes], rule: str, place: str) -> None:
    [found] = refusals(lambda: open_vendor(specs(files), "orchard"))
    assert found.rule == rule
    assert str(found.location).endswith(f"/{place}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_pages_may_be_in_any_encoding_of_yaml(specs, encoding: str) -> None:
    [(_, text)] = open_vendor(specs({"page.yaml": PAGE.replace("\n", "\r\n").encode(encoding)}), "orchard").pages
    assert text == PAGE


@pytest.mark.parametrize(
    ("text", "rule", "line", "said"),
    [
        ("[models]\nsnake_case = yes\n", "not-toml", 2, "Invalid value"),
        ("[models]\n\nsnake_case = 1\n", "bad-setting", 3, "models.snake_case"),
        ("[operations]\ninclude = 'all'\n", "bad-setting", 2, "operations.include"),
        ("[models]\nsnakecase = true\n", "unknown-setting", 2, "models.snakecase"),
        ("[model]\n", "unknown-setting", 1, "model"),
    ],
)
def test_settings(specs, text: str, rule: str, line: int, said: str) -> None:
    folder = open_vendor(specs({"page.yaml": PAGE, "vendor.toml": text}), "orchard")
    [found] = refusals(lambda: folder.config)
    assert (found.rule, found.location.line) == (rule, line)
    assert said in found.message


def test_names_of_vendors(specs, tmp_path: Path) -> None:
    there = specs({"page.yaml": PAGE})
    (there / "Orchard").mkdir()
    found = refusals(lambda: check_names(there, ["orchard", "Orchard", "orchid", "../orchard"]))
    assert [problem.rule for problem in found] == ["same-package", "unknown-vendor", "vendor-name"]
    assert found[1].hint == "did you mean orchard?"
    (tmp_path / "empty").mkdir()
    assert [problem.rule for problem in refusals(lambda: list_vendors(tmp_path / "empty"))] == ["no-vendors"]
    assert [problem.rule for problem in refusals(lambda: list_vendors(tmp_path / "none"))] == ["no-such-folder"]
    assert list_vendors(there) == ["Orchard", "orchard"]
