"""What people see of many diagnostics."""

import pytest

from counterfoil.cli.console import report
from counterfoil.location import Diagnostic, Location


def found(line: int, message: str = "3 is no text", path: str = "page.yaml", hint: str = "quote it") -> Diagnostic:
    return Diagnostic(Location(path, line, 5), "a-rule", message, hint, "warning")


def test_what_holds_of_several_places_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    many = [found(line) for line in (*range(2, 12), 2)]
    other = [found(3, "4 is no text", hint=""), found(4, path="other.yaml"), found(5, path="other.yaml")]
    report([*many, *other, Diagnostic(Location("page.yaml"), "a-note", "of no weight", severity="note")])
    assert capsys.readouterr().err.splitlines() == [
        "page.yaml:2:5: warning: a-rule: 3 is no text",
        "  hint: quote it",
        "  also at 3:5, 4:5, 5:5, 6:5, 7:5, 8:5 and 3 more",
        "page.yaml:3:5: warning: a-rule: 4 is no text",
        "other.yaml:4:5: warning: a-rule: 3 is no text",
        "  hint: quote it",
        "  also at 5:5",
    ]
