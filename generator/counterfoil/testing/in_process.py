"""An httpx transport that calls an application in this process, and fails as the network does."""

import asyncio
from typing import Any

import httpx

from counterfoil.stub.background import Background
from counterfoil.stub.control.disturbance import ConnectionClosedError


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for `httpx.Client` and `httpx.AsyncClient`.

    A connection that the application closes is an `httpx.RemoteProtocolError`, an answer that takes longer than the
    client wants to wait an `httpx.ReadTimeout`.
    """

    def __init__(self, app: Any, background: Background) -> None:
        self._app, self._background = app, background

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request; the application runs in the loop of another thread."""
        return self._background.run(self._exchange(request, request.read()))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request; the application runs in the running loop."""
        return await self._exchange(request, await request.aread())

    async def _exchange(self, request: httpx.Request, body: bytes) -> httpx.Response:
        patience = request.extensions.get("timeout", {}).get("read")
        try:
            return await asyncio.wait_for(_call(self._app, request, body), patience)
        except TimeoutError:
            raise httpx.ReadTimeout("The read operation timed out", request=request) from None
        except ConnectionClosedError as closed:
            if closed.sent is None:
                message = "Server disconnected without sending a response."
            else:
                message = (
                    "peer closed connection without sending complete message body "
                    f"(received {len(closed.sent.body)} bytes)"
                )
            raise httpx.RemoteProtocolError(message, request=request) from None


async def _call(app: Any, request: httpx.Request, body: bytes) -> httpx.Response:
    url = request.url
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (url.host, url.port),
        "client": ("127.0.0.1", 0),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *parts = sent
    content = b"".join(part.get("body", b"") for part in parts)
    return httpx.Response(start["status"], headers=start["headers"], stream=httpx.ByteStream(content), request=request)
