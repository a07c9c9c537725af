"""Talking to a stub in this process, each answer held against the contract."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from counterfoil.stub import Stub
from counterfoil.stub.loading import load_stub

ROOT = Path(__file__).parents[2]
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What a stub answered; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    def __eq__(self, other: object) -> bool:
        return NotImplemented


class Client:
    """Sends requests to a stub. An answer that breaks the contract, or a failure inside the stub, is an error."""

    def __init__(self, stub: Stub, tree: dict[str, Any]) -> None:
        self.stub = stub
        self.tree = tree

    def __call__(
        self,
        method: str,
        target: str,
        body: Any = b"",
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        *,
        chunks: int = 1,
        fails: bool = False,
    ) -> Answer:
        """The answer to one request; `body` is bytes, or a JSON value sent with its content type by default."""
        pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
            pairs += [] if any(name.lower() == "content-type" for name, _ in pairs) else list(JSON.items())
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(errors="surrogateescape"),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        }
        answer = asyncio.run(_exchange(self.stub, scope, body, chunks))
        assert bool(self.stub.failures) == fails, [failure.trace for failure in self.stub.failures]
        self._conforms(method, path, answer)
        return answer

    def _conforms(self, method: str, path: str, answer: Answer) -> None:
        operation = (self.tree["paths"].get(path) or {}).get(method.lower())
        if operation is None:
            return
        declared = operation["responses"]
        response = declared.get(str(answer.status), declared.get(f"{answer.status // 100}XX", declared.get("default")))
        if response is None:
            assert answer.status in (400, 401, 403, 404, 406, 409, 413, 415, 422, 500)
            return
        content = response.get("content") or {}
        if not content:
            assert answer.body == b""
            assert "content-type" not in answer.headers
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in content
        if media_type == "application/json":
            schema = {**content[media_type]["schema"], "components": self.tree.get("components", {})}
            jsonschema_rs.validate(schema, answer.json, validate_formats=True)


def vendor_client(vendor: str, token: str | None = None, *, coerce: bool = False) -> Client:
    """A client of a new stub of what was generated for a vendor."""
    tree = json.loads((ROOT / "generated" / vendor / "openapi.json").read_text("utf-8"))
    return Client(load_stub(ROOT / "generated", vendor, token, coerce=coerce), tree)


def client_of(tree: dict[str, Any], token: str | None = None, *, coerce: bool = False) -> Client:
    """A client of a stub of a contract, whose POST operations create."""
    stub = Stub(tree)
    for path, item in tree["paths"].items():
        if "post" in item:
            stub.operation("POST", path)(lambda call: call.create())
    return Client(stub.configure(token=token, coerce=coerce), tree)


async def _exchange(stub: Stub, scope: dict[str, Any], body: bytes, chunks: int) -> Answer:
    size = max(1, -(-len(body) // chunks))
    parts = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    incoming = iter(
        {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}
        for number, part in enumerate(parts)
    )
    sent: list[Any] = []

    async def receive() -> Any:
        return next(incoming)

    async def send(message: Any) -> None:
        sent.append(message)

    await stub(scope, receive, send)
    start, *bodies = sent
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(message.get("body", b"") for message in bodies))
