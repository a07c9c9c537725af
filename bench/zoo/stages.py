"""One document through all stages, in a process of its own that says on standard output how far it came.

    python -m bench.zoo.stages DOCUMENT FOLDER MYPY_CACHE|- SECONDS REQUESTS

Each line is a JSON object to be added to the document's row. The process may be killed at any moment.
"""

import asyncio
import contextlib
import importlib
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from bench.zoo import count
from counterfoil.location import CounterfoilError, Diagnostic

VENDOR = "document"
STAGES = ("read", "generate", "import", "types", "stub", "contract", "done")
_SHOWN = 10  # of a kind in one row
_SERVER_ERROR = 500
_LEAST = 3  # requests of the ladder for each operation, however many there are
_MOST = 10_000  # requests to a document, whatever they are


def tell(**facts: Any) -> None:
    """Add facts to the row of this document."""
    print(json.dumps(facts), flush=True)


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Tell that a stage begins, and what it cost: CPU seconds with started processes, and peak memory in MB so far."""
    tell(stage=name)
    before = _cpu()
    try:
        yield
    finally:
        peaks = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        tell(cost={name: {"cpu": round(_cpu() - before, 2), "memory": max(peaks)}})


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class FailedError(Exception):
    """A stage found that what was generated does not hold."""


def take(document: Path, folder: Path, cache: str, seconds: float, requests: int) -> None:
    """Take one document through the stages; `folder` is an empty one to work in.

    The operations share `requests` of the ladder; schemathesis begins new ones for so many `seconds`.
    """
    with stage("read"):
        tree = count.parse(document)
        stated = count.operations(tree)
        tell(operations_in=len(stated), schemas_in=count.schemas(tree))
    try:
        with stage("generate"):
            diagnostics, out = _generate(document, folder)
    except CounterfoilError as error:
        _diagnose(list(error.diagnostics))
        tell(outcome="refused", operations_out=0, schemas_out=0)
        return
    _diagnose(diagnostics)
    contract = json.loads((out / VENDOR / "openapi.json").read_text("utf-8"))
    kept = count.operations(contract)
    missing = {key: pointer for key, pointer in stated.items() if key not in kept}
    silent = count.unexplained(document, missing, diagnostics)
    tell(operations_out=len(stated) - len(missing), schemas_out=count.schemas(contract), silent=silent)
    with stage("import"):
        _import(out)
    if cache != "-":
        with stage("types"):
            _types(out, cache)
    with stage("stub"):
        stub = _start(out)
    with stage("contract"):
        _contract(out, stub, seconds, max(_LEAST, requests // max(len(kept), 1)))
    tell(stage="done", outcome="reduced" if silent else "ok")


def _diagnose(diagnostics: list[Diagnostic]) -> None:
    rules = Counter(f"{diagnostic.severity} {diagnostic.rule}" for diagnostic in diagnostics)
    worst = sorted(diagnostics, key=lambda diagnostic: ("error", "warning", "note").index(diagnostic.severity))
    severities = Counter(diagnostic.severity for diagnostic in diagnostics)
    tell(diagnostics=dict(severities), rules=dict(rules), told=[str(found)[:300] for found in worst[:_SHOWN]])


def _generate(document: Path, folder: Path) -> tuple[list[Diagnostic], Path]:
    """Write what is generated of a vendor whose folder holds the document alone; its diagnostics and the folder."""
    from counterfoil.documents.folder import open_vendor
    from counterfoil.emit.generation import generate_vendor
    from counterfoil.emit.templates import Templates
    from counterfoil.emit.write import write

    specs, out = folder / "specs", folder / "out"
    (specs / VENDOR).mkdir(parents=True)
    shutil.copyfile(document, specs / VENDOR / document.name)
    generated = generate_vendor(open_vendor(specs, VENDOR), Templates(None))
    out.mkdir()
    write(generated.files, out / VENDOR)
    return list(generated.diagnostics), out


def _import(out: Path) -> None:
    sys.path.insert(0, str(out))
    for file in sorted((out / VENDOR).rglob("*.py")):
        parts = file.relative_to(out).with_suffix("").parts
        importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def _types(out: Path, cache: str) -> None:
    options = ["--strict", "--config-file=", "--follow-imports=silent", f"--cache-dir={cache}", "--no-error-summary"]
    environment = {**os.environ, "MYPY_FORCE_COLOR": "0"}
    command = [sys.executable, "-m", "mypy", *options, "--python-version=3.11", "-p", VENDOR]
    run = subprocess.run(command, cwd=out, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        lines = [*run.stdout.splitlines(), *run.stderr.splitlines()]
        raise FailedError("\n".join([f"{len(lines)} lines of mypy", *lines[:_SHOWN]]))


def _start(out: Path) -> Any:
    """The stub, after it has answered a request."""
    from counterfoil.stub.loading import load_stub

    stub = load_stub(out, VENDOR)
    status, text = asyncio.run(_answer(stub, "/no/such/path"))
    if status >= _SERVER_ERROR:
        raise FailedError(f"the stub answers {status}: {text[:300]}")
    return stub


async def _answer(stub: Any, path: str) -> tuple[int, str]:
    """The status and text with which an ASGI app answers GET."""
    transport = httpx.ASGITransport(stub, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        answer = await client.get(path)
    return answer.status_code, answer.text


def _contract(out: Path, stub: Any, seconds: float, cases: int) -> None:
    from counterfoil.checks import Settings, in_process, run
    from counterfoil.checks.live.settings import Live

    settings = Settings(max_cases=cases, max_examples=2, seconds=seconds, live=Live(budget=_MOST))
    report = run(VENDOR, out / VENDOR, in_process(stub), settings=settings)
    requests = sum(sum(sources.values()) for sources in report.cases.values())
    found = Counter(finding.check for finding in report.findings)
    shown = [f"{finding.check}: {finding.operation}: {finding.summary}: {finding.got}" for finding in report.findings]
    tell(requests=requests, findings=dict(found), found=[line[:400] for line in shown[:_SHOWN]])
    failures = [finding for finding in report.findings if finding.check == "unexpected_exception"]
    if failures:
        raise FailedError("\n".join(finding.got[:300] for finding in failures[:_SHOWN]))


def main() -> None:
    """Run the stages; an exception of any of them becomes part of the row."""
    document, folder, cache, seconds, requests = sys.argv[1:]
    started = time.monotonic()
    try:
        take(Path(document), Path(folder), cache, float(seconds), int(requests))
    except FailedError as error:
        tell(outcome="failed", detail=str(error))
    except BaseException as error:
        frames = [
            f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-6:]
        ]
        text = f"{type(error).__name__}: {str(error)[:500]}"
        tell(outcome="crashed", detail="\n".join([text, *reversed(frames)]))
    finally:
        tell(wall=round(time.monotonic() - started, 1))


if __name__ == "__main__":
    main()
