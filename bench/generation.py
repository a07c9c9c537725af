"""What generation costs beside the model engine's own command, measured turn by turn in one run.

    python bench/generation.py [DOCUMENT ...]

Measured are the vendors of specs/ together, the same again with nothing changed, the three largest documents of the
corpus of which the engine's command makes a file (or those that are given), and importing the models of a document of
some 500 classes. Figures are medians of a few rounds in which both sides take turns; they depend on the machine, their
ratios hardly do. Nothing is asserted: goals stand beside what was measured.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = Path(os.environ.get("SHARED", ROOT.parent / "shared"), "corpus", "openapi")
COMMANDS = Path(sys.executable).parent
# Between the first two lies a document of which the engine's command makes no file, since its names have dots.
LARGE = ("aws--ec2.json", "okta--management.yaml", "square--connect.json")
IMPORTED = "openmeter--v1.yaml"  # 1 MB, some 430 schemas, about 500 classes
ROUNDS, ROUNDS_OF_LARGE = 5, 1

Command = list[str | Path]


@dataclass(frozen=True)
class Cost:
    """CPU and wall clock seconds, the peak memory in MB of the largest process, and how many commands failed."""

    cpu: float
    wall: float
    memory: float
    failed: float = 0

    def __str__(self) -> str:
        failed = f"   {self.failed:.0f} FAILED" if self.failed else ""
        return f"{self.cpu:7.2f} s CPU {self.wall:7.2f} s wall {self.memory:6.0f} MB{failed}"


def measure(*commands: Command) -> Cost:
    """The cost of running the commands one after the other, with the processes that they start and wait for."""
    cpu = memory = 0.0
    failed = 0
    start = time.perf_counter()
    silent = os.open(os.devnull, os.O_WRONLY)
    for command in commands:
        program, *_ = arguments = [os.fspath(argument) for argument in command]
        actions = [(os.POSIX_SPAWN_DUP2, silent, 1), (os.POSIX_SPAWN_DUP2, silent, 2)]
        process = os.posix_spawn(program, arguments, os.environ, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
        failed += status != 0
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss / 1024)
    os.close(silent)
    return Cost(cpu, time.perf_counter() - start, memory, failed)


def in_turns(sides: Mapping[str, list[Command]], rounds: int) -> dict[str, Cost]:
    """The median of each figure of each side, all sides measured once a round."""
    costs: dict[str, list[Cost]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, commands in sides.items():
            costs[side].append(measure(*commands))
    return {
        side: Cost(*map(statistics.median, zip(*((c.cpu, c.wall, c.memory, c.failed) for c in measured), strict=True)))
        for side, measured in costs.items()
    }


def tell(title: str, costs: Mapping[str, Cost], goal: str) -> None:
    """Print what two sides cost, ours first, the ratio of their CPU time and memory, and the goal."""
    print(f"\n{title}")
    for side, cost in costs.items():
        print(f"  {side:<42}{cost}")
    ours, theirs = costs.values()
    print(f"  {'ratio':<42}{ours.cpu / theirs.cpu:7.2f} × CPU, {ours.memory / theirs.memory:.2f} × memory; goal {goal}")


def ours(specs: Path, out: Path) -> Command:
    """Our command for all vendors in a folder."""
    return [COMMANDS / "counterfoil", "generate", "--specs", specs, "--out", out]


def theirs(document: Path, output: Path) -> Command:
    """The engine's command with no flags but where to read and write."""
    return [COMMANDS / "datamodel-codegen", "--input", document, "--output", output]


def cold(command: Command) -> Command:
    """The command, run without what it may have written before."""
    return ["/bin/sh", "-c", 'rm -rf "$1"; shift; exec "$@"', "sh", command[-1], *command]


def vendors(scratch: Path) -> None:
    """The vendors of specs/ against the engine's command for the two of them that have most schemas, and the no-op."""
    command = ours(ROOT / "specs", scratch / "out")
    measure(command)
    contracts = sorted((scratch / "out").glob("*/openapi.json"), key=_schemas, reverse=True)
    all_names, names = (" ".join(sorted(path.parent.name for path in each)) for each in (contracts, contracts[:2]))
    pages = [Path(shutil.copy(path, scratch / f"{path.parent.name}.json")) for path in contracts[:2]]
    # Schemas with dots in their names become modules in a folder, the others classes in a file.
    outputs = [page.with_suffix("" if _has_dotted_names(page) else ".py") for page in pages]
    sides = {
        f"counterfoil generate, {len(contracts)} vendors": [cold(command)],
        "datamodel-codegen, 2 of them": [theirs(*each) for each in zip(pages, outputs, strict=True)],
    }
    tell(f"vendors of specs/: {all_names}; of them {names}", in_turns(sides, ROUNDS), "below 1 × CPU")
    (again,) = in_turns({"again": [command]}, ROUNDS).values()
    print(f"\nthe same again, nothing changed\n  {'counterfoil generate':<42}{again}; goal at most 0.25 s wall")


def large(document: Path, scratch: Path) -> tuple[Path, Path]:
    """One document, everything that we make of it against the engine's models; where both outputs lie."""
    folder = scratch / "specs" / "document"
    folder.mkdir(parents=True)
    shutil.copy(document, folder)
    out, output = scratch / "out", scratch / "default_output.py"
    sides = {
        "counterfoil generate": [cold(ours(folder.parent, out))],
        "datamodel-codegen": [theirs(document, output)],
    }
    costs = in_turns(sides, ROUNDS_OF_LARGE)
    tell(f"{document.name}, {document.stat().st_size / 1e6:.1f} MB", costs, "at most 0.50 × CPU")
    return out, output


def importing(title: str, out: Path, output: Path) -> None:
    """Importing our models of a document against importing the engine's, compiled and in the file cache."""
    sides: dict[str, list[Command]] = {
        "import of all our models": [_import(out, "document.models")],
        "import of datamodel-codegen's output": [_import(output.parent, output.stem)],
    }
    in_turns(sides, 1)
    tell(title, in_turns(sides, ROUNDS), "below 1 × CPU")


def _import(folder: Path, module: str) -> Command:
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); import {module}"]


def _schemas(contract: Path) -> int:
    return len(_names(contract))


def _has_dotted_names(contract: Path) -> bool:
    return any("." in name for name in _names(contract))


def _names(contract: Path) -> list[str]:
    tree = json.loads(contract.read_bytes())
    return list(tree.get("components", {}).get("schemas", {}))


def main() -> None:
    """Measure and print."""
    documents = [Path(argument).resolve() for argument in sys.argv[1:]]
    if not documents:
        with tempfile.TemporaryDirectory() as scratch:
            vendors(Path(scratch))
        documents = [CORPUS / name for name in (*LARGE, IMPORTED)]
    for document in documents:
        if not document.is_file():
            print(f"\n{document.name}: skipped, there is no {document} (SHARED says where the corpus is)")
            continue
        with tempfile.TemporaryDirectory() as scratch:
            outputs = large(document, Path(scratch))
            if document.name == IMPORTED:
                importing(f"{document.name}, importing its models", *outputs)


if __name__ == "__main__":
    main()
