"""What errors say of their status: its reason phrase, and the alternatives and values that schemas have for it."""

import re
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

from counterfoil.stub.answers.values.merging import merge_parts, unite
from counterfoil.stub.contract_tree import ContractTree, Node

DEEPEST = 8  # alternatives and objects within each other

_PHRASES = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}


def phrase(status: int) -> str:
    """The reason phrase of a status code (RFC 9110, section 15), whichever RFC the running Python follows."""
    try:
        return _PHRASES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def names_of(status: int, reason: str = "") -> frozenset[str]:
    """What values that speak of a status, or of a reason such as `invalid.required`, may be, as `plain` has them."""
    told = (phrase(status), str(status), re.split(r"[.-]", reason)[0])
    return frozenset(filter(None, map(plain, told)))


def plain(name: str) -> str:
    """A name without its case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def alternative(contract: ContractTree, schema: Node, names: Collection[str], depth: int = 0) -> Node:
    """A schema with that of its alternatives put into it that speaks most of `names`, itself if it has none."""
    schema = contract.follow(schema)[0]
    for keyword in ("oneOf", "anyOf"):
        branches = [merge_parts(contract, each) for each in schema.get(keyword) or ()]
        objects = [each for each in branches if contract.properties(each)]
        if objects and depth < DEEPEST:
            whole: dict[str, Any] = {key: part for key, part in schema.items() if key != keyword}
            unite(whole, max(objects, key=lambda branch: _told_by(contract, branch, names)))
            return alternative(contract, whole, names, depth + 1)
    return schema


def narrowed(contract: ContractTree, schema: Node, names: Collection[str], depth: int = 0) -> Node:
    """A schema in which alternatives are chosen, and values of enumerations, that speak of `names`."""
    chosen = alternative(contract, schema, names)
    if depth > DEEPEST:
        return chosen
    values = chosen.get("enum")
    if isinstance(values, list) and (told := [value for value in values if plain(str(value)) in names]):
        return {**chosen, "enum": told, "const": told[0]}
    changed = {}
    for name, node in contract.properties(chosen).items():
        if (inner := narrowed(contract, node, names, depth + 1)) is not contract.follow(node)[0]:
            changed[name] = inner
    if not changed and chosen is contract.follow(schema)[0]:
        return chosen
    return {**chosen, "properties": {**contract.properties(chosen), **changed}} if changed else chosen


def _told_by(contract: ContractTree, schema: Node, names: Collection[str]) -> int:
    """In how many of its constants and enumerations a schema speaks of `names`."""
    nodes = [contract.follow(each)[0] for each in contract.properties(schema).values()]
    return sum(any(plain(str(value)) in names for value in _stated(node)) for node in nodes)


def _stated(node: Mapping[str, Any]) -> list[Any]:
    return [node["const"]] if "const" in node else list(node.get("enum") or ())
