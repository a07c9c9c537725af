"""Stubs without a fault: the contract tests find nothing, and cost less than `schemathesis run` does alone."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.faults.measuring import DETERMINISTIC, STAGES, Outcome, measure
from tests.faults.faulty import VENDORS, Fault, Kit


def alarms(kit: Kit, seeds: Sequence[int]) -> Iterator[str]:
    """What the deterministic stages find in stubs without a fault."""
    for vendor in VENDORS:
        for seed in seeds:
            outcome = measure(kit, Fault("nothing", vendor), *DETERMINISTIC, seed=seed)
            print(f"{vendor} without a fault: {outcome.cpu:.2f} CPU s", file=sys.stderr, flush=True)
            if outcome.found:
                yield f"{vendor}, seed {seed}: {outcome.check}: {outcome.summary}"


@dataclass(frozen=True)
class Cost:
    """A run of all stages on a vendor's stub, its deterministic part, and a run of schemathesis alone."""

    vendor: str
    whole: Outcome
    deterministic: Outcome
    alone: Outcome
    mistaken: tuple[str, ...]

    def __str__(self) -> str:
        requests, sent = sum(self.whole.requests.values()), sum(self.deterministic.requests.values())
        generated = sum(self.alone.requests.values())
        text = f"{self.vendor}: {requests} requests, {self.whole.cpu:.2f} CPU s with the stub"
        text += f" (without schemathesis {sent}, {self.deterministic.cpu:.2f} CPU s)"
        text += f"; schemathesis alone {generated} requests, {self.alone.cpu:.2f} CPU s without the stub"
        text += f"; {self.whole.cpu / self.alone.cpu:.2f} of it"
        found = [name for name, each in (("the kit", self.whole), ("schemathesis", self.alone)) if each.found]
        text += f"; findings of {' and '.join(found)}" if found else ""
        return text + (f"; schemathesis without {', '.join(self.mistaken)}" if self.mistaken else "")


def costs(kit: Kit) -> Iterator[Cost]:
    """What whole runs on stubs without a fault cost, imports apart."""
    # Whoever only tests without it does not pay for what schemathesis imports.
    from bench.faults.alone import mistaken

    for vendor in VENDORS:
        fault = Fault("nothing", vendor)
        measure(kit, fault, *STAGES)  # imports
        whole, deterministic = measure(kit, fault, *STAGES), measure(kit, fault, *DETERMINISTIC)
        left_out, alone = mistaken(kit, vendor, Path.cwd())
        yield Cost(vendor, whole, deterministic, alone, left_out)
