"""What an operation does with what is remembered: the actions of its role, each compiled when it is first asked for."""

from dataclasses import replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from counterfoil.stub.answers.creation import telling_nothing
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.call import Call, Reply
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node, extension
from counterfoil.stub.state.actions.changing import Changing
from counterfoil.stub.state.actions.creating import Creating
from counterfoil.stub.state.actions.creating_many import CreatingMany
from counterfoil.stub.state.actions.filing import Downloading, Taking, Uploading, removing
from counterfoil.stub.state.actions.listing import Listing
from counterfoil.stub.state.actions.removing import Removing
from counterfoil.stub.state.actions.showing import Fetching
from counterfoil.stub.state.conditions import conditional
from counterfoil.stub.state.inference.infer import Roles, infer
from counterfoil.stub.state.locating import located
from counterfoil.stub.state.objects import Objects
from counterfoil.stub.state.repeating import once
from counterfoil.stub.state.roles import ANSWER, Action, Role

_roles: "WeakKeyDictionary[ContractTree, Roles]" = WeakKeyDictionary()


def role_of(contract: ContractTree, method: str, path: str) -> Role:
    """The role of an operation."""
    return roles_of(contract).get((method, path), ANSWER)


def roles_of(contract: ContractTree) -> Roles:
    """The roles of all operations of a contract, which are inferred together, once."""
    roles = _roles.get(contract)
    if roles is None:
        roles = _roles[contract] = infer(contract)
    return roles


class Acting:
    """The actions of one operation. Those that its role leaves open, such as how to list, answer by example."""

    def __init__(
        self,
        contract: ContractTree,
        method: str,
        path: str,
        operation: Node,
        request: Node,
        success: Success,
        *,
        stateless: bool = False,
    ) -> None:
        """`path` is its template, `request` the schema of its body; if `stateless`, all is by example."""
        self._contract, self._method, self._path, self._operation = contract, method, path, operation
        listed = [*(contract.at("paths", path)[0].get("parameters") or ()), *(operation.get("parameters") or ())]
        self._parameters = [contract.follow(each)[0] for each in listed]
        self._request, self._success = request, success
        self._role = ANSWER if stateless else role_of(contract, method, path)
        self._stateless = stateless

    @cached_property
    def create(self) -> Any:
        """Makes an object."""
        if self._stateless:
            return self.answer
        objects = self._objects("create") if self._role.collection else self._alone
        if objects.role.many is not None:
            many = CreatingMany(self._contract, objects, self._request, self._success, self._responses)
            return self._once(many)
        making = Creating(
            self._contract, objects, self._request, self._success, self._omits_nulls, self._operation,
            self._taking.telling if objects.role.files else telling_nothing,
        )  # fmt: skip
        action: Any = located(roles_of(self._contract), objects.role.collection, self._success, making)
        action = self._filing(objects, self._conditional(objects, action))
        making.notes_key = action is not making
        return self._once(action)

    @cached_property
    def list(self) -> Any:
        """Lists objects."""
        if not self._role.collection or self._role.answer is None:
            return self.answer
        objects = self._objects("list")
        return Listing(self._contract, objects, self._success, self._parameters, self._request, self._operation)

    @cached_property
    def fetch(self) -> Any:
        """Shows an object."""
        if not self._role.collection:
            return self.answer
        objects = self._objects("fetch")
        return self._filing(objects, self._conditional(objects, Fetching(self._contract, objects, self._success)))

    @cached_property
    def replace(self) -> Any:
        """Puts an object in the place of another one."""
        return self._changing("replace")

    @cached_property
    def change(self) -> Any:
        """Changes an object."""
        return self._changing("change")

    @cached_property
    def remove(self) -> Any:
        """Removes an object."""
        if not self._role.collection:
            return self.answer
        objects = self._objects("remove")
        removing = self._conditional(objects, Removing(self._contract, objects, self._success))
        return self._once(self._filing(objects, removing))

    def answer(self, call: Call[Any, Any]) -> Reply[Any]:
        """Answers by example."""
        return self._success.example(call)

    @cached_property
    def usual(self) -> Any:
        """The action of the role."""
        action = getattr(self, self._role.action)
        return self._filing(self._objects("answer"), action) if self._role.action == "answer" else action

    def _changing(self, action: Action) -> Any:
        if not self._role.collection:
            return self.answer
        objects = self._objects(action)
        changing = Changing(
            self._contract, objects, self._responses, self._request,
            replaces=action == "replace", omit_nulls=self._omits_nulls,
        )  # fmt: skip
        return self._once(self._filing(objects, self._conditional(objects, changing)))

    def _conditional(self, objects: Objects, action: Any) -> Any:
        return conditional(objects, self._parameters, self._responses, self._success, action)

    def _filing(self, objects: Objects, action: Any) -> Any:
        """`action` with the files that it takes, gives back or removes."""
        if not objects.role.files:
            return action
        if self._method == "GET":
            return Downloading(objects, self._success, action)
        if self._method == "DELETE":
            return removing(objects, self._path, action)
        return Uploading(self._contract, objects, self._taking, self._success, self._path, action)

    @cached_property
    def _taking(self) -> Taking:
        return Taking(self._contract, self._operation)

    def _once(self, action: Any) -> Any:
        return once(self._contract, f"{self._method} {self._path}", self._parameters, self._request, action)

    @property
    def _responses(self) -> Node:
        return self._operation.get("responses") or NOTHING

    @cached_property
    def _omits_nulls(self) -> bool:
        return bool(extension("nulls", self._operation, self._contract.tree) == "omit")

    def _objects(self, action: Action) -> Objects:
        return self._of(replace(self._role, action=action))

    @cached_property
    def _alone(self) -> Objects:
        return self._of(Role("create", self._path))

    def _of(self, role: Role) -> Objects:
        return Objects(self._contract, role, self._operation, self._parameters, self._request)
