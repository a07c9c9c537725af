"""What schemathesis did and found, as exchanges and findings."""

import traceback
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from schemathesis.engine import events
from schemathesis.engine.recorder import ScenarioRecorder

from counterfoil.checks import stated
from counterfoil.checks.cases.as_sent import Readings
from counterfoil.checks.cases.leaves import leaves, put
from counterfoil.checks.cases.parameters import parameters
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder.judge import ACCEPTS, REFUSES, is_converted, speaks_of_state
from counterfoil.checks.operation import Operation, is_json, media_type_of
from counterfoil.checks.property_tests import names
from counterfoil.checks.property_tests.rules import rule_of
from counterfoil.checks.reporting.findings import Finding
from counterfoil.checks.roles import role_of
from counterfoil.checks.schema_paths import place_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.semantics.refusals import undocumented
from counterfoil.checks.wire.exchange import Exchange, Intent, Request, Response
from counterfoil.checks.wire.target import Target
from counterfoil.stub.requests.violations import Violation

if TYPE_CHECKING:
    from schemathesis.core.failures import Failure
    from schemathesis.core.transport import Response as Answer
    from schemathesis.engine.recorder import Request as SentRequest

# What these say of a request without credentials is about the lack of them, of which `ignored_auth` speaks.
_MISSING_HEADER = "missing_required_header"
_ABOUT_DATA = ("negative_data_rejection", _MISSING_HEADER, "positive_data_acceptance")
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


class Collector:
    """Turns the engine's events into exchanges and findings."""

    def __init__(self, operations: Mapping[str, Operation], target: Target, conversation: Conversation) -> None:
        self._operations = operations
        self._target = target
        self._conversation = conversation
        self._report = conversation.report
        self._readings = Readings(conversation.operations, target.base_path)

    def take(self, event: events.EngineEvent) -> None:
        """Take what an event tells. Exceptions of this package are raised again."""
        if isinstance(event, events.ScenarioFinished):
            self._scenario(event.recorder, event.phase.value)
        elif isinstance(event, events.NonFatalError):
            self._error(event)
        elif isinstance(event, events.FatalError):
            if _is_ours(event.exception):
                raise event.exception
            self._report.skip("schemathesis", "", f"the rest, since it failed: {_in_one_line(event.exception)}")

    def _scenario(self, recorder: ScenarioRecorder, phase: str) -> None:
        # To judge may take further requests, which are seen after all that were sent before them.
        kept: list[tuple[str, Exchange]] = []
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
                seconds=self._conversation.client.starvation.spared(seconds),
            )
            if valid and not self._is_as_meant(exchange, valid=True):
                exchange = replace(exchange, intent="invalid")
            self._report.count(operation.label, phase)
            if self._conversation.client.recorder is not None:
                self._conversation.client.recorder.keep(exchange)
            self._conversation.keep(exchange)
            kept.append((key, exchange))
        for key, exchange in kept:
            for check in recorder.checks.get(key, []):
                self._report.coverage.judged(exchange.operation.label, check.name)
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
        if self._is_left_open(exchange, check):
            return
        status = exchange.response.status
        if check == undocumented.NAME and undocumented.tolerable(exchange.operation, status):
            self._report.skip(check, exchange.operation.label, undocumented.reason(status))
            return
        if self._is_told(exchange, check):
            return
        summary, message = failure.title, failure.message
        path = getattr(failure, "instance_path", None)
        if path is not None:
            summary += f" at {place_of(path)}"
            message = message.partition("\n\n")[0]
        lines = (" ".join(line.split()) for line in message.splitlines())
        expected = (
            "; ".join(line for line in lines if line and not line.startswith("Received:"))
            .replace(":;", ":")
            .removeprefix("Documented: ")
        )
        pointer = rule_of(check, exchange, self._readings)
        self._report.add(exchange, check, summary, expected, exchange.response.describe(), pointer)

    def _is_left_open(self, exchange: Exchange, check: str) -> bool:
        """Whether an answer that schemathesis objects to may be right, by what it does not know of the contract."""
        operation, conversation = exchange.operation, self._conversation
        if check in _ABOUT_DATA and not exchange.authenticated and names.IGNORED_AUTH in operation.switched_off:
            return True
        if check == _MISSING_HEADER and _forbids_only(exchange):
            return True
        if _is_undecodable(exchange) and (check == REFUSES or 400 <= exchange.response.status < 500):
            return True
        if check == ACCEPTS:
            is_open = exchange.intent != "valid" or speaks_of_state(exchange) or _leaves_open(exchange)
            return is_open or conversation.reasons.are_open(exchange)
        if check == REFUSES:
            is_open = not self._is_as_meant(exchange, valid=False) or is_converted(exchange)
            return is_open or self._may_be_ignored(exchange)
        if check == names.UNSUPPORTED_METHOD:
            answer = stated.refusal(operation, "unknown-method")
            return bool(answer) and not stated.difference(answer, exchange.response)
        if check in names.ABOUT_OBJECTS:
            return not _is_about_objects(operation) or conversation.existing.may_show_removed(exchange)
        return False

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

    def _may_be_ignored(self, exchange: Exchange) -> bool:
        """Whether a request is invalid by nothing else than what only the server states, or an integer of 65 bits."""
        route, schemas = self._readings.route(exchange.request), exchange.operation.schemas
        found = list(self._readings.violations(exchange.request, route)) if route is not None else []
        return bool(found) and all(
            not isinstance(each, str)
            and ((each.keyword == "not" and schemas.is_flagged(each.node, "readOnly")) or _is_beyond_format(each))
            for each in found
        )

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
            self._report.add_finding(Finding(conformance.SERVER_ERROR, label, "no answer", "an HTTP response", message))
        elif title in _UNGENERATABLE or str(event.value).startswith(_BYTES):
            self._report.skip("schemathesis", event.label if event.related_to_operation else "", message)
        elif _is_ours(event.value):
            raise event.value
        else:
            # What a live server keeps may be more than schemathesis can read again.
            label = event.label if event.related_to_operation else ""
            self._report.skip("schemathesis", label, f"a part, since it failed: {_in_one_line(event.value)}")


