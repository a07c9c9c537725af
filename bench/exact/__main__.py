"""Measure how exactly models keep the meaning of schemas.

The JSON Schema Test Suite is run through the adapter of its runner in SHARED, once as it is and once with the types
that it leaves to be inferred. Models of real documents are held to jsonschema-rs: valid instances and variants of
them, which keyword refuses them, whether they are written as they were read, and the time beside the engine's plain
models. The sample is the same in every run. The exit code is 1 if a goal is missed, 2 without the reference material.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.exact.table import Bound, Line, Report, real_lines

ROOT = Path(__file__).resolve().parents[2]
ADAPTER = ROOT / "bench" / "exact" / "adapter.py"
PARTS = ("suite", "real")
LEAST = {"schemas": 300, "instances": 20_000}
_FIGURES = re.compile(r"tests=(\d+).*accept_invalid=(\d+)/.*reject_valid=(\d+)/.*gen_error=(\d+) crash=(\d+)")


@dataclass(frozen=True)
class Extent:
    """How much is examined: documents up to so many bytes, so many of them, schemas of each, samples of a schema."""

    size: float
    documents: int | None
    schemas: int
    samples: int


SAMPLE = Extent(1_200_000, 30, 30, 10)
FULL = Extent(float("inf"), None, 400, 12)


def main() -> int:
    """Run the command; its exit code."""
    options = _options()
    shared = (ROOT / os.environ.get("SHARED", "../shared")).resolve()
    missing = [path for path in (_runner(shared), _corpus(shared)) if not path.exists()]
    if missing:
        print(f"nothing to measure with: there is no {' and no '.join(map(str, missing))}")
        print("set SHARED to the folder of the reference material")
        return 2
    lines: list[Line | Bound] = []
    with tempfile.TemporaryDirectory(prefix="exact-") as scratch:
        environment = {**os.environ, "TMPDIR": scratch, "PYTHONHASHSEED": "0", "SHARED": str(shared)}
        if "suite" in options.parts:
            lines.append(_suite("test suite", _runner(shared), environment, goal=0.98))
            lines.append(_suite("test suite, typed", _runner(shared), environment, "--typed", goal=0.99))
        if "real" in options.parts:
            lines += _real(_corpus(shared), FULL if options.full else SAMPLE, environment, options)
    print("\n".join(map(str, lines)))
    return 1 if any(line.is_missed for line in lines) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.exact", description=__doc__)
    parser.add_argument("--full", action="store_true", help="all documents and up to 400 schemas of each")
    parser.add_argument("--only", default="*", metavar="GLOB", help="only documents of such a name")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure")
    parser.add_argument("--jobs", type=int, default=2, help="documents at a time (2)")
    parser.add_argument("--wall", type=int, default=900, metavar="SECONDS", help="time for a document (900)")
    return parser.parse_args()


def _runner(shared: Path) -> Path:
    return shared / "tools" / "jsonschema_models.py"


def _corpus(shared: Path) -> Path:
    return shared / "corpus" / "openapi"


def _suite(title: str, runner: Path, environment: dict[str, str], *flags: str, goal: float) -> Line:
    command: list[str | Path] = [sys.executable, runner, "--adapter", f"{ADAPTER}:make", "-q", *flags]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    figures = _FIGURES.search(run.stdout)
    if figures is None:
        raise RuntimeError(f"{runner} ended with status {run.returncode}: {run.stdout[-500:]}{run.stderr[-2000:]}")
    total, *others = map(int, figures.groups())
    return Line(title, total - sum(others), total, goal)


def _real(corpus: Path, extent: Extent, environment: dict[str, str], options: argparse.Namespace) -> list[Line | Bound]:
    found = [
        path for path in corpus.iterdir() if path.suffix in (".json", ".yaml", ".yml") and path.match(options.only)
    ]
    chosen = [path for path in sorted(found, key=_rank) if path.stat().st_size <= extent.size][: extent.documents]
    with ThreadPoolExecutor(options.jobs) as pool:
        reports = list(pool.map(lambda path: _report(path, extent, environment, options.wall), chosen))
    for path, report in zip(chosen, reports, strict=True):
        for text in report["shown"]:
            print(f"{path.name}: {text}", file=sys.stderr)
    failed = [path.name for path, report in zip(chosen, reports, strict=True) if "failed" in report]
    lines: list[Line | Bound] = [Line("documents examined", len(chosen) - len(failed), len(chosen), 1)]
    return lines + real_lines(reports, LEAST)


def _rank(document: Path) -> bytes:
    """A place in an order that has nothing to do with names, and is the same on every machine."""
    return hashlib.sha256(document.name.encode()).digest()


def _report(document: Path, extent: Extent, environment: dict[str, str], seconds: int) -> Report:
    arguments = [str(document), str(extent.schemas), str(extent.samples)]
    command = [sys.executable, "-m", "bench.exact.document", *arguments]
    failed: dict[str, Any] = {"failed": True, "counts": {}, "keywords": {}, "seconds": {}}
    try:
        run = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return failed | {"shown": [f"not done after {seconds} s"]}
    print(f"{document.name}: status {run.returncode}", file=sys.stderr)
    if run.returncode:
        return failed | {"shown": [run.stderr[-1000:]]}
    report: Report = json.loads(run.stdout)
    return report


if __name__ == "__main__":
    sys.exit(main())
