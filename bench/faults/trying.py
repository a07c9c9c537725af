"""Which faults there are, and what becomes of each of them."""

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from bench.faults.measuring import DETERMINISTIC, Outcome, measure
from bench.faults.table import Row
from tests.faults.catalogue import CATALOGUE
from tests.faults.faulty import VENDORS, Fault, Kit
from tests.faults.mutants import of_answers, of_requests

NOTHING: Mapping[str, Sequence[str]] = {}


def chosen(out: Path, only: str, mutants: int) -> list[str]:
    """The names of the faults that fit the pattern `only`: of the catalogue all, of mechanical ones every nth."""
    names: dict[bool, list[str]] = {True: [], False: []}  # by whether they are of the catalogue
    for name, (category, _) in _faults(out).items():
        names[category in CATALOGUE].append(name)
    found = [*names[True], *(names[False][::mutants] if mutants else ())]
    return [name for name in found if fnmatch(name, only)]


def tried(
    out: Path,
    name: str,
    *,
    compared: bool,
    generated: bool,
    fresh: bool = False,
    mistaken: Mapping[str, Sequence[str]] = NOTHING,
) -> Row:
    """What the contract tests find of a fault with the deterministic stages, and with schemathesis where these miss it.

    `compared`: schemathesis alone is tried as well. `generated`: what is missed is left to schemathesis as a stage.
    `fresh`: the contract is new to this process, of which runs otherwise share what they find out. `mistaken` are the
    checks of schemathesis, by vendor, that have something to say of stubs without a fault.
    """
    category, fault = _faults(out)[name]
    kit = Kit(out)
    _warm(out, fault.vendor)
    if fresh:
        with (out / fault.vendor / "openapi.json").open("a", encoding="utf-8") as contract:
            contract.write(" ")
    outcome = measure(kit, fault, *DETERMINISTIC)
    if not outcome.found and generated:
        outcome = _both(outcome, measure(kit, fault, "schemathesis"))
    alone = _alone(kit, fault, mistaken.get(fault.vendor, ())) if compared else None
    return Row(category, fault.vendor, fault.id, outcome, alone)


def _alone(kit: Kit, fault: Fault, mistaken: Sequence[str]) -> Outcome:
    # Importing schemathesis makes the collection of garbage slower, also for tests that it has no part in.
    from bench.faults.alone import excluding, schemathesis_alone

    return schemathesis_alone(kit, fault, Path.cwd(), "--max-failures", "1", *excluding(mistaken))


@cache
def _faults(out: Path) -> dict[str, tuple[str, Fault]]:
    """Name → category and fault."""
    return {f"{category}: {fault.id}": (category, fault) for category, fault in _all(out)}


def _all(out: Path) -> Iterator[tuple[str, Fault]]:
    for category, faults in CATALOGUE.items():
        yield from ((category, fault) for fault in faults)
    for category, mutants in (("schema mutants", of_requests), ("answer mutants", of_answers)):
        for vendor in VENDORS:
            contract = json.loads((out / vendor / "openapi.json").read_text("utf-8"))
            yield from ((category, fault) for fault in mutants(contract, vendor))


@cache
def _warm(out: Path, vendor: str) -> None:
    """Let what a first run imports be imported.

    What the benchmark holds is kept from the collections between faults, which would empty the caches of the processor.
    """
    measure(Kit(out), Fault("nothing", vendor), *DETERMINISTIC)
    gc.collect()
    gc.freeze()


def _both(first: Outcome, second: Outcome) -> Outcome:
    """Two runs, the second where the first found nothing, as one."""
    requests = {**first.requests, **second.requests}
    return Outcome(second.check, second.summary, requests, first.cpu + second.cpu, first.wall + second.wall)
