"""Stubs that read another contract than the one they are tested against."""

import copy
from collections.abc import Callable
from typing import Any, TypeAlias

from tests.faults.altering import DROPPED

Contract: TypeAlias = dict[str, Any]
Edit: TypeAlias = Callable[[Contract], None]


def in_body(operation: str, way: str, value: Any) -> Edit:
    """In the schema of a request's JSON body follow `way`, a path of keywords, and put `value` there."""

    def change(contract: Contract) -> None:
        node = _operation(contract, operation)["requestBody"]["content"]["application/json"]
        _put(contract, node, "schema/" + way, value)

    return change


def in_parameter(operation: str, name: str, way: str, value: Any) -> Edit:
    """The same in the schema of a parameter."""

    def change(contract: Contract) -> None:
        path = operation.partition(" ")[2]
        held = _operation(contract, operation).get("parameters", []) + contract["paths"][path].get("parameters", [])
        node = next(item for item in held if item["name"] == name)
        _put(contract, node, way, value)

    return change


def in_answer(operation: str, status: str, way: str, value: Any) -> Edit:
    """The same in the schema of an answer."""

    def change(contract: Contract) -> None:
        node = _follow(contract, _operation(contract, operation)["responses"], status)
        _put(contract, node, "content/application~1json/schema/" + way, value)

    return change


def in_contract(pointer: str, value: Any) -> Edit:
    """The same from the root."""
    return lambda contract: _put(contract, contract, pointer, value)


def _operation(contract: Contract, operation: str) -> Any:
    method, _, path = operation.partition(" ")
    return contract["paths"][path][method.lower()]


def _put(contract: Contract, node: Any, way: str, value: Any) -> None:
    *steps, last = way.split("/")
    for step in steps:
        node = _follow(contract, node, step)
    key: Any = int(last) if isinstance(node, list) else last.replace("~1", "/")
    if value is DROPPED:
        del node[key]
    else:
        made = value(node.get(key)) if callable(value) else value
        node[key] = made


def _follow(contract: Contract, node: Any, step: str) -> Any:
    """The child of `node`, with a copy of what it refers to in place of a reference, so that others keep theirs."""
    key: Any = int(step) if isinstance(node, list) else step.replace("~1", "/")
    child = node[key]
    while isinstance(child, dict) and "$ref" in child:
        target: Any = contract
        for token in child["$ref"].split("/")[1:]:
            target = target[token.replace("~1", "/").replace("~0", "~")]
        child = copy.deepcopy(target)
        node[key] = child
    return child
