"""Seed every fault of the catalogue and mechanical ones into stubs, and tell what finds them.

Each fault is tested by the deterministic stages up to the first finding; what they miss, by schemathesis as a stage.
Plain `schemathesis run` is put beside a sample, or beside all. Stubs without a fault come first: what is found there
is a false alarm. The exit code is 1 if there is one, or a fault of the catalogue is missed.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path

from bench.faults.alone import schemathesis_alone
from bench.faults.measuring import DETERMINISTIC, Outcome, measure
from bench.faults.table import Row, summary, table
from tests.faults.catalogue import CATALOGUE
from tests.faults.faulty import Fault, Kit, kit_in
from tests.faults.mutants import of_answers, of_requests

VENDORS = ("cuoral", "meteroid", "orders", "unibee", "unleash")
_SAMPLED = 24  # one fault in so many is compared with schemathesis alone, and one mechanical fault in so many tested


def main() -> int:
    """Run the command; its exit code."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        kit = kit_in(Path(folder))
        os.chdir(folder)  # what schemathesis keeps of a run lies where it runs
        alarms = _alarms(kit, range(options.seeds))
        rows = [_row(kit, category, fault, options, compare) for category, fault, compare in _chosen(kit, options)]
    print(table(rows))
    print()
    print(summary(rows))
    print(f"false alarms: {len(alarms)} of {len(VENDORS) * options.seeds} runs on stubs without a fault")
    for alarm in alarms:
        print(f"  {alarm}")
    missed = [row for row in rows if row.category in CATALOGUE and not row.kit.found]
    for row in missed:
        print(f"missed: {row.category}: {row.fault.id}")
    return 1 if missed or alarms else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.faults", description=__doc__)
    parser.add_argument("--only", default="*", metavar="GLOB", help="only faults such as `echo: orders:*`")
    parser.add_argument(
        "--full", action="store_true", help="schemathesis alone for every fault, and all mechanical ones"
    )
    parser.add_argument("--alone", type=int, default=None, metavar="N", help="schemathesis alone for one in N, 0: none")
    parser.add_argument("--mutants", type=int, default=None, metavar="N", help="one mechanical fault in N, 0: none")
    parser.add_argument("--seeds", type=int, default=3, help="runs on each stub without a fault (3)")
    parser.add_argument("--deterministic", action="store_true", help="no schemathesis for what is left")
    options = parser.parse_args()
    step = 1 if options.full else _SAMPLED
    options.alone = step if options.alone is None else options.alone
    options.mutants = step if options.mutants is None else options.mutants
    return options


def _alarms(kit: Kit, seeds: Sequence[int]) -> list[str]:
    """What is found in stubs without a fault."""
    found = []
    for vendor in VENDORS:
        for seed in seeds:
            outcome = measure(kit, Fault("nothing", vendor), *DETERMINISTIC, seed=seed)
            print(f"{vendor} without a fault: {outcome.cpu:.2f} CPU s", file=sys.stderr, flush=True)
            if outcome.found:
                found.append(f"{vendor}, seed {seed}: {outcome.check}: {outcome.summary}")
    return found


def _chosen(kit: Kit, options: argparse.Namespace) -> Iterator[tuple[str, Fault, bool]]:
    """Category, fault, and whether schemathesis alone is tried."""
    number = 0
    for category, faults in CATALOGUE.items():
        for fault in faults:
            if fnmatch(f"{category}: {fault.id}", options.only):
                number += 1
                yield category, fault, bool(options.alone) and number % options.alone == 0
    for category, mutants in (("schema mutants", of_requests), ("answer mutants", of_answers)):
        if not options.mutants:
            continue
        made = (fault for vendor in VENDORS for fault in mutants(_contract(kit, vendor), vendor))
        for fault in islice(made, 0, None, options.mutants):
            if fnmatch(f"{category}: {fault.id}", options.only):
                yield category, fault, False


def _contract(kit: Kit, vendor: str) -> dict[str, object]:
    contract: dict[str, object] = json.loads((kit.out / vendor / "openapi.json").read_text("utf-8"))
    return contract


def _row(kit: Kit, category: str, fault: Fault, options: argparse.Namespace, compare: bool) -> Row:
    outcome = measure(kit, fault, *DETERMINISTIC)
    if not outcome.found and not options.deterministic:
        outcome = _both(outcome, measure(kit, fault, "schemathesis"))
    alone = schemathesis_alone(kit, fault, Path.cwd()) if compare else None
    row = Row(category, fault, outcome, alone)
    print(f"{category}: {fault.id}: {row.found_by}", file=sys.stderr, flush=True)
    return row


def _both(first: Outcome, second: Outcome) -> Outcome:
    """Two runs, the second where the first found nothing, as one."""
    requests = {**first.requests, **second.requests}
    return Outcome(second.check, second.summary, requests, first.cpu + second.cpu, first.wall + second.wall)


if __name__ == "__main__":
    sys.exit(main())
