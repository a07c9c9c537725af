"""Fetching one object."""

from typing import Any

from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.state.actions.bodies import Body
from counterfoil.stub.state.objects import Objects


class Fetching:
    """What an operation that shows one object does."""

    def __init__(self, contract: ContractTree, objects: Objects, success: Success) -> None:
        self._objects, self._success = objects, success
        self._body = Body(contract, success, objects.role.answer)

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Answer with the object that the call names; `RefusalError` if it is unknown."""
        objects = self._objects
        collection, key = objects.collection(call), objects.key(call)
        if key is None:
            return self._success.example(call)
        found = objects.find(call, collection, key)
        if found is None:
            return unknown(call, objects, self._body)
        return self._body.reply(call, found)


def unknown(call: Call[Any, Any], objects: Objects, body: Body) -> Reply[Any]:
    """The answer about an object that is not there, which is a refusal unless the role says otherwise."""
    if objects.role.unknown in ("null", "ignore"):
        return body.reply(call, None)
    raise RefusalError("unknown-object")
