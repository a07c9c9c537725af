"""What is done to each request of schemathesis before it is sent, and with its answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import schemathesis
from requests import utils
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER
from urllib3.connection import HTTPConnection

from counterfoil.checks.operation import Operation, is_json
from counterfoil.checks.unique import UniqueValues
from counterfoil.checks.wire.answers import Answer
from counterfoil.checks.wire.client import Client
from counterfoil.checks.wire.exchange import without_halves

if TYPE_CHECKING:
    from schemathesis.core.transport import Response

    Case = schemathesis.Case[Any]


@contextmanager
def refreshing(operations: Mapping[str, Operation], unique: UniqueValues) -> Iterator[None]:
    """Make the unique values of bodies new."""

    def before_call(_: schemathesis.HookContext, case: "Case", __: dict[str, Any]) -> None:
        operation = operations.get(case.operation.label)
        if operation is None:
            return
        for name, value in list((case.headers or {}).items()):
            if (fresh := unique.key(operation, name, str(value))) != value:
                case.headers[name] = fresh
        if case.media_type is not None and is_json(case.media_type):
            body = unique.refresh(operation, case.body)
            if body is not case.body:
                case.body = body

    # schemathesis calls hooks of this kind only where they are registered for the whole process.
    GLOBAL_HOOK_DISPATCHER.register_hook_with_name(before_call, "before_call")
    try:
        yield
    finally:
        GLOBAL_HOOK_DISPATCHER.unregister(before_call)


@contextmanager
def whole_texts() -> Iterator[None]:
    """Let schemathesis read what a server has kept of half a surrogate pair, at which its validators fail."""

    def after_call(_: schemathesis.HookContext, __: "Case", response: "Response") -> None:
        response.content = without_halves(response.content)

    GLOBAL_HOOK_DISPATCHER.register_hook_with_name(after_call, "after_call")
    try:
        yield
    finally:
        GLOBAL_HOOK_DISPATCHER.unregister(after_call)


@contextmanager
def final_answers() -> Iterator[None]:
    """Let schemathesis look at final answers, as our own client does."""
    # It offers no way to give it connections.
    before, HTTPConnection.response_class = HTTPConnection.response_class, Answer
    try:
        yield
    finally:
        HTTPConnection.response_class = before


@contextmanager
def own_way() -> Iterator[None]:
    """Keep schemathesis from the proxies of the environment; what a run is to go through is in its configuration."""
    before, utils.should_bypass_proxies = utils.should_bypass_proxies, lambda *_, **__: True
    try:
        yield
    finally:
        utils.should_bypass_proxies = before


@contextmanager
def paced(client: Client) -> Iterator[None]:
    """Hold the requests of schemathesis to the pace of a run, and see to its token."""
    pace = client.pace
    if pace is None:
        yield
        return

    def before_call(_: schemathesis.HookContext, __: "Case", ___: dict[str, Any]) -> None:
        client.renew_in_time()
        pace.take()

    def after_call(_: schemathesis.HookContext, __: "Case", response: "Response") -> None:
        pace.heed(response.status_code, (response.headers.get("retry-after") or [""])[0])

    GLOBAL_HOOK_DISPATCHER.register_hook_with_name(before_call, "before_call")
    GLOBAL_HOOK_DISPATCHER.register_hook_with_name(after_call, "after_call")
    try:
        yield
    finally:
        GLOBAL_HOOK_DISPATCHER.unregister(before_call)
        GLOBAL_HOOK_DISPATCHER.unregister(after_call)
