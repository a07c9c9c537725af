"""The parameters of an operation and its path item: each read, validated and put among those of the call."""

from collections.abc import Collection
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import OTHER_METHODS, ContractTree, Node
from counterfoil.stub.requests.parameters.parameter import Parameter
from counterfoil.stub.requests.parameters.text_types import TextTypes
from counterfoil.stub.requests.violations import Violation

QUERY_STRING = "x-query-string"  # of an operation: its parameter in `querystring`, which OpenAPI 3.1 does not know
IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OpenAPI 3.1, Parameter Object, `name`


class ParameterCheck:
    """The parameters of one operation and its path item."""

    def __init__(
        self, contract: ContractTree, types: TextTypes, pointer: str, places: Collection[str] | None = None
    ) -> None:
        """`pointer` is the operation's; the parameters of its path item are those that it does not override.

        With `places` only those in these count.
        """
        found: dict[tuple[str, str], tuple[Node, str]] = {}
        for owner in (pointer.rpartition("/")[0].removesuffix(f"/{OTHER_METHODS}"), pointer):
            listed = contract.follow({"$ref": f"#{owner}"})[0].get("parameters") or ()
            for index, parameter in enumerate(listed):
                node, place = contract.follow(parameter, json_pointer.join(owner, "parameters", index))
                key = (str(node.get("in")), str(node.get("name")))
                if not (key[0] == "header" and key[1].lower() in IGNORED_HEADERS):
                    found[key] = (node, place)
        query_string = contract.follow({"$ref": f"#{pointer}"})[0].get(QUERY_STRING)
        if query_string:
            node, place = contract.follow(query_string, json_pointer.join(pointer, QUERY_STRING))
            found["querystring", str(node.get("name"))] = (node, place)
        names = [name for place, name in found if place == "query"]
        self._parameters = [
            Parameter(contract, types, node, place, [other for other in names if key != ("query", other)])
            for key, (node, place) in found.items()
            if places is None or key[0] in places
        ]

    @property
    def narrowness(self) -> int:
        """How much the schemas leave out of all texts, to compare those of operations with."""
        return sum(parameter.narrowness for parameter in self._parameters)

    def __bool__(self) -> bool:
        return bool(self._parameters)

    def violations(self, call: Call[Any, Any]) -> list[Violation]:
        """What is wrong with the parameters of a call, in the order of the contract.

        The values of those that are sound are put into `call.parameters`.
        """
        return [violation for parameter in self._parameters for violation in parameter.violations(call)]
