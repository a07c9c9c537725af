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
    assert all(source in sent for source in ("coverage", "fuzzing")), sent


@pytest.mark.parametrize("vendor", VENDORS)
def test_stub_over_http(vendor: str) -> None:
    stub = stub_of(vendor)
    with serving(stub) as url:
        result = live_test(vendor, url)
    assert checks_found(result) == set(), result.stdout
    assert result.exit_code == 0
    assert stub.failures == []
    assert TOKEN not in result.output
