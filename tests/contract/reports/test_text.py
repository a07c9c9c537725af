"""What people read in a terminal, and paste into one."""

import re
import subprocess

import pytest

from counterfoil.checks.reporting.findings import Finding, Report
from counterfoil.checks.reporting.places import Places
from counterfoil.checks.reporting.text import to_text
from counterfoil.checks.reporting.visible import visible
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.exchange import Request
from tests.contract.kit import ROOT
from tests.contract.reports.hostile import VENDOR
from tests.contract.servers.handwritten import PATH


def test_what_an_overlay_guesses_is_told_as_that() -> None:
    places = Places(ROOT / "generated" / VENDOR / "evidence.json", f"specs/{VENDOR}")
    report = Report(VENDOR, "a server", 1, Credentials("TOKEN"), places=places)
    responses = f"/paths/{PATH.replace('/', '~1')}/post/responses"
    for status in ("409", "401"):
        report.add_finding(Finding("check", "POST", status, "one", "two", pointer=f"{responses}/{status}"))
    guessed, known = re.findall(r"^     rule: (.*)$", to_text(report), re.MULTILINE)
    assert re.fullmatch(
        r"specs/cuoral/overlay\.yaml:\d+:\d+ \(inferred, says the overlay: The page calls .*\)", guessed
    )
    assert re.fullmatch(r"specs/cuoral/overlay\.yaml:\d+:\d+", known)


def test_text_says_once_what_holds_of_several_operations() -> None:
    report = Report("acme", "a server", 1, Credentials("TOKEN"))
    for operation, command in (("GET /a", "curl the longer way"), ("PUT /b", "curl b"), ("GET /c", "curl to c")):
        report.add_finding(Finding("check", operation, "is the same", "one", "two", command))
    report.add_finding(Finding("check", "GET /a", "is another", "one", "two", "curl a"))
    first, second, end = to_text(report).split("\n\n")[1:]
    assert first.startswith("  1. check: PUT /b: is the same\n")
    assert first.endswith("also at: GET /c, GET /a\n     curl b")
    assert second.startswith("  2. check: GET /a: is another\n")
    assert end.startswith("  4 findings of 2 kinds (")


def test_a_log_has_no_commands_of_servers() -> None:
    report = Report("acme", "a server", 1, Credentials("TOKEN"))
    report.add_finding(Finding("check", "GET /a", "the field a\n ::set-env name=A::b", "c::d", "e\n::f ##[group]g"))
    text = to_text(report)
    assert [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line] == []
    assert "expected: c::d" in text


@pytest.mark.parametrize("body", ["--b\r\nname: it's\r\n", "\x1b[31m\u202e\x9bred\x01b2", "C:\\n\r", "two\nlines"])
def test_commands_can_be_pasted_as_people_see_them(body: str) -> None:
    command = Request("POST", "http://shop/", (), body.encode()).curl(Credentials("TOKEN"))
    seen = visible(command).replace("curl -i", "printf '%s\\0'", 1)
    said = subprocess.run(["bash", "-c", seen], capture_output=True, check=True).stdout
    assert said.split(b"\0")[-2] == body.encode()
