"""A server of the metric-definition API in plain `http.server`, written from the vendor's documentation.

It shares nothing with the generator and its stubs, so that the contract tests are tried on code that could not
inherit a mistake of theirs.
"""

import json
import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH = "/external/v1/external/v1/customers/metrics"
COMPANY = re.compile(r"/external/v1/external/v1/customers/companies/([^/]+)/metrics")
API_KEY = "handwritten-key-0123456789"
ORGANIZATION = 42

TYPES = {"string": "string_type", "integer": "int_type"}
Fields = dict[str, tuple[str, bool]]  # name → type, and whether it is required
METRIC: Fields = {"name": ("string", True), "data_type": ("string", True), "description": ("string", False)}
VALUE: Fields = {"metric_id": ("integer", True), "company_id": ("integer", True), "value": ("string", True)}


def refuse(name: str) -> None:
    raise ValueError(name)


def is_of(kind: str, value: object) -> bool:
    """Whether a JSON value is of a type; 1.0 is an integer."""
    if kind == "string":
        return isinstance(value, str)
    return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()


class MetricsHandler(BaseHTTPRequestHandler):
    """Answers for one collection of metric definitions, kept by the server."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "MetricsServer"

    def read(self, raw: bytes) -> Any:
        """A JSON text as RFC 8259 has it; `ValueError` or `RecursionError` if it is none."""
        return json.loads(raw.decode(), parse_constant=refuse)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        company = COMPANY.fullmatch(self.route)
        if self.route != PATH and company is None:
            self.answer(404, {"detail": "Not Found"})
        elif problems := self.syntax_problems(raw):
            self.answer(422, {"detail": problems})
        elif not self.is_authenticated():
            self.answer(401, {"detail": "Not authenticated"})
        elif problems := self.all_problems(raw, company):
            self.answer(422, {"detail": problems})
        elif company is None:
            self.create(self.read(raw))
        else:
            self.create_value(self.read(raw), int(company[1]))

    def do_GET(self) -> None:
        company = COMPANY.fullmatch(self.route)
        if self.route != PATH and company is None:
            self.answer(404, {"detail": "Not Found"})
        elif not self.is_authenticated():
            self.answer(401, {"detail": "Not authenticated"})
        elif company is None:
            self.answer(200, self.listed())
        elif problems := self.path_problems(company[1]):
            self.answer(422, {"detail": problems})
        else:
            self.answer(200, self.server.values.get(int(company[1]), []))

    def listed(self) -> list[dict[str, object]]:
        return list(self.server.metrics.values())

    def other_method(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.route == PATH or COMPANY.fullmatch(self.route):
            self.answer(405, {"detail": "Method Not Allowed"}, Allow="GET, POST")
        else:
            self.answer(404, {"detail": "Not Found"})

    @property
    def route(self) -> str:
        return self.path.partition("?")[0]

    def all_problems(self, raw: bytes, company: re.Match[str] | None) -> list[dict[str, object]]:
        if company is None:
            return self.problems(raw, METRIC)
        return self.path_problems(company[1]) + self.problems(raw, VALUE)

    def path_problems(self, company: str) -> list[dict[str, object]]:
        if re.fullmatch(r"[+-]?\d{1,4000}", company):
            return []
        message = "Input should be a valid integer, unable to parse string as an integer"
        return [{"loc": ["path", "company_id"], "msg": message, "type": "int_parsing", "input": company}]

    def is_authenticated(self) -> bool:
        return self.headers.get("x-api-key") == API_KEY

    def syntax_problems(self, raw: bytes) -> list[dict[str, object]]:
        """What is wrong with a request body before anybody looks at what it says."""
        if not raw:
            return [{"loc": ["body"], "msg": "Field required", "type": "missing", "input": None}]
        try:
            self.read(raw)
        except (ValueError, RecursionError) as error:
            told = {"loc": ["body", getattr(error, "pos", 0)], "msg": "JSON decode error", "type": "json_invalid"}
            return [told | {"input": {}, "ctx": {"error": str(error)}}]
        return []

    def problems(self, raw: bytes, fields: Fields) -> list[dict[str, object]]:
        """What is wrong with a request body that is JSON, all at once."""
        body = self.read(raw)
        is_json = re.fullmatch(r"application/(.+\+)?json", self.headers.get_content_type())
        if not is_json or not isinstance(body, dict):
            message = "Input should be a valid dictionary or object to extract fields from"
            given = body if is_json else raw.decode()
            return [{"loc": ["body"], "msg": message, "type": "model_attributes_type", "input": given}]
        return [*self.field_problems(body, fields)]

    def field_problems(self, body: dict[str, object], fields: Fields) -> Iterator[dict[str, object]]:
        for name, (kind, required) in fields.items():
            if name not in body:
                if required:
                    yield {"loc": ["body", name], "msg": "Field required", "type": "missing", "input": body}
            elif not is_of(kind, value := body[name]):
                told = {"loc": ["body", name], "msg": f"Input should be a valid {kind}", "type": TYPES[kind]}
                yield told | {"input": str(value) if isinstance(value, float) and not math.isfinite(value) else value}

    def create(self, body: dict[str, str]) -> None:
        with self.server.lock:
            if body["name"] in self.server.metrics:
                self.answer(409, {"detail": "Metric already exists"})
                return
            made = self.created(body, len(self.server.metrics) + 1)
            self.server.metrics[body["name"]] = made
        self.answer(201, made)

    def create_value(self, body: dict[str, object], company: int) -> None:
        now = self.now()
        with self.server.lock:
            kept = self.server.values.setdefault(company, [])
            self.server.last_value += 1
            made = {
                "id": self.server.last_value,
                **{name: body[name] for name in VALUE},
                "organization_id": ORGANIZATION,
                "time_created": now,
                "time_updated": now,
            }
            kept.append(made)
        self.answer(201, made)

    def created(self, body: dict[str, str], number: int) -> dict[str, object]:
        """The answer to a successful request."""
        now = self.now()
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

    def now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

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


for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY"):
    setattr(MetricsHandler, f"do_{method}", MetricsHandler.other_method)


class MetricsServer(ThreadingHTTPServer):
    """The server and what it remembers."""

    daemon_threads = True

    def __init__(self, handler: type[MetricsHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.lock = threading.Lock()
        self.metrics: dict[str, dict[str, object]] = {}
        self.values: dict[int, list[dict[str, object]]] = {}
        self.last_value = 0


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
