"""`schemathesis run` with its defaults on a stub, as somebody would who has nothing else.

It runs in processes that have imported schemathesis before, so that its CPU time, like that of the contract tests, is
without imports. The server is in this process, and its CPU time not in that of schemathesis.
"""

import json
import multiprocessing
import os
import re
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import schemathesis.cli
from click.testing import CliRunner

from bench.faults.measuring import Outcome
from counterfoil.checks.operation import operations
from counterfoil.checks.wire.credentials import Credentials, variable_for
from counterfoil.checks.wire.tokens.forms import conforming_token
from tests.contract.loopback import serving
from tests.faults.faulty import Fault, Kit

_LONGEST = 300  # seconds
_GENERATED = re.compile(r"(\d+) (?:generated|test cases)")
_FAILURE = re.compile(r"^- (.+)$", re.MULTILINE)
_CODE = re.compile(r"^- (ST\d+) ", re.MULTILINE)
# Checks by the codes of what they say, as far as vendors mean to do it.
_MEANT = {
    "ST201": "negative_data_rejection",
    "ST202": "positive_data_acceptance",
    "ST203": "missing_required_header",
    "ST204": "unsupported_method",
    "ST401": "ignored_auth",
}


def schemathesis_alone(kit: Kit, fault: Fault, folder: Path, *options: str) -> Outcome:
    """What `schemathesis run` with `options` says; what it keeps of a run lies in `folder`."""
    path = kit.out / fault.vendor / "openapi.json"
    contract = json.loads(path.read_text("utf-8"))
    schemes = contract.get("components", {}).get("securitySchemes", {})
    first = next(iter(operations(contract)))
    token = conforming_token(first, schemes)
    placement = Credentials(variable_for(fault.vendor), token, (), schemes).placements(first)[0]
    with kit.faulty(fault, token) as app, serving(app) as url:
        command = ["run", str(path), "--url", url, "--no-color", "-H", f"{placement.name}: {placement.value}", *options]
        wall = time.perf_counter()
        code, text, cpu = _run(command, folder)
    if code not in (0, 1):
        raise RuntimeError(text)
    failure = _FAILURE.search(text) if code == 1 else None
    counted = _GENERATED.search(text)
    requests = {"schemathesis": int(counted.group(1)) if counted else 0}
    found = (failure.group(1) if failure else "a failure") if code == 1 else ""
    return Outcome(found, "", requests, cpu, time.perf_counter() - wall, text)


def mistaken(kit: Kit, vendor: str, folder: Path) -> tuple[tuple[str, ...], Outcome]:
    """The checks that have something to say of a stub without a fault, and a run without them.

    Who uses schemathesis alone has to exclude these, since their findings would hide all others.
    """
    left_out: tuple[str, ...] = ()
    while True:
        outcome = schemathesis_alone(kit, Fault("nothing", vendor), folder, *excluding(left_out))
        found = {_MEANT[code] for code in _CODE.findall(outcome.output) if code in _MEANT} - set(left_out)
        if not found:
            return left_out, outcome
        left_out = (*left_out, *sorted(found))


def excluding(checks: Sequence[str]) -> tuple[str, ...]:
    """The options of schemathesis that leave checks out."""
    return ("--exclude-checks", ",".join(checks)) if checks else ()


def _run(command: list[str], folder: Path) -> tuple[int, str, float]:
    """Exit code, output and CPU seconds; 0 and no output where it takes too long."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["bench.faults.preloaded"])
    here, there = processes.Pipe(duplex=False)
    process = processes.Process(target=_invoke, args=(command, folder, there), daemon=True)
    process.start()
    there.close()
    try:
        if here.poll(_LONGEST):
            code, text, cpu = here.recv()
            return code, text, cpu
        return 0, "", float(_LONGEST)
    finally:
        process.kill()
        process.join()
        here.close()


def _invoke(command: list[str], folder: Path, connection: Connection) -> None:
    os.chdir(folder)
    started = time.process_time()
    result = CliRunner().invoke(schemathesis.cli.schemathesis, command)
    cpu = time.process_time() - started
    failed = f"{type(result.exception).__name__}: {result.exception}" if result.exit_code > 1 else ""
    connection.send((result.exit_code, result.output + failed, cpu))
