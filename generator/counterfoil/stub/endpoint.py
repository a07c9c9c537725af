"""One operation of a stub: its checks, its handler, its answers; compiled when it is first called."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args, get_type_hints

from counterfoil.stub.answers.refusals import Refusals
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, extension
from counterfoil.stub.requests.coercion import Coercion
from counterfoil.stub.requests.media_types import is_json
from counterfoil.stub.requests.request_checks import DEFAULT_ORDER, Check, RequestChecks
from counterfoil.stub.requests.routing import VARIABLE, split_template
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.creating import Creating

BODY_LIMIT = 1024 * 1024

Handler = Callable[[Call[Any, Any]], Reply[Any]]


@dataclass(slots=True)
class Settings:
    """What holds for a whole stub. `token` is the only credential accepted, None for any of the documented form."""

    contract: ContractTree
    token: str | None = None
    coerce: bool = False


class Endpoint:
    """An operation of the contract at `pointer`."""

    def __init__(self, settings: Settings, method: str, path: str, handler: Handler | None = None) -> None:
        self.handler = handler or Call.answer
        self.collection = path
        self.path, self.asked = split_template(path)
        self.variables = VARIABLE.findall(self.path)
        self._method = method
        self._settings = settings
        self._contract = settings.contract
        self._operation, self._pointer = self._contract.operation(method, path)
        self._levels = (self._operation, self._contract.tree)

    @cached_property
    def body_limit(self) -> int:
        """The largest body in bytes."""
        return int(extension("body-limit", *self._levels) or BODY_LIMIT)

    @cached_property
    def refusals(self) -> Refusals:
        """The answers to requests that are refused."""
        responses = self._operation.get("responses") or NOTHING
        accepted = self._contract.follow(self._operation.get("requestBody"))[0].get("content") or NOTHING
        return Refusals(self._contract, self._levels, responses, accepted)

    @cached_property
    def _checks(self) -> list[Check]:
        order = extension("order", *self._levels) or DEFAULT_ORDER
        security = self._operation.get("security", self._contract.tree.get("security")) or ()
        rules = extension("coerce", *self._levels) if self._settings.coerce else None
        coercion = Coercion(self._contract, self._request_schema, rules) if rules else None
        return RequestChecks(self._contract, self._operation, self._pointer).compile(
            order, self._settings.token, security, coercion
        )

    def respond(self, call: Call[Any, Any]) -> Reply[Any]:
        """The answer to a request: what the first check that it fails says, else what the handler says."""
        try:
            for check in self._checks:
                check(call)
            return self.handler(call)
        except RefusalError as refusal:
            return self.refuse(call, refusal)

    def refuse(self, call: Call[Any, Any], refusal: RefusalError) -> Reply[Any]:
        """The answer to a request that is refused."""
        return self.refusals.reply(call, refusal)

    @cached_property
    def success(self) -> Success:
        """The answer when all is well."""
        responses = self._operation.get("responses") or NOTHING
        creates = self._method == "POST" and self.handler is not Call.answer
        return Success(self._contract, responses, creates=creates)

    @cached_property
    def create(self) -> Creating:
        """Remembers what a call describes, and answers with it."""
        nulls = extension("nulls", *self._levels)
        return Creating(self._contract, self.collection, self._request_schema, self.success, nulls)

    def body_model(self, value: Any) -> Any:
        """`value` as the model that the handler's annotation `Call[Model, …]` names."""
        return self._adapter.validate_json(dump(value))

    @cached_property
    def _adapter(self) -> Any:
        from pydantic import TypeAdapter

        hints = [get_args(hint) for name, hint in get_type_hints(self.handler).items() if name != "return"]
        return TypeAdapter(hints[0][0] if hints and hints[0] else Any)

    @cached_property
    def _request_schema(self) -> Node:
        content = self._contract.follow(self._operation.get("requestBody"))[0].get("content") or NOTHING
        media = content.get(next(filter(is_json, content), next(iter(content), "")), NOTHING)
        return self._contract.follow(media.get("schema"))[0]
