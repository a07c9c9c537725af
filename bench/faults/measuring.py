"""One run of the contract tests, or of schemathesis alone, on a stub with a fault: what it found and what that cost."""

import gc
import re
import time
from dataclasses import dataclass
from functools import cache

from counterfoil.checks import Settings, documented
from counterfoil.checks.ladder import judge, refusals
from counterfoil.checks.property_tests.names import PHASES
from counterfoil.checks.semantics import conformance
from counterfoil.checks.semantics.watchers import watchers
from tests.faults.faulty import ROOT, Fault, Kit

STAGES = ("documented", "ladder", "probes", "schemathesis")
DETERMINISTIC = STAGES[:3]

_FINDING = re.compile(r"^  1\. (\w+): (.*)$", re.MULTILINE)
_SOURCES = re.compile(r"(\d+) ([a-z]+)\b")
_OF_THE_LADDER = frozenset({judge.ACCEPTS, judge.REFUSES, judge.MAPPING, *refusals.NAMES})
_CASES = re.compile(r"^  \S+ \S+: \d+ requests? \((.*)\)$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What a run up to its first finding came to.

    `check` and `summary` are those of the finding, empty where there was none; `requests` counts by what made them;
    `cpu` and `wall` are seconds; `output` is what was printed.
    """

    check: str
    summary: str
    requests: dict[str, int]
    cpu: float
    wall: float
    output: str = ""

    @property
    def found(self) -> bool:
        """Whether there was a finding."""
        return bool(self.check)

    @property
    def kind(self) -> str:
        """`semantics` for what watches all answers, else the stage whose check it is."""
        if self.check in _watching():
            return "semantics"
        if self.requests.keys() & set(PHASES):
            return "schemathesis"
        if self.check == documented.NAME:
            return "documented"
        return "ladder" if self.check in _OF_THE_LADDER else "probes"


@cache
def _watching() -> frozenset[str]:
    """The names of the checks that watch all answers."""
    folder = next(folder for folder in (ROOT / "generated").iterdir() if folder.is_dir())
    found = watchers(folder, [], Settings())
    return frozenset({*conformance.NAMES, *(name for watcher in found for name in watcher.names)})


def measure(kit: Kit, fault: Fault, *stages: str, seed: int = 1) -> Outcome:
    """Test a stub with the fault up to the first finding."""
    options = [option for name in stages for option in ("--stage", name)]
    gc.collect()  # what runs before this one have left is not looked for at its cost
    started, wall = time.process_time(), time.perf_counter()
    result = kit.test(fault, "-x", "--seed", str(seed), *options)
    cpu, wall = time.process_time() - started, time.perf_counter() - wall
    first = _FINDING.search(result.stdout)
    requests: dict[str, int] = {}
    for line in _CASES.findall(result.stdout):
        for count, source in _SOURCES.findall(line):
            requests[source] = requests.get(source, 0) + int(count)
    if (result.exit_code == 1) != (first is not None):
        raise RuntimeError(result.output)
    check, summary = first.groups() if first else ("", "")
    return Outcome(check, summary, requests, cpu, wall, result.stdout)
