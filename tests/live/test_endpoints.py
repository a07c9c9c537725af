"""What `counterfoil test` does with endpoints and credentials that it cannot use, and that no credential is shown."""

import base64
import json
import re
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from counterfoil import __version__, checks
from counterfoil.location import CounterfoilError
from tests.contract.kit import OUT, TOKEN, contract_test, live_test
from tests.contract.servers.handwritten import API_KEY, MetricsHandler, running
from tests.live.shop import Answer, Shop

VENDOR = "cuoral"
HEADER = "second-canary-51ac9e07"


def test_unreachable_endpoint_is_bad_input() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        result = live_test(VENDOR, f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert result.exit_code == 2
    assert "endpoint-unreachable" in result.output


@pytest.mark.parametrize("option", ["--record=full", "--resume=no/state", "--resume=file/a", "--format=json=file/a"])
def test_files_that_cannot_be_written_are_told_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    asked: list[str] = []

    class Noting(MetricsHandler):
        def parse_request(self) -> bool:
            asked.append(str(self.raw_requestline))
            return super().parse_request()

    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").symlink_to("/dev/full")
    (tmp_path / "file").touch()
    with running(Noting) as url:
        result = live_test(VENDOR, url, API_KEY, option)
    assert (result.exit_code, "not-written" in result.stderr, asked) == (2, True, []), result.output


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("ftp://127.0.0.1", "127.0.0.1: invalid-url"),
        ("", "--url: invalid-url"),
        ("http://127.0.0.1?tenant=1", "127.0.0.1: invalid-url"),
        ("http://127.0.0.1/a path", "invalid-url"),
        (f"http://user:{HEADER}@127.0.0.1", "credentials-in-url"),
    ],
)
def test_unusable_url_is_bad_input(url: str, rule: str) -> None:
    result = live_test(VENDOR, url)
    assert result.exit_code == 2
    assert rule in result.output
    assert HEADER not in result.output


def test_endpoint_elsewhere_needs_credentials() -> None:
    elsewhere = checks.Target("https://api.example.com")
    with pytest.raises(CounterfoilError, match="credentials-missing"):
        checks.run(VENDOR, OUT / VENDOR, elsewhere)


class Leaking(MetricsHandler):
    """Fails every check it can, with all it was sent in the answer."""

    def is_authenticated(self) -> bool:
        return True

    def create(self, body: dict[str, Any]) -> None:
        key, header = self.headers.get("x-api-key", ""), self.headers.get("x-tenant", "")
        encoded = base64.b64encode(key.encode()).decode()
        self.answer(500 if "description" in body else 418, {"name": key, "metric_id": f"{header} {encoded}"})


def test_no_credential_is_shown_even_if_the_server_repeats_it() -> None:
    with running(Leaking) as url:
        result = live_test(VENDOR, url, TOKEN, "--header", f"X-Tenant: {HEADER}")
    assert result.exit_code == 1
    assert "$COUNTERFOIL_CUORAL_TOKEN" in result.stdout
    for secret in (TOKEN, HEADER, API_KEY, base64.b64encode(TOKEN.encode()).decode()):
        assert secret not in result.output


def test_header_carries_the_credentials() -> None:
    with running() as url:
        result = contract_test(VENDOR, "--url", url, "--header", f"x-api-key: {API_KEY}")
    assert result.exit_code == 0, result.stdout
    assert API_KEY not in result.output


def test_refused_credentials_are_a_finding() -> None:
    with running() as url:
        result = live_test(VENDOR, url, "another-key-0123456789")
    assert result.exit_code == 1
    assert "for a valid request, if these are the right credentials" in result.stdout


def test_answers_beside_its_path_are_none_of_an_operation(shop: Shop) -> None:
    result = shop.tested("--stage", "probes", "--format", "json")
    assert any(asked.path.endswith("//things") for asked in shop.asked)
    (vendor,) = json.loads(result.stdout)["vendors"]
    seen = {each["operation"]: each["statuses"]["seen"] for each in vendor["operations"]}
    assert "404" not in seen["GET /things"]


def test_a_server_is_told_who_asks(shop: Shop) -> None:
    shop.tested("--stage", "documented")
    assert {asked.headers["user-agent"] for asked in shop.asked} == {f"counterfoil/{__version__}"}
    shop.asked.clear()
    shop.tested("--stage", "documented", "--header", "User-Agent: nightly")
    assert {asked.headers["user-agent"] for asked in shop.asked} == {"nightly"}


@pytest.mark.parametrize("command", ["test", "drift"])
def test_a_url_without_the_base_path_is_told(shop_folder: Path, tmp_path: Path, command: str) -> None:
    folder = shutil.copytree(shop_folder, tmp_path / "own")
    path = folder / "generated" / "shop" / "openapi.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"servers": [{"url": "https://a.example/v1/"}]}))
    shop = Shop(folder)
    stage = ("--stage", "ladder") if command == "test" else ()
    options = ("--operation", "listThings", "--rate", "1000/s", *stage)
    assert "base-path" not in shop.tested(*options, command=command).stderr
    shop.answers = lambda _: Answer(404, body={"detail": "nothing here"})
    told = shop.tested(*options, command=command).stderr
    assert re.search(r"hint: did you mean --url http://127\.0\.0\.1:\d+/v1\?", told), told