def _is_about_objects(operation: Operation) -> bool:
    """Whether an operation has to do with objects that others make, so that it refuses what was removed."""
    role = role_of(operation)
    return role.action != "answer" and role.unknown == "refuse"


def _forbids_only(exchange: Exchange) -> bool:
    """Whether a refusal is 403 where the contract has that, and not 401 for requests without credentials."""
    declared = exchange.operation.responses.keys()
    is_so = exchange.response.status == HTTPStatus.FORBIDDEN and "403" in declared
    return is_so and declared.isdisjoint({"401", "4XX", "default"})


def _is_beyond_format(violation: Violation) -> bool:
    """Whether a value is beyond the integers of 64 bits, and nothing but its format says that it is not to be."""
    if violation.keyword not in ("minimum", "maximum") or violation.keyword in violation.node:
        return False
    return not -(2**63) <= violation.value < 2**63


def _has_integer_as_fraction(exchange: Exchange) -> bool:
    """Whether a body has an integer such as 1.0, which is none up to draft 4 of JSON Schema and in many languages."""
    sent, schema = exchange.request.json, exchange.operation.request_schema
    return any(
        isinstance(leaf, float) and leaf.is_integer() and not exchange.operation.accepts(schema, put(sent, path, 0.5))
        for path, leaf in (leaves(sent) if schema is not None else ())
    )


def _is_undecodable(exchange: Exchange) -> bool:
    """Whether a body is no text in UTF-8: decoders replace what is none, or refuse it before anything reads JSON."""
    request = exchange.request
    if not is_json(media_type_of(request.header("content-type"))):
        return False
    try:
        request.body.decode()
    except UnicodeDecodeError:
        return True
    return False


def _leaves_open(exchange: Exchange) -> bool:
    """Whether a request has what servers may refuse: a made-up cursor, null, 1.0, or no type where it has no body."""
    if not exchange.request.body and exchange.response.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        return True
    if _has_integer_as_fraction(exchange):
        return True
    operation, sent = exchange.operation, parse_qsl(urlsplit(exchange.request.url).query, keep_blank_values=True)
    known = {each.name: each for each in parameters(operation) if each.place == "query"}
    asked = ((known[name], text) for name, text in sent if name in known)
    return any(parameter.is_cursor or parameter.is_open(text, operation) for parameter, text in asked)


def _is_ours(error: BaseException) -> bool:
    """Whether an exception came from this package, such as from a hook, and not from schemathesis itself."""
    frames = (frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(name.partition(".")[0] == "counterfoil" for name in frames)


def _in_one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
