"""Requests go to the given origin only, by the given proxy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
    assert f"got: 307 Location: {url}/things" in result.stdout
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


@pytest.mark.parametrize("proxy", [f"user:{TOKEN}@proxy", "ftp://proxy"])
def test_what_is_no_proxy_is_bad_input(shop: Shop, proxy: str) -> None:
    result = shop.tested("--proxy", proxy, "--stage", "documented")
    assert (result.exit_code, "invalid-proxy" in result.output) == (2, True)
    assert TOKEN not in result.output
