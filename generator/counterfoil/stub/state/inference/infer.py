"""What each operation of a contract does with what a stub remembers, told by paths, methods and schemas.

An operation whose part is not plain answers by example, since a wrong 404 is worse than no memory.
"""

from collections.abc import Mapping
from dataclasses import replace

from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.schema_walk import objects
from counterfoil.stub.state.inference.files import with_files
from counterfoil.stub.state.inference.operation import Operation
from counterfoil.stub.state.inference.procedures import procedures
from counterfoil.stub.state.inference.resources import key_of
from counterfoil.stub.state.inference.rest import resources, singletons
from counterfoil.stub.state.inference.stated import stated
from counterfoil.stub.state.roles import ANSWER, Role

Roles = Mapping[tuple[str, str], Role]  # by method in upper case and path template


def infer(contract: ContractTree) -> Roles:
    """The role of every operation."""
    operations = [Operation(contract, *each) for each in contract.operations()]
    plain = [operation for operation in operations if operation.is_plain and operation.segments]
    roles: dict[tuple[str, str], Role] = {}
    by_key: dict[tuple[str, ...], dict[str, Operation]] = {}
    for operation in plain:
        by_key.setdefault(key_of(operation), {}).setdefault(operation.method, operation)
    found = resources(contract, by_key)
    for each in found.values():
        roles |= each.roles()
    for place, role in procedures(contract, plain, found).items():
        # `GET /pet/list` looks like a collection `list`, of which nothing is ever made.
        if place not in roles or roles[place].unknown == "example":
            roles[place] = role
    for place, role in singletons(contract, by_key).items():
        roles.setdefault(place, role)
    for operation in operations:
        place = operation.method, operation.path
        if place not in roles:
            roles[place] = _alone(operation)
        roles[place] = stated(operation, roles[place])
    roles = with_files(plain, roles)
    shapes = {role.collection: role.shape for role in roles.values() if role.shape}
    return {
        place: role if role.shape or role.collection not in shapes else replace(role, shape=shapes[role.collection])
        for place, role in roles.items()
    }


def _alone(operation: Operation) -> Role:
    """The role of an operation that stands for itself: what takes a body and tells it again makes something."""
    if operation.method != "POST" or not operation.has_body or operation.is_list:
        return ANSWER
    last = operation.segments[-1].removeprefix(":") if operation.segments else ""
    names = operation.contract.properties(operation.request)
    if operation.contract.types(operation.request) - {"object", "null"}:
        return ANSWER
    creates = "201" in operation.statuses or not operation.success
    if not creates and not any(
        names.keys() & operation.contract.properties(node).keys()
        for _, node in objects(operation.contract, operation.success)
    ):
        return ANSWER
    if not creates and last.lower() in _ASKING:
        return ANSWER
    return Role("create", operation.path)


_ASKING = frozenset(
    ("search", "query", "find", "validate", "verify", "check", "preview", "calculate", "login", "token")
)
