"""Everything that is said with one server in a run: each request goes through here, and each exchange is kept."""

import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from counterfoil.checks.cases.valid_requests import ValidRequests
from counterfoil.checks.live.guard import Guard
from counterfoil.checks.objects.existing import SOURCE as OBJECTS
from counterfoil.checks.objects.existing import Existing
from counterfoil.checks.objects.settling import Settling
from counterfoil.checks.operation import Operation
from counterfoil.checks.patience import Patience
from counterfoil.checks.reasons import Reasons
from counterfoil.checks.reporting.findings import Finding, Report
from counterfoil.checks.semantics import conformance, latency
from counterfoil.checks.semantics.watching import Watcher
from counterfoil.checks.settings import Settings
from counterfoil.checks.unique import UniqueValues
from counterfoil.checks.wire.client import Client, NoAnswerError
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange, Intent

T = TypeVar("T")
_MAKING = frozenset({"POST", "PUT", "PATCH"})


@dataclass(slots=True)
class Conversation:
    """What the checks of a run share: operations, valid requests, the way to the server, what it said so far."""

    operations: Sequence[Operation]
    valid: ValidRequests
    client: Client
    unique: UniqueValues
    report: Report
    watchers: Sequence[Watcher] = ()
    exchanges: list[Exchange] = field(default_factory=list)
    existing: Existing = field(init=False)
    reasons: Reasons = field(init=False)
    settling: Settling = field(init=False)
    guard: Guard | None = None
    patience: Patience = field(default_factory=lambda: Patience(Settings().slowest))

    def __post_init__(self) -> None:
        self.existing = Existing(self.operations, self.valid)
        self.reasons = Reasons(self)
        self.settling = Settling(self)

    def ask(
        self,
        draft: Draft,
        *,
        intent: Intent,
        source: str,
        refresh: bool = True,
        rekey: bool = True,
        aim: bool = True,
        must_answer: bool = True,
    ) -> Exchange | None:
        """Send a request and keep the exchange; None, with a finding noted, where nothing answers.

        None without a finding is what comes of a request that must not be sent, or is about an operation that has been
        waited for too long; `SpentError` ends a run that has used up its budget, or its patience.

        `intent` says whether the contract accepts the request. `source` is what made it, such as `ladder`; the
        report counts by it. Unique values of a JSON body are made fresh unless `refresh` is False, and so are
        idempotency keys unless that or `rekey` is. Where the request names an object that was made up, it is sent about
        one that exists, and sent again about a new one where the answer says that it does not, unless `aim` is False.
        That nothing answers is no finding unless `must_answer`.
        """
        if self.patience.is_over(draft.operation.label):
            return None
        ask = partial(self._ask, draft, intent, source, refresh=refresh, rekey=rekey, aim=aim, must_answer=must_answer)
        exchange = ask()
        if exchange is None or not aim or not self.existing.forget_lost(exchange):
            return exchange
        again = ask()
        if again is not None:
            self.existing.find_again(again)
        return again or exchange

    def _ask(
        self, draft: Draft, intent: Intent, source: str, *, refresh: bool, rekey: bool, aim: bool, must_answer: bool
    ) -> Exchange | None:
        if aim:
            draft = self.existing.aimed(draft, self.make)
        if self.guard is not None and not self.guard.permits(draft, source):
            return None
        exchange = self._send(self._fresh(draft, rekey) if refresh else draft, intent, source, must_answer=must_answer)
        if exchange is not None and refresh and self._is_taken(exchange):
            # Whoever asks judges the answer to other values only.
            conformance.check(exchange, self.report)
            exchange = self._send(self._fresh(draft, rekey), intent, source)
        return exchange

    def _is_taken(self, exchange: Exchange) -> bool:
        """Whether a refusal tells that other values will do, which the next request then has."""
        request, response = exchange.request, exchange.response
        if request.method not in _MAKING or not 400 <= response.status < 500 or exchange.intent != "valid":
            return False
        text = response.body.decode("utf-8", "replace")
        return self.unique.learn(exchange.operation, request.json, response.status, text)

    def _fresh(self, draft: Draft, rekey: bool) -> Draft:
        if draft.value is not NOTHING:
            fresh = self.unique.refresh(draft.operation, draft.value)
            if fresh is not draft.value:
                other = draft.with_json(fresh, draft.media_type)
                draft = other if draft.altered is None or other.is_altered else draft
        if rekey and draft.headers:
            keyed = tuple((name, self.unique.key(draft.operation, name, value)) for name, value in draft.headers)
            draft = replace(draft, headers=keyed)
        return draft

    def _send(self, draft: Draft, intent: Intent, source: str, *, must_answer: bool = True) -> Exchange | None:
        label, begun = draft.operation.label, time.monotonic()
        with self.guard.interruption.held() if self.guard is not None else nullcontext():
            try:
                exchange = self.client.send(draft, intent=intent, source=source)
            except NoAnswerError as error:
                self.report.count(label, source)
                self._wait(label, time.monotonic() - begun, answered=False)
                if self.guard is not None:
                    self.guard.ledger.miss(draft)
                if must_answer:
                    self._note_silence(label, error)
                return None
            self.report.count(label, source)
            self._wait(label, exchange.seconds, answered=True)
            self.keep(exchange)
        return exchange

    def _wait(self, label: str, seconds: float, *, answered: bool) -> None:
        if reason := self.patience.note(label, seconds, answered=answered):
            self.report.skip(latency.NAME, "", reason)

    def _note_silence(self, label: str, error: NoAnswerError) -> None:
        command = error.request.curl(self.client.credentials)
        summary, expected = "no answer", "an HTTP response"
        self.report.add_finding(Finding(conformance.SERVER_ERROR, label, summary, expected, str(error), command))

    def pending(self, stage: str, operation: Operation, items: Iterable[T]) -> Iterable[T]:
        """Those of `items`, each the making of a request, that a stage has to come to in this run."""
        return items if self.guard is None else self.guard.pending(stage, operation, items)

    def make(self, draft: Draft) -> Exchange | None:
        """Send a request that makes an object which others need."""
        return self.ask(draft, intent="valid", source=OBJECTS)

    def keep(self, exchange: Exchange) -> None:
        """Keep an exchange and show it to all who watch."""
        self.exchanges.append(exchange)
        self.existing.note(exchange)
        for watcher in self.watchers:
            watcher.see(exchange, self.report)
