"""Collections by the names of procedures: `/metric/new` and `/metric/list`, `/metrics.create`, `/createMetric`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.state.inference.names import VERBS, Verb, effect, key_property, plain, singular, words
from counterfoil.stub.state.inference.operation import VARIABLE, Operation
from counterfoil.stub.state.inference.resources import Key, Resource
from counterfoil.stub.state.roles import Action, Place, Role


@dataclass(frozen=True, slots=True)
class _Procedure:
    operation: Operation
    verb: str
    noun: str
    prefix: tuple[str, ...]

    @property
    def group(self) -> Key:
        return (*self.prefix, singular(self.noun).lower())


def procedures(
    contract: ContractTree, operations: Iterable[Operation], known: Mapping[Key, Resource]
) -> dict[tuple[str, str], Role]:
    """The roles of procedures of groups that make objects, those excepted that are collections already."""
    groups: dict[Key, list[_Procedure]] = {}
    for operation in operations:
        if (found := _procedure(operation)) is not None:
            groups.setdefault(found.group, []).append(found)
    roles: dict[tuple[str, str], Role] = {}
    for group in groups.values():
        if tuple(_prefix(group[0])) not in known:
            roles |= _roles(contract, group)
    return roles


def _prefix(procedure: _Procedure) -> Iterable[str]:
    return (*procedure.prefix, procedure.noun)


def _procedure(operation: Operation) -> _Procedure | None:
    """The verb and the noun of a path, None if it has no such parts."""
    segments = operation.segments[:-1] if operation.variable else operation.segments
    if not segments or VARIABLE.search("/".join(segments)):
        return None
    *prefix, last = segments
    last = last.removeprefix(":")
    if "." in last:
        *nouns, verb = last.split(".")
        return _Procedure(operation, verb.lower(), ".".join(nouns), tuple(prefix)) if nouns[-1] else None
    if prefix and (last.lower() in VERBS or len(words(last)) == 1):
        return _Procedure(operation, last.lower(), prefix[-1], tuple(prefix[:-1]))
    parts = words(last)
    if len(parts) > 1 and parts[0] in VERBS:
        return _Procedure(operation, parts[0], "".join(parts[1:]), tuple(prefix))
    return None


def _roles(contract: ContractTree, group: list[_Procedure]) -> dict[tuple[str, str], Role]:
    verbs = {each: _verb(each) for each in group}

    def of(*kinds: Verb) -> list[Operation]:
        return [each.operation for each, verb in verbs.items() if verb in kinds]

    noun = group[0].noun.rpartition(".")[2]
    resource = Resource(contract, group[0].group, noun, "id", of("fetch"), of("create"), of("list"), of("change"))
    made, identifier = resource.creating, resource.identifier
    if made is None or identifier is None or len([verb for verb in verbs.values() if verb]) < 2:
        return {}
    collection = (
        "/" + "/".join(_prefix(group[0])) if len({each.noun for each in group}) == 1 else "/" + "/".join(group[0].group)
    )
    roles: dict[tuple[str, str], Role] = {}
    for each, verb in verbs.items():
        operation = each.operation
        place = operation.method, operation.path
        role = Role(
            "answer", collection, None, (identifier,), resource.shape, resource.example, resource.answer(operation)
        )
        if verb == "create" and operation is made:
            roles[place] = _with(role, "create")
        elif verb == "list" and operation.listed is not None and resource.resembles(operation.listed[1]):
            roles[place] = _with(role, "list")
        elif (key := _key(operation, noun, identifier)) is None:
            continue
        elif verb in ("fetch", "change", "remove"):
            shows = not operation.success or not operation.is_list
            if shows:
                roles[place] = _with(role, cast("Action", verb), key)
        elif verb is None and (found := effect(each.verb, contract, resource.properties)):
            roles[place] = _with(role, "change", key, found)
    return roles


def _with(role: Role, action: Action, key: Place | None = None, found: Mapping[str, object] | None = None) -> Role:
    return replace(role, action=action, key=key, given=True, set=dict(found or {}))


def _verb(procedure: _Procedure) -> Verb | None:
    verb = VERBS.get(procedure.verb)
    if verb == "get":
        return "list" if procedure.operation.is_list else "fetch"
    return verb


def _key(operation: Operation, noun: str, identifier: str) -> Place | None:
    """Where a procedure is told which object is meant."""
    if operation.variable:
        return Place("path", (operation.variable,))
    body = list(operation.contract.properties(operation.request))
    query = [name for place, name in operation.parameters if place == "query"]
    for where, names in (("query", query), ("body", body)):
        plains = {plain(name): name for name in names}
        own = plain(singular(noun))
        for wanted in (plain(identifier), own + "id", "id", own):
            if wanted in plains:
                return Place(cast("Place", where), (plains[wanted],))  # type: ignore[arg-type] # one of its literals
    found = key_property(body, own + "id", noun) if body else None
    if found is None and len(body) == 1 and plain(body[0]).endswith("id") and own.endswith(plain(body[0])[:-2]):
        found = body[0]
    return Place("body", (found,)) if found else None
