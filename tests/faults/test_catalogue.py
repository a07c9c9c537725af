"""Faults seeded into stubs, one at a time: `counterfoil test` finds each, and nothing in stubs without one."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.contract.kit import TOKEN, checks_found, live_test
from tests.contract.loopback import serving
from tests.faults.catalogue import CATALOGUE
from tests.faults.faulty import VENDORS, Fault, Kit, kit_in
from tests.faults.operators.answers import text
from tests.faults.operators.conditions import both

DETERMINISTIC = ("--stage", "documented", "--stage", "ladder", "--stage", "probes")
_EVERY = 8  # one fault in so many of those at contracts with long ladders is a quick test
_SHORT = frozenset({"cuoral", "unleash"})


def _parameters(*, quick: bool) -> list[Any]:
    found, number = [], 0
    for category, faults in CATALOGUE.items():
        for fault in faults:
            number += 1
            if (fault.vendor in _SHORT or number % _EVERY == 0) is quick:
                found.append(pytest.param(fault, id=f"{category}: {fault.id}".replace(" ", "-")))
    return found


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return kit_in(tmp_path_factory.mktemp("faults"))


def _assert_found(kit: Kit, fault: Fault) -> None:
    result = kit.test(fault, "-x", *DETERMINISTIC)
    assert result.exit_code == 1, result.output
    assert len(checks_found(result)) == 1, result.stdout


@pytest.mark.parametrize("fault", _parameters(quick=True))
def test_fault_is_found(kit: Kit, fault: Fault) -> None:
    _assert_found(kit, fault)


@pytest.mark.slow
@pytest.mark.parametrize("fault", _parameters(quick=False))
def test_fault_in_a_long_contract_is_found(kit: Kit, fault: Fault) -> None:
    _assert_found(kit, fault)


@pytest.mark.parametrize("vendor", VENDORS)
def test_stub_without_fault_is_green(kit: Kit, vendor: str) -> None:
    for seed in range(3):
        result = kit.test(Fault("nothing", vendor), "--seed", str(seed), *DETERMINISTIC)
        assert result.exit_code == 0, result.stdout


def _report(kit: Kit, vendor: str) -> dict[str, Any]:
    """What is told of the stub without a fault, but for what depends on the ids that it happens to make up."""
    result = kit.test(Fault("nothing", vendor), "--format", "json", *DETERMINISTIC)
    told: dict[str, Any] = json.loads(result.stdout)["vendors"][0]
    requests = {each["operation"]: {**each["requests"], "probes": ...} for each in told["operations"]}
    states = {each["operation"]: [(it["check"], it["state"]) for it in each["checks"]] for each in told["operations"]}
    return {"findings": told["findings"], "skipped": told["skipped"], "requests": requests, "states": states}


def _unknown(kit: Kit, vendor: str, folder: Path) -> Kit:
    """The same with a contract of another text, of which no run has found out anything."""
    shutil.copytree(kit.out / vendor, folder / vendor)
    with (folder / vendor / "openapi.json").open("a", encoding="utf-8") as contract:
        contract.write(" " * len(folder.name))
    return Kit(folder)


@pytest.mark.slow
@pytest.mark.parametrize("vendor", VENDORS)
def test_no_run_tells_on_another(kit: Kit, tmp_path: Path, vendor: str) -> None:
    """Runs share what they find out of a contract, and nothing of a server or of what one run was asked to do."""
    wanted = _report(_unknown(kit, vendor, tmp_path / "alone"), vendor)
    shared = _unknown(kit, vendor, tmp_path / "together")
    last = list(wanted["requests"])[-1]
    assert shared.test(Fault("nothing", vendor), "--operation", last, *DETERMINISTIC).exit_code == 0
    for fault in [fault for faults in CATALOGUE.values() for fault in faults if fault.vendor == vendor][::9]:
        assert shared.test(fault, "-x", *DETERMINISTIC).exit_code == 1
    assert _report(shared, vendor) == wanted


def test_how_refusals_write_what_they_tell_is_left_open(kit: Kit) -> None:
    """Quotes, the order of a list, the host before a path, parameters of a media type."""
    otherwise = both(
        text(
            lambda told: told.replace(
                '\\"counter\\", \\"gauge\\", \\"histogram\\"', "'gauge', 'counter' or 'histogram'"
            )
        ),
        text(lambda told: re.sub(r'(You (?:sent|provided) )\\"(\w+)\\"', r"\1`\2`", told)),
        text(lambda told: re.sub(r"pattern \\\"(.*?)\\\"", r"pattern /\1/", told)),
        text(lambda told: told.replace("(/", "(https://api.example/"), on="404"),
        text(lambda told: told.replace("(text/plain)", "(text/plain; charset=utf-8)"), on="415"),
    )
    result = kit.test(Fault("nothing", "unleash", otherwise), *DETERMINISTIC)
    assert result.exit_code == 0, result.stdout


@pytest.mark.slow
@pytest.mark.parametrize("vendor", VENDORS)
def test_stub_without_fault_is_green_for_fifty_seeds(kit: Kit, vendor: str) -> None:
    for seed in range(50):
        stages = () if seed % 10 == 0 else DETERMINISTIC
        result = kit.test(Fault("nothing", vendor), "--seed", str(seed), *stages)
        assert result.exit_code == 0, result.stdout


@pytest.mark.parametrize(
    ("name", "most", "summary"),
    [
        ("echo: orders:-gift-text-cut", 40, "/lines is not what was sent"),
        ("strictness: orders:-highest-price", 60, "valid data is refused with 400: lines.0.price"),
        ("authentication: orders:-end-of-the-token", 70, "accepted with a token with another first character"),
        ("leniency: orders:-wrap-without-colour", 600, "invalid data is accepted: lines.0.gift.colour"),
    ],
)
def test_fault_deep_in_a_body_is_found_with_few_requests(kit: Kit, name: str, most: int, summary: str) -> None:
    fault = next(each for held, faults in CATALOGUE.items() for each in faults if f"{held}: {each.id}" == name)
    result = kit.test(fault, "-x", *DETERMINISTIC)
    assert summary in result.stdout
    assert sum(map(int, re.findall(r": (\d+) requests?", result.stdout))) <= most, result.stdout


def test_fault_behind_a_port_is_found(kit: Kit) -> None:
    fault = next(fault for fault in CATALOGUE["echo"] if fault.vendor == "cuoral")
    with kit.faulty(fault, TOKEN) as stub, serving(stub) as url:
        result = live_test("cuoral", url, TOKEN, "-x", *DETERMINISTIC)
    assert checks_found(result) == {"echo"}, result.stdout
