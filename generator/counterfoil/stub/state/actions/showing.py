"""Fetching one object."""

from typing import Any

from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.state.actions.bodies import Body
from counterfoil.stub.state.objects import Object, Objects


class Fetching:
    """What an operation that shows one object does."""

    def __init__(self, contract: ContractTree, objects: Objects, success: Success) -> None:
        self._contract, self._objects, self._success = contract, objects, success
        self._body = Body(contract, success, objects.role.answer)

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Answer with the object that the call names; `RefusalError` if it is unknown."""
        collection, key = self._objects.collection(call), self._objects.key(call)
        if key is None:
            return self._success.example(call)
        found = self._take(call, collection, key)
        if found is None:
            return unknown(call, self._objects, self._body)
        return self._body.reply(call, self._told(call, found))

    def _take(self, call: Call[Any, Any], collection: str, key: str) -> Object | None:
        """The object of a key, None if there is none."""
        return self._objects.find(call, collection, key)

    def _told(self, call: Call[Any, Any], found: Object) -> Object | None:  # noqa: ARG002 - removals look at the call
        """What is answered of an object."""
        return found


def unknown(call: Call[Any, Any], objects: Objects, body: Body) -> Reply[Any]:
    """The answer about an object that is not there, which is a refusal unless the role says otherwise."""
    if objects.role.unknown in ("null", "ignore"):
        return body.reply(call, None)
    raise RefusalError("unknown-object")
