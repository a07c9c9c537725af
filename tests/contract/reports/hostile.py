"""A server that answers with what would be markup, commands or secrets somewhere."""

from pathlib import Path

import pytest
from click.testing import Result

from tests.contract.kit import live_test
from tests.contract.servers.handwritten import API_KEY, MetricsHandler, running

VENDOR = "cuoral"
EVIL = "<script>alert(1)</script>\" onload='x' ]]> &amp; ##[error] ::error::no | `x` \x00\x1b[31m\u202e100% \ud800"


class Hostile(MetricsHandler):
    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        return super().created(body, number) | {"name": f"{EVIL} {self.headers['x-api-key']}", "id": "one"}

    def answer(self, status: int, body: object, **headers: str) -> None:
        if status != 422:
            super().answer(status, body, **headers)
            return
        content = b"\x01 \x1b[31m no JSON"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def against(handler: type[MetricsHandler], folder: Path, *arguments: str, **environment: str) -> Result:
    with pytest.MonkeyPatch.context() as patch, running(handler) as url:
        for name, value in environment.items():
            patch.setenv(name, value)
        return live_test(VENDOR, url, API_KEY, "--stage", "documented", *arguments)
