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
    """Builds the answer of the kind that repeats most of what a request tells, and is valid."""

    def __init__(self, contract: ContractTree, answer: Node, creations: Sequence[Creation]) -> None:
        """`answer` is the schema of the body, `creations` make one of its alternatives each."""
        self._errors, self._creations = contract.answer_errors(answer), creations

    def build(self, call: Call[Any, Any]) -> tuple[Any, dict[str, Any]]:
        """The body of the answer, and the object that it tells."""
        made = []
        for creation in self._creations:
            call.created = None
            made.append(creation.build(call))
        told = call.value if isinstance(call.value, dict) else {}
        return max(made, key=lambda each: (not self._errors(each[0]), _repeated(told, each[1])))


def _repeated(told: dict[str, Any], entity: dict[str, Any]) -> int:
    """How many properties of an object are as a request tells them."""
    return sum(name in entity and entity[name] == value for name, value in told.items())


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
