"""Every generated stub keeps its vendor's contract, in this process and over HTTP."""

import pytest

from tests.contract.kit import TOKEN, VENDORS, checks_found, contract_test, live_test, stub_of
from tests.contract.loopback import serving


@pytest.mark.parametrize("vendor", VENDORS)
def test_stub_in_process(vendor: str) -> None:
    result = contract_test(vendor)
    assert checks_found(result) == set(), result.stdout
    assert result.exit_code == 0
    sent = result.stdout.splitlines()[1]
    assert all(source in sent for source in ("ladder", "probes", "fuzzing")), sent
    # What the ladder has sent is not enumerated again.
    assert "coverage" not in result.stdout, sent


def test_schemathesis_without_the_ladder_enumerates_too() -> None:
    result = contract_test(VENDORS[0], "--stage", "schemathesis", "--stage", "probes")
    assert result.exit_code == 0, result.stdout
    assert "coverage" in result.stdout.splitlines()[1]


def test_schemathesis_enumerates_where_the_ladder_was_not_climbed_to_its_end() -> None:
    result = contract_test(VENDORS[0], "--max-cases", "20")
    assert result.exit_code == 0, result.stdout
    assert "coverage" in result.stdout


@pytest.mark.parametrize("vendor", VENDORS)
def test_stub_over_http(vendor: str) -> None:
    stub = stub_of(vendor)
    with serving(stub) as url:
        result = live_test(vendor, url)
    assert checks_found(result) == set(), result.stdout
    assert result.exit_code == 0
    assert stub.failures == []
    assert TOKEN not in result.output
