"""How fast a server is asked, and that it is left alone when it says so."""

from email.utils import formatdate
from typing import Any

import pytest

from counterfoil.checks.wire import client
from counterfoil.checks.wire.pace import Pace, SpentError, interval
from counterfoil.location import CounterfoilError
from tests.contract.loopback import serving
from tests.live.shop import Answer, Asked, Shop

START, NOW = 100.0, 1_800_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def moments(pace: Pace, clock: Clock, count: int) -> list[float]:
    found = []
    for _ in range(count):
        pace.take()
        found.append(round(clock.now - START, 3))
    return found


@pytest.mark.parametrize(("rate", "apart"), [("5/s", 0.2), ("30/m", 2.0), ("1/h", 3600.0)])
def test_requests_are_as_far_apart_as_the_rate_says(rate: str, apart: float) -> None:
    clock = Clock()
    pace = Pace(None, interval(rate), clock=clock, sleep=clock.sleep)
    assert moments(pace, clock, 3) == [0.0, apart, 2 * apart]


@pytest.mark.parametrize("rate", ["5", "0/s", "5/d", "-1/s", "fast"])
def test_what_is_no_rate_is_bad_input(rate: str) -> None:
    with pytest.raises(CounterfoilError, match="invalid-rate"):
        interval(rate)


@pytest.mark.parametrize("text", ["7", formatdate(NOW + 7, usegmt=True)])
def test_retry_after_is_waited_for(text: str) -> None:
    clock = Clock()
    pace = Pace(None, 0.0, clock=clock, sleep=clock.sleep)
    assert pace.heed(503, text, NOW)
    assert moments(pace, clock, 2) == [7.0, 7.0]
    assert not pace.heed(200, text, NOW)
    assert not pace.heed(503, "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", NOW)


def test_a_server_that_asks_for_an_hour_is_left_alone() -> None:
    pace = Pace(10)
    assert not pace.heed(429, "3600", NOW)
    with pytest.raises(SpentError, match="3600 seconds"):
        pace.take()
    pace.take(free=True)


def test_a_request_that_was_put_off_is_sent_again(shop: Shop) -> None:
    seen: list[Asked] = []

    def busy_at_first(asked: Asked) -> Answer | None:
        if asked.method != "POST":
            return None
        seen.append(asked)
        return Answer(429, {"Retry-After": "1"}, {"detail": "later"}) if len(seen) == 1 else None

    shop.answers = busy_at_first
    result = shop.tested("--profile", "safe", "--rate", "1000/s", "--stage", "documented")
    assert result.exit_code == 0, result.output
    assert seen[0].body == seen[1].body
    assert shop.things() == []


def test_what_must_not_be_sent_twice_goes_over_no_old_connection(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ports: list[tuple[str, int]] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            ports.append((scope["method"], scope["client"][1]))
        await shop(scope, receive, send)

    monkeypatch.setattr(client, "_IDLE", 0.0)
    with serving(noting) as url:
        shop.run("test", "--url", url, "--profile", "safe", "--rate", "1000/s", "--stage", "ladder", "--budget", "20")
    made = [port for method, port in ports if method == "POST"]
    assert len(made) > 3
    assert len(set(made)) == len(made)
    assert len({port for _, port in ports}) < len(ports)
