"""Generated requests, valid and invalid, by schemathesis, and what its checks say of the answers."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import schemathesis
from schemathesis import engine
from schemathesis.engine import events
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from counterfoil.checks.cases.as_sent import Readings
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder.judge import ACCEPTS, REFUSES, speaks_of_state
from counterfoil.checks.operation import METHODS, Operation, is_json
from counterfoil.checks.property_tests import names, undocumented
from counterfoil.checks.property_tests.storage import user_cache
from counterfoil.checks.reporting.findings import Finding
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.settings import Settings
from counterfoil.checks.unique import UniqueValues
from counterfoil.checks.wire.client import Client
from counterfoil.checks.wire.credentials import Credentials, Placement
from counterfoil.checks.wire.exchange import Exchange, Intent, Request, Response
from counterfoil.checks.wire.target import Target

if TYPE_CHECKING:
    from schemathesis.core.failures import Failure
    from schemathesis.core.transport import Response as Answer
    from schemathesis.engine.recorder import Request as SentRequest
    from schemathesis.specs.openapi.schemas import OpenApiSchema

    Case = schemathesis.Case[Any]

# What these say of a request without credentials is about the lack of them, of which `ignored_auth` speaks.
_ABOUT_DATA = ("negative_data_rejection", "missing_required_header", "positive_data_acceptance")
# What schemathesis calls a server that does not answer, and a contract that it cannot make requests from.
_NO_ANSWER = ("Network Error", "Server Unavailable", "Unresponsive Operation", "Unhealthy API")
_UNGENERATABLE = (
    "Schema Error",
    "Failed Health Check",
    "Missing Open API links",
    "Invalid Link Definition",
    "Invalid OpenAPI Links Definition",
    "Serialization not possible",
    "XML serialization error",
)
# What schemathesis raises where it validates bytes, which it makes for `format: binary`, as a JSON value.
_BYTES = "Unsupported type: "
# Credentials are given wherever they are needed, so that 401 and 403 are not among these.
_ACCEPTED = ["2xx", "3xx", "404", "409", "429", "5xx"]


@user_cache()
def run(contract: Mapping[str, Any], conversation: Conversation, target: Target, settings: Settings) -> None:
    """Test every operation of a conversation, keep the exchanges in it and note the findings in its report.

    The same seed gives the same requests to a server that answers in the same way.
    """
    report, operations = conversation.report, conversation.operations
    schema = _load(contract, operations, target, conversation.client, settings)
    known = {operation.label: operation for operation in operations}
    collector = _Collector(known, target, conversation)
    deadline = time.monotonic() + settings.seconds
    pace = conversation.client.pace
    with _refreshing(known, conversation.unique), _paced(conversation.client):
        stream = engine.from_schema(schema).execute()
        for event in stream:
            collector.take(event)
            if pace is not None and pace.spent and not stream.stop_event.is_set():
                report.skip("schemathesis", "", f"the rest: {pace.spent}")
                stream.stop()
            if time.monotonic() > deadline and not stream.stop_event.is_set():
                report.skip("schemathesis", "", f"the rest, after {settings.seconds:.0f} seconds")
                stream.stop()


def _load(
    contract: Mapping[str, Any],
    operations: Sequence[Operation],
    target: Target,
    client: Client,
    settings: Settings,
) -> "OpenApiSchema":
    credentials = client.credentials
    chosen: dict[str, Any] = {
        "seed": settings.seed,
        "workers": 1,
        "continue-on-failure": True,
        "cache": {"enabled": False},
        # Literals of this program's own source would make the requests depend on where it runs.
        "analysis": {"constants": {"enabled": False}},
        "generation": {"max-examples": settings.max_examples, "database": "none"},
        "phases": {
            **{name: {"enabled": True} for name in names.PHASES},
            # A sequence is many requests.
            "stateful": {
                "enabled": True,
                "generation": {"max-examples": max(settings.max_examples // 5, 1)},
            },
        },
        "checks": {"positive_data_acceptance": {"expected-statuses": _ACCEPTED}},
        "operations": [
            {"include-name": operation.label, "checks": {name: {"enabled": False} for name in off}}
            for operation in operations
            if (off := [name for name in operation.switched_off if name in names.CHECKS])
        ],
    }
    if target.app is None:
        network = client.network
        chosen |= {"base-url": target.base_url, "max-redirects": 0, "request-timeout": network.timeout}
        if network.insecure or network.ca is not None:
            chosen["tls-verify"] = False if network.insecure else str(network.ca)
        if (proxy := network.proxy_to(target.base_url)) is not None:
            chosen["proxy"] = proxy
    if client.pace is not None and not target.is_local:
        # Requests by methods that the contract does not have may change what nobody knows of.
        chosen["phases"]["coverage"]["unexpected-methods"] = []
    if credentials.headers:
        chosen["headers"] = dict(credentials.headers)
    config = schemathesis.Config.from_dict(chosen)
    tree = json.loads(json.dumps(contract))
    _name_no_server(tree)
    _keep_only(tree, {operation.label for operation in operations})
    if target.app is not None:
        tree["servers"] = [{"url": target.base_path or "/"}]
    schema = schemathesis.openapi.from_dict(tree, config=config)
    schema.app = target.app
    if credentials.token is not None:
        schema.auth.providers.append(_Authentication({item.label: item for item in operations}, credentials))
    return schema


def _name_no_server(tree: dict[str, Any]) -> None:
    """Take the servers out of a contract: nothing may reach another one than the target, nor may its credentials."""
    tree.pop("servers", None)
    for item in tree.get("paths", {}).values():
        item.pop("servers", None)
        for method in METHODS:
            item.get(method, {}).pop("servers", None)


def _keep_only(tree: dict[str, Any], labels: set[str]) -> None:
    """Take out of a contract the operations that a run does not test."""
    for path, item in tree.get("paths", {}).items():
        for method in METHODS:
            if method in item and f"{method.upper()} {path}" not in labels:
                del item[method]


class _Authentication:
    """Puts the credentials of a run into generated requests (a schemathesis `AuthProvider`)."""

    def __init__(self, operations: Mapping[str, Operation], credentials: Credentials) -> None:
        self._operations, self._credentials = operations, credentials

    def get(self, _: "Case", context: schemathesis.AuthContext) -> list[Placement] | None:
        operation = self._operations.get(context.operation.label)
        return (self._credentials.placements(operation) or None) if operation is not None else None

    def set(self, case: "Case", data: list[Placement], _: schemathesis.AuthContext) -> None:
        containers = {"header": case.headers, "query": case.query, "cookie": case.cookies}
        for location, name, value in data:
            containers[location][name] = value


@contextmanager
def _refreshing(operations: Mapping[str, Operation], unique: UniqueValues) -> Iterator[None]:
    def before_call(_: schemathesis.HookContext, case: "Case", __: dict[str, Any]) -> None:
        operation = operations.get(case.operation.label)
        if operation is not None and case.media_type is not None and is_json(case.media_type):
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
def _paced(client: Client) -> Iterator[None]:
    """Hold the requests of schemathesis to the pace of a run, and see to its token."""
    pace = client.pace
    if pace is None:
        yield
        return

    def before_call(_: schemathesis.HookContext, __: "Case", ___: dict[str, Any]) -> None:
        client.renew_in_time()
        pace.take()

    def after_call(_: schemathesis.HookContext, __: "Case", response: "Answer") -> None:
        pace.heed(response.status_code, (response.headers.get("retry-after") or [""])[0])

    GLOBAL_HOOK_DISPATCHER.register_hook_with_name(before_call, "before_call")
    GLOBAL_HOOK_DISPATCHER.register_hook_with_name(after_call, "after_call")
    try:
        yield
    finally:
        GLOBAL_HOOK_DISPATCHER.unregister(before_call)
        GLOBAL_HOOK_DISPATCHER.unregister(after_call)


class _Collector:
    """Turns the engine's events into exchanges and findings."""

    def __init__(self, operations: Mapping[str, Operation], target: Target, conversation: Conversation) -> None:
        self._operations = operations
        self._target = target
        self._conversation = conversation
        self._report = conversation.report
        self._readings = Readings(conversation.operations, target.base_path)

    def take(self, event: events.EngineEvent) -> None:
        if isinstance(event, events.ScenarioFinished):
            self._scenario(event.recorder, event.phase.value)
        elif isinstance(event, events.NonFatalError):
            self._error(event)
        elif isinstance(event, events.FatalError):
            raise event.exception

    def _scenario(self, recorder: ScenarioRecorder, phase: str) -> None:
        for key, node in recorder.cases.items():
            interaction = recorder.interactions.get(key)
            operation = self._operations.get(node.value.operation.label)
            if interaction is None or interaction.response is None or operation is None:
                continue
            meta = node.value.meta
            valid = meta is None or meta.generation.mode.is_positive
            intent: Intent = "valid" if valid else "invalid"
            seconds = interaction.response.elapsed
            exchange = replace(
                self._exchange(operation, interaction.request, interaction.response, intent, phase),
                moment=interaction.timestamp - seconds,
                seconds=seconds,
            )
            self._report.count(operation.label, phase)
            if self._conversation.client.recorder is not None:
                self._conversation.client.recorder.keep(exchange)
            self._conversation.keep(exchange)
            for check in recorder.checks.get(key, []):
                self._report.coverage.judged(operation.label, check.name)
                if check.failure_info is not None:
                    self._failure(exchange, check.name, check.failure_info.failure)

    def _exchange(
        self, operation: Operation, sent: "SentRequest", answer: "Answer", intent: Intent, source: str
    ) -> Exchange:
        headers = tuple((name, values[0]) for name, values in sent.headers.items())
        carried = self._report.credentials.carried(
            operation, {name.lower(): value for name, value in headers}, sent.uri
        )
        request = Request(sent.method, self._target.shown(sent.uri), headers, sent.body or b"")
        received = tuple((name, value) for name, values in answer.headers.items() for value in values)
        response = Response(answer.status_code, received, answer.content or b"")
        return Exchange(operation, request, response, intent, carried, source)

    def _failure(self, exchange: Exchange, check: str, failure: "Failure") -> None:
        unauthenticated = not exchange.authenticated and names.IGNORED_AUTH in exchange.operation.switched_off
        if check in _ABOUT_DATA and unauthenticated:
            return
        if check == ACCEPTS and (speaks_of_state(exchange) or not self._is_as_meant(exchange, valid=True)):
            return
        if check == REFUSES and not self._is_as_meant(exchange, valid=False):
            return
        if check in names.ABOUT_OBJECTS and role_of(exchange.operation).unknown != "refuse":
            return
        if check == undocumented.NAME and undocumented.tolerable(exchange.operation, exchange.response.status):
            self._report.skip(check, exchange.operation.label, undocumented.REASON)
            return
        if self._is_told(exchange, check):
            return
        summary, message = failure.title, failure.message
        path = getattr(failure, "instance_path", None)
        if path is not None:
            summary += f" at /{'/'.join(map(str, path))}"
            message = message.partition("\n\n")[0]
        lines = (" ".join(line.split()) for line in message.splitlines())
        expected = (
            "; ".join(line for line in lines if line and not line.startswith("Received:"))
            .replace(":;", ":")
            .removeprefix("Documented: ")
        )
        self._report.add(exchange, check, summary, expected, exchange.response.describe())

    def _is_as_meant(self, exchange: Exchange, *, valid: bool) -> bool:
        """Whether a request is to its operation, and valid or not, by what was sent.

        Texts of XML, forms and parameters may say what is valid although the value that they were written from was
        none, and what links take from answers need not fit where it is put.
        """
        route = self._readings.route(exchange.request)
        if route is None:
            return not valid
        if route.operation is not exchange.operation:
            return False
        return valid is not any(True for _ in self._readings.violations(exchange.request, route))

    def _is_told(self, exchange: Exchange, check: str) -> bool:
        """Whether our own check of that name, which says more, has found the same."""
        if check in conformance.NAMES:
            before = self._report.total
            conformance.check(exchange, self._report)
            return self._report.total > before
        return self._report.add_again(check, exchange.operation.label)

    def _error(self, event: events.NonFatalError) -> None:
        pace = self._conversation.client.pace
        if pace is not None and pace.spent:
            return
        title = event.info.title
        message = " ".join(f"{title}: {event.info.message}".split())
        if title in _NO_ANSWER:
            label = event.label if event.related_to_operation else "server"
            self._report.add_finding(Finding("not_a_server_error", label, "no answer", "an HTTP response", message))
        elif title in _UNGENERATABLE or str(event.value).startswith(_BYTES):
            self._report.skip("schemathesis", event.label if event.related_to_operation else "", message)
        else:
            raise event.value
