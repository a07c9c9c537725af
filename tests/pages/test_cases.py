"""Pages in, contract out: every folder of `cases` is one case.

A case holds a vendor's pages (`page.md`, `page.yaml`, …; several if need be) and perhaps an `overlay.yaml`, and beside
them all that must come out:

- `openapi.json`: the contract; missing where the pages must be refused
- `diagnostics.txt`: what is said of them, if anything
- `derived.txt`: what does not stand in the pages as it is: each fact's pointer, how it came to be, by which rule, where

`pytest tests/pages/test_cases.py --update-cases` writes these anew; the difference is then to be read.
"""

import json
from pathlib import Path

import pytest

from counterfoil.contract import Contract, build
from counterfoil.documents.folder import VendorFolder
from counterfoil.location import CounterfoilError

CASES = Path(__file__).parent / "cases"
EXPECTED = ("openapi.json", "diagnostics.txt", "derived.txt")


def outcome(case: Path) -> dict[str, str]:
    """File name → text of everything that comes out of a case."""
    pages = tuple((page.name, page.read_text(encoding="utf-8")) for page in sorted(case.glob("page*.*")))
    overlay = case / "overlay.yaml"
    corrections = (overlay.name, overlay.read_text(encoding="utf-8")) if overlay.exists() else None
    try:
        contract = build(VendorFolder(case.name, case.name, "case", pages, corrections))
    except CounterfoilError as error:
        return {"diagnostics.txt": f"{error}\n"}
    texts = {
        "openapi.json": json.dumps(contract.tree, indent=2, ensure_ascii=False),
        "diagnostics.txt": "\n".join(map(str, contract.diagnostics)),
        "derived.txt": "\n".join(derived(contract)),
    }
    return {name: f"{text}\n" for name, text in texts.items() if text}


def derived(contract: Contract) -> list[str]:
    return [
        f"{pointer or '/'} {step.kind} {step.rule} {step.location}"
        for pointer, history in contract.evidence.along(contract.tree)
        for step in history
        if step.kind != "documented"
    ]


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, request: pytest.FixtureRequest) -> None:
    found = outcome(case)
    if request.config.getoption("--update-cases"):
        for name in EXPECTED:
            (case / name).unlink(missing_ok=True)
        for name, text in found.items():
            (case / name).write_text(text, encoding="utf-8")
    expected = {name: (case / name).read_text(encoding="utf-8") for name in EXPECTED if (case / name).exists()}
    assert found == expected
