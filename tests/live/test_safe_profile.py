"""What the profile `safe` asks of a server that others use, and how it leaves it."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from counterfoil.checks.wire.target import Target
from tests.command import COUNTERFOIL
from tests.live.shop import TOKEN, VARIABLE, Answer, Asked, Shop

SAFE = ("--profile", "safe", "--rate", "1000/s")


def created(shop: Shop) -> list[str]:
    return [json.loads(each.body)["name"] for each in shop.asked if is_creation(each) and is_accepted(each)]


def is_creation(asked: Asked) -> bool:
    return (asked.method, asked.path) == ("POST", "/things")


def is_raw(asked: Asked) -> bool:
    """A creation whose body is the same in each run."""
    return is_creation(asked) and b"counterfoil" not in asked.body.replace(b"\0", b"")


def is_accepted(asked: Asked) -> bool:
    try:
        body = json.loads(asked.body)
    except ValueError:
        return False
    return isinstance(body, dict) and isinstance(body.get("name"), str) and 0 < len(body["name"]) <= 200


def test_what_cannot_be_undone_is_not_asked(shop: Shop) -> None:
    result = shop.tested(*SAFE)
    assert result.exit_code == 0, result.output
    assert not [each for each in shop.asked if each.method == "POST" and each.path == "/orders"]
    assert "POST /orders: left out of the profile safe" in result.stdout


def test_what_was_made_is_recognisable_and_removed(shop: Shop) -> None:
    result = shop.tested(*SAFE)
    names = [name for name in created(shop) if "counterfoil" in name]
    assert len(names) > 5
    assert len(set(names)) == len(names)
    assert shop.things() == []
    assert "left behind" not in result.stdout


def test_others_things_are_not_touched(shop: Shop) -> None:
    with shop.serving() as url:
        made = httpx.post(f"{url}/things", json={"name": "theirs", "size": "small"}, headers={"X-Shop-Key": TOKEN})
        theirs = made.raise_for_status().json()
        shop.run("test", "--url", url, *SAFE)
    removed = {each.path for each in shop.asked if each.method == "DELETE"}
    assert len(removed) > 5
    # The stub counts from 1, which is among the numbers that the ladder tries.
    assert theirs["id"] == 1
    assert "/things/1" not in removed
    assert shop.things() == [theirs]


def test_budget_is_kept(shop: Shop) -> None:
    result = shop.tested(*SAFE, "--budget", "25")
    asked = [each for each in shop.asked if each.method != "DELETE"]
    assert len(asked) <= 25
    assert "the budget of 25 requests is spent" in result.stdout
    assert result.exit_code == 0, result.stdout
    assert shop.things() == []


def test_a_user_allows_more(shop: Shop, tmp_path: Path) -> None:
    told_in = ("--format", "text", *(f"--format={form}={tmp_path}/left.{form}" for form in ("json", "html")))
    result = shop.tested(*SAFE, "--operation", "createOrder", "--stage", "documented", "--stage", "ladder", *told_in)
    assert {each.path for each in shop.asked} == {"/orders"}
    (told,) = [line for line in result.stdout.splitlines() if "left behind" in line]  # nothing removes orders
    reason = "the contract does not say how it is removed"
    assert re.search(rf"left behind: \d+ objects: 1, 2, 3, .* \({reason}\)", told), told
    (left,) = json.loads((tmp_path / "left.json").read_text("utf-8"))["vendors"][0]["left_behind"]
    assert left == {
        "operation": "POST /orders",
        "objects": [*map(str, range(1, 1 + len(left["objects"])))],
        "reason": reason,
    }
    assert f"left behind: {len(left['objects'])} objects" in told
    assert f'<td class="long">{", ".join(left["objects"])}</td>' in (tmp_path / "left.html").read_text("utf-8")
    assert shop.tested("--operation", "createOder").exit_code == 2


def test_what_an_overlay_keeps_from_being_asked_no_option_allows(shop_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(shop_folder, tmp_path / "own")
    path = folder / "generated" / "shop" / "openapi.json"
    contract = json.loads(path.read_text("utf-8"))
    contract["paths"]["/orders"]["post"]["x-counterfoil"] = {"checks": {"live": "Orders are sent out."}}
    path.write_text(json.dumps(contract), "utf-8")
    shop = Shop(folder)
    result = shop.tested(*SAFE, "--operation", "createOrder", "--operation", "listThings", "--stage", "ladder")
    assert {each.path for each in shop.asked} == {"/things"}
    assert "POST /orders: Orders are sent out." in result.stdout


def test_what_cannot_be_removed_is_listed(shop: Shop) -> None:
    forbidden = Answer(401, body={"detail": "not you"})
    shop.answers = lambda asked: forbidden if asked.method == "DELETE" else None
    result = shop.tested(*SAFE, "--stage", "documented")
    assert f"left behind: {shop.things()[0]['id']} (DELETE /things/{{thingId}} is answered with 401)" in result.stdout


def test_a_server_that_puts_removals_off_is_left_alone(shop: Shop) -> None:
    later = Answer(429, {"Retry-After": "3600"}, {"detail": "later"})
    shop.answers = lambda asked: later if asked.method == "DELETE" else None
    result = shop.tested(*SAFE, "--stage", "ladder", "--operation", "createThing", "--budget", "40")
    assert len(shop.things()) > 3
    assert len([each for each in shop.asked if each.method == "DELETE"]) == 3
    assert "(not tried, since 3 removals in a row came to nothing)" in result.stdout


def ended(
    shop: Shop, url: str, number: signal.Signals, *options: str, ready: Callable[[], bool] = lambda: True
) -> tuple[int, str]:
    """Exit code and output of a run that gets a signal as soon as there is a thing, and it is `ready`."""
    command = [str(COUNTERFOIL), "test", "shop", "--url", url, "--profile", "safe", "--rate", "5/s", *options]
    variables = {**os.environ, VARIABLE: TOKEN}
    with subprocess.Popen(
        command, cwd=shop.folder, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            deadline = time.monotonic() + 300  # for busy machines; a run takes less than a minute
            while not (shop.things() and ready()) and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            is_there = process.poll() is None and time.monotonic() < deadline
            process.send_signal(number)
            output = process.communicate(timeout=300)[0].decode()
        finally:
            process.kill()
    assert is_there, f"it ended with {process.returncode} before: {output}"
    return process.returncode, output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_tidies_up(shop: Shop, number: signal.Signals) -> None:
    with shop.serving() as url:
        code, output = ended(shop, url, number)
    assert code == 128 + number, output
    assert shop.things() == []
    assert "interrupted" in output


def test_what_a_killed_run_made_is_removed_by_the_next_one(shop: Shop, tmp_path: Path) -> None:
    state, har = tmp_path / "state.json", tmp_path / "traffic.har"

    def left() -> set[int]:
        return {each["key"] for each in json.loads(state.read_text("utf-8"))["left"]} if state.exists() else set()

    with shop.serving() as url:
        options = ("--resume", str(state), "--record", str(har))
        code, _ = ended(shop, url, signal.SIGKILL, *options, ready=lambda: bool(left()))
        known = left()
        assert code == -signal.SIGKILL
        assert len(json.loads(har.read_text("utf-8"))["log"]["entries"]) > 0
        result = shop.run("test", "--url", url, *SAFE, "--resume", str(state), "--budget", "8")
    assert result.exit_code == 0, result.output
    more = {each["id"] for each in shop.things()}
    assert (more & known, len(more) <= 1) == (set(), True)  # one more was under way


def test_a_run_goes_on_where_the_last_one_ended(shop: Shop) -> None:
    state = shop.folder / "state.json"
    state.unlink(missing_ok=True)
    options = (*SAFE, "--stage", "ladder", "--resume", str(state), "--budget", "40")
    bodies: list[bytes] = []
    alone = Shop(shop.folder)
    alone.tested(*SAFE, "--stage", "ladder", "--budget", "10000")
    whole = sorted(each.body for each in alone.asked if is_raw(each))
    with shop.serving() as url:
        for _ in range(30):
            shop.asked.clear()
            result = shop.run("test", "--url", url, *options)
            assert result.exit_code == 0, result.output
            bodies += [each.body for each in shop.asked if is_raw(each)]
            if not shop.asked:
                break
        assert not shop.asked
        assert len(bodies) > 20
        assert sorted(bodies) == whole
        assert TOKEN not in state.read_text("utf-8")
    assert "not-resumable" in shop.tested(*options).output  # another port is another server


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Target, "is_local", property(lambda self: self.app is not None))


@pytest.mark.usefixtures("elsewhere")
def test_without_credentials_a_run_is_skipped(shop: Shop) -> None:
    result = shop.tested(token=None)
    assert result.exit_code == 2
    assert "credentials-missing" in result.output
    result = shop.tested("--allow-skip", token=None)
    assert result.exit_code == 0
    assert f"set {VARIABLE}" in result.output
    assert shop.asked == []


def test_a_server_that_refuses_made_up_credentials_wants_others(shop: Shop) -> None:
    shop.answers = lambda asked: Answer(401, body={"detail": "who?"}) if asked.headers["x-shop-key"] != TOKEN else None
    result = shop.tested(token=None)
    assert (result.exit_code, len(shop.asked)) == (2, 1)
    assert f"set {VARIABLE}" in result.output
    shop.answers = lambda asked: Answer(401, body={"detail": "who?"}) if asked.method == "POST" else None
    assert shop.tested("--stage", "ladder").exit_code == 1  # with a token that is a finding
    shop.asked.clear()
    nothing = ("--stage", "documented", "--operation", "removeThing")
    result = shop.tested(*nothing)
    assert (result.exit_code, "nothing was asked" in result.stdout) == (2, True)
    assert "nothing-asked" in result.stderr
    assert shop.tested(*nothing, "--allow-skip").exit_code == 0
    assert shop.asked == []


@pytest.mark.usefixtures("elsewhere")
def test_away_from_this_machine_a_run_is_safe(shop: Shop) -> None:
    result = shop.tested("--budget", "8")
    assert not [each for each in shop.asked if each.path == "/orders"]
    assert "fuzzing" not in result.stdout
