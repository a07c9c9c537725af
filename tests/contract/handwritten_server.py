"""A server of the metric-definition API in plain `http.server`, written from the vendor's documentation.

It shares nothing with the generator and its stubs, so that the contract tests are tried on code that could not
inherit a mistake of theirs.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/external/v1/external/v1/customers/metrics"
API_KEY = "handwritten-key-0123456789"
ORGANIZATION = 42


class MetricsHandler(BaseHTTPRequestHandler):
    """Answers for one collection of metric definitions, kept by the server."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "MetricsServer"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.partition("?")[0] != PATH:
            self.answer(404, {"detail": "Not Found"})
        elif not self.is_authenticated():
            self.answer(401, {"detail": "Not authenticated"})
        elif problems := self.problems(raw):
            self.answer(422, {"detail": problems})
        else:
            self.create(json.loads(raw))

    def other_method(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.partition("?")[0] == PATH:
            self.answer(405, {"detail": "Method Not Allowed"}, Allow="POST")
        else:
            self.answer(404, {"detail": "Not Found"})

    def is_authenticated(self) -> bool:
        return self.headers.get("x-api-key") == API_KEY

    def problems(self, raw: bytes) -> list[dict[str, object]]:
        """What is wrong with a request body, all at once."""
        if not raw:
            return [{"loc": ["body"], "msg": "Field required", "type": "missing"}]
        try:
            body = json.loads(raw)
        except ValueError as error:
            return [{"loc": ["body", getattr(error, "pos", 0)], "msg": "JSON decode error", "type": "json_invalid"}]
        if self.headers.get_content_type() != "application/json" or not isinstance(body, dict):
            return [{"loc": ["body"], "msg": "Input should be a valid dictionary", "type": "model_attributes_type"}]
        return [*self.field_problems(body)]

    def field_problems(self, body: dict[str, object]) -> Iterator[dict[str, object]]:
        for name in ("name", "data_type"):
            if name not in body:
                yield {"loc": ["body", name], "msg": "Field required", "type": "missing"}
        for name in ("name", "data_type", "description"):
            if not isinstance(body.get(name, ""), str):
                yield {"loc": ["body", name], "msg": "Input should be a valid string", "type": "string_type"}

    def create(self, body: dict[str, str]) -> None:
        with self.server.lock:
            if body["name"] in self.server.names:
                self.answer(409, {"detail": "Metric already exists"})
                return
            self.server.names.add(body["name"])
            number = len(self.server.names)
        self.answer(201, self.created(body, number))

    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        """The answer to a successful request."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {
            "id": number,
            "name": body["name"],
            "data_type": body["data_type"],
            "description": body.get("description"),
            "metric_id": f"METRIC-{number:03}",
            "organization_id": ORGANIZATION,
            "time_created": now,
            "time_updated": now,
        }

    def answer(self, status: int, body: object, **headers: str) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Tests need no access log."""


for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY"):
    setattr(MetricsHandler, f"do_{method}", MetricsHandler.other_method)


class MetricsServer(ThreadingHTTPServer):
    """The server and what it remembers."""

    daemon_threads = True

    def __init__(self, handler: type[MetricsHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.lock = threading.Lock()
        self.names: set[str] = set()


@contextmanager
def running(handler: type[MetricsHandler] = MetricsHandler) -> Iterator[str]:
    """A server on a free loopback port; its URL."""
    with MetricsServer(handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
