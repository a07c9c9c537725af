"""The ladder of one operation: valid requests to it, and each with one change after another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.cases.variants.walk import MANY
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder import bodies, judge, parameters, refusals
from counterfoil.checks.ladder.changes import Changes
from counterfoil.checks.ladder.order import by_turns
from counterfoil.checks.ladder.places_told import unnamed
from counterfoil.checks.ladder.rung import Planned, Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.exchange import Exchange, Intent

SOURCE = "ladder"

# The first requests to each operation that something is changed in.
_COMBINED = 2  # with many changes
_BROKEN = 1  # with many changes that are refused
REFUSED = 2  # with one change of the body that is refused, each for another reason
_COMBINED_AGAIN = 8
BROKEN_AGAIN = 8

_FEWEST = 500  # changes of a body that are looked for, however few requests may be sent


class Climb:
    """The ladder of one operation."""

    def __init__(self, operation: Operation, conversation: Conversation, highest: int, *, leads: bool) -> None:
        """With `leads` what is combined comes before what is refused alone, and more of it."""
        self.leads = leads
        self._operation, self._conversation, self._highest = operation, conversation, highest
        # None stands before what takes long to plan, which nobody who looks at the next one only shall wait for.
        self._rungs: Iterator[Rung | None] = iter(())
        self._combines = True
        self.label = operation.label
        self.is_climbed = False

    def begin(self) -> None:
        """Send the valid requests that nothing was changed in."""
        conversation = self._conversation
        wholes = list(_wholes(self._operation, conversation.valid))
        pending = conversation.pending(SOURCE, self._operation, self._ordered(wholes))
        self._rungs = self._bounded(pending)
        accepted: list[Any] = []
        refused: list[Any] = []
        for rung in filter(None, islice(self._rungs, len(wholes))):
            exchange = self._sent(rung)
            is_right = exchange is not None and _judge(exchange, rung, conversation)
            if exchange is None or not (is_right or rung.place):
                # Where requests are refused before anything in them was changed, no change shows anything.
                self._rungs = iter(())
                return
            if not rung.place:
                is_open = exchange.response.status >= 400 and conversation.reasons.are_open(exchange)
                if is_open or exchange.response.status < 400:
                    (refused if is_open else accepted).append(rung.draft.value)
        if refused and accepted:
            self._settle(accepted, refused)
            wholes[:] = _wholes(self._operation, conversation.valid)
        elif refused and len(refused) == len(wholes):
            self._rungs = iter(())

    def _settle(self, accepted: list[Any], refused: list[Any]) -> None:
        """Go on from bodies that are not refused for what no schema tells: with as much in them as the server takes."""
        valid, operation = self._conversation.valid, self._operation
        body, bare = valid.body(operation), valid.bare(operation)
        least = next((each for each in reversed(accepted) if isinstance(each, dict)), None)
        if body is None or bare is None or least is None:
            return
        most = body.full
        if most in refused:
            most = least
            for name in body.full:
                more = {**most, name: body.full[name]}
                if name in most or not valid.instances.fits(body.pointer, more):
                    continue
                rung = Rung(bare.with_json(more, body.media_type), "", f"a request with {name}", "", body.pointer)
                exchange = self._sent(rung)
                if exchange is not None and _judge(exchange, rung, self._conversation):
                    most = more if exchange.response.status < 400 else most
        documented, minimal = (least if each in refused else each for each in (body.documented, body.minimal))
        valid.prefer(operation, documented=documented, minimal=minimal, full=most)

    def varied(self) -> Iterator[None]:
        """Send a request with each step: valid ones and refused ones with many changes, refused ones with one."""
        yield from self._combined(_COMBINED)
        yield from self.broken_together(_BROKEN)
        yield from self.refused()
        yield from self.broken_together(_BROKEN)
        yield from self._combined(_COMBINED_AGAIN)

    def followed(self) -> Iterator[None]:
        """Send a request with many changes with each step."""
        yield from self._combined(_COMBINED)
        yield from self.broken_together(2 * _BROKEN)

    def refused(self) -> Iterator[None]:
        """Send a request that is refused with each step, as long as these come first."""
        body = self._conversation.valid.body(self._operation)
        most = 1 + (REFUSED if body is not None and body.is_json else 0)
        for rung in self._first(most, lambda rung: bool(rung.broken) and not rung.parts):
            self._try(rung)
            yield

    def _combined(self, most: int) -> Iterator[None]:
        for rung in self._first(most, lambda rung: bool(rung.parts) and not rung.broken):
            self._try_all(rung)
            yield

    def broken_together(self, most: int) -> Iterator[None]:
        """Send a request with several changes that are refused with each step, as long as these come first."""
        for rung in self._first(most, lambda rung: bool(rung.parts and rung.broken)):
            self._break_all(rung)
            yield

    def _first(self, most: int, wanted: Callable[[Rung], bool]) -> Iterator[Rung]:
        """The next requests, up to `most`, as long as they are wanted."""
        for rung in islice(self._rungs, most):
            if rung is None or not wanted(rung):
                self._rungs = chain([rung], self._rungs)
                return
            yield rung

    def others(self) -> Iterator[None]:
        """Send a request with each step."""
        for rung in self._rungs:
            if rung is None:
                continue
            if not rung.parts:
                self._try(rung)
            elif rung.broken:
                self._break_all(rung)
            else:
                self._try_all(rung)
            yield

    def _try_all(self, rung: Rung) -> None:
        """Send a request with several changes, and each of them alone where something is wrong with all."""
        if not self._combines:
            return
        exchange = self._sent(rung)
        if exchange is None or _judge(exchange, rung, self._conversation):
            return
        # Which of the changes it was shows each of them alone, and soonest those that the refusal names.
        others = set(unnamed(exchange.response, rung.paths))
        ordered = sorted(range(len(rung.parts)), key=others.__contains__)
        held = [self._try(rung.parts[number]()) for number in ordered]
        if all(held):
            again = self._sent(rung)
            # If none, there is more to be kept than is told, unless all of them are taken the next time.
            self._combines = again is not None and again.response.status < 400
            if self._combines:
                summary, reasons = "a request that is accepted the next time", self._conversation.reasons
                judge.accepted(exchange, summary, summary, rung.pointer, self._conversation.report, reasons)

    def _break_all(self, rung: Rung) -> None:
        """Send a request with several changes that are refused, and those alone that the refusal does not name.

        What names hardly anything tells nothing of the rest: many servers stop at the first mistake.
        """
        exchange = self._sent(rung)
        if exchange is None:
            return
        conformance.check(exchange, self._conversation.report)
        suspects: Sequence[int] = range(len(rung.parts))
        if exchange.response.status >= 400:
            suspects = unnamed(exchange.response, rung.paths)
            suspects = suspects if 2 * len(suspects) <= len(rung.parts) else ()
        for number in suspects:
            self._try(rung.parts[number]())

    def _ordered(self, wholes: list[Rung]) -> Iterator[Rung | None]:
        """The valid requests `wholes`, the first ones with many changes of them at once, and then with one each.

        Further ones with many changes come once every rule has been broken. What is tried together with others is tried
        alone at the end. A run that goes on where another one ended counts on it that no answer changes any of this.
        """
        yield from wholes
        operation, valid = self._operation, self._conversation.valid
        # What is sent is chosen from more than there is room for.
        many = max(_FEWEST, 2 * self._highest)
        changes = _changes(operation, valid, many) if wholes else None
        plans: list[Planned] = []
        seen: Sequence[Rung] = ()
        together: Iterator[Rung] = iter(())
        broken: Iterator[Rung] = iter(())
        if changes is not None:
            together, broken = changes.combined(), changes.broken_together()
        ahead = chain(islice(together, _COMBINED), islice(broken, _BROKEN))
        if self.leads:
            yield from ahead
        if wholes:
            yield from changes.refused(REFUSED) if changes is not None else ()
            keeper = valid.body(operation) or operation
            seen = keeper.remembered("first others", lambda: tuple(_until_broken(_others(operation, valid))))
            yield from (rung for rung in seen if rung.broken)
        yield from chain(ahead, islice(broken, _BROKEN))
        again = islice(broken, BROKEN_AGAIN)
        if self.leads:
            yield from chain(islice(together, _COMBINED_AGAIN), again)
        yield None
        combined = list(together)
        plans += changes.plans() if changes is not None else ()
        others = islice(_others(operation, valid), len(seen), None)
        plans += map(Planned.of, chain((rung for rung in seen if not rung.broken), others))
        first, later = by_turns(plan for plan in plans if not plan.is_tried)
        yield from (plan.make() for plan in first)
        yield from chain(combined, again)
        tried = (plan for plan in plans if plan.is_tried)
        yield from (plan.make() for plan in chain(later, *by_turns(tried)))
        is_cut = changes is not None and changes.is_cut
        if is_cut:
            reason = f"changes of parts that are like others, after {many} changes"
            self._conversation.report.skip(SOURCE, operation.label, reason)
        self.is_climbed = bool(wholes) and not is_cut

    def _bounded(self, found: Iterable[Rung | None]) -> Iterator[Rung | None]:
        number = 0
        for rung in found:
            number += rung is not None
            if number > self._highest:
                reason = f"the rest, after {self._highest} requests"
                self._conversation.report.skip(SOURCE, self._operation.label, reason)
                return
            yield rung

    def _try(self, rung: Rung) -> bool:
        """Whether the answer to a request is as it should be; findings are noted."""
        exchange = self._sent(rung)
        return exchange is not None and _judge(exchange, rung, self._conversation)

    def _sent(self, rung: Rung) -> Exchange | None:
        """The answer to a request; where there is none, nothing more is sent."""
        conversation = self._conversation
        intent: Intent = "invalid" if rung.broken else "valid"
        conversation.report.coverage.aim(self._operation.label, rung.pointer, valid=not rung.broken)
        exchange = conversation.ask(rung.draft, intent=intent, source=SOURCE)
        if exchange is None:
            self._rungs = iter(())
        return exchange


def rungs(operation: Operation, valid: ValidRequests) -> Iterator[Rung]:
    """The requests to one operation that its contract gives rise to; none where no valid one can be made.

    Those that nothing is changed in come first.
    """
    yield from _wholes(operation, valid)
    changes = _changes(operation, valid)
    yield from (plan.make() for plan in changes.plans()) if changes is not None else ()
    yield from _others(operation, valid)


def _until_broken(rungs: Iterator[Rung]) -> Iterator[Rung]:
    """The first requests, up to one that is refused."""
    for rung in rungs:
        yield rung
        if rung.broken:
            return


def _wholes(operation: Operation, valid: ValidRequests) -> Iterator[Rung]:
    bare, body, base = valid.bare(operation), valid.body(operation), valid.minimal(operation)
    if body is not None and bare is not None:
        yield from bodies.wholes(bare, body)
    elif base is not None:
        yield Rung(base, "", "a minimal request", "", operation.pointer)


def _changes(operation: Operation, valid: ValidRequests, most: int = MANY) -> Changes | None:
    bare, body = valid.bare(operation), valid.body(operation)
    return None if bare is None or body is None else Changes(bare, body, valid.instances, most)


def _others(operation: Operation, valid: ValidRequests) -> Iterator[Rung]:
    bare, body, base = valid.bare(operation), valid.body(operation), valid.minimal(operation)
    if bare is None or base is None:
        return
    if body is not None:
        yield from bodies.sent_otherwise(operation, bare, body, valid.instances)
        yield from bodies.of_other_types(valid, operation)
    yield from parameters.rungs(operation, base, valid.instances)


def _judge(exchange: Exchange, rung: Rung, conversation: Conversation) -> bool:
    """Whether an answer is as it should be; what is wrong is noted, and first that invalid data is accepted."""
    report = conversation.report
    is_right = _is_right(exchange, rung, conversation) if rung.broken else True
    if not (rung.by_parser and 400 <= exchange.response.status < 500):
        conformance.check(exchange, report)
        refusals.check(exchange, rung, report)
    return is_right if rung.broken else _is_right(exchange, rung, conversation)


def _is_right(exchange: Exchange, rung: Rung, conversation: Conversation) -> bool:
    if rung.parts:
        return exchange.response.status < 400
    if not rung.must:
        return True
    change = f"{rung.place} {rung.change}".strip()
    if rung.broken:
        broken = f"{change}: {rung.broken}"
        return judge.refused(exchange, rung.place, broken, rung.pointer, conversation.report, right=rung.refusals)
    place, reasons = rung.place or rung.change, conversation.reasons
    return judge.accepted(exchange, place, change, rung.pointer, conversation.report, reasons)
