"""One operation of a stub: its checks, its handler, its answers; compiled when it is first called."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args, get_type_hints

from counterfoil import pointer as json_pointer
from counterfoil.stub.answers.creation import Creation
from counterfoil.stub.answers.refusals import Refusals
from counterfoil.stub.answers.sampling import Sampler, example_of
from counterfoil.stub.call import JSON, Call, Headers, RefusalError, Reply
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, extension
from counterfoil.stub.requests.coercion import Coercion
from counterfoil.stub.requests.media_types import concrete, is_json
from counterfoil.stub.requests.request_checks import DEFAULT_ORDER, Check, RequestChecks
from counterfoil.stub.requests.routing import VARIABLE, split_template
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.store import Key, Store

BODY_LIMIT = 1024 * 1024

Handler = Callable[[Call[Any, Any]], Reply[Any]]


@dataclass(slots=True)
class Settings:
    """What holds for a whole stub. `token` is the only credential accepted, None for any of the documented form."""

    contract: ContractTree
    store: Store
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
        self.store = settings.store
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

    def create(self, call: Call[Any, Any]) -> Reply[Any]:
        """Remember what the body describes and answer with it; `RefusalError` if it exists already."""
        status, headers, creation = self._creation
        number = self.store.reserve(self.collection, self._keys(call.value))
        if number is None:
            raise RefusalError("duplicate")
        call.number = number
        if creation is None:
            self.store.put(self.collection, number, dump(call.value))
            return self.answer(call) if headers else Reply(status)
        body, entity = creation.build(call)
        text = dump(body)
        self.store.put(self.collection, number, text if body is entity else dump(entity))
        return Reply(status, text, headers)

    def answer(self, call: Call[Any, Any]) -> Reply[Any]:  # noqa: ARG002 - handlers' answers are all made of a call
        """Answer with the contract's example, or a value made from its schema."""
        status, headers, body = self._example
        return Reply(status, body, headers)

    def reply(self, answer: Any, status: int | None = None) -> Reply[Any]:
        """Answer with a model or a JSON value."""
        status = status or self._creation[0]
        if answer is None:
            return Reply(status)
        if hasattr(answer, "model_dump_json"):
            return Reply(status, answer.model_dump_json(by_alias=True, exclude_unset=True).encode(), [JSON])
        return Reply.json(status, answer)

    def body_model(self, value: Any) -> Any:
        """`value` as the model that the handler's annotation `Call[Model, …]` names."""
        return self._adapter.validate_json(dump(value))

    @cached_property
    def _adapter(self) -> Any:
        from pydantic import TypeAdapter

        hints = [get_args(hint) for name, hint in get_type_hints(self.handler).items() if name != "return"]
        return TypeAdapter(hints[0][0] if hints and hints[0] else Any)

    @cached_property
    def _success(self) -> tuple[int, Node, str]:
        """Status of success, its Response Object and the pointer of that."""
        responses = self._operation.get("responses") or NOTHING
        named = sorted(name for name in responses if name[:1] in "23" and name.isdecimal())
        ranges = [name for name in ("2XX", "2xx", "3XX", "3xx", "default") if name in responses]
        name = min([*named, *ranges], key=lambda name: (name == "default", name[:1], not name.isdecimal()), default="")
        pointer = json_pointer.join(self._pointer, "responses", name)
        node, pointer = self._contract.follow(responses.get(name), pointer)
        if name.isdecimal():
            return int(name), node, pointer
        created = self._method == "POST" and self.handler is not Call.answer
        return 302 if name[:1] == "3" else 201 if created else 200, node, pointer

    @cached_property
    def _success_content(self) -> tuple[Headers, Node]:
        """Headers and Media Type Object of success; none where it has no content."""
        content = self._success[1].get("content") or NOTHING
        media_type = next(filter(is_json, content), next(iter(content), None))
        if media_type is None or self._success[0] in (204, 205, 304):
            return [], NOTHING
        media = self._contract.follow(content[media_type])[0]
        named = concrete(media_type, is_text=self._contract.types(media.get("schema") or NOTHING) == {"string"})
        return [(b"content-type", named.encode("latin-1"))], media

    @cached_property
    def _request_schema(self) -> Node:
        content = self._contract.follow(self._operation.get("requestBody"))[0].get("content") or NOTHING
        media = content.get(next(filter(is_json, content), ""), NOTHING)
        return self._contract.follow(media.get("schema"))[0]

    @cached_property
    def _creation(self) -> tuple[int, Headers, Creation | None]:
        headers, media = self._success_content
        if not media.get("schema"):
            return self._success[0], headers, None
        omit = extension("nulls", *self._levels) == "omit"
        example = example_of(self._contract, media)
        creation = Creation(self._contract, media["schema"], example, self._request_schema, omit_nulls=omit)
        return self._success[0], headers, creation

    @cached_property
    def _example(self) -> tuple[int, Headers, bytes]:
        headers, media = self._success_content
        if not headers:
            return self._success[0], [], b""
        example = example_of(self._contract, media)
        value = Sampler(self._contract).value(media.get("schema") or NOTHING) if example is None else example
        text = is_json(headers[0][1].decode("latin-1"))
        return self._success[0], headers, dump(value) if text else str(value or "").encode()

    @cached_property
    def _unique(self) -> list[tuple[str, bool]]:
        """Names of request properties that are unique, and whether their case does not count."""
        found = []
        for name, node in self._contract.properties(self._request_schema).items():
            rule = extension("unique", node, self._contract.follow(node)[0])
            if rule:
                found.append((name, rule == "ignore-case"))
        return found

    def _keys(self, value: Any) -> list[Key]:
        keys = []
        for name, fold in self._unique if isinstance(value, dict) else ():
            unique = value.get(name)
            if unique is not None:
                text = unique if isinstance(unique, str) else f"\0{dump(unique).decode()}"
                keys.append((name, text.casefold() if fold else text))
        return keys
