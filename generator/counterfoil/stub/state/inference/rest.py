"""Collections by the paths and methods of REST: `/pets`, `/pets/{id}`, `/pets/{id}/archive`, `/settings`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.schema_walk import Pointer
from counterfoil.stub.state.inference.names import VERBS, effect, plain
from counterfoil.stub.state.inference.operation import VARIABLE, Operation
from counterfoil.stub.state.inference.resources import Key, Resource, template
from counterfoil.stub.state.roles import Action, Place, Role, Unknown

BATCHES = frozenset(
    ("bulk", "batch", "many", "multiple", "bulkcreate", "batchcreate", "createbulk", "createbatch", "createmany")
)

Paths = Mapping[Key, Mapping[str, Operation]]


@dataclass(eq=False)
class Rest(Resource):
    """A resource whose operations are told by their methods.

    `home` is the collection that objects made here are kept in, where that is another one: what `/users/{}/posts`
    makes, `/posts/{}` shows. `above` is the collection that the paths of this one begin with.
    """

    at_collection: Mapping[str, Operation] = field(default_factory=dict)
    at_item: Mapping[str, Operation] = field(default_factory=dict)
    actions: list[Operation] = field(default_factory=list)
    batches: list[Operation] = field(default_factory=list)
    home: "Rest | None" = None
    above: "Rest | None" = None
    feeding: list["Rest"] = field(default_factory=list)

    @property
    def is_made(self) -> bool:
        """Whether some operation makes the objects, so that one that was not made is unknown."""
        if self.home:
            return self.home.is_made
        makes = self.creating is not None or self._upserts or bool(self._making_many)
        return makes or any(each.creating for each in self.feeding)

    @cached_property
    def _making_many(self) -> list[tuple[Operation, Pointer]]:
        """The operations that make several objects at once, and where their bodies have these."""
        made = [*self.batches, *([self.at_collection["POST"]] if "POST" in self.at_collection else [])]
        found = [(each, self.many(each)) for each in made if each is not self.creating and self.identifier]
        return [(each, place) for each, place in found if place is not None]

    @property
    def _upserts(self) -> bool:
        put = self.at_item.get("PUT")
        return put is not None and "201" in put.statuses and self.identifier is not None

    def role(self, operation: Operation, action: Action) -> Role:
        """The role of an operation of this resource."""
        kept, is_item = self.home or self, operation.variable is not None or operation in self.actions
        count = len(self.key) + 1
        key = VARIABLE.fullmatch(operation.segments[count - 1]) if len(operation.segments) >= count else None
        variables = VARIABLE.findall("/".join(operation.segments[: len(self.key)]))
        parent = None
        if self.above and variables and self.above.is_made:
            parent = (template(operation, len(self.above.key)), variables[-1])
        identifier = kept.identifier
        unknown: Unknown = "refuse" if self.is_made and identifier else "example"
        return Role(
            action,
            template(self.home.any, len(self.home.key)) if self.home else template(operation, len(self.key)),
            Place("path", (key[1],)) if key and is_item else None,
            (identifier,) if identifier else (),
            kept.shape,
            kept.example,
            kept.answer(operation, by_key=action == "remove"),
            unknown=unknown,
            upsert=action == "replace" and (unknown == "example" or self._upserts),
            scoped=self.home is not None,
            parent=parent,
            given=True,
            also=kept.also,
        )

    @property
    def any(self) -> Operation:
        """One of the operations."""
        return next(iter([*self.at_item.values(), *self.at_collection.values()]))

    def roles(self) -> dict[tuple[str, str], Role]:
        """The roles of all operations whose part is plain."""
        return {(operation.method, operation.path): role for operation, role in self._roles()}

    def _roles(self) -> Iterator[tuple[Operation, Role]]:
        made, listed = self.at_collection.get("POST"), self.at_collection.get("GET")
        if made is not None and (made is self.creating or (self.home and made is self.home_creating)):
            yield made, self.role(made, "create")
        for each, place in self._making_many:
            yield each, replace(self.role(each, "create"), key=None, many=place)
        kept = self.home or self
        if listed is not None and (kept.identifier or self.creating) and self.lists(listed):
            yield listed, self.role(listed, "list")
        if self.identifier is None or not self.at_item:
            return
        yield from self._named_in_body()
        for method, operation in self.at_item.items():
            action = self._action(method, operation)
            if action:
                yield operation, self.role(operation, action)
        for operation in self.actions:
            found = effect(operation.segments[-1], self.contract, self.properties)
            answers_so = bool(operation.success) and not operation.is_list and self.resembles(operation.success)
            if (found and (answers_so or not operation.success)) or answers_so:
                yield operation, replace(self.role(operation, "change"), set=found)
            elif not operation.success and self.is_made and operation.statuses & {"204", "202", "200"}:
                yield operation, self.role(operation, "change")

    def _named_in_body(self) -> Iterator[tuple[Operation, Role]]:
        """PUT and PATCH at the collection itself, which name the object by what its key is called."""
        for method, action in (("PUT", "replace"), ("PATCH", "change")):
            operation = self.at_collection.get(method)
            if operation is None or operation.is_list or not self.resembles(operation.request):
                continue
            found = self.entity(operation.request)
            name = self.key_among(self.contract.properties(found[1])) if found else None
            if found and name and name == self.identifier:
                key = Place("body", (*found[0], name))
                yield operation, replace(self.role(operation, cast("Action", action)), key=key)

    def lists(self, operation: Operation) -> bool:
        """Whether a list is one of these objects."""
        return operation.listed is not None and (self.home or self).resembles(operation.listed[1])

    @property
    def home_creating(self) -> Operation | None:
        """The operation that makes objects of another collection."""
        return self.creating if self.home else None

    def _action(self, method: str, operation: Operation) -> Action | None:
        shows = not operation.success or (not operation.is_list and self.resembles(operation.success))
        if method in ("GET", "HEAD"):
            return "fetch" if shows else None
        if method == "DELETE":
            return "remove"
        if method == "PATCH":
            return "change" if shows or not operation.is_list else None
        if method == "PUT" and operation.has_body:
            return "change" if self._is_partial(operation) else "replace"
        if method == "POST" and operation.has_body and shows:
            return "change" if "GET" in self.at_item and self.at_item.keys().isdisjoint({"PUT", "PATCH"}) else None
        return None

    def _is_partial(self, operation: Operation) -> bool:
        """Whether a PUT changes only what it names: it requires nothing while making an object does."""
        if "PATCH" in self.at_item or self.creating is None:
            return False
        asked = self.contract.required(operation.request)
        return not asked and bool(self.contract.required(self.creating.request))


def resources(contract: ContractTree, paths: Paths) -> dict[Key, Rest]:
    """The collections, by their paths without the names of variables."""
    found: dict[Key, Rest] = {}
    for key, operations in paths.items():
        collection = key[:-1]
        if key[-1] != "{}" or not collection or collection[-1].lower() in VERBS:
            continue
        if "GET" in operations and operations["GET"].is_list:
            continue
        found[collection] = _resource(contract, collection, paths.get(collection, {}), operations)
    for key, operations in paths.items():
        if (
            "{}" not in key[-1]
            and key not in found
            and {"GET", "POST"} <= operations.keys()
            and operations["GET"].is_list
        ):
            found[key] = _resource(contract, key, operations, {})
        if key[:-1] in found and plain(key[-1]) in BATCHES and "POST" in operations:
            found[key[:-1]].batches.append(operations["POST"])
        if len(key) > 2 and key[-2] == "{}" and (above := found.get(key[:-2])) and (*key, "{}") not in paths:
            above.actions += [
                operation
                for method, operation in operations.items()
                if method in ("POST", "PUT", "PATCH") and "GET" not in operations
            ]
    for key, each in found.items():
        above = next(
            (found[key[:size]] for size in range(len(key) - 1, 0, -1) if key[size] == "{}" and key[:size] in found),
            None,
        )
        each.above = above
    _settle(found)
    return found


def _settle(found: Mapping[Key, Rest]) -> None:
    """Find the homes of what is made below other objects, but shown at a path of its own."""
    for key, each in found.items():
        if each.at_item or "{}" not in key or not key[-1]:
            continue
        homes = [
            other
            for place, other in found.items()
            if place[-1] == key[-1] and len(place) < len(key) and other.at_item and "POST" not in other.at_collection
        ]
        made, shown = each.at_collection.get("POST"), each.at_collection.get("GET")
        if made is None or shown is None:
            continue
        homes = [home for home in homes if home.identifier and shown.listed and home.resembles(shown.listed[1])]
        if len(homes) == 1:
            each.variable = homes[0].variable
            each.shown = homes[0].shown
            each.home = homes[0]
            homes[0].feeding.append(each)
            homes[0].created.append(made)


def _resource(
    contract: ContractTree, key: Key, collection: Mapping[str, Operation], item: Mapping[str, Operation]
) -> Rest:
    variable = next((operation.variable for operation in item.values()), None)
    noun = next((segment for segment in reversed(key) if segment != "{}"), "")

    def of(operations: Mapping[str, Operation], *methods: str) -> list[Operation]:
        return [operations[method] for method in methods if method in operations]

    return Rest(
        contract, key, noun, variable, of(item, "GET"), of(collection, "POST"), of(collection, "GET"),
        of(item, "PUT", "PATCH", "POST"), collection, item,
    )  # fmt: skip


def singletons(contract: ContractTree, paths: Paths) -> dict[tuple[str, str], Role]:
    """The roles at paths of single objects such as `/settings`, which are there from the start."""
    roles: dict[tuple[str, str], Role] = {}
    actions = {"GET": "fetch", "PUT": "replace", "PATCH": "change", "DELETE": "remove"}
    for key, operations in paths.items():
        shown = operations.get("GET")
        if key[-1] == "{}" or (*key, "{}") in paths or shown is None or shown.is_list or not shown.success:
            continue
        changed = [operations[method] for method in ("PUT", "PATCH") if method in operations]
        names = contract.properties(shown.success)
        if not names or not any(_shares(contract, operation.request, names) for operation in changed):
            continue
        for method, operation in operations.items():
            if method in actions:
                roles[method, operation.path] = Role(
                    cast("Action", actions[method]), template(operation, len(key)), shape=shown.success,
                    example=shown.example, answer=() if _shares(operation.contract, operation.success, names) else None,
                    unknown="example", upsert=True, given=True,
                )  # fmt: skip
    return roles


def _shares(contract: ContractTree, schema: Node, names: Mapping[str, object]) -> bool:
    return bool(contract.properties(schema).keys() & names.keys())
