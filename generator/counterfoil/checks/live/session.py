"""A run against one server from its beginning to its end, however that comes."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from counterfoil.checks.live import allowed
from counterfoil.checks.live.guard import Guard
from counterfoil.checks.live.interruption import Interruption, interrupting
from counterfoil.checks.live.ledger import Ledger
from counterfoil.checks.live.progress import Progress, Saver
from counterfoil.checks.live.settings import SAFE_BUDGET, SAFE_INTERVAL, Live
from counterfoil.checks.operation import Operation
from counterfoil.checks.recording.masking import Masking
from counterfoil.checks.recording.writing import HarWriter
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.watching import Watcher
from counterfoil.checks.wire.client import Client
from counterfoil.checks.wire.credentials import Credentials
from counterfoil.checks.wire.pace import Pace, SpentError
from counterfoil.checks.wire.target import Target

if TYPE_CHECKING:
    from counterfoil.checks.conversation import Conversation
    from counterfoil.checks.settings import Settings


@dataclass(slots=True)
class Session:
    """What a run may do at `target`, and what it has done.

    `allowed` are the operations that it may ask. `is_local` targets have no limits unless a person sets some.
    """

    vendor: str
    contract: dict[str, Any]
    operations: Sequence[Operation]
    target: Target
    live: Live
    seed: int
    is_safe: bool = field(init=False)
    pace: Pace | None = field(init=False, default=None)
    ledger: Ledger = field(init=False)
    progress: Progress = field(init=False)
    interruption: Interruption = field(init=False, default_factory=Interruption)
    recorder: HarWriter | None = field(init=False, default=None)
    left_out: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        live, is_local = self.live, self.target.is_local
        self.is_safe = live.profile == "safe" or (live.profile is None and not is_local)
        self.ledger = Ledger(self.operations, self.target.base_path)
        self.progress = Progress(live.resume, self._identity() if live.resume is not None else {})
        for entry in self.progress.left:
            self.ledger.open[entry] = None
        budget = live.budget if live.budget is not None or not self.is_safe else SAFE_BUDGET
        interval = live.interval if live.interval is not None else (SAFE_INTERVAL if self.is_safe else 0.0)
        if self.is_safe or not is_local or budget is not None or interval:
            self.pace = Pace(budget, interval, sleep=self.interruption.sleep)

    def allowed(self) -> list[Operation]:
        """The operations that may be asked; `CounterfoilError` for a pattern that matches none."""
        named = allowed.chosen(self.operations, self.live.operations) if self.live.operations else None
        kept = []
        for operation in self.operations:
            reason = ""
            if (self.is_safe or not self.target.is_local) and allowed.NAME in operation.switched_off:
                reason = operation.switched_off[allowed.NAME]
            elif named is not None:
                reason = "" if operation in named else "no --operation names it"
            elif self.is_safe and (why := allowed.refusal(operation, self.ledger)):
                reason = f"left out of the profile safe, since {why}; --operation allows it"
            if reason:
                self.left_out[operation.label] = reason
            else:
                kept.append(operation)
        return kept

    @property
    def watchers(self) -> tuple[Watcher, ...]:
        """What has to see every exchange."""
        if self.target.app is not None:
            return ()
        return (self.ledger, Saver(self.progress, self.ledger)) if self.live.resume is not None else (self.ledger,)

    def client(self, credentials: Credentials) -> Client:
        """The way to the server."""
        live = self.live
        if live.record is not None:
            masking = Masking(self.contract, credentials)
            self.recorder = HarWriter(live.record, masking, self.target.shown(self.target.base_url))
        return Client(self.target, credentials, live.network, self.pace, self.recorder, live.renewal)

    def stages(self, settings: "Settings") -> "Settings":
        """The settings with those stages alone that the profile has."""
        if not self.is_safe or self.live.schemathesis:
            return settings
        return replace(settings, stages=tuple(stage for stage in settings.stages if stage != "schemathesis"))

    def guard(self, operations: Sequence[Operation]) -> Guard | None:
        """What requests are held against; None where everything may be asked."""
        if self.pace is None and self.live.resume is None:
            return None
        return Guard(self.ledger, self.progress, self.pace, self.interruption, len(operations), self.is_safe)

    @contextmanager
    def running(self, conversation: "Conversation", report: Report) -> Iterator[None]:
        """Tidy up and keep what passed, whatever ends the run: its end, a failure, an interruption, SIGTERM."""
        for label, reason in self.left_out.items():
            report.skip(allowed.NAME, label, reason)
        tidies = self.target.app is None
        complete = False
        with self.interruption.heeded():
            try:
                yield
                complete = self.pace is None or not self.pace.spent
            except SpentError as error:
                report.skip(allowed.NAME, "", f"the rest: {error}")
            except KeyboardInterrupt as error:
                report.interrupted = interrupting(error)
                report.skip(allowed.NAME, "", "the rest, since the run was interrupted")
            finally:
                try:
                    if tidies:
                        self.ledger.remove_all(conversation.valid, conversation.client, report)
                finally:
                    if self.recorder is not None:
                        self.recorder.close()
                    failed = [finding.operation for finding in report.findings]
                    self.progress.write(complete=complete, failed=failed, left=self.ledger.open)

    def _identity(self) -> dict[str, Any]:
        text = json.dumps(self.contract, sort_keys=True).encode()
        return {
            "vendor": self.vendor,
            "url": self.target.public_url,
            "seed": self.seed,
            "profile": "safe" if self.is_safe else "full",
            "contract": hashlib.sha256(text).hexdigest(),
        }
