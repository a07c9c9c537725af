"""ASGI: how requests come to an application, and how it answers."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from re import compile as regex
from typing import Any

from counterfoil.stub.call import Headers, Reply

Scope = Mapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# What neither name nor value of a header may hold (RFC 9110, sections 5.1 and 5.5).
_ILLEGAL = regex(rb"[\x00-\x08\x0a-\x1f\x7f]")


async def send_reply(reply: Reply[Any], method: str, send: Send) -> None:
    """Send all of the reply to a request of `method`."""
    await send({"type": "http.response.start", "status": reply.status, "headers": with_length(reply)})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else reply.body})


def with_length(reply: Reply[Any]) -> Headers:
    """The headers of a reply and the length of its body, where it may be told (RFC 9110, section 8.6)."""
    return reply.headers if reply.status == 204 else [*reply.headers, (b"content-length", b"%d" % len(reply.body))]


def check_headers(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """`ValueError` for a header that would end its line, or that no client need accept."""
    for name, value in headers:
        if _ILLEGAL.search(name) or _ILLEGAL.search(value):
            raise ValueError(f"the header {name.decode('latin-1')!r} has characters that no header may have")


async def whole_body(message: Message, receive: Receive, limit: int) -> tuple[Message, bytes | None]:
    """The last message of a request that begins with one, and its whole body: None if it is longer than `limit`.

    The rest of such a body is not waited for. Nothing is left of a body whose client has gone before its end.
    """
    parts: list[bytes] = [message.get("body", b"")]
    size = len(parts[0])
    while size <= limit and message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    if message["type"] == "http.disconnect":
        return message, None
    return message, b"".join(parts) if size <= limit else None


def again(message: Message, receive: Receive) -> Receive:
    """What receives a message that was received already, and then what follows."""
    first = [message]

    async def received() -> Message:
        return first.pop() if first else await receive()

    return received


async def answer_other(kind: str, receive: Receive, send: Send) -> None:
    """Answer a connection that is no HTTP request: agree to a lifespan, close a websocket."""
    if kind == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
    elif kind == "websocket":
        await send({"type": "websocket.close", "code": 1000})
