"""`schemathesis run` with its defaults on a stub with a fault, as somebody would who has nothing else."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from bench.faults.measuring import Outcome
from counterfoil.checks.operation import operations
from counterfoil.checks.wire.credentials import Credentials, variable_for
from counterfoil.checks.wire.tokens import conforming_token
from tests.contract.loopback import serving
from tests.faults.faulty import Fault, Kit

_LONGEST = 120  # seconds
_GENERATED = re.compile(r"(\d+) (?:generated|test cases)")
_FAILURE = re.compile(r"^- (.+)$", re.MULTILINE)


def schemathesis_alone(kit: Kit, fault: Fault, folder: Path) -> Outcome:
    """What `schemathesis run --max-failures 1` says; the CPU time is that of its process, imports included."""
    path = kit.out / fault.vendor / "openapi.json"
    contract = json.loads(path.read_text("utf-8"))
    schemes = contract.get("components", {}).get("securitySchemes", {})
    first = next(iter(operations(contract)))
    token = conforming_token(first, schemes)
    placement = Credentials(variable_for(fault.vendor), token, (), schemes).placements(first)[0]
    with kit.faulty(fault, token) as app, serving(app) as url:
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(path), "--url", url, "--max-failures", "1"]
        command += ["--no-color", "-H", f"{placement.name}: {placement.value}"]
        before, wall = os.times(), time.perf_counter()
        try:
            run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_LONGEST, check=False)
            code, text = run.returncode, run.stdout
        except subprocess.TimeoutExpired:
            code, text = 0, ""
        after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    if code not in (0, 1):
        raise RuntimeError(text + run.stderr)
    failure = _FAILURE.search(text) if code == 1 else None
    counted = _GENERATED.search(text)
    requests = {"schemathesis": int(counted.group(1)) if counted else 0}
    found = (failure.group(1) if failure else "a failure") if code == 1 else ""
    return Outcome(found, "", requests, cpu, time.perf_counter() - wall, text)
