"""A stub as an ASGI application: it finds the operation of a request, and survives whatever goes wrong in it."""

import copy
import logging
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self, cast

from counterfoil.stub.asgi import (
    Message,
    Receive,
    Scope,
    Send,
    again,
    answer_other,
    check_headers,
    send_reply,
    whole_body,
)
from counterfoil.stub.call import Call, Headers, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.control import disturbance
from counterfoil.stub.control.access_log import AccessLog
from counterfoil.stub.control.controlled import Controlled, NamedSession
from counterfoil.stub.control.journal import KEPT
from counterfoil.stub.control.session import HEADER, MOST, Failure, Sessions, name_of
from counterfoil.stub.control.subject import Subject
from counterfoil.stub.endpoint import Endpoint, Handler, Settings
from counterfoil.stub.endpoints import Endpoints
from counterfoil.stub.handlers.own import Own, Suspended, as_handler
from counterfoil.stub.handlers.registry import Function, Handlers, operations_of
from counterfoil.stub.reading import read
from counterfoil.stub.requests.headers.cors import preflight, shared_with
from counterfoil.stub.requests.routing.choosing import choose
from counterfoil.stub.requests.security.credentials import Tokens
from counterfoil.stub.state.memory import MemoryStore
from counterfoil.stub.state.store import Store

CONTROL = "/__counterfoil__"
NEVER = "\0"  # what no path begins with, and no header is called

_NOTHING: tuple[dict[str, list[Endpoint]], list[str]] = ({}, [])

log = logging.getLogger("counterfoil.stub")


