"""The ladder itself: valid requests to every operation, and each with one change after another."""

from collections.abc import Iterator

from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder import bodies, judge, parameters, refusals
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.exchange import Exchange

SOURCE = "ladder"
HIGHEST = 2_000  # rungs of one operation
NAMES = (*conformance.NAMES, *refusals.NAMES, judge.ACCEPTS, judge.REFUSES, judge.MAPPING)


def run(conversation: Conversation) -> None:
    """Send every request of the ladder and note what the server does otherwise than the contract says."""
    for operation in conversation.operations:
        found = conversation.pending(SOURCE, operation, rungs(operation, conversation.valid))
        for number, rung in enumerate(found):
            if number == HIGHEST:
                conversation.report.skip(SOURCE, operation.label, f"the rest, after {HIGHEST} requests")
                break
            conversation.report.coverage.aim(operation.label, rung.pointer, valid=not rung.broken)
            exchange = conversation.ask(rung.draft, intent="invalid" if rung.broken else "valid", source=SOURCE)
            if exchange is None:
                break
            sound = _judge(exchange, rung, conversation)
            # Where requests are refused before anything in them was changed, no change shows anything.
            if not sound and not rung.place:
                break


def rungs(operation: Operation, valid: ValidRequests) -> Iterator[Rung]:
    """The requests to one operation that its contract gives rise to; none where no valid one can be made."""
    bare, body, base = valid.bare(operation), valid.body(operation), valid.minimal(operation)
    if bare is None or base is None:
        return
    if body is None:
        yield Rung(base, "", "a minimal request", "", operation.pointer)
    else:
        yield from bodies.rungs(operation, bare, body, valid.instances)
        yield from bodies.of_other_types(valid, operation)
    yield from parameters.rungs(operation, base, valid.instances)


def _judge(exchange: Exchange, rung: Rung, conversation: Conversation) -> bool:
    """Whether the answer is as it should be; findings are noted."""
    report = conversation.report
    conformance.check(exchange, report)
    refusals.check(exchange, rung, report)
    change = f"{rung.place} {rung.change}".strip()
    if not rung.must:
        return True
    if rung.broken:
        broken = f"{change}: {rung.broken}"
        return judge.refused(exchange, rung.place, broken, rung.pointer, report, right=rung.refusals)
    return judge.accepted(exchange, rung.place or rung.change, change, rung.pointer, report)
