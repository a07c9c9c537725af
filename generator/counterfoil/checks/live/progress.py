"""What of a run has passed, kept in a file, so that another run goes on behind it."""

import json
import os
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from counterfoil.checks.live.ledger import Entry, Ledger
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.location import CounterfoilError, Diagnostic, Location

T = TypeVar("T")
FORMAT = 1
_ALL = -1
_INTERVAL = 1.0  # seconds
_ORDER = ("documented", "ladder", "probes")


class Progress:
    """How many requests of each stage and operation were answered, and of which nothing more is to be asked.

    `identity` says what a run is about; a file of another one is refused. Without a `path` nothing is kept.
    `CounterfoilError` for a file that keeps no run, or cannot be written.
    """

    def __init__(self, path: Path | None = None, identity: Mapping[str, Any] | None = None) -> None:
        self._path, self._identity = path, dict(identity or {})
        self._passed: dict[str, dict[str, int]] = {}
        self._now: dict[str, dict[str, int]] = {}
        self.left: list[Entry] = []
        self._saved, self._next = 0, 0.0
        if path is None:
            return
        if path.exists():
            self._read(path)
        if not os.access(path.parent, os.W_OK | os.X_OK) or path.is_dir():
            raise _not_written(path, "no file can be made there")

    def has_passed(self, stage: str, label: str) -> bool:
        """Whether nothing of a stage is left to be asked at an operation."""
        return self._passed.get(stage, {}).get(label) == _ALL

    def pending(self, stage: str, label: str, items: Iterable[T]) -> Iterator[T]:
        """Those of `items` that no run before has come to; what the caller comes to is noted."""
        behind = self._passed.get(stage, {}).get(label, 0)
        if behind == _ALL:
            return
        counts = self._now.setdefault(stage, {})
        for number, item in enumerate(items, 1):
            if number > behind:
                yield item
                counts[label] = number
        counts[label] = _ALL

    def note(self, stage: str, label: str) -> None:
        """Note a request of a stage that does not go step by step."""
        if stage in _ORDER:
            self._now.setdefault(stage, {}).setdefault(label, 0)

    def save(self, failed: Iterable[str], left: Collection[Entry]) -> None:
        """Keep what passed so far, if there is something new to be removed, or a while has gone by since the last time.

        So a run that is killed is gone on with, and what it made is removed then.
        """
        if self._path is None or (len(left) == self._saved and time.monotonic() < self._next):
            return
        self._saved, self._next = len(left), time.monotonic() + _INTERVAL
        self.write(complete=False, failed=failed, left=left)

    def write(self, *, complete: bool, failed: Iterable[str], left: Iterable[Entry]) -> None:
        """Keep what passed: all stages before the last one, that too if the run is `complete`; nothing of `failed`."""
        if self._path is None:
            return
        all_passed = {stage: dict(counts) for stage, counts in self._passed.items()}
        last = max((_ORDER.index(stage) for stage in self._now if stage in _ORDER), default=-1)
        wrong = set(failed)
        for stage, counts in self._now.items():
            done = complete or _ORDER.index(stage) < last
            for label, number in counts.items():
                passed = number if stage == "ladder" else (_ALL if done else 0)
                if passed:
                    all_passed.setdefault(stage, {})[label] = passed
        content = {
            "format": FORMAT,
            "run": self._identity,
            "passed": {
                stage: {
                    label: "all" if number == _ALL else number for label, number in counts.items() if label not in wrong
                }
                for stage, counts in all_passed.items()
            },
            "left": [asdict(entry) for entry in left],
        }
        try:
            with tempfile.TemporaryDirectory(prefix=f".{self._path.name}.", dir=self._path.parent) as scratch:
                file = Path(scratch) / self._path.name
                file.write_text(json.dumps(content, indent=1, ensure_ascii=False), "utf-8", "replace")
                file.replace(self._path)
        except OSError as error:
            raise _not_written(self._path, (error.strerror or str(error)).lower()) from error

    def _read(self, path: Path) -> None:
        where = Location(path.as_posix(), 0)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            other = dict(content["run"]) if content["format"] == FORMAT else {}
            for stage, counts in content["passed"].items():
                numbers = {str(label): _ALL if number == "all" else int(number) for label, number in counts.items()}
                self._passed[str(stage)] = numbers
            self.left = [
                Entry(
                    str(each["collection"]),
                    each["key"] if isinstance(each["key"], int) else str(each["key"]),
                    str(each["label"]),
                    tuple((str(a), str(b)) for a, b in each["way"]),
                    tuple((str(a), str(b), str(c)) for a, b, c in each.get("context", ())),
                )
                for each in content["left"]
            ]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            hint = "remove it to begin anew"
            raise CounterfoilError(Diagnostic(where, "not-resumable", "this file keeps no run", hint)) from error
        if other != self._identity:
            different = ", ".join(sorted(key for key in self._identity if other.get(key) != self._identity[key]))
            hint = "remove it to begin anew"
            message = f"this file keeps a run with another {different}"
            raise CounterfoilError(Diagnostic(where, "not-resumable", message, hint))


def _not_written(path: Path, reason: str) -> CounterfoilError:
    return CounterfoilError(Diagnostic(Location(path.as_posix(), 0), "not-written", reason))


class Saver:
    """Keeps the progress of a run after each exchange (a `Watcher`)."""

    names: tuple[str, ...] = ()

    def __init__(self, progress: Progress, ledger: Ledger) -> None:
        self._progress, self._ledger = progress, ledger

    def see(self, exchange: Exchange, report: Report) -> None:  # noqa: ARG002 - a watcher is given the exchange
        """Save, if it is time."""
        self._progress.save([finding.operation for finding in report.findings], self._ledger.open)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""
