"""Take every document of a folder through every stage: generate, import, types, stub, contract tests.

Each document has a process of its own with bounded memory and time, so that what hangs or crashes is a row and not
the end. The exit code is 1 if anything failed, crashed, hung, or left out operations without saying so.
"""

import argparse
import csv
import hashlib
import json
import os
import queue
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import IO

from bench.zoo.table import Row, is_good, summary, table

SUFFIXES = frozenset({".json", ".yaml", ".yml"})
_SAMPLED = 5  # one document in so many is type-checked


def main() -> int:
    """Run the command; its exit code."""
    options = _options()
    folder: Path = options.corpus
    listed = set(options.list.read_text("utf-8").split()) if options.list else None
    documents = sorted(
        path
        for path in folder.iterdir()
        if path.suffix in SUFFIXES and path.match(options.only) and (listed is None or path.name in listed)
    )
    index = _index(folder / "index.csv")
    rows = _known(options.json) if options.resume and options.json else {}
    todo = [path for path in documents if path.name not in rows]
    with tempfile.TemporaryDirectory(prefix="zoo-") as scratch, _lines(options) as lines:
        caches: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for number in range(options.jobs):
            caches.put(Path(scratch, f"mypy-{number}"))
        with ThreadPoolExecutor(options.jobs) as pool:
            futures = [pool.submit(_take, path, Path(scratch), caches, options) for path in todo]
            for future in as_completed(futures):
                row = future.result()
                rows[row["document"]] = row
                print(f"{len(rows)}/{len(documents)} {row['document']}: {row['outcome']}", file=sys.stderr, flush=True)
                print(json.dumps(row), file=lines, flush=True)
    shown = [rows[path.name] for path in documents if path.name in rows]
    print(table(shown))
    print()
    print(summary(shown, index))
    is_green = not options.green or not any(row.get("findings") for row in shown)
    return 0 if shown and all(map(is_good, shown)) and is_green else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.zoo", description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder of documents; index.csv beside them says which are valid")
    parser.add_argument("--only", default="*", metavar="GLOB", help="only documents of such a name")
    parser.add_argument("--list", type=Path, metavar="FILE", help="only the documents that a file names")
    parser.add_argument("--green", action="store_true", help="fail where contract tests find something, too")
    parser.add_argument("--jobs", type=int, default=2, help="documents at a time (2)")
    parser.add_argument("--types", choices=("sample", "all", "none"), default="sample", help="what to type-check")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write a line of JSON for each document")
    parser.add_argument("--resume", action="store_true", help="leave out documents that have a line in FILE already")
    parser.add_argument("--memory", type=int, default=6144, metavar="MB", help="address space of a process (6144)")
    parser.add_argument("--cpu", type=int, default=300, metavar="SECONDS", help="CPU time of a process (300)")
    parser.add_argument("--wall", type=int, default=1200, metavar="SECONDS", help="time for a document (1200)")
    parser.add_argument(
        "--contract", type=float, default=10, metavar="SECONDS", help="time for requests of schemathesis (10)"
    )
    parser.add_argument(
        "--requests", type=int, default=1_000, metavar="N", help="of the ladder, shared by its operations (1000)"
    )
    options = parser.parse_args()
    if options.resume and not options.json:
        parser.error("--resume needs --json FILE")
    return options


def _lines(options: argparse.Namespace) -> IO[str]:
    where = options.json or Path(os.devnull)
    where.parent.mkdir(parents=True, exist_ok=True)
    return open(where, "a" if options.resume else "w", encoding="utf-8")  # noqa: PTH123 - the caller closes it


def _known(file: Path) -> dict[str, Row]:
    """Document → the last row that a former run wrote; a line that was cut short is none."""
    found: dict[str, Row] = {}
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        found[row["document"]] = row
    return found


def _index(file: Path) -> dict[str, dict[str, str]]:
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def _sampled(name: str) -> bool:
    """Whether a document is in the sample: the same ones in every run and on every machine."""
    return hashlib.sha256(name.encode()).digest()[0] % _SAMPLED == 0


def _take(document: Path, scratch: Path, caches: "queue.SimpleQueue[Path]", options: argparse.Namespace) -> Row:
    """The row of one document, made in a process of its own."""
    typed = options.types == "all" or (options.types == "sample" and _sampled(document.name))
    cache = caches.get()
    try:
        with tempfile.TemporaryDirectory(dir=scratch) as folder, tempfile.TemporaryFile() as errors:
            arguments = [str(document.resolve()), folder, str(cache) if typed else "-", str(options.contract)]
            arguments.append(str(options.requests))
            with subprocess.Popen(
                [sys.executable, "-m", "bench.zoo.stages", *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                preexec_fn=_bounded(options),
                env={**os.environ, "PYTHONHASHSEED": "0", "HYPOTHESIS_STORAGE_DIRECTORY": folder},
            ) as process:
                written, hung = _wait(process, options.wall)
            errors.seek(max(errors.seek(0, os.SEEK_END) - 2000, 0))
            return _row(document.name, written, process.returncode, hung, errors.read().decode(errors="replace"))
    finally:
        caches.put(cache)


def _bounded(options: argparse.Namespace) -> Callable[[], None]:
    def bound() -> None:
        memory = options.memory * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (options.cpu, options.cpu + 5))

    return bound


def _wait(process: subprocess.Popen[bytes], seconds: float) -> tuple[bytes, bool]:
    """What a process writes until it ends; it and all that it started are ended if that takes too long."""
    try:
        return process.communicate(timeout=seconds)[0], False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], True


def _row(name: str, written: bytes, status: int, hung: bool, errors: str) -> Row:
    row: Row = {"document": name, "silent": []}
    for line in written.decode().splitlines():
        try:
            facts = json.loads(line)
        except ValueError:  # the process was killed while it wrote, or something else wrote there
            continue
        row.setdefault("cost", {}).update(facts.pop("cost", {}))
        row.update(facts)
    if hung or status in {-signal.SIGXCPU, -signal.SIGKILL}:
        row |= {"outcome": "hung", "detail": "ended after " + ("its time" if hung else "its CPU time")}
    elif "outcome" not in row or status:
        row |= {"outcome": "crashed", "detail": f"ended with status {status}\n{errors}"}
    return row


if __name__ == "__main__":
    sys.exit(main())
