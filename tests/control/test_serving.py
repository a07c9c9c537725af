"""`counterfoil serve` as tests and people use it: its log, its control API, its end."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.command import COUNTERFOIL

ROOT = Path(__file__).parents[2]
PATH = "/merchant/metric/new"
BODY = {"code": "a", "metricName": "b", "aggregationType": 1, "type": 1}
TOKEN = "token-0123456789"


@contextlib.contextmanager
def served(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """A running stub, which a client with credentials calls."""
    shutil.copytree(ROOT / "generated" / "unibee", folder / "generated" / "unibee")
    process = subprocess.Popen(
        [COUNTERFOIL, "serve", "unibee", "--port", "0", "--token", TOKEN, *arguments],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[1]
        with httpx.Client(base_url=url, headers={"authorization": f"Bearer {TOKEN}"}, timeout=60) as client:
            yield process, client
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> str:
    """What a server that is told to stop has written to standard error."""
    process.send_signal(signal.SIGTERM)
    written = process.communicate(timeout=60)[1]
    assert process.returncode == 0
    return written


def test_faults_reach_the_network_and_requests_the_log(tmp_path: Path) -> None:
    with served(tmp_path, "--log", "json") as (process, client):
        assert client.get("/__counterfoil__/health").json()["status"] == "ok"
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            client.post(PATH, json=BODY, headers={"x-counterfoil-fault": "drop=after"})
        with pytest.raises(httpx.RemoteProtocolError, match="received 9 bytes"):
            client.post(f"{PATH}?token={TOKEN}", json=BODY, headers={"x-counterfoil-fault": "truncate=9"})
        [first, second] = client.get("/__counterfoil__/requests").json()
        assert (first["status"], second["reason"]) == (None, "duplicate")
        written = ended(process)
    assert TOKEN not in written
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    assert [(each["status"], each["fault"]) for each in lines] == [(None, {"drop": "after"}), (400, {"truncate": 9})]


def test_control_may_be_switched_off_and_the_log_be_silent(tmp_path: Path) -> None:
    with served(tmp_path, "--no-control", "--log", "none") as (process, client):
        assert client.get("/__counterfoil__/health").status_code == 404
        assert client.post(PATH, json=BODY, headers={"x-counterfoil-fault": "status=503"}).status_code == 200
        assert ended(process) == "Press Ctrl+C to stop.\n"


def test_requests_that_are_open_are_answered_before_the_end(tmp_path: Path) -> None:
    with served(tmp_path) as (process, client):
        answers: list[int] = []

        def ask() -> None:
            slow = {"x-counterfoil-fault": "latency=1500"}
            answers.append(client.post(PATH, json=BODY, headers=slow).status_code)

        asking = threading.Thread(target=ask)
        asking.start()
        while not httpx.get(client.base_url.join("/__counterfoil__/requests")).json():
            time.sleep(0.05)
        written = ended(process)
        asking.join(60)
    assert answers == [200]
    assert "POST /merchant/metric/new 200" in written
