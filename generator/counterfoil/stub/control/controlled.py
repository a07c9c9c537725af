"""What a test does with a session of a stub, beside sending requests."""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from counterfoil.stub.callbacks.record import Callback
from counterfoil.stub.control.faults import Fault
from counterfoil.stub.control.journal import Exchange
from counterfoil.stub.control.queued import Queued
from counterfoil.stub.control.session import NOT_GIVEN, Failure, Session
from counterfoil.stub.control.subject import Subject, check
from counterfoil.stub.state.store import Store

WHAT = ("latency", "status", "drop", "truncate", "malformed", "rate_limit")
FRAMING = ("content-length", "transfer-encoding")  # headers by which a client finds the end of an answer
RULE = ("operation", "probability", "seed", "times", "rate_limit", "window")


class Controlled:
    """A session of a stub: what it was asked, what it remembers, how it is to answer next.

    Operations go by their operationId or by method and path template, such as `POST /widgets`. What is wrong with an
    argument is told by `ValueError`.
    """

    _subject: Subject
    _session: Session

    @property
    def requests(self) -> list[Exchange]:
        """The last requests and their answers, oldest first, secrets masked."""
        return list(self._session.journal.read(self._subject.secrets))

    @property
    def failures(self) -> list[Failure]:
        """The unexpected exceptions so far, whatever was answered."""
        return self._session.failures

    @property
    def store(self) -> Store:
        """What the stub remembers."""
        return self._session.store

    @property
    def state(self) -> dict[str, Any]:
        """All objects as a JSON value, see `Store.dump`; what is assigned takes their place."""
        return self._session.store.dump()

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        check("State", state)
        self._session.store.load(state)

    def answer_next(
        self,
        operation: str,
        status: int | None = None,
        body: Any = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        *,
        unchecked: bool = False,
    ) -> None:
        """Let the next acceptable request for an operation be answered so; called again, the one after it.

        A request that the contract refuses is refused, and uses no answer up. `status` is that of success by default,
        `body` a JSON value, or a text where the content type is none of JSON; by default what the contract has for
        the status. A body that is not what the contract declares for the status is an error, unless it is `unchecked`.
        """
        answer: dict[str, Any] = {} if status is None else {"status": status}
        if headers:
            answer["headers"] = dict(headers)
        if body is not NOT_GIVEN:
            answer["body"] = body
        if unchecked:
            answer["unchecked"] = True
        self.queue_answers(operation, [answer])

    def queue_answers(self, operation: str, answers: Iterable[Mapping[str, Any]]) -> None:
        """Let the next acceptable requests for an operation be answered so, one after the other.

        An answer has `status`, `headers`, `body` and `unchecked`, none of them needed, as those of `answer_next`.
        """
        name = self._subject.operation(operation)
        success, queued = self._subject.success(name), []
        for answer in answers:
            check("Answer", answer)
            for header in answer.get("headers") or ():
                if header.lower() in FRAMING:
                    raise ValueError(f"headers.{header}: the server states it itself")
            headers = tuple(
                (key.lower().encode("latin-1"), value.encode("latin-1"))
                for key, value in (answer.get("headers") or {}).items()
            )
            made = Queued(answer.get("status"), headers, answer.get("body", NOT_GIVEN), answer.get("unchecked") is True)
            made.check(success)
            queued.append(made)
        self._session.answers.setdefault(name, deque()).extend(queued)
        self._session.disturbed = True

    @property
    def queued_answers(self) -> dict[str, list[dict[str, Any]]]:
        """The answers that are still queued, by operation."""
        return {name: [each.as_json() for each in queue] for name, queue in self._session.answers.items() if queue}

    def forget_answers(self) -> None:
        """Forget all queued answers."""
        self._session.answers.clear()
        self._session.settle()

    def forget_requests(self) -> None:
        """Forget all requests."""
        self._session.journal.clear()

    def fail(self, operation: str | None = None, **fault: Any) -> Fault:
        """Let requests for an operation fail, by default all, until `heal` or for so many `times`.

        The other arguments are those of a fault of the control API: `latency` and `jitter` in milliseconds, `status`
        and `retry_after`, `drop` (`before` or `after`), `truncate` (bytes, or True), `malformed`; `rate_limit` and
        `window`; `probability` and `seed`; `times`.
        """
        rule = fault if operation is None else {"operation": operation, **fault}
        check("Fault", rule)
        if not rule.keys() & set(WHAT):
            raise ValueError(f"a fault needs one of {', '.join(WHAT)}")
        name = self._subject.operation(rule["operation"]) if "operation" in rule else None
        effect = {key: value for key, value in rule.items() if key not in RULE}
        if "rate_limit" in rule and not effect.keys() & {"status", "drop", "truncate", "malformed"}:
            effect["status"] = 429
        chosen = {key: rule[key] for key in RULE[1:] if key in rule}
        made = self._session.faults.add(Fault(effect, name, **chosen))
        self._session.disturbed = True
        return made

    def fail_next(self, operation: str | None = None, *, times: int = 1, **fault: Any) -> Fault:
        """Let the next request, or so many, fail as `fail` says; by default with status 500."""
        return self.fail(operation, times=times, **(fault or {"status": 500}))

    def heal(self, fault: Fault | None = None) -> None:
        """Let requests fail no more, or no more because of one fault."""
        if fault is None:
            self._session.faults.rules.clear()
        else:
            self._session.faults.remove(fault.id)
        self._session.settle()

    @property
    def faults(self) -> list[Fault]:
        """The faults that hold."""
        return list(self._session.faults.rules)

    @property
    def callbacks(self) -> list[Callback]:
        """The last callbacks and webhooks that the stub made, oldest first, those that were not sent included."""
        return list(self._session.callbacks)

    def forget_callbacks(self) -> None:
        """Forget all callbacks and webhooks."""
        self._session.callbacks.clear()

    def trigger_webhook(self, name: str, url: str | None = None, *, body: Any = NOT_GIVEN) -> Callback:
        """Send a webhook of the contract to `url` and wait for the answer; without a URL it is only listed.

        `body` is a JSON value, by default made as those of answers are.
        """
        calling = self._subject.calling
        callback = calling.webhook(self._session, name, url, [] if body is NOT_GIVEN else [body])
        calling.deliver_now(callback)
        return callback

    def reset(self) -> None:
        """Forget objects, requests, failures, queued answers, faults, callbacks and webhooks."""
        self._session.reset()


class NamedSession(Controlled):
    """One session of a stub that has several."""

    def __init__(self, subject: Subject, session: Session) -> None:
        self._subject, self._session = subject, session
