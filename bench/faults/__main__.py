"""Seed every fault of the catalogue and mechanical ones into stubs, and tell what finds them.

Each fault is tested by the deterministic stages up to the first finding; what they miss, by schemathesis as a stage.
That counts from a process that has imported everything and tested the vendor before, of whose contract it knows what
there is to find out; --fresh counts that anew for each fault.
Plain `schemathesis run` is put beside a sample, or beside all. Stubs without a fault come first: what is found there
is a false alarm, and what whole runs on them cost is put beside schemathesis alone, unless that is left out
(--alone 0). The exit code is 1 if there is a false alarm, or a fault of the catalogue is missed.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.faults.green import alarms, costs
from bench.faults.table import Row, summary, table
from bench.faults.trying import chosen, tried
from tests.faults.catalogue import CATALOGUE
from tests.faults.faulty import VENDORS, kit_in

_SAMPLED = 24  # one fault in so many is compared with schemathesis alone, and one mechanical fault in so many tested


def main() -> int:
    """Run the command; its exit code."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        kit = kit_in(Path(folder))
        os.chdir(folder)  # what schemathesis keeps of a run lies where it runs
        alarming = list(alarms(kit, range(options.seeds)))
        mistaken: dict[str, tuple[str, ...]] = {}
        for cost in costs(kit) if options.alone else ():
            print(cost, flush=True)
            mistaken[cost.vendor] = cost.mistaken
        rows = list(_rows(kit.out, mistaken, options))
    print(table(rows))
    print()
    print(summary(rows))
    print(f"false alarms: {len(alarming)} of {len(VENDORS) * options.seeds} runs on stubs without a fault")
    for alarm in alarming:
        print(f"  {alarm}")
    missed = [row for row in rows if row.category in CATALOGUE and not row.kit.found]
    for row in missed:
        print(f"missed: {row.category}: {row.fault}")
    return 1 if missed or alarming else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.faults", description=__doc__)
    parser.add_argument("--only", default="*", metavar="GLOB", help="only faults such as `echo: orders:*`")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one fault in N of those (1)")
    parser.add_argument(
        "--full", action="store_true", help="schemathesis alone for every fault, and all mechanical ones"
    )
    parser.add_argument("--alone", type=int, default=None, metavar="N", help="schemathesis alone for one in N, 0: none")
    parser.add_argument("--mutants", type=int, default=None, metavar="N", help="one mechanical fault in N, 0: none")
    parser.add_argument("--seeds", type=int, default=3, help="runs on each stub without a fault (3)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (one a core)")
    parser.add_argument("--fresh", action="store_true", help="each fault as if its contract were tested the first time")
    parser.add_argument("--deterministic", action="store_true", help="no schemathesis for what is left")
    options = parser.parse_args()
    step = 1 if options.full else _SAMPLED
    options.alone = step if options.alone is None else options.alone
    options.mutants = step if options.mutants is None else options.mutants
    return options


def _rows(out: Path, mistaken: dict[str, tuple[str, ...]], options: argparse.Namespace) -> Iterator[Row]:
    names = chosen(out, options.only, options.mutants)[:: options.every]
    processes = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, processes) as pool:
        begun = [
            pool.submit(
                tried,
                out,
                name,
                compared=bool(options.alone) and number % options.alone == 0,
                generated=not options.deterministic,
                fresh=options.fresh,
                mistaken=mistaken,
            )
            for number, name in enumerate(names)
        ]
        for name, future in zip(names, begun, strict=True):
            row = future.result()
            print(f"{name}: {row.told()}", file=sys.stderr, flush=True)
            yield row


if __name__ == "__main__":
    sys.exit(main())