class Stub(Controlled):
    """A server that behaves as a contract says.

    Every operation does what the contract implies until a handler is given for it. What tests do with it, such as
    looking at `requests`, concerns the default session; `session` gives the others.
    """

    log: AccessLog | None = None

    def __init__(self, contract: dict[str, Any] | ContractTree, store: Store | None = None) -> None:
        """`contract` is an OpenAPI 3.1 document as the generator writes it, or what one was read into."""
        self._settings = Settings(contract if isinstance(contract, ContractTree) else ContractTree(contract))
        self._subject = Subject(self._settings.contract)
        self._stores: Callable[[str], Store] = lambda name: store if store and not name else MemoryStore()
        self.controlled()
        self._has_handlers = self._is_shared = False

    @classmethod
    def beside(cls, file: str) -> Self:
        """A stub of the `openapi.json` in the same folder as `file`."""
        return cls(read(Path(file).with_name("openapi.json").read_text(encoding="utf-8")))

    def operation(self, method: str, path: str) -> Callable[[Function], Function]:
        """Decorate the handler of an operation of the contract; `LookupError` if there is no such operation."""
        if method not in self._endpoints.paths.get(path, {}):
            raise LookupError(f"the contract has no operation {method} {path}")

        def decorate(handler: Function) -> Function:
            self._own().paths[path][method].handle(as_handler(handler))
            return handler

        return decorate

    def use(self, handlers: Handlers) -> Self:
        """Let handlers of one's own answer their operations, each over what answered before.

        Later ones take the place of earlier ones. `CounterfoilError` with all operations that the contract lacks, and
        those that have two handlers.
        """
        for name, registered in operations_of(handlers, self._subject.operations).items():
            method, _, path = name.partition(" ")
            endpoint = self._own().paths[path][method]
            inner = endpoint.handler.inner if isinstance(endpoint.handler, Own) else endpoint.handler
            endpoint.handle(Own(registered.function, inner))
        return self

    @cached_property
    def _endpoints(self) -> Endpoints:
        return Endpoints.shared(self._settings)

    def _own(self) -> Endpoints:
        """The operations, which no other stub has."""
        if not self._has_handlers or self._is_shared:
            self._endpoints = self._endpoints.with_settings(self._settings)
            self._has_handlers, self._is_shared = True, False
        return self._endpoints

    def configure(
        self,
        *,
        token: str | Tokens | None = None,
        coerce: bool = False,
        dynamic: bool = False,
        errors: bool = False,
        cors: bool = True,
        seed: int = 0,
        like_prism: bool = False,
        stateless: bool = False,
        allow_callbacks: Collection[str] | None = (),
    ) -> Self:
        """Set all options, those that are not given to their defaults.

        `token` is the only credential to accept, or a map of all that are, to the scopes of each, None for every scope;
        without it any of the documented form is. `coerce` converts types as the vendor does. `dynamic` makes up another
        answer for each request where it is the contract's example otherwise, from `seed`. `errors` answers 500 instead
        of what breaks the contract. `cors` lets pages of other origins call. `like_prism` chooses and refuses as
        Stoplight Prism does, in its words. `stateless` remembers nothing and answers by example. `allow_callbacks` are
        hosts, addresses and networks that callbacks and webhooks are sent to, beside loopback; with None none are.
        `ValueError` for what is none of these.
        """
        tokens = {token: None} if isinstance(token, str) else token or {}
        self._settings = Settings(
            self._settings.contract, tokens, coerce, dynamic, errors, cors, seed, like_prism, stateless, allow_callbacks
        )
        if self._has_handlers:
            self._endpoints, self._is_shared = self._endpoints.with_settings(self._settings), False
        else:
            self.__dict__.pop("_endpoints", None)
        self._subject = Subject(self._settings.contract, tokens, allow_callbacks, seed)
        if allow_callbacks:
            _ = self._subject.calling
        return self

    def controlled(
        self, *, prefix: str | None = CONTROL, kept: int = KEPT, sessions: int = MOST, by_token: bool = False
    ) -> Self:
        """Say how tests control the stub, which forgets everything.

        Paths below `prefix` are the control API's, with None there is none and no request names a session or a fault.
        Of each session `kept` requests are kept, and no more than so many `sessions`; `by_token`, whoever has other
        credentials has another session.
        """
        self.control_prefix = prefix
        self._reserved = f"{prefix}/" if prefix else NEVER
        self._session_header = HEADER if prefix else NEVER.encode()
        self._fault_header = disturbance.HEADER if prefix else NEVER.encode()
        self._by_token = by_token
        self.sessions = Sessions(self._stores, kept, sessions)
        self._session = self.sessions.default
        return self

    def remembering(self, stores: Callable[[str], Store]) -> Self:
        """Keep what sessions remember in the store that `stores` gives for the name of each, empty for the default."""
        self._stores = stores
        self.sessions = self.sessions.kept_in(stores)
        self._session = self.sessions.default
        return self

    def session(self, name: str = "") -> Controlled:
        """The session of a name, made if there is none, the default one for the empty name."""
        return NamedSession(self._subject, self.sessions.named(name))

    def session_name(self, call: Call[Any, Any]) -> str:
        """The name of the session that a request belongs to, empty for the default one."""
        return name_of(call, self._session_header, self._subject.secrets if self._by_token else None)

    def again(self) -> Self:
        """A stub of the same contract, handlers and options that remembers nothing, made in no time."""
        other = copy.copy(self)
        other.__dict__.pop("_control_api", None)
        self._is_shared = other._is_shared = True
        other.sessions = self.sessions.again()
        other._session = other.sessions.default
        return other

    @property
    def subject(self) -> Subject:
        """The contract as those see it who control the stub."""
        return self._subject

    def at_once(self, scope: Scope, raw: bytes) -> Reply[Any] | None:
        """The answer to an HTTP request with the body `raw`, None if it is to be had only by calling the stub.

        That is so for what has to wait, such as faults and handlers of one's own, and for the control API.
        """
        endpoints, values = self._endpoints.routes.match(scope["path"], scope.get("raw_path")) or _NOTHING
        if (values or not endpoints) and self._is_reserved(scope["path"]):
            return None
        endpoint = self._endpoint(endpoints, scope, values, raw)
        if endpoint.may_wait or len(raw) > endpoint.body_limit:
            return None
        call = self._call(endpoint, scope, values, raw)
        session = call.session
        if session.disturbed or self._fault_header in call.headers:
            return None
        reply = self._respond(call, endpoints)
        if endpoint.callbacks:
            self._call_back(call, reply)
        entry = session.journal.record(call, scope["headers"], reply)
        if self.log is not None:
            self.log(entry)
        return reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection: a request or a lifespan; others are refused."""
        if scope["type"] != "http":
            await answer_other(scope["type"], receive, send)
            return
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        reply = None if message.get("more_body") else self.at_once(scope, message.get("body", b""))
        if reply is None:
            await self._answer_in_time(scope, message, receive, send)
        else:
            await send_reply(reply, scope["method"], send)

    async def _answer_in_time(self, scope: Scope, message: Message, receive: Receive, send: Send) -> None:
        """Answer what `at_once` does not: a request that begins with `message`."""
        endpoints, values = self._endpoints.routes.match(scope["path"], scope.get("raw_path")) or _NOTHING
        if (values or not endpoints) and self._is_reserved(scope["path"]):
            await self._control(scope, again(message, receive), send)
            return
        message, raw = await whole_body(message, receive, self._endpoint(endpoints, scope, values, None).body_limit)
        if not raw and message["type"] == "http.disconnect":
            return
        call = self._call(self._endpoint(endpoints, scope, values, raw), scope, values, raw)
        respond, record = partial(self._awaited, call, endpoints), partial(self._record, call, scope["headers"])
        if call.session.disturbed or self._fault_header in call.headers:
            await disturbance.answer(call, respond, record, scope, receive, send)
            return
        reply = await respond()
        try:
            check_headers(reply.headers)
        except ValueError as error:
            reply = self._fail(call, error)
        record(reply)
        await send_reply(reply, call.method, send)

    def _is_reserved(self, path: str) -> bool:
        """Whether a path is the control API's; none without variables is, so those need not be asked."""
        return f"{path}/".startswith(self._reserved)

    def _endpoint(
        self, endpoints: Mapping[str, list[Endpoint]], scope: Scope, values: Sequence[str], raw: bytes | None
    ) -> Endpoint:
        """The operation that a request means of those at its path; `values` are those of the path's variables."""
        method = scope["method"]
        heads = method == "HEAD" and not self._settings.like_prism
        candidates = endpoints.get(method) or (endpoints.get("GET") if heads else None)
        if not candidates:
            # No handler sees a call that fits no operation, so nothing asks for what `Outside` lacks.
            return cast("Endpoint", self._endpoints.outside)
        if len(candidates) == 1:
            return candidates[0]
        return choose(candidates, scope, raw, lambda each: self._call(each, scope, values, raw))

    def _call(self, endpoint: Endpoint, scope: Scope, values: Sequence[str], raw: bytes | None) -> Call[Any, Any]:
        """A request for an operation, in its session; `values` are those of the path's variables."""
        parameters = (
            {name: value for name, value in zip(endpoint.variables, values, strict=False) if value} if values else {}
        )
        call: Call[Any, Any] = Call(endpoint, self._session, scope, parameters, raw)
        if self._session_header in call.headers or self._by_token:
            call.session = self.sessions.named(self.session_name(call))
        return call

    def _respond(
        self, call: Call[Any, Any], endpoints: Mapping[str, list[Endpoint]], handler: Handler | None = None
    ) -> Reply[Any]:
        """The answer to a call for one of the methods of a path, by its handler or the one that is given."""
        origin = call.headers.get(b"origin")
        if origin is not None and self._settings.cors:
            answers = self._settings.like_prism or "OPTIONS" not in endpoints
            known = preflight(call.method, call.headers) if answers else None
            reply = self._answer(call, endpoints, handler) if known is None else Reply(204, b"", known)
            reply.headers += shared_with(origin, reply.headers)
            return reply
        return self._answer(call, endpoints, handler)

    async def _awaited(
        self, call: Call[Any, Any], endpoints: Mapping[str, list[Endpoint]], handler: Handler | None = None
    ) -> Reply[Any]:
        try:
            return self._respond(call, endpoints, handler)
        except Suspended as raised:
            suspended = raised
        # Out of the block above, so that what handlers raise does not tell of it.
        return self._respond(call, endpoints, await suspended.outcome())

    def _answer(
        self, call: Call[Any, Any], endpoints: Mapping[str, list[Endpoint]], handler: Handler | None
    ) -> Reply[Any]:
        try:
            if isinstance(call.endpoint, Endpoint):
                return call.endpoint.respond(call, handler)
            return self._endpoints.outside.respond(call, _methods(endpoints))
        except Exception as error:
            return self._fail(call, error)

    def _call_back(self, call: Call[Any, Any], reply: Reply[Any]) -> None:
        if call.refusal is None and 200 <= reply.status < 400:
            self._subject.calling.after(call, reply)

    def _record(self, call: Call[Any, Any], headers: Headers, reply: Reply[Any] | None, fault: Any = None) -> None:
        if reply is not None and call.endpoint.callbacks:
            self._call_back(call, reply)
        entry = call.session.journal.record(call, headers, reply, fault)
        if self.log is not None:
            self.log(entry)

    def _fail(self, call: Call[Any, Any], error: Exception) -> Reply[Any]:
        trace = "".join(traceback.format_exception(error))
        failure = Failure(call.method, call.path, error, trace)
        call.session.failures.append(failure)
        log.error("%s", self._subject.secrets.mask.text(f"{failure}\n{trace}"))
        try:
            return call.endpoint.refuse(call, RefusalError("failure"))
        except Exception:
            return Reply(500)

    @cached_property
    def _control_api(self) -> "Stub":
        from counterfoil.stub.control.api import control_api

        return control_api(self)

    async def _control(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw, cut = scope.get("raw_path") or b"", len(self._reserved) - 1
        known = raw.startswith(self._reserved[:-1].encode())
        shorter = {"path": scope["path"][cut:] or "/", "raw_path": (raw[cut:] or b"/") if known else None}
        await self._control_api({**scope, **shorter}, receive, send)


def _methods(endpoints: Mapping[str, list[Endpoint]]) -> list[str]:
    if not endpoints:
        return []
    names = [*endpoints, *(["HEAD"] if "GET" in endpoints and "HEAD" not in endpoints else [])]
    return names if "OPTIONS" in names else [*names, "OPTIONS"]
