"""Creating an object: its unique values are taken, its answer made up and remembered."""

from functools import cached_property
from typing import Any

from counterfoil.stub.answers.creation import Creation
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.answers.sampling import example_of
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree, Node, extension
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.state.store import Key


class Creating:
    """What the operation that adds to `collection` does."""

    def __init__(self, contract: ContractTree, collection: str, request: Node, success: Success, nulls: Any) -> None:
        """`request` is the schema of the body; `nulls` what the extension says of nulls in answers."""
        self._contract = contract
        self._collection = collection
        self._request = request
        self._success = success
        self._nulls = nulls

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Remember what the body describes and answer with it; `RefusalError` if it exists already."""
        store = call.session.store
        number = store.reserve(self._collection, self._keys(call.value))
        if number is None:
            raise RefusalError("duplicate")
        call.number = number
        creation = self._creation
        if creation is None:
            store.put(self._collection, number, dump(call.value))
            return self._success.example(call) if self._success.content[0] else Reply(self._success.status)
        body, entity = creation.build(call)
        text = dump(body)
        store.put(self._collection, number, text if body is entity else dump(entity))
        return Reply(self._success.status, text, self._success.content[0])

    @cached_property
    def _creation(self) -> Creation | None:
        _, media = self._success.content
        if not media.get("schema"):
            return None
        example = example_of(self._contract, media)
        return Creation(self._contract, media["schema"], example, self._request, omit_nulls=self._nulls == "omit")

    @cached_property
    def _unique(self) -> list[tuple[str, bool]]:
        """Names of request properties that are unique, and whether their case does not count."""
        found = []
        for name, node in self._contract.properties(self._request).items():
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
