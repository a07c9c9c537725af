"""The checks of a request before its handler runs, compiled once for each operation, in the vendor's order."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from counterfoil.stub.call import Call, RefusalError
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, extension
from counterfoil.stub.requests.bodies import encodings
from counterfoil.stub.requests.bodies.positions import end_of, line_and_column
from counterfoil.stub.requests.bodies.readers import BodyKinds
from counterfoil.stub.requests.malformed import MalformedError
from counterfoil.stub.requests.parameters.checks import ParameterCheck
from counterfoil.stub.requests.parameters.text_types import TextTypes
from counterfoil.stub.requests.security.credentials import Tokens, credentials_check
from counterfoil.stub.requests.strict_json import parse
from counterfoil.stub.requests.violations import Violation

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
        types = TextTypes(contract)
        self._parameters = ParameterCheck(contract, types, pointer)
        body, at = contract.follow(operation.get("requestBody"), f"{pointer}/requestBody")
        self._has_body = bool(body)
        self._is_outside = not operation
        self._body_required = bool(body.get("required"))
        self._refuses_bodies = not body and "415" in (operation.get("responses") or NOTHING)
        also_json = extension("json-types", operation, contract.tree) or ()
        self._kinds = BodyKinds(contract, types, body.get("content") or NOTHING, f"{at}/content", also_json)

    def compile(
        self,
        order: Sequence[str],
        tokens: Tokens,
        security: Iterable[Any] = (),
        coerce: Callable[[Any], Any] | None = None,
    ) -> list[Check]:
        """The checks that `order` names, as functions that return or raise `RefusalError`."""
        self._any_media_type = "media-type" not in order
        checks: list[Check] = []
        for name in order:
            match name:
                case "credentials":
                    checks += self._credentials(security, tokens)
                case "media-type" if self._has_body:
                    checks.append(self._media_type)
                case "media-type" if self._refuses_bodies:
                    checks.append(_no_body)
                case "malformed":
                    checks.append(self._malformed)
                case "schema":
                    first = frozenset[str]().union(*(FIRST.get(each, ()) for each in order))
                    checks += ([] if "malformed" in order else [self._if_readable]) + self._schema(first, coerce)
        return checks

    def _credentials(self, security: Iterable[Any], tokens: Tokens) -> list[Check]:
        refused = credentials_check(self._contract, security, tokens)

        def credentials(call: Call[Any, Any]) -> None:
            if reason := refused(call):
                raise RefusalError(reason)

        return [credentials]

    def _media_type(self, call: Call[Any, Any]) -> None:
        sent = call.headers.get(b"content-type")
        if self._kinds.find(sent) is not None:
            return
        if not sent and not call.raw:
            if self._body_required:
                raise RefusalError("media-type.empty")
            return
        raise RefusalError("media-type" if sent else "media-type.missing")

    def _if_readable(self, call: Call[Any, Any]) -> None:
        """Reads a body; one that cannot be read counts as none."""
        try:
            self._malformed(call)
        except RefusalError as refusal:
            if refusal.reason != "malformed":
                raise

    def _malformed(self, call: Call[Any, Any]) -> None:
        if call.raw is None:
            raise RefusalError("too-large")
        if b"content-encoding" in call.headers and call.raw and self._has_body:
            _decode(call, call.raw)
        kind = self._kinds.find(call.headers.get(b"content-type"))
        if not call.raw and not (kind and kind.may_be_empty):
            return
        try:
            if kind is not None:
                if kind.is_json:
                    call.value = parse(call.raw)
                elif kind.read is not None:
                    call.value = kind.read(call)
                else:
                    return
            elif self._is_outside or (self._any_media_type and self._has_body):
                call.value = parse(call.raw)
            else:
                return
        except MalformedError as error:
            place = {"line": error.line, "column": error.column, "position": error.position}
            raise RefusalError("malformed", {"message": error.message, **place}) from None
        call.has_value = True

    def _schema(self, first: Collection[str], coerce: Callable[[Any], Any] | None) -> list[Check]:
        parameters, kinds, required = self._parameters, self._kinds, self._body_required
        always = bool(parameters)
        only = kinds.only
        is_valid = only.check.is_valid if only and only.is_json and only.check else None

        def schema(call: Call[Any, Any]) -> None:
            if call.raw is None:
                raise RefusalError("too-large")
            violations = parameters.violations(call) if always else []
            if call.has_value:
                if coerce is not None:
                    call.value = coerce(call.value)
                if is_valid is None or not is_valid(call.value):
                    kind = only or kinds.find(call.header(b"content-type")) or kinds.first
                    violations += kind.violations(call, first) if kind else []
            elif required and not call.raw and not violations and not self._may_be_empty(call):
                raise RefusalError("malformed.empty")
            if violations:
                raise RefusalError(f"invalid.{violations[0].keyword}", self._place(call, violations[0]), violations)

        return [schema]

    def _may_be_empty(self, call: Call[Any, Any]) -> bool:
        kind = self._kinds.find(call.header(b"content-type"))
        return kind is not None and kind.may_be_empty

    def _place(self, call: Call[Any, Any], violation: Violation) -> dict[str, Any]:
        """Where in the text of a JSON body a violation is."""
        kind = self._kinds.find(call.header(b"content-type"))
        return _place(call, violation) if kind is None or kind.is_json else {}


def _decode(call: Call[Any, Any], raw: bytes) -> None:
    """Let the body of a call be what it was before it was compressed."""
    try:
        call.raw = encodings.decoded(raw, call.headers[b"content-encoding"], call.endpoint.body_limit)
    except encodings.UnknownEncodingError:
        raise RefusalError(encodings.ENCODING) from None
    except encodings.TooLargeError:
        raise RefusalError("too-large") from None
    except MalformedError as error:
        raise RefusalError("malformed", {"message": error.message, "line": 1, "column": 0, "position": 0}) from None


def _no_body(call: Call[Any, Any]) -> None:
    """Refuses bodies where the operation describes none but has an answer to unsupported media types."""
    if call.raw or call.raw is None:
        raise RefusalError("media-type")


def _place(call: Call[Any, Any], violation: Violation) -> dict[str, Any]:
    """Where in the text of the body a violation is."""
    if violation.place != "body" or not call.raw:
        return {}
    text = call.raw.decode()
    offset = end_of(text, violation.path)
    line, column = line_and_column(text, offset)
    return {"line": line, "column": column, "position": offset}
