"""What makes objects goes on doing so: no answer but those of the contract comes after some dozens of requests."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.values import keys_like
from counterfoil.checks.operation import Operation
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.unique import identifying, rewritten
from counterfoil.checks.wire.draft import Draft

NAMES = ()

_COUNT = 64  # accepted requests in a run
_WITHOUT_OBJECT = frozenset({HTTPStatus.CREATED, HTTPStatus.NO_CONTENT})


def run(conversation: Conversation) -> None:
    """Repeat what makes objects until a server on this machine has accepted it some dozens of times."""
    if not conversation.client.target.is_local:
        return
    accepted: dict[str, int] = {}
    statuses: dict[str, int] = {}
    for exchange in conversation.exchanges:
        if exchange.accepted and exchange.request.method == exchange.operation.method:
            label = exchange.operation.label
            accepted[label] = accepted.get(label, 0) + 1
            statuses[label] = exchange.response.status
    for operation in conversation.operations:
        if operation.label in accepted and _makes(operation, statuses[operation.label]):
            _repeat(operation, conversation, accepted[operation.label])


def _makes(operation: Operation, status: int) -> bool:
    """Whether an operation makes something, as far as its method, its body and its answers tell."""
    action = role_of(operation).action
    if operation.method != "POST" or not operation.request_content:
        return False
    return action == "create" or (action == "answer" and status in _WITHOUT_OBJECT)


def _repeat(operation: Operation, conversation: Conversation, accepted: int) -> None:
    draft = conversation.valid.minimal(operation)
    if draft is None:
        return
    # Whoever tells of no object may have taken all that has one name for the same.
    role = role_of(operation)
    is_silent = role.action == "answer" or role.answer is None
    others = list(_named_otherwise(operation, draft)) if is_silent and not rewritten(operation) else []
    for each in others or [draft] * (_COUNT - accepted):
        exchange = conversation.ask(each, intent="valid", source="probes")
        if exchange is None:
            return
        conformance.check(exchange, conversation.report)
        if not exchange.accepted:
            return  # there may be as many as there may be


def _named_otherwise(operation: Operation, draft: Draft) -> Iterator[Draft]:
    """Some dozens of requests, each with another name of what it is about; none where it has no name."""
    found = identifying(operation, draft.value)
    if found is None:
        return
    name, schema = found
    names = (key for key in keys_like(draft.value[name]) if operation.accepts(schema, key))
    for key in islice(names, _COUNT):
        yield draft.with_json({**draft.value, name: key}, draft.media_type)
