"""Every generated stub keeps its vendor's contract, in this process and over HTTP."""

import pytest

from tests.contract.kit import TOKEN, VENDORS, checks_found, contract_test, live_test, stub_of
from tests.contract.loopback import serving


@pytest.mark.parametrize("vendor", VENDORS)
def test_stub_in_process(vendor: str) -> None:
    result = contract_test(vendor)
    assert checks_found(result) == set(), result.stdout
    assert result.exit_code == 0
    assert "keeps the contract" in result.stdout


@pytest.mark.parametrize("vendor", VENDORS)
def test_stub_over_http(vendor: str) -> None:
    stub = stub_of(vendor)
    with serving(stub) as url:
        result = live_test(vendor, url)
    assert checks_found(result) == set(), result.stdout
    assert result.exit_code == 0
    assert stub.failures == []
    assert TOKEN not in result.output


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_part_of_the_tests_sends_requests(vendor: str) -> None:
    sent = contract_test(vendor).stdout.splitlines()[1]
    for source in ("coverage", "fuzzing"):
        assert source in sent
