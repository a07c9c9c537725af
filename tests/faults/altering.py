"""An ASGI app around another that changes requests on their way in and answers on their way out."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Message:
    """A request or an answer as a whole. Header names are in lower case; `status` is 0 for requests."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 0

    @property
    def json(self) -> Any:
        """The body as JSON, None if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()

    def respond(self, status: int, value: Any) -> None:
        """Make this answer a JSON one of `status`."""
        self.status, self.json = status, value
        self.headers["content-type"] = "application/json"


@dataclass(frozen=True)
class Altered:
    """`app` with `request(message)` called on every request, and `response(message, request)` on every answer."""

    app: Any
    request: Callable[[Message], None] = lambda message: None
    response: Callable[[Message, Message], None] = lambda message, request: None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        request = Message(scope["method"], scope["path"], headers)
        while True:
            event = await receive()
            request.body += event.get("body", b"")
            if not event.get("more_body"):
                break
        self.request(request)
        if "content-length" in request.headers:
            request.headers["content-length"] = str(len(request.body))
        answer = Message(request.method, request.path)

        async def pass_on() -> dict[str, Any]:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def collect(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                answer.status = event["status"]
                answer.headers = {name.decode().lower(): value.decode("latin-1") for name, value in event["headers"]}
            answer.body += event.get("body", b"")

        await self.app({**scope, "headers": _encoded(request.headers)}, pass_on, collect)
        self.response(answer, request)
        if "content-length" in answer.headers:
            answer.headers["content-length"] = str(len(answer.body))
        await send({"type": "http.response.start", "status": answer.status, "headers": _encoded(answer.headers)})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answer.body})


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
