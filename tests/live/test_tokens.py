"""Tokens that must be fetched: by a command, by an OAuth 2 grant, again once they end; and none of them is shown."""

import base64
import shlex
import sys
from urllib.parse import parse_qs

import pytest

from counterfoil.checks.wire.credentials import Credentials
from tests.live.shop import TOKEN, Answer, Asked, Shop

SAFE = ("--profile", "safe", "--rate", "1000/s", "--stage", "documented", "--stage", "ladder", "--budget", "60")
SECRET = "client canary/93+1f"


def command(text: str) -> str:
    return shlex.join([sys.executable, "-c", text])


def test_a_command_gives_the_token(shop: Shop) -> None:
    result = shop.tested(*SAFE, "--token-command", command(f"print({TOKEN!r})"), token=None)
    assert result.exit_code == 0, result.output
    assert shop.asked[0].headers["x-shop-key"] == TOKEN
    assert TOKEN not in result.output


@pytest.mark.parametrize(
    "text",
    [f"raise SystemExit({SECRET!r})", "", f"print('{SECRET}\\nand more')"],
)
def test_a_command_that_gives_none_is_bad_input(shop: Shop, text: str) -> None:
    result = shop.tested(*SAFE, "--token-command", command(text), token=None)
    assert result.exit_code == 2
    assert "no-token" in result.output
    assert SECRET not in result.output


def test_there_is_no_shell(shop: Shop) -> None:
    result = shop.tested(*SAFE, "--token-command", f"echo {TOKEN} > /dev/null", token=None)
    assert result.exit_code == 1  # the token is all of that text
    assert "success_reached" in result.output


class Issuer:
    """A token endpoint at /oauth/token, whose tokens are good for so many requests."""

    def __init__(self, shop: Shop, lasts: int) -> None:
        self.shop, self.lasts, self.asked = shop, lasts, list[Asked]()
        self.left, self.lives = 0, 3600
        shop.answers = self.answer

    @property
    def token(self) -> str:
        return f"canary-token-{len(self.asked)}-of-the-issuer"

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path == "/oauth/token":
            self.asked.append(asked)
            self.left = self.lasts
            return Answer(200, body={"access_token": self.token, "token_type": "Bearer", "expires_in": self.lives})
        self.left -= 1
        if asked.headers.get("x-shop-key") != self.token or self.left < 0:
            return Answer(401, body={"detail": "the token is not good"})
        return None


def granted(shop: Shop, issuer: Issuer) -> str:
    shop.stub.configure(token=None)
    with shop.serving() as url:
        result = shop.run(
            "test", "--url", url, *SAFE, token=None,
            COUNTERFOIL_SHOP_TOKEN_URL=f"{url}/oauth/token", COUNTERFOIL_SHOP_CLIENT_ID="client",
            COUNTERFOIL_SHOP_CLIENT_SECRET=SECRET, COUNTERFOIL_SHOP_SCOPES="read write",
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    for number in range(len(issuer.asked) + 1):
        assert f"canary-token-{number}" not in result.output
    assert SECRET not in result.output
    return result.output


def test_an_oauth_grant_gives_the_token(shop: Shop) -> None:
    issuer = Issuer(shop, 1000)
    granted(shop, issuer)
    (asked,) = issuer.asked
    assert parse_qs(asked.body.decode()) == {"grant_type": ["client_credentials"], "scope": ["read write"]}
    encoded = base64.b64encode(b"client:client+canary%2F93%2B1f").decode()  # RFC 6749, section 2.3.1
    assert asked.headers["authorization"] == f"Basic {encoded}"


def test_a_token_that_is_refused_is_renewed(shop: Shop) -> None:
    issuer = Issuer(shop, 15)
    granted(shop, issuer)
    assert len(issuer.asked) > 2


def test_a_token_is_renewed_before_it_ends(shop: Shop) -> None:
    issuer = Issuer(shop, 1000)
    issuer.lives = 0
    granted(shop, issuer)
    assert len(issuer.asked) > 10


def test_what_is_nearly_a_token_of_before_is_not_shown() -> None:
    credentials = Credentials("TOKEN", "canary-token-1-of-the-issuer")
    credentials.renew("canary-token-2-of-the-issuer")
    for number in (1, 2):
        assert "canary" not in credentials.mask(f"curl -H 'X-Shop-Key: canary-token-{number}-of-the-issue'")


def test_a_client_secret_is_sent_by_https_only(shop: Shop) -> None:
    result = shop.tested(
        *SAFE, token=None, COUNTERFOIL_SHOP_TOKEN_URL="http://login.example.com/token",
        COUNTERFOIL_SHOP_CLIENT_ID="client", COUNTERFOIL_SHOP_CLIENT_SECRET=SECRET,
    )  # fmt: skip
    assert result.exit_code == 2
    assert "https only" in result.output
