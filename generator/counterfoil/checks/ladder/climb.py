"""The ladder itself: valid requests to every operation, and each with one change after another."""

from collections.abc import Iterator

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder import bodies, judge
from counterfoil.checks.ladder.instances import Instances
from counterfoil.checks.ladder.parameters import Parameters
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange

SOURCE = "ladder"


def run(conversation: Conversation) -> None:
    """Send every request of the ladder and note what the server does otherwise than the contract says."""
    if not conversation.operations:
        return
    instances = Instances(conversation.operations[0].contract)
    for operation in conversation.operations:
        for rung in rungs(operation, instances):
            exchange = conversation.ask(rung.draft, intent="invalid" if rung.broken else "valid", source=SOURCE)
            if exchange is None:
                break
            sound = _judge(exchange, rung, conversation)
            # Where requests are refused before anything in them was changed, no change shows anything.
            if not sound and not rung.place:
                break


def rungs(operation: Operation, instances: Instances) -> Iterator[Rung]:
    """The requests to one operation that its contract gives rise to."""
    parameters = Parameters(operation, instances)
    base = parameters.base(Draft(operation))
    if base is None:
        return
    found = instances.documented(operation)
    if found is not None:
        media_type, pointer, value = found
        yield from bodies.rungs(operation, base, instances)
        base = base.with_json(instances.minimal(pointer, value), media_type)
    elif operation.request_content:
        return
    else:
        yield Rung(base, "", "a minimal request", "", operation.pointer)
    yield from parameters.rungs(base)


def _judge(exchange: Exchange, rung: Rung, conversation: Conversation) -> bool:
    """Whether the answer is as it should be; findings are noted."""
    report = conversation.report
    conformance.check(exchange, report)
    change = f"{rung.place} {rung.change}".strip()
    if not rung.must:
        return True
    if rung.broken:
        broken = f"{change}: {rung.broken}"
        return judge.refused(exchange, rung.place, broken, rung.pointer, report, right=rung.refusals)
    return judge.accepted(exchange, rung.place or rung.change, change, rung.pointer, report)
