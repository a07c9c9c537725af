"""Creating several objects at once, all of them or none."""

import copy
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.creation import Creation
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.schema_walk import ITEMS, at
from counterfoil.stub.state.actions.bodies import Body
from counterfoil.stub.state.objects import Object, Objects, pick
from counterfoil.stub.state.store import DuplicateError, Record


class CreatingMany:
    """What an operation does that makes an object of each item of a list in its body."""

    def __init__(
        self, contract: ContractTree, objects: Objects, request: Node, success: Success, responses: Node
    ) -> None:
        """`request` is the schema of the body, in which the role of `objects` tells the list."""
        self._contract, self._objects, self._request = contract, objects, request
        self._where = objects.role.many or ()
        self._body = Body(contract, success, objects.role.answer)
        self._conflicts = "409" in responses

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Remember what the items describe and answer with the objects; `RefusalError` if there is one of them.

        Where no conflict is declared, an item whose key there is already takes the place of that object.
        """
        collection, store = self._objects.collection(call), call.session.store
        told = pick(call.value, self._where)
        made: list[Object] = []
        new: list[str] = []
        for item in told if isinstance(told, list) else ():
            one = copy.copy(call)
            one.value, one.created = item, None
            try:
                made.append(self._put(one, collection, new))
            except DuplicateError:
                for key in new:
                    store.remove(collection, key)
                raise RefusalError("duplicate") from None
        return self._body.reply(call, made)

    def _put(self, call: Call[Any, Any], collection: str, new: list[str]) -> Object:
        """An object that is kept from now on, its key among the `new` ones unless it was there; `DuplicateError`."""
        store, made = call.session.store, list[tuple[Object, Record]]()

        def make(number: int) -> Record:
            call.number = number
            found = self._creation.build(call)[1]
            made.append((found, self._objects.record(call, found, str(number), told=call.value)))
            return made[0][1]

        try:
            store.add(collection, make)
        except DuplicateError:
            record = made[0][1]
            if self._conflicts or record.unique or not store.change(collection, record.key, lambda _: record):
                raise
        else:
            new.append(made[0][1].key)
        return made[0][0]

    @cached_property
    def _creation(self) -> Creation:
        role = self._objects.role
        item = at(self._contract, self._request, (*self._where, ITEMS))
        return Creation(
            self._contract, role.shape, role.example, item, entity=role.shape, identifier=self._objects.identifier
        )
