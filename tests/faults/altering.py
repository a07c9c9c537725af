"""An ASGI app around another that changes requests on their way in and answers on their way out."""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

DROPPED: Any = object()  # what a value becomes that is left out

Path: TypeAlias = tuple[str | int, ...]


@dataclass
class Message:
    """A request or an answer as a whole. Header names are in lower case; `status` is 0 for requests.

    `memory` is the same for all requests to one app, for changes that depend on what was before.
    """

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 0
    memory: dict[Any, Any] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """The body as JSON, None if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    def respond(self, status: int, value: Any, content_type: str = "application/json") -> "Message":
        """This request's answer: `value` as text if it is one and the type is not JSON, else as JSON."""
        is_text = isinstance(value, str) and "json" not in content_type
        body = value.encode() if is_text else json.dumps(value).encode()
        headers = {"content-type": content_type, "content-length": str(len(body))}
        return Message(self.method, self.path, "", headers, body, status, self.memory)

    def copy(self) -> "Message":
        """A message of its own; the memory is shared."""
        return replace(self, headers=dict(self.headers))

    def read(self, pointer: str) -> Any:
        """The first value of the JSON body at `pointer`, None if there is none."""
        return next((value for _, value in places(self.json, pointer)), None)

    def supply(self, name: str, value: Any) -> None:
        """Add a property to the JSON object that is the body, unless it has it."""
        body = self.json
        if isinstance(body, dict):
            self.json = {name: value, **body}

    def edit(self, pointer: str, change: Callable[[Any], Any]) -> bool:
        """Replace every value of the JSON body at `pointer` by what `change` makes of it; whether anything changed."""
        body = self.json
        changed = False
        for path, value in list(places(body, pointer)):
            made = change(value)
            if made is DROPPED or json.dumps(made) != json.dumps(value):
                body, changed = put(body, path, made), True
        if changed:
            self.json = body
        return changed


Serve: TypeAlias = Callable[[Message], Awaitable[Message]]
Change: TypeAlias = Callable[[Message, Serve], Awaitable[Message]]


def places(value: Any, pointer: str) -> Iterator[tuple[Path, Any]]:
    """Every place of `value` at a JSON Pointer in which `*` stands for every item of an array or object."""
    tokens = pointer.split("/")[1:]
    found: list[tuple[Path, Any]] = [((), value)]
    for token in tokens:
        found = [((*path, step), child) for path, held in found for step, child in _steps(held, token)]
    yield from found


def _steps(held: Any, token: str) -> list[tuple[str | int, Any]]:
    token = token.replace("~1", "/").replace("~0", "~")
    if isinstance(held, dict):
        return list(held.items()) if token == "*" else [(token, held[token])] if token in held else []
    if isinstance(held, list):
        return [(index, item) for index, item in enumerate(held) if token in ("*", str(index))]
    return []


def put(value: Any, path: Path, made: Any) -> Any:
    """`value`, changed in place, with `made` at `path`."""
    if not path:
        return made
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    if made is DROPPED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = made
    return value


async def unchanged(request: Message, serve: Serve) -> Message:
    """Nothing is altered."""
    return await serve(request)


class Altered:
    """`app` behind `change`, which is given every request and what answers it."""

    def __init__(self, app: Any, change: Change = unchanged) -> None:
        self._app, self._change = app, change
        self._memory: dict[Any, Any] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Message(
            scope["method"], scope["path"], scope.get("query_string", b"").decode("latin-1"), _decoded(scope["headers"])
        )
        request.memory = self._memory
        while True:
            event = await receive()
            request.body += event.get("body", b"")
            if not event.get("more_body"):
                break

        async def serve(message: Message) -> Message:
            return await _ask(self._app, scope, message)

        answer = await self._change(request, serve)
        if "content-length" in answer.headers:
            answer.headers["content-length"] = str(len(answer.body))
        await send({"type": "http.response.start", "status": answer.status, "headers": _encoded(answer.headers)})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answer.body})


async def _ask(app: Any, scope: Any, request: Message) -> Message:
    """What `app` answers; to HEAD as to GET, so that what is changed in an answer changes its length for both."""
    headers = dict(request.headers)
    if "content-length" in headers or request.body:
        headers["content-length"] = str(len(request.body))
    answer = Message(request.method, request.path, memory=request.memory)

    async def pass_on() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def collect(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            answer.status, answer.headers = event["status"], _decoded(event["headers"])
        answer.body += event.get("body", b"")

    method = "GET" if request.method == "HEAD" else request.method
    changed = {"method": method, "path": request.path, "query_string": request.query.encode("latin-1")}
    if request.path != scope["path"]:
        changed["raw_path"] = request.path.encode()
    await app({**scope, **changed, "headers": _encoded(headers)}, pass_on, collect)
    return answer


def _decoded(headers: Any) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
