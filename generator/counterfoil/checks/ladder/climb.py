"""The ladder itself: valid requests to every operation, and each with one change after another."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder import bodies, judge, parameters, refusals
from counterfoil.checks.ladder.order import ordered
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.exchange import Exchange, Intent

SOURCE = "ladder"
NAMES = (*conformance.NAMES, *refusals.NAMES, judge.ACCEPTS, judge.REFUSES, judge.MAPPING)

_AT_ONCE = 8  # requests to one operation, before it is another one's turn
_LIFE = {"create": 0, "change": 2, "replace": 2, "remove": 3}
_BETWEEN = 1  # what shows objects, between making and changing them


class Ladder:
    """The ladders of all operations of a conversation, up which it goes step by step."""

    def __init__(self, conversation: Conversation, highest: int) -> None:
        """`highest` is how many requests each operation gets at most."""
        operations = sorted(conversation.operations, key=lambda each: _LIFE.get(role_of(each).action, _BETWEEN))
        self._climbs = [_Climb(operation, conversation, highest) for operation in operations]

    def begin(self) -> None:
        """Send valid requests to every operation, along the life of objects."""
        for climb in self._climbs:
            climb.begin()

    def combine(self) -> None:
        """Send requests with many valid changes at once, some to each operation in turn."""
        _by_turns([climb.combined() for climb in self._climbs])

    def finish(self) -> None:
        """Send all other requests, some to each operation in turn."""
        _by_turns([climb.alone() for climb in self._climbs])


def _by_turns(steps: list[Iterator[None]]) -> None:
    while steps:
        steps = [each for each in steps if sum(1 for _ in islice(each, _AT_ONCE)) == _AT_ONCE]


class _Climb:
    """The ladder of one operation."""

    def __init__(self, operation: Operation, conversation: Conversation, highest: int) -> None:
        self._operation, self._conversation, self._highest = operation, conversation, highest
        self._rungs: Iterator[Rung] = iter(())

    def begin(self) -> None:
        """Send the valid requests that nothing was changed in."""
        operation, valid = self._operation, self._conversation.valid
        changes = rungs(operation, valid)
        wholes = []
        for rung in changes:
            if rung.place:
                changes = chain([rung], changes)
                break
            wholes.append(rung)
        found = ordered(wholes, changes, valid.instances.fits)
        self._rungs = self._bounded(self._conversation.pending(SOURCE, operation, found))
        # Where requests are refused before anything in them was changed, no change shows anything.
        if not all(self._try(rung) or rung.place for rung in islice(self._rungs, len(wholes))):
            self._rungs = iter(())

    def combined(self) -> Iterator[None]:
        """Send a request with several changes with each step."""
        combines = True
        for rung in self._rungs:
            if not rung.parts:
                self._rungs = chain([rung], self._rungs)
                return
            if combines and not self._try(rung):
                # Which of the changes it was shows each of them alone; if none, there is more to be kept than is told.
                combines = not all(list(map(self._try, rung.parts)))
            yield

    def alone(self) -> Iterator[None]:
        """Send a request with one change with each step."""
        for rung in self._rungs:
            self._try(rung)
            yield

    def _bounded(self, found: Iterable[Rung]) -> Iterator[Rung]:
        for number, rung in enumerate(found):
            if number == self._highest:
                reason = f"the rest, after {number} requests"
                self._conversation.report.skip(SOURCE, self._operation.label, reason)
                return
            yield rung

    def _try(self, rung: Rung) -> bool:
        """Whether the answer to a request is as it should be; findings are noted."""
        conversation = self._conversation
        intent: Intent = "invalid" if rung.broken else "valid"
        conversation.report.coverage.aim(self._operation.label, rung.pointer, valid=not rung.broken)
        exchange = conversation.ask(rung.draft, intent=intent, source=SOURCE)
        if exchange is None:
            self._rungs = iter(())
            return False
        return _judge(exchange, rung, conversation.report)


def rungs(operation: Operation, valid: ValidRequests) -> Iterator[Rung]:
    """The requests to one operation that its contract gives rise to; none where no valid one can be made.

    Those that nothing is changed in come first.
    """
    bare, body, base = valid.bare(operation), valid.body(operation), valid.minimal(operation)
    if bare is None or base is None:
        return
    if body is None:
        yield Rung(base, "", "a minimal request", "", operation.pointer)
    else:
        yield from bodies.rungs(operation, bare, body, valid.instances)
        yield from bodies.of_other_types(valid, operation)
    yield from parameters.rungs(operation, base, valid.instances)


def _judge(exchange: Exchange, rung: Rung, report: Report) -> bool:
    conformance.check(exchange, report)
    refusals.check(exchange, rung, report)
    if rung.parts:
        return exchange.response.status < 400
    if not rung.must:
        return True
    change = f"{rung.place} {rung.change}".strip()
    if rung.broken:
        broken = f"{change}: {rung.broken}"
        return judge.refused(exchange, rung.place, broken, rung.pointer, report, right=rung.refusals)
    return judge.accepted(exchange, rung.place or rung.change, change, rung.pointer, report)
