"""The answer to a request that creates one of several kinds of things."""

from collections.abc import Sequence
from typing import Any

from counterfoil.stub.answers.creation import Creation
from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.schema_walk import kinds

_DEEPEST = 4  # alternatives within each other
_CHOOSING = frozenset(("oneOf", "anyOf", "discriminator"))


class AlternativeAnswers:
    """Builds the answer of the kind that is valid, or in which least is wrong, and repeats most of a request."""

    def __init__(self, contract: ContractTree, answer: Node, creations: Sequence[Creation]) -> None:
        """`answer` is the schema of the body, `creations` make one of its alternatives each, which is their entity."""
        self._errors = contract.answer_errors(answer)
        self._creations = [(contract.answer_errors(creation.entity), creation) for creation in creations]

    def build(self, call: Call[Any, Any]) -> tuple[Any, dict[str, Any]]:
        """The body of the answer, and the object that it tells."""
        made = []
        told = call.value if isinstance(call.value, dict) else {}
        for errors, creation in self._creations:
            call.created = None
            body, entity = creation.build(call)
            # A value that is no other kind's, such as a discriminator's, is wrong in all kinds but its own.
            is_wrong = bool(self._errors(body))
            wrong = {place[:1] for place in errors(body)} if is_wrong else set()
            repeated = sum(name in entity and entity[name] == value for name, value in told.items())
            made.append(((not is_wrong, -len(wrong), repeated), body, entity))
        _, body, entity = max(made, key=lambda each: each[0])
        return body, entity


def object_alternatives(contract: ContractTree, schema: Node, depth: int = _DEEPEST) -> list[Node]:
    """The schemas of the objects that a value may be one of; none where it is one kind of object, or no object.

    What holds for all of them stands in each.
    """
    node = contract.follow(schema)[0]
    if not depth:
        return []
    inner = [
        each for kind in kinds(contract, node) for each in object_alternatives(contract, kind, depth - 1) or [kind]
    ]
    found = [each for each in inner if contract.properties(each)] if len(inner) > 1 else []
    shared = {key: value for key, value in node.items() if key not in _CHOOSING}
    return [{"allOf": [shared, each]} for each in found] if contract.properties(shared) else found
