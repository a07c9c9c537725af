"""The checks of a request before its handler runs, compiled once for each operation, in the vendor's order."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.stub.call import Call, RefusalError
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, extension
from counterfoil.stub.requests.media_types import MediaTypes, is_json
from counterfoil.stub.requests.parameters import ParameterCheck
from counterfoil.stub.requests.positions import end_of, line_and_column
from counterfoil.stub.requests.security import credentials_check
from counterfoil.stub.requests.strict_json import MalformedJSONError, parse
from counterfoil.stub.requests.violations import SchemaCheck, Violation

DEFAULT_ORDER = ("path", "credentials", "media-type", "malformed", "schema")
# Keywords that a check before `schema` reports first: what is missing, or what typed languages cannot read.
FIRST: Mapping[str, frozenset[str]] = {
    "required": frozenset({"required"}),
    "shape": frozenset({"required", "type", "enum", "const", "oneOf", "anyOf", "pattern", "format"}),
}

Check = Callable[[Call[Any, Any]], None]  # returns, or raises RefusalError


class RequestChecks:
    """Makes the checks of the operation at `pointer`, or with an empty node those of paths that do not exist."""

    def __init__(self, contract: ContractTree, operation: Node, pointer: str) -> None:
        self._contract = contract
        self._parameters = ParameterCheck(contract, pointer)
        body, self._body_pointer = contract.follow(operation.get("requestBody"), f"{pointer}/requestBody")
        self._has_body = bool(body)
        self._body_required = bool(body.get("required"))
        self._content: Node = body.get("content") or NOTHING
        self._media_types = MediaTypes(self._content, extension("json-types", operation, contract.tree) or ())
        self._json = frozenset(filter(is_json, self._content))

    def compile(
        self,
        order: Sequence[str],
        token: str | None,
        security: Iterable[Any] = (),
        coerce: Callable[[Any], Any] | None = None,
    ) -> list[Check]:
        """The checks that `order` names, as functions that return or raise `RefusalError`."""
        self._any_media_type = "media-type" not in order
        checks: list[Check] = []
        for name in order:
            match name:
                case "credentials":
                    checks += self._credentials(security, token)
                case "media-type" if self._has_body:
                    checks.append(self._media_type)
                case "malformed":
                    checks.append(self._malformed)
                case "schema":
                    first = frozenset[str]().union(*(FIRST.get(each, ()) for each in order))
                    checks += self._schema(first, coerce)
        return checks

    def _credentials(self, security: Iterable[Any], token: str | None) -> list[Check]:
        refused = credentials_check(self._contract, security, token)

        def credentials(call: Call[Any, Any]) -> None:
            if reason := refused(call):
                raise RefusalError(reason)

        return [credentials]

    def _media_type(self, call: Call[Any, Any]) -> None:
        sent = call.header(b"content-type")
        if self._media_types.match(sent) is not None:
            return
        if not sent and not call.raw:
            if self._body_required:
                raise RefusalError("media-type.empty")
            return
        raise RefusalError("media-type" if sent else "media-type.missing")

    def _malformed(self, call: Call[Any, Any]) -> None:
        if call.raw is None:
            raise RefusalError("too-large")
        if not call.raw:
            return
        media_type = self._media_types.match(call.header(b"content-type"))
        if media_type in self._json if media_type else self._any_media_type or not self._has_body:
            try:
                call.value = parse(call.raw)
            except MalformedJSONError as error:
                place = {"line": error.line, "column": error.column, "position": error.position}
                raise RefusalError("malformed", {"message": error.message, **place}) from None
            call.has_value = True

    def _schema(self, first: Collection[str], coerce: Callable[[Any], Any] | None) -> list[Check]:
        parameters = self._parameters
        media_type = next((name for name in self._content if is_json(name)), None)
        bodies: SchemaCheck | None = None
        if media_type is not None and (self._content[media_type] or NOTHING).get("schema") is not None:
            pointer = json_pointer.join(self._body_pointer, "content", media_type, "schema")
            bodies = SchemaCheck(self._contract, pointer, "body")
        always, is_valid = bool(parameters), bodies.is_valid if bodies else None
        required = self._body_required

        def schema(call: Call[Any, Any]) -> None:
            if call.raw is None:
                raise RefusalError("too-large")
            violations = parameters.violations(call) if always else []
            if call.has_value:
                if coerce is not None:
                    call.value = coerce(call.value)
                if is_valid is not None and not is_valid(call.value):
                    violations += bodies.violations(call.value, first)  # type: ignore[union-attr] # is_valid is its method
            elif required and not call.raw and not violations and not self._is_text(call):
                raise RefusalError("malformed.empty")
            if violations:
                raise RefusalError(f"invalid.{violations[0].keyword}", _place(call, violations[0]), violations)

        return [schema]

    def _is_text(self, call: Call[Any, Any]) -> bool:
        """Whether the body is sent as plain text, which may be empty."""
        return (self._media_types.match(call.header(b"content-type")) or "").startswith("text/")


def _place(call: Call[Any, Any], violation: Violation) -> dict[str, Any]:
    """Where in the text of the body a violation is."""
    if violation.place != "body" or not call.raw:
        return {}
    text = call.raw.decode()
    offset = end_of(text, violation.path)
    line, column = line_and_column(text, offset)
    return {"line": line, "column": column, "position": offset}
