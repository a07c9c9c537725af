"""What is wrong, by the contract, with a request that was written elsewhere: read as a server reads it."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from counterfoil import pointer as json_pointer
from counterfoil.checks.live.routes import Route, Routes
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.exchange import Request
from counterfoil.stub.call import Call, RefusalError
from counterfoil.stub.requests.request_checks import RequestChecks
from counterfoil.stub.requests.violations import Violation

_BEFORE = ("media-type", "malformed")
_UNREADABLE = {
    "media-type": "the media type of the body is not documented",
    "media-type.missing": "the body has no media type",
    "media-type.empty": "the required body is missing",
    "malformed.empty": "the required body is missing",
}


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
        nothing: Any = None  # what is only read is not acted upon
        call: Call[Any, Any] = Call(nothing, nothing, scope, route.texts, request.body)
        for check in self._checks[operation.label]:
            try:
                check(call)
            except RefusalError as error:
                if error.violations:
                    yield from error.violations
                else:
                    told = str(error.facts.get("message") or error.reason)
                    yield _UNREADABLE.get(error.reason, f"the body cannot be read: {told}")
                return


def in_words(violation: Violation | str) -> str:
    """A violation in one line."""
    if isinstance(violation, str) or violation.message.startswith("the "):
        return violation if isinstance(violation, str) else violation.message
    if violation.place != "body":
        return f"the {violation.place} parameter {violation.path[0]} breaks its schema: {violation.message}"
    where = json_pointer.join("", *violation.path)
    return f"the body breaks its schema{f' at {where}' if where else ''}: {violation.message}"
