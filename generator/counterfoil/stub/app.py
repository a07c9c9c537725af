"""A stub as an ASGI application: it finds the operation of a request, and survives whatever goes wrong in it."""

import json
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import parse_qsl

from counterfoil.stub.answers.outside import Outside
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.control.session import Session
from counterfoil.stub.endpoint import Endpoint, Handler, Settings
from counterfoil.stub.requests.routing import Router, fits
from counterfoil.stub.state.store import MemoryStore, Store

Scope = Mapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = logging.getLogger("counterfoil.stub")


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception that nobody expected while a request was answered."""

    method: str
    path: str
    error: Exception
    trace: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.error!r}"


class Stub:
    """A server that behaves as a contract says.

    Every operation answers with the contract's example until a handler is given for it. `failures` are the
    unexpected exceptions so far, whatever was answered.
    """

    def __init__(self, contract: dict[str, Any], store: Store | None = None) -> None:
        """`contract` is an OpenAPI 3.1 document as the generator writes it."""
        self.failures: list[Failure] = []
        self._settings = Settings(ContractTree(contract))
        self._session = Session(store or MemoryStore())
        self._router: Router[dict[str, list[Endpoint]]] = Router()
        self._paths: dict[str, dict[str, Endpoint]] = {}
        self._outside = Outside(self._settings)
        for method, path, _, _ in self._settings.contract.operations():
            self._add(method, path, None)

    @classmethod
    def beside(cls, file: str) -> Self:
        """A stub of the `openapi.json` in the same folder as `file`."""
        return cls(json.loads(Path(file).with_name("openapi.json").read_text(encoding="utf-8")))

    def operation(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """Decorate the handler of an operation of the contract; `LookupError` if there is no such operation."""
        if method not in self._paths.get(path, ()):
            raise LookupError(f"the contract has no operation {method} {path}")

        def decorate(handler: Handler) -> Handler:
            self._add(method, path, handler)
            return handler

        return decorate

    def configure(self, *, token: str | None = None, coerce: bool = False) -> Self:
        """Accept `token` only, or with None any credential of the documented form; coerce as the vendor does."""
        self._settings.token, self._settings.coerce = token, coerce
        for path, endpoints in self._paths.items():
            for method, endpoint in endpoints.items():
                self._add(method, path, endpoint.handler)
        self._outside = Outside(self._settings)
        return self

    def reset(self) -> None:
        """Forget all objects and failures."""
        self._session.store.clear()
        self.failures.clear()

    @property
    def store(self) -> Store:
        """What the stub remembers."""
        return self._session.store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection: a request or a lifespan; others are refused."""
        if scope["type"] != "http":
            await _answer_other(scope["type"], receive, send)
            return
        method = scope["method"]
        found = self._router.match(scope["path"], scope.get("raw_path"))
        endpoints, values = found or ({}, [])
        candidates = endpoints.get(method) or (endpoints.get("GET") if method == "HEAD" else None)
        raw = await _body(receive, (candidates[0] if candidates else self._outside).body_limit)
        endpoint = _choose(candidates, scope, raw) if candidates else None
        parameters = dict(zip(endpoint.variables, values, strict=True)) if endpoint else {}
        # No handler sees a call that fits no operation, so nothing asks for what `Outside` lacks.
        call: Call[Any, Any] = Call(endpoint or cast("Endpoint", self._outside), self._session, scope, parameters, raw)
        try:
            reply = endpoint.respond(call) if endpoint else self._outside.respond(call, _methods(endpoints))
        except Exception as error:
            reply = self._fail(call, error)
        headers = reply.headers
        if reply.status != 204:
            headers = [*headers, (b"content-length", b"%d" % len(reply.body))]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else reply.body})

    def _fail(self, call: Call[Any, Any], error: Exception) -> Reply[Any]:
        trace = "".join(traceback.format_exception(error))
        failure = Failure(call.method, call.path, error, trace)
        self.failures.append(failure)
        log.error("%s\n%s", failure, trace)
        try:
            return call.endpoint.refuse(call, RefusalError("failure"))
        except Exception:
            return Reply(500)

    def _add(self, method: str, path: str, handler: Handler | None) -> None:
        endpoint = Endpoint(self._settings, method, path, handler)
        self._paths.setdefault(path, {})[method] = endpoint
        candidates = self._router.add(endpoint.path, {}).setdefault(method, [])
        places = [place for place, known in enumerate(candidates) if known.collection == path]
        if places:
            candidates[places[0]] = endpoint
        else:
            candidates.append(endpoint)


def _choose(candidates: Sequence[Endpoint], scope: Scope, raw: bytes | None) -> Endpoint:
    """The operation that a request means of those at one path: the one that asks for most of what was sent."""
    if len(candidates) == 1:
        return candidates[0]
    text = scope.get("query_string", b"").decode("latin-1")
    if raw and dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded"):
        text += "&" + raw.decode("latin-1")
    sent = set(parse_qsl(text, keep_blank_values=True))
    names = {name for name, _ in sent}
    fitting = [candidate for candidate in candidates if fits(candidate.asked, sent, names)]
    return max(fitting or candidates[:1], key=lambda candidate: len(candidate.asked))


def _methods(endpoints: Mapping[str, list[Endpoint]]) -> list[str]:
    if not endpoints:
        return []
    names = [*endpoints, *(["HEAD"] if "GET" in endpoints and "HEAD" not in endpoints else [])]
    return names if "OPTIONS" in names else [*names, "OPTIONS"]


async def _body(receive: Receive, limit: int) -> bytes | None:
    """The whole body of a request, None as soon as it is longer than `limit`."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        parts, size = [body], len(body)
        while size <= limit and message.get("more_body"):
            message = await receive()
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
        body = b"".join(parts)
    return body if len(body) <= limit else None


async def _answer_other(kind: str, receive: Receive, send: Send) -> None:
    if kind == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
    elif kind == "websocket":
        await send({"type": "websocket.close", "code": 1000})
