"""The answer of success that an operation declares: its status, its content, and an example of it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.sampling import Sampler, example_of
from counterfoil.stub.call import JSON, Call, Headers, Reply
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.media_types import concrete, is_json
from counterfoil.stub.requests.strict_json import dump


class Success:
    """What one operation answers when all is well."""

    def __init__(self, contract: ContractTree, responses: Mapping[str, Any], *, creates: bool) -> None:
        """`responses` is the operation's Responses Object; `creates` whether success means that something is new."""
        self._contract = contract
        self._responses = responses
        self._creates = creates

    @cached_property
    def status(self) -> int:
        """The status of success."""
        return self._declared[0]

    @cached_property
    def content(self) -> tuple[Headers, Node]:
        """Headers and Media Type Object of success; none where it has no content."""
        content = self._declared[1].get("content") or NOTHING
        media_type = next(filter(is_json, content), next(iter(content), None))
        if media_type is None or self.status in (204, 205, 304):
            return [], NOTHING
        media = self._contract.follow(content[media_type])[0]
        named = concrete(media_type, is_text=self._contract.types(media.get("schema") or NOTHING) == {"string"})
        return [(b"content-type", named.encode("latin-1"))], media

    def example(self, _call: Call[Any, Any]) -> Reply[Any]:
        """The contract's example, or a value made from its schema."""
        headers, body = self._example
        return Reply(self.status, body, headers)

    def reply(self, answer: Any, status: int | None = None) -> Reply[Any]:
        """A model or a JSON value as the answer; None for no body."""
        status = status or self.status
        if answer is None:
            return Reply(status)
        if hasattr(answer, "model_dump_json"):
            return Reply(status, answer.model_dump_json(by_alias=True, exclude_unset=True).encode(), [JSON])
        return Reply.json(status, answer)

    @cached_property
    def _declared(self) -> tuple[int, Node]:
        """Status of success and its Response Object."""
        responses = self._responses
        named = sorted(name for name in responses if name[:1] in "23" and name.isdecimal())
        ranges = [name for name in ("2XX", "2xx", "3XX", "3xx", "default") if name in responses]
        name = min([*named, *ranges], key=lambda name: (name == "default", name[:1], not name.isdecimal()), default="")
        node = self._contract.follow(responses.get(name))[0]
        if name.isdecimal():
            return int(name), node
        return 302 if name[:1] == "3" else 201 if self._creates else 200, node

    @cached_property
    def _example(self) -> tuple[Headers, bytes]:
        headers, media = self.content
        if not headers:
            return [], b""
        example = example_of(self._contract, media)
        value = Sampler(self._contract).value(media.get("schema") or NOTHING) if example is None else example
        text = is_json(headers[0][1].decode("latin-1"))
        return headers, dump(value) if text else str(value or "").encode()
