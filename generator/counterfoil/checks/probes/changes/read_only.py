"""What only the server says of objects is not taken from requests (JSON Schema Validation 2020-12, 9.4)."""

import re
from collections.abc import Iterator
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part, at
from counterfoil.checks.objects.comparing import same
from counterfoil.checks.objects.made import Made
from counterfoil.checks.objects.values import another, first_fitting, unknown_key
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.resources.lifecycle import STATE
from counterfoil.checks.roles import settable
from counterfoil.checks.semantics.echoes.sharing import is_clock
from counterfoil.checks.semantics.values.clock import moment
from counterfoil.checks.semantics.values.constants import names_tenant
from counterfoil.stub.state.inference.names import plain

NAMES = ()

_CLAUSE = re.compile(r"[.;\n]+")
_STAYS = re.compile(
    r"\b(?:cannot|can not|can't|must not|may not|never) (?:be )?chang|\bimmutable\b|\bunchangeable\b", re.IGNORECASE
)
_LONG_AGO = "2001-02-03T04:05:06Z"


def run(conversation: Conversation) -> None:
    """Tell each operation that makes, changes or replaces objects what only the server says of them.

    That is what is declared `readOnly`, times of changes, whose objects they are, what is told to stay as it is, and
    what clients say where they make an object, and nowhere later.
    """
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        parts = (collection.create, *collection.all("change", "replace"))
        telling = [part for part in parts if STATE not in part.operation.switched_off and _names(acting, part)]
        made = acting.make(acting.create_draft(full=False)) if telling else None
        before = acting.state(made) if made is not None else None
        if made is None or before is None:
            continue
        for part in telling:
            others = {name: _other(part, name, before.get(name)) for name in _names(acting, part)}
            values = {name: value for name, value in others.items() if not same(value, before.get(name))}
            values = {name: value for name, value in values.items() if value is not None}
            if values:
                _try(acting, part, made, values)


def _names(acting: Acting, part: Part) -> list[str]:
    """The properties of a request that only the server says, and that objects show."""
    operation = part.operation
    shown = shapes.properties(operation, part.role.shape)
    asked = operation.schemas.properties(operation.request_schema or {})
    if not asked:
        return []
    declared = [name for name, node in asked.items() if name in shown and _is_read_only(operation, node)]
    given = settable(operation)
    return declared + [
        name
        for name, node in shown.items()
        if name not in asked
        and (
            (plain(name) not in given and (is_clock(operation, name, node) or names_tenant(operation, name)))
            or _is_told_to_stay(part, name)
            or _is_said_once(acting, part, name)
        )
    ]


def _is_said_once(acting: Acting, part: Part, name: str) -> bool:
    """Whether clients say a property of objects where they make one, and no request that changes one offers it."""
    if part.role.action == "create" or name not in acting.settable:
        return False
    changing = (each.operation for each in acting.collection.all("change", "replace"))
    return all(name not in shapes.properties(each, each.request_schema) for each in changing)


def _is_told_to_stay(part: Part, name: str) -> bool:
    """Whether the description of what changes objects says that a property of them cannot be changed."""
    clauses = _CLAUSE.split(str(part.operation.tree.get("description")))
    called = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    return part.role.action != "create" and any(_STAYS.search(each) and called.search(each) for each in clauses)


def _is_read_only(operation: Operation, node: Any) -> bool:
    return any(isinstance(each, dict) and each.get("readOnly") is True for each in (node, operation.resolve(node)))


def _other(part: Part, name: str, value: Any) -> Any:
    """A value that no object has by itself, given that of one; None where none is known."""
    node = shapes.properties(part.operation, part.role.shape)[name]
    known = shapes.properties(part.operation, part.operation.request_schema)
    is_said = part.role.action != "create" and name not in known and not is_clock(part.operation, name, node)
    candidates = another(part.operation, node, value) if is_said else _candidates(part, node, value)
    return first_fitting(candidates, lambda each: part.operation.accepts(node, each))


def _candidates(part: Part, node: Any, value: Any) -> Iterator[Any]:
    may_follow = isinstance(value, bool) or shapes.choices(part.operation, node) is not None
    if isinstance(value, str) and moment(value) is not None:
        yield _LONG_AGO
    elif isinstance(value, int) and not isinstance(value, bool):
        yield unknown_key(value)  # one more may be what a counter is next
    elif isinstance(value, str | bool) and (part.role.action == "create" or not may_follow):
        yield from another(part.operation, node, value)


def _try(acting: Acting, part: Part, made: Made, values: dict[str, Any]) -> None:
    creates = part.role.action == "create"
    draft = acting.create_draft(full=False) if creates else acting.about(part, made)
    if draft is None or not isinstance(draft.value, dict):
        return
    # A server may refuse it as well.
    told = draft.with_json({**draft.value, **values}, draft.media_type)
    exchange = acting.conversation.ask(told, intent="invalid", source="probes", aim=creates)
    if exchange is None or not part.operation.is_success(exchange.response.status):
        return
    shown: Any = at(exchange.response.json, part.role.answer or ()) if creates else acting.state(made)
    for name, value in values.items() if isinstance(shown, dict) else ():
        if same(shown.get(name), value):
            if not creates and name in acting.settable:
                summary, expected = f"/{name} is changed by a request that does not offer it", "the value that it had"
            else:
                summary = f"/{name} is taken from a request, although only the server says it"
                expected = "what the server says"
            acting.note(exchange, STATE, summary, f"{expected}, or a refusal", repr(value))
