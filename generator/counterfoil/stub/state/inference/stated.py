"""What the extension says of an operation's role, over what was inferred."""

from dataclasses import replace
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.stub.contract_tree import Node, extension
from counterfoil.stub.schema_walk import ITEMS, Pointer, at
from counterfoil.stub.state.inference.operation import Operation
from counterfoil.stub.state.roles import Place, Role


def stated(operation: Operation, role: Role) -> Role:
    """`role` with what `x-counterfoil: {state: …}` of the operation says in place of what was inferred."""
    told = extension("state", operation.node)
    if not told:
        return role
    changes: dict[str, Any] = {
        name: told[name] for name in ("action", "collection", "unknown", "set", "only") if name in told
    }
    if "key" in told:
        where, _, name = told["key"].partition(":")
        changes["key"] = Place(where, _pointer(name) if where == "body" else (name,))
    for name in ("identifier", "entity"):
        if name in told:
            changes["answer" if name == "entity" else name] = _pointer(told[name])
    if "returns" in told:
        changes["returns_null"] = told["returns"] == "null"
    if "nulls" in told:
        changes["ignores_nulls"] = told["nulls"] == "unchanged"
    found = replace(role, **changes)
    if "entity" in told and "array" in operation.contract.types(_at(operation, found)):
        found = replace(found, answer=(*(found.answer or ()), ITEMS))
    if not found.shape:
        schema = _at(operation, found) if found.answer is not None else operation.request
        found = replace(found, shape=schema, given=found.unknown == "example")
    return found


def _at(operation: Operation, role: Role) -> Node:
    return at(operation.contract, operation.success, role.answer or ())


def _pointer(text: str) -> Pointer:
    return tuple(json_pointer.split(text)) if text.startswith("/") else (text,) if text else ()
