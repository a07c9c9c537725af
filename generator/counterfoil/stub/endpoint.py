"""One operation of a stub: its checks, its handler, its answers; compiled when it is first called."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any, get_args, get_type_hints

from counterfoil.stub.answers.answering import Answering
from counterfoil.stub.answers.prism.checks import as_prism
from counterfoil.stub.answers.prism.refusals import PrismRefusals
from counterfoil.stub.answers.refusals import Refusals
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, extension
from counterfoil.stub.handlers.own import Own, Resumed
from counterfoil.stub.requests.bodies.coercion import Coercion
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.requests.headers.preferences import has_preferences
from counterfoil.stub.requests.parameters.checks import ParameterCheck
from counterfoil.stub.requests.parameters.text_types import TextTypes
from counterfoil.stub.requests.request_checks import DEFAULT_ORDER, Check, RequestChecks
from counterfoil.stub.requests.routing.base_paths import BasePaths
from counterfoil.stub.requests.routing.templates import VARIABLE, split_template
from counterfoil.stub.requests.security.credentials import Tokens
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.acting import Acting, role_of

BODY_LIMIT = 1024 * 1024

Handler = Callable[[Call[Any, Any]], Reply[Any]]


@dataclass(slots=True)
class Settings:
    """What holds for a whole stub, as `Stub.configure` says."""

    contract: ContractTree
    tokens: Tokens = field(default_factory=dict)
    coerce: bool = False
    dynamic: bool = False
    errors: bool = False
    cors: bool = True
    seed: int = 0
    like_prism: bool = False
    stateless: bool = False
    allow_callbacks: Collection[str] | None = ()
    bases: BasePaths = field(default_factory=BasePaths, compare=False)


class Endpoint:
    """An operation of the contract, which does what that implies until it is given a handler."""

    def __init__(self, settings: Settings, method: str, path: str) -> None:
        self.collection = path
        self.path, self.asked = split_template(path)
        self.variables = VARIABLE.findall(self.path)
        self.method = method
        self.name = f"{method} {path}"
        self._contract = settings.contract
        self._operation, self._pointer = self._contract.operation(method, path)
        self._levels = (self._operation, self._contract.tree)
        self.bases = settings.bases.of(self._operation, self._contract.at("paths", path)[0], self._contract.tree)
        self.callbacks: Node = self._operation.get("callbacks") or NOTHING
        self.identity = (self.name, self.operation_id)
        self._settings = settings
        self.handle(Call.act)

    def handle(self, handler: Handler) -> None:
        """Take another handler; all is compiled again."""
        for name in _COMPILED & self.__dict__.keys():
            del self.__dict__[name]
        self.may_wait = type(handler) is Own
        self.handler = handler

    @property
    def operation_id(self) -> str | None:
        """The operationId, None without."""
        found = self._operation.get("operationId")
        return found if isinstance(found, str) else None

    @cached_property
    def body_limit(self) -> int:
        """The largest body in bytes."""
        return int(extension("body-limit", *self._levels) or BODY_LIMIT)

    @cached_property
    def refusals(self) -> Refusals | PrismRefusals:
        """The answers to requests that are refused."""
        responses = self._operation.get("responses") or NOTHING
        accepted = self._request.get("content") or NOTHING
        if self._settings.like_prism:
            names = [name for requirement in self._security for name in requirement]
            schemes = [self._contract.at("components", "securitySchemes", name)[0] for name in names]
            return PrismRefusals(self.success, list(accepted), schemes)
        return Refusals(self._contract, self._levels, responses, accepted, self._security)

    @cached_property
    def _checks(self) -> list[Check]:
        order = extension("order", *self._levels) or DEFAULT_ORDER
        rules = extension("coerce", *self._levels) if self._settings.coerce else None
        coercion = Coercion(self._contract, self._request_schema, rules) if rules else None
        checks = RequestChecks(self._contract, self._operation, self._pointer).compile(
            order, self._settings.tokens, self._security, coercion
        )
        if not self._settings.like_prism:
            return checks
        return as_prism(checks, self._contract, self._contract.at("paths", self.collection)[0], self._operation)

    def respond(self, call: Call[Any, Any], handler: Handler | None = None) -> Reply[Any]:
        """The answer to a request: what the first check that it fails says, else what the handler says.

        That is the operation's, or the one that is given; `Suspended` where what it says has to be awaited.
        """
        try:
            if handler is None or type(handler) is not Resumed:
                for check in self._checks:
                    check(call)
            headers = call.headers
            if (
                self._is_plain
                and ((accept := headers.get(b"accept")) is None or accept == b"*/*")
                and not has_preferences(headers, call.query_string)
            ):
                return (handler or self.handler)(call)
            return self._answering.respond(call, handler or self.handler)
        except RefusalError as refusal:
            return self.refuse(call, refusal)

    def refuse(self, call: Call[Any, Any], refusal: RefusalError) -> Reply[Any]:
        """The answer to a request that is refused."""
        call.refusal = refusal.with_traceback(None)  # which would keep the call alive
        reply = self.refusals.reply(call, refusal)
        return self._answering.refused(call, reply) if has_preferences(call.headers, call.query_string) else reply

    @cached_property
    def success(self) -> Success:
        """The answer when all is well."""
        responses = self._operation.get("responses") or NOTHING
        handler = self.handler.inner if isinstance(self.handler, Own) else self.handler
        creates = self.method == "POST" and handler is not Call.answer
        if creates and handler is Call.act:
            creates = role_of(self._contract, self.method, self.collection).action == "create"
        settings = self._settings
        return Success(
            self._contract, responses, creates=creates, seed=settings.seed, as_prism=settings.like_prism
        )  # fmt: skip

    @cached_property
    def _answering(self) -> Answering:
        settings = self._settings
        return Answering(
            self.success,
            dynamic=settings.dynamic,
            errors=settings.errors,
            like_prism=settings.like_prism,
            deprecated=self._operation.get("deprecated") is True,
            asked=self._headers,
        )

    @property
    def _headers(self) -> list[str]:
        """The names of the headers that are parameters."""
        item = self._contract.at("paths", self.collection)[0]
        listed = [*(item.get("parameters") or ()), *(self._operation.get("parameters") or ())]
        nodes = [self._contract.follow(each)[0] for each in listed]
        return list(dict.fromkeys(str(node.get("name")) for node in nodes if node.get("in") == "header"))

    @cached_property
    def _is_plain(self) -> bool:
        return self._answering.is_plain

    @cached_property
    def acting(self) -> Acting:
        """What the operation does with what is remembered."""
        return Acting(
            self._contract, self.method, self.collection, self._operation, self._request_schema, self.success,
            stateless=self._settings.stateless or self._settings.like_prism,
        )  # fmt: skip

    @cached_property
    def variable_check(self) -> ParameterCheck:
        """What tells whether texts of the path's variables fit, where operations differ in nothing else."""
        return ParameterCheck(self._contract, TextTypes(self._contract), self._pointer, places=("path",))

    def body_model(self, value: Any) -> Any:
        """`value` as the model that the handler's annotation `Call[Model, …]` names."""
        return self._adapter.validate_json(dump(value))

    @cached_property
    def _adapter(self) -> Any:
        from pydantic import TypeAdapter

        hints = [get_args(hint) for name, hint in _hints(self.handler).items() if name != "return"]
        return TypeAdapter(hints[0][0] if hints and hints[0] else Any)

    @cached_property
    def _security(self) -> list[Node]:
        return list(self._operation.get("security", self._contract.tree.get("security")) or ())

    @cached_property
    def _request(self) -> Node:
        return self._contract.follow(self._operation.get("requestBody"))[0]

    @cached_property
    def _request_schema(self) -> Node:
        content = self._request.get("content") or NOTHING
        media = content.get(next(filter(is_json, content), next(iter(content), "")), NOTHING)
        return self._contract.follow(media.get("schema"))[0]


_COMPILED = {name for name, value in vars(Endpoint).items() if isinstance(value, cached_property)}


def _hints(handler: Handler) -> dict[str, Any]:
    """The annotations of a handler, in which names that are imported for type checkers only are the models'.

    Models take most of a second to import, which no stub needs that does not ask for them.
    """
    function = getattr(handler, "__wrapped__", handler)
    try:
        return get_type_hints(function)
    except NameError:
        package = getattr(function, "__globals__", {}).get("__package__")
        if not package:
            raise
        return get_type_hints(function, localns=vars(import_module(f"{package}.models")))
