"""The plan of a generated stub: one handler for each operation."""

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from counterfoil.plan.models import BodyPlan, ModelsPlan, OperationPlan
from counterfoil.plan.names.naming import import_order
from counterfoil.plan.operations import is_json
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.state.inference.infer import infer
from counterfoil.stub.state.roles import ANSWER, Action, Role

_PLAIN = re.compile(r"(?:list\[)?(\w+)\]?")
_TAKEN = frozenset(("stub", "Call", "Reply", "Stub", "Any", "TYPE_CHECKING", "annotations", "list", "str", "bytes"))
"""Names that the module uses itself, which no handler may take."""


@dataclass(frozen=True)
class HandlerPlan:
    """A handler: its Python name, its route, the types of its bodies as expressions, `None` where there is no body.

    `action` is the method of the call that makes the answer, as a running stub infers it: `create` remembers what the
    request describes, `answer` answers by example, `act` does what the contract implies.
    """

    name: str
    method: str
    path: str
    doc: str
    request: str
    response: str
    action: Action | Literal["act"]


@dataclass(frozen=True)
class StubPlan:
    """A generated stub. `models` are the names that it imports from the models, `any` whether `Any` occurs."""

    title: str
    handlers: tuple[HandlerPlan, ...]
    models: tuple[str, ...]
    any: bool


def plan_stub(models: ModelsPlan, tree: dict[str, Any]) -> StubPlan:
    """The handlers of all operations that the models have bodies for; `tree` is the contract."""
    roles = infer(ContractTree(tree))
    taken = _TAKEN | models.names
    handlers, used = [], set[str]()
    for operation in models.operations:
        request, response = _request(operation), _success(operation)
        reserved = keyword.iskeyword(operation.name) or operation.name in taken
        handlers.append(
            HandlerPlan(
                f"{operation.name}_" if reserved else operation.name,
                operation.method,
                operation.path,
                operation.summary or f"{operation.method} {operation.path}",
                _type(request),
                _type(response),
                _action(roles.get((operation.method, operation.path), ANSWER)),
            )
        )
        used |= {each for body in (request, response) if body and _type(body) != "Any" for each in body.uses}
    any_used = any("Any" in (handler.request, handler.response) for handler in handlers)
    return StubPlan(models.title, tuple(handlers), tuple(sorted(used, key=import_order)), any_used)


def _action(role: Role) -> Action | Literal["act"]:
    """The method that does what a role says; `act` where it is more than one of its actions, as for files."""
    return "act" if role.files and role.action == "answer" else role.action


def _request(operation: OperationPlan) -> BodyPlan | None:
    return _preferred(operation.requests)


def _success(operation: OperationPlan) -> BodyPlan | None:
    """The body of success: the lowest status that begins with 2 or 3, after it their ranges, else the default."""
    found = {response.status: response.bodies for response in operation.responses}
    chosen = [status for status in found if status[:1] in "23" or status == "default"]
    chosen.sort(key=lambda status: (status == "default", status[:1], not status.isdecimal(), status))
    return _preferred(found[chosen[0]]) if chosen else None


def _preferred(bodies: Iterable[BodyPlan]) -> BodyPlan | None:
    listed = list(bodies)
    return next((body for body in listed if is_json(body.media_type)), next(iter(listed), None))


def _type(body: BodyPlan | None) -> str:
    """The type of a body where it is a model, a list of models or a plain type; `Any` for what needs imports."""
    if body is None or not body.type:
        return "None"
    plain = _PLAIN.fullmatch(body.type)
    return body.type if plain and (plain[1] in body.uses or plain[1] in ("str", "bytes")) else "Any"
