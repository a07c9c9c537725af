"""What is wrong, by the contract, with a request that was written elsewhere: read as a server reads it."""

from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from counterfoil import pointer as json_pointer
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.exchange import NOTHING, Request
from counterfoil.checks.wire.routes import Route, Routes
from counterfoil.stub.call import Call, RefusalError
from counterfoil.stub.endpoint import BODY_LIMIT
from counterfoil.stub.requests.request_checks import RequestChecks
from counterfoil.stub.requests.violations import Violation

_BEFORE = ("media-type", "malformed")
_UNREADABLE = {
    "media-type": "the media type of the body is not documented",
    "media-type.missing": "the body has no media type",
    "media-type.empty": "the required body is missing",
    "malformed.empty": "the required body is missing",
}


class Said(NamedTuple):
    """The body of a request, `NOTHING` where there is none that can be read, and its parameters by place and name."""

    body: Any
    parameters: Mapping[tuple[str, str], Any]


class Readings:
    """Reads requests to `operations`, whose paths begin after `base_path`."""

    def __init__(self, operations: Sequence[Operation], base_path: str = "") -> None:
        self._routes = Routes(operations, base_path)
        self._checks: dict[str, list[Any]] = {}

    def route(self, request: Request) -> Route | None:
        """The operation that a request is made to; None where the contract has none."""
        return self._routes.match(request.method, request.url)

    def violations(self, request: Request, route: Route) -> Iterator[Violation | str]:
        """What is wrong with parameters and body, in words where no value is at fault. Credentials are none of it.

        Texts are read as the types of the schema; of what they may mean, that which the schema allows.
        """
        yield from self._read(request, route)[1]

    def said(self, request: Request, route: Route) -> Said:
        """What a request says, as far as it can be read; defaults take the place of parameters that it lacks."""
        call, _ = self._read(request, route)
        return Said(call.value if call.has_value else NOTHING, call.parameters)

    def _read(self, request: Request, route: Route) -> tuple[Call[Any, Any], Sequence[Violation | str]]:
        """A request as a stub reads it, and what is wrong with it."""
        operation, parts = route.operation, urlsplit(request.url)
        if operation.label not in self._checks:
            checks = RequestChecks(operation.schemas, operation.tree, operation.pointer)
            # A server that is said to pass over what it cannot read is not asked to refuse it.
            order = [*filter(operation.looks_at, _BEFORE), "schema"]
            self._checks[operation.label] = checks.compile(order, {})
        scope = {
            "method": request.method,
            "path": unquote(parts.path),
            "query_string": parts.query.encode("latin-1", "replace"),
            "headers": [
                (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                for name, value in request.headers
            ],
        }
        # What is only read is not acted upon.
        reading: Any = SimpleNamespace(body_limit=BODY_LIMIT)
        call: Call[Any, Any] = Call(reading, reading, scope, route.texts, request.body)
        for check in self._checks[operation.label]:
            try:
                check(call)
            except RefusalError as error:
                if error.violations:
                    return call, error.violations
                told = str(error.facts.get("message") or error.reason)
                return call, [_UNREADABLE.get(error.reason, f"the body cannot be read: {told}")]
        return call, ()


def in_words(violation: Violation | str) -> str:
    """A violation in one line."""
    if isinstance(violation, str) or violation.message.startswith("the "):
        return violation if isinstance(violation, str) else violation.message
    if violation.place != "body":
        return f"the {violation.place} parameter {violation.path[0]} breaks its schema: {violation.message}"
    where = json_pointer.join("", *violation.path)
    return f"the body breaks its schema{f' at {where}' if where else ''}: {violation.message}"
