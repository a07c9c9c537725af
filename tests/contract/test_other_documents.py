"""Stubs of documents that others have published keep their contracts: nothing is found where nothing is wrong."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from counterfoil.cli import main
from tests.shared_material import ROOT, shared

# A few of bench/zoo/contracts.txt, of which `make zoo` can test all: small ones of every version of OpenAPI.
DOCUMENTS = (
    "hey-api--2.0.x-schema-unknown.yaml",
    "schemathesis--data-petstore_v2.yaml",
    "ogen-examples--positive-http_responses.json",
    "xero--finance.yaml",
    "etsi--mec010-2.json",
    "readmeio-oas-examples--yaml-train-travel.yaml",
    "pan-docusaurus--bakery-openapi.yaml",
)


def test_the_documents_are_among_those_of_the_zoo() -> None:
    listed = (ROOT / "bench" / "zoo" / "contracts.txt").read_text("utf-8").split()
    assert len(set(listed)) == 30
    assert set(DOCUMENTS) <= set(listed)


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_stub_of_a_document_is_green(name: str, tmp_path: Path) -> None:
    document = shared(f"corpus/openapi/{name}")
    (tmp_path / "specs" / "theirs").mkdir(parents=True)
    (tmp_path / "specs" / "theirs" / name).write_bytes(document.read_bytes())
    places = ["--specs", str(tmp_path / "specs"), "--out", str(tmp_path / "generated")]
    made = CliRunner().invoke(main, ["generate", "theirs", *places], catch_exceptions=False)
    assert made.exit_code == 0, made.output
    tested = CliRunner().invoke(main, ["test", "theirs", *places, "--max-examples", "2"], catch_exceptions=False)
    assert tested.exit_code == 0, tested.stdout
