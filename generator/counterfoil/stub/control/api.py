"""The control API, which is a stub itself: of `control.openapi.json`, with handlers that act on another one."""

import time
from collections.abc import Callable
from typing import Any

from counterfoil.stub.app import Stub
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.control.controlled import Controlled
from counterfoil.stub.control.journal import Exchange
from counterfoil.stub.control.subject import description
from counterfoil.stub.handlers.registry import OwnHandler

AnyCall = Call[Any, Any]
_started = time.monotonic()


def control_api(stub: Stub) -> Stub:
    """The control API of `stub` as an application whose paths begin after the reserved prefix."""
    api = Stub(description()).configure(cors=False).controlled(prefix=None, kept=0)
    for (method, path), act in {**_about(stub), **_of_sessions(stub)}.items():
        api.operation(method, path)(act)
    return api


def _about(stub: Stub) -> dict[tuple[str, str], OwnHandler]:
    def listing(_call: AnyCall) -> Reply[Any]:
        paths = {
            f"{stub.control_prefix}{path}": {
                method.upper(): operation["summary"] for method, operation in item.items() if method != "parameters"
            }
            for path, item in description()["paths"].items()
        }
        return Reply.json(200, paths)

    def health(_call: AnyCall) -> Reply[Any]:
        info = stub.subject.contract.tree.get("info") or {}
        return Reply.json(
            200,
            {
                "status": "ok",
                "title": info.get("title"),
                "version": info.get("version"),
                "operations": sum(1 for _ in stub.subject.contract.operations()),
                "sessions": len(stub.sessions.names()),
                "failures": len(stub.failures),
                "uptime_seconds": round(time.monotonic() - _started, 3),
            },
        )

    def described(_call: AnyCall) -> Reply[Any]:
        return Reply.json(200, {**description(), "servers": [{"url": stub.control_prefix}]})

    def sessions(_call: AnyCall) -> Reply[Any]:
        return Reply.json(200, stub.sessions.names())

    def remove_session(call: AnyCall) -> Reply[Any]:
        if not stub.sessions.remove(call.path_parameters["name"]):
            raise call.refuse("unknown-object", message="There is no such session.")
        return Reply(204)

    return {
        ("GET", "/"): listing,
        ("GET", "/health"): health,
        ("GET", "/contract"): lambda _: Reply.json(200, stub.subject.contract.tree),
        ("GET", "/openapi.json"): described,
        ("GET", "/webhooks"): lambda _: Reply.json(200, list(stub.subject.calling.webhooks)),
        ("GET", "/sessions"): sessions,
        ("DELETE", "/sessions/{name}"): remove_session,
    }


def _of_sessions(stub: Stub) -> dict[tuple[str, str], OwnHandler]:
    def on_session(act: Callable[[Controlled, AnyCall], Reply[Any] | None]) -> Callable[[AnyCall], Reply[Any]]:
        def handle(call: AnyCall) -> Reply[Any]:
            try:
                return act(stub.session(_session_of(stub, call)), call) or Reply(204)
            except ValueError as error:
                raise RefusalError("invalid", {"message": str(error)}) from None

        return handle

    def requests(session: Controlled, call: AnyCall) -> Reply[Any]:
        asked = dict(call.query)
        operation = stub.subject.operation(asked["operation"]) if "operation" in asked else None
        found = [each for each in session.requests if _wanted(each, operation, asked)]
        return Reply.json(200, [each.as_json() for each in found[-int(asked.get("last", 0)) :]])

    def load(session: Controlled, call: AnyCall) -> None:
        session.state = call.value

    def queue(session: Controlled, call: AnyCall) -> None:
        single = {name: call.value[name] for name in ("status", "headers", "body", "unchecked") if name in call.value}
        session.queue_answers(call.value["operation"], call.value.get("answers", [single]))

    def add_fault(session: Controlled, call: AnyCall) -> Reply[Any]:
        return Reply.json(201, session.fail(**call.value).as_json())

    def remove_fault(session: Controlled, call: AnyCall) -> None:
        wanted = call.path_parameters["id"]
        fault = next((each for each in session.faults if each.id == wanted), None)
        if fault is None:
            raise call.refuse("unknown-object", message="There is no such fault.")
        session.heal(fault)

    async def trigger(call: AnyCall) -> Reply[Any]:
        session, calling = stub.sessions.named(_session_of(stub, call)), stub.subject.calling
        asked, name = call.value or {}, call.path_parameters["name"]
        if name not in calling.webhooks:
            raise call.refuse("unknown-object", message="The contract has no such webhook.")
        callback = calling.webhook(session, name, asked.get("url"), [asked["body"]] if "body" in asked else [])
        await calling.deliver(callback)
        return Reply.json(200, callback.as_json(stub.subject.secrets.mask))

    def callbacks(session: Controlled, _call: AnyCall) -> Reply[Any]:
        return Reply.json(200, [each.as_json(stub.subject.secrets.mask) for each in session.callbacks])

    acts: dict[tuple[str, str], Callable[[Controlled, AnyCall], Reply[Any] | None]] = {
        ("GET", "/requests"): requests,
        ("DELETE", "/requests"): lambda session, _: session.forget_requests(),
        ("GET", "/state"): lambda session, _: Reply.json(200, session.state),
        ("PUT", "/state"): load,
        ("DELETE", "/state"): lambda session, _: session.store.clear(),
        ("GET", "/answers"): lambda session, _: Reply.json(200, session.queued_answers),
        ("POST", "/answers"): queue,
        ("DELETE", "/answers"): lambda session, _: session.forget_answers(),
        ("GET", "/faults"): lambda session, _: Reply.json(200, [each.as_json() for each in session.faults]),
        ("POST", "/faults"): add_fault,
        ("DELETE", "/faults"): lambda session, _: session.heal(),
        ("DELETE", "/faults/{id}"): remove_fault,
        ("GET", "/callbacks"): callbacks,
        ("DELETE", "/callbacks"): lambda session, _: session.forget_callbacks(),
        ("POST", "/reset"): lambda session, _: session.reset(),
    }
    return {**{operation: on_session(act) for operation, act in acts.items()}, ("POST", "/webhooks/{name}"): trigger}


def _session_of(stub: Stub, call: AnyCall) -> str:
    return next((value for name, value in call.query if name == "session"), "") or stub.session_name(call)


def _wanted(exchange: Exchange, operation: str | None, asked: dict[str, str]) -> bool:
    status = str(exchange.status)
    pattern = asked.get("status", status)
    return (
        operation in (None, exchange.operation)
        and exchange.method == asked.get("method", exchange.method).upper()
        and (status == pattern or (pattern.endswith("XX") and status[0] == pattern[0]))
        and asked.get("refused", str(exchange.reason is not None).lower()) == str(exchange.reason is not None).lower()
    )
