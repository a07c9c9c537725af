"""Where a text is looked for that a list is asked for, as far as words tell."""

import re
from collections.abc import Mapping

from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.schema_walk import resolved
from counterfoil.stub.state.inference.names import words

_WHERE = re.compile(r"\b(?:in|by|on|against|across|whose|within|over|of)\b", re.IGNORECASE)
_CODED = frozenset(("format", "enum", "const"))


def looked_at(contract: ContractTree, text: str, properties: Mapping[str, Node]) -> list[str]:
    """The properties of objects in which a parameter looks for its text, where `text`, its description, names them."""
    where = _WHERE.search(text)
    told = words(text[where.end() :]) if where is not None else []
    return [own for own, node in properties.items() if _called(own, properties) in told and _is_free(contract, node)]


def _called(own: str, properties: Mapping[str, Node]) -> str:
    """What words may call a property: `name` is said of the `metricName` of metrics, too."""
    parts = words(own)
    others = [words(each)[-1:] for each in properties if each != own]
    return parts[-1] if parts and parts[-1:] not in others else ""


def _is_free(contract: ContractTree, schema: Node) -> bool:
    """Whether a property may be any text."""
    node = resolved(contract, schema)
    return contract.types(node) <= {"string", "null"} and not _CODED & node.keys()
