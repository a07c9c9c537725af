"""Requests go to the given origin only, and certificates are verified."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.checks.wire.network import Network
from counterfoil.location import CounterfoilError
from tests.live.shop import TOKEN, Answer, Asked, Shop


@pytest.fixture
def elsewhere(shop_folder: Path) -> Iterator[tuple[str, Shop]]:
    """Another server, and its URL."""
    other = Shop(shop_folder)
    with other.serving() as url:
        yield url, other


def test_redirects_are_not_followed(shop: Shop, elsewhere: tuple[str, Shop]) -> None:
    url, other = elsewhere

    def redirecting(asked: Asked) -> Answer | None:
        return Answer(307, {"Location": f"{url}{asked.path}"}) if asked.method == "GET" else None

    shop.answers = redirecting
    result = shop.tested("--max-examples", "1")
    assert result.exit_code == 1
    assert "undocumented status 307" in result.stdout
    assert other.asked == []


@pytest.mark.parametrize("by_option", [True, False])
def test_a_proxy_carries_all_requests(shop: Shop, by_option: bool) -> None:
    # To a proxy a request names the whole URL (RFC 9112, section 3.2.2); the shop takes any.
    with shop.serving() as url:
        chosen, environment = (["--proxy", url], {}) if by_option else ([], {"HTTP_PROXY": url, "NO_PROXY": ""})
        environment |= {"http_proxy": environment.get("HTTP_PROXY", ""), "no_proxy": ""}
        result = shop.run("test", "--url", "http://api.invalid", *chosen, "--stage", "documented", **environment)
    assert shop.asked, result.output
    assert {each.headers["host"] for each in shop.asked} == {"api.invalid"}


def test_what_is_no_proxy_is_bad_input(shop: Shop) -> None:
    result = shop.tested("--proxy", f"user:{TOKEN}@proxy", "--stage", "documented")
    assert result.exit_code == 2
    assert TOKEN not in result.output


def test_certificates_are_verified_unless_a_person_says_no() -> None:
    with Network().pool("https://a") as pool:
        assert pool.connection_pool_kw.get("cert_reqs") is None  # urllib3 requires them then
    with Network(insecure=True).pool("https://a") as pool:
        assert pool.connection_pool_kw["cert_reqs"] == "CERT_NONE"
    with pytest.raises(CounterfoilError, match="invalid-proxy"):
        Network(proxy="ftp://proxy").pool("https://a")
