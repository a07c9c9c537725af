"""What makes objects goes on doing so: no answer but those of the contract comes after some dozens of requests."""

from http import HTTPStatus

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance

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
            _repeat(operation, conversation, _COUNT - accepted[operation.label])


def _makes(operation: Operation, status: int) -> bool:
    """Whether an operation makes something, as far as its method, its body and its answers tell."""
    action = role_of(operation).action
    if operation.method != "POST" or not operation.request_content:
        return False
    return action == "create" or (action == "answer" and status in _WITHOUT_OBJECT)


def _repeat(operation: Operation, conversation: Conversation, count: int) -> None:
    draft = conversation.valid.minimal(operation)
    if draft is None:
        return
    for _ in range(count):
        exchange = conversation.ask(draft, intent="valid", source="probes")
        if exchange is None:
            return
        conformance.check(exchange, conversation.report)
        if not exchange.accepted:
            return  # there may be as many as there may be
