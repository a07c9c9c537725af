"""Creating several objects at once, all of them or none."""

import copy
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.creation import Creation
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.schema_walk import ITEMS, at
from counterfoil.stub.state.bodies import Body
from counterfoil.stub.state.objects import Object, Objects, pick
from counterfoil.stub.state.store import Record


class CreatingMany:
    """What an operation does that makes an object of each item of a list in its body."""

    def __init__(self, contract: ContractTree, objects: Objects, request: Node, success: Success) -> None:
        """`request` is the schema of the body, in which the role of `objects` tells the list."""
        self._contract, self._objects, self._request = contract, objects, request
        self._where = objects.role.many or ()
        self._body = Body(contract, success, objects.role.answer)

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Remember what the items describe and answer with the objects; `RefusalError` if there is one of them."""
        collection, store = self._objects.collection(call), call.session.store
        told = pick(call.value, self._where)
        made: list[Object] = []
        keys: list[str] = []
        for item in told if isinstance(told, list) else ():
            one = copy.copy(call)
            one.value, one.created = item, None

            def make(number: int, one: Call[Any, Any] = one) -> Record:
                one.number = number
                made.append(self._creation.build(one)[1])
                record = self._objects.record(one, made[-1], str(number), told=one.value)
                keys.append(record.key)
                return record

            try:
                self._objects.add(one, collection, make)
            except RefusalError:
                for key in keys[:-1]:
                    store.remove(collection, key)
                raise
        return self._body.reply(call, made)

    @cached_property
    def _creation(self) -> Creation:
        role = self._objects.role
        item = at(self._contract, self._request, (*self._where, ITEMS))
        return Creation(
            self._contract, role.shape, role.example, item, entity=role.shape, identifier=self._objects.identifier
        )
