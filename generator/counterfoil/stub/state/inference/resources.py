"""The collections of a contract: the operations at each, and the objects in them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.schema_walk import ITEMS, Pointer, objects, resolved
from counterfoil.stub.state.inference.names import alternatives, key_property, plain, singular
from counterfoil.stub.state.inference.operation import LIST_NAMES, VARIABLE, Operation, identifier

Key = tuple[str, ...]  # segments of a path, `{}` for each variable


def key_of(operation: Operation) -> Key:
    """The path of an operation without the names of its variables."""
    return tuple(VARIABLE.sub("{}", segment.removesuffix(".json")) for segment in operation.segments)


def template(operation: Operation, count: int) -> str:
    """The beginning of an operation's path, of `count` segments."""
    return "/" + "/".join(segment.removesuffix(".json") for segment in operation.segments[:count])


@dataclass(eq=False)
class Resource:
    """A collection at `key`, called `noun`, and the operations that may make, show and change its objects.

    `variable` is how requests name an object, None where no operation does.
    """

    contract: ContractTree
    key: Key
    noun: str
    variable: str | None
    shown: list[Operation]
    created: list[Operation]
    listed: list[Operation]
    changed: list[Operation] = field(default_factory=list)
    _entities: dict[int, tuple[Node, tuple[Pointer, Node] | None]] = field(init=False, default_factory=dict)

    @cached_property
    def shape(self) -> Node:
        """The schema of an object, by the operation that shows it best."""
        for operation in (*self.shown, *self.created, *self.changed):
            if not operation.is_list and (found := self._entity(operation.success)) is not None:
                return found[1]
        for operation in self.listed:
            if operation.listed is not None and (found := self._entity(operation.listed[1])) is not None:
                return found[1]
        requests = (self._entity(operation.request) for operation in (*self.created, *self.changed))
        return next((found[1] for found in requests if found is not None), {})

    @cached_property
    def properties(self) -> dict[str, Node]:
        """The properties of an object."""
        return self.contract.properties(self.shape)

    @cached_property
    def example(self) -> Any:
        """The contract's example of an object, None without one."""
        for operation in (*self.shown, *self.created, *self.changed):
            found = self.entity(operation.success)
            value = operation.example
            for name in found[0] if found else ():
                value = value.get(name) if isinstance(value, dict) else None
            if isinstance(value, dict):
                return value
        return None

    @cached_property
    def identifier(self) -> str | None:
        """The property of an object that holds its key."""
        return self.key_among(self.properties)

    @cached_property
    def also(self) -> tuple[str, ...]:
        """The other properties of an object that requests may name it by, as `idOrSlug` says."""
        named = (key_property(self._scalars(self.properties), each, self.noun) for each in self._others)
        return tuple(name for name in named if name and name != self.identifier)

    @property
    def _others(self) -> list[str]:
        return alternatives(self.variable)[1:] if self.variable else []

    @cached_property
    def creating(self) -> Operation | None:
        """The operation that makes objects which the others can then name."""
        return next((operation for operation in self.created if self._makes(operation)), None)

    def key_among(self, properties: dict[str, Node]) -> str | None:
        """Which of some properties holds the key of an object."""
        scalar = self._scalars(properties)
        if self.variable is None:
            return identifier(self.contract, scalar) or key_property(scalar, "id", self.noun)
        return key_property(scalar, self.variable, self.noun)

    def _scalars(self, properties: dict[str, Node]) -> dict[str, Node]:
        return {name: node for name, node in properties.items() if not self.contract.types(node) & {"object", "array"}}

    def entity(self, schema: Node) -> tuple[Pointer, Node] | None:
        """Where in a body its object is: the one with a key that has most of the properties of such objects."""
        # With the schema itself, so that no other one gets its identity.
        if id(schema) not in self._entities:
            self._entities[id(schema)] = (schema, self._best(schema))
        return self._entities[id(schema)][1]

    def _best(self, schema: Node) -> tuple[Pointer, Node] | None:
        found, most = self._entity(schema), 0
        for path, node in objects(self.contract, schema):
            names = self.contract.properties(node)
            shared = len(names.keys() & self.properties.keys())
            if ITEMS not in path and shared > most and self.key_among(names):
                found, most = (path, node), shared
        return found

    def _entity(self, schema: Node) -> tuple[Pointer, Node] | None:
        """The outermost object with a key, before others that of the collection's name; else the outermost."""
        first, keyed = None, None
        for path, node in objects(self.contract, schema):
            if ITEMS in path:
                continue
            first = first or (path, node)
            if self.key_among(self.contract.properties(node)):
                keyed = keyed or (path, node)
                if path and plain(path[-1]) in (plain(self.noun), plain(singular(self.noun))):
                    return path, node
        return keyed or first

    def answer(self, operation: Operation, *, by_key: bool = False) -> Pointer | None:
        """Where in the answer of an operation the object is, or the objects are; None if it does not tell them.

        If `by_key`, to have the key is enough, as for `{"id": 1, "deleted": true}`.
        """
        if operation.listed is not None:
            found = self.entity(operation.listed[1])
            return (*operation.listed[0], ITEMS, *found[0]) if found and self.resembles(operation.listed[1]) else None
        found = self.entity(operation.success)
        has_key = by_key and found is not None and self.identifier in self.contract.properties(found[1])
        return found[0] if found and (has_key or self.resembles(operation.success)) else None

    def resembles(self, schema: Node) -> bool:
        """Whether the object of a body is one of this collection: at least half of its properties are."""
        found = self.entity(schema)
        names = set(self.contract.properties(found[1])) if found else set()
        return bool(names) and 2 * len(names & self.properties.keys()) >= min(len(names), len(self.properties))

    def many(self, operation: Operation) -> Pointer | None:
        """Where a body has a list of objects that are to be made, None where it has none.

        A list within an object is called as the collection, or as envelopes call theirs. Items that must tell their key
        are objects that there are already.
        """
        request = operation.request
        lists: dict[Pointer, Node] = {(): request} if "array" in self.contract.types(request) else {}
        for name, each in self.contract.properties(request).items():
            node = resolved(self.contract, each)
            is_named = name.lower() in LIST_NAMES or plain(singular(name)) == plain(singular(self.noun))
            if is_named and "array" in self.contract.types(node) and isinstance(node.get("items"), dict):
                lists[name,] = node
        found = [(place, resolved(self.contract, node.get("items") or {})) for place, node in lists.items()]
        found = [(place, item) for place, item in found if self.contract.properties(item) and self.resembles(item)]
        if len(found) != 1 or self.identifier in self.contract.required(found[0][1]):
            return None
        answers = operation.listed is not None and self.resembles(operation.listed[1])
        return found[0][0] if answers or not (operation.success or found[0][0]) else None

    def _makes(self, operation: Operation) -> bool:
        if self.identifier is None:
            return not self.variable and not operation.is_list
        if operation.is_list:
            return False
        asked = self.entity(operation.request)
        if asked and self.key_among(self.contract.properties(asked[1])) and self.resembles(operation.request):
            return not operation.success or self.resembles(operation.success) or not self.shown
        if not operation.success:
            return bool(self.listed) and bool(asked)
        answered = self.entity(operation.success)
        names = self.contract.properties(answered[1]) if answered else {}
        return self.key_among(names) is not None and (self.resembles(operation.success) or len(names) == 1)
