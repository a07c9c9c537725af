"""What generation costs beside the model engine's own command, measured turn by turn in one run.

    python bench/generation.py [DOCUMENT ...]

Without documents the vendors of specs/ are taken together. Each row is the median of several runs; the figures depend
on the machine, the ratios hardly do. Nothing is asserted.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 5
COMMANDS = Path(sys.executable).parent


@dataclass(frozen=True)
class Cost:
    """CPU and wall clock seconds, the peak memory in MB of the largest process, and how many commands failed."""

    cpu: float
    wall: float
    memory: float
    failed: float = 0

    def __str__(self) -> str:
        return f"{self.cpu:7.2f} s CPU {self.wall:7.2f} s wall {self.memory:6.0f} MB" + (
            f" {self.failed:.0f} failed" if self.failed else ""
        )


def measure(*commands: list[str | Path]) -> Cost:
    """The cost of running the commands one after the other, started processes included."""
    cpu = memory = 0.0
    failed = 0
    start = time.perf_counter()
    for command in commands:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        failed += status != 0
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss / 1024)
    return Cost(cpu, time.perf_counter() - start, memory, failed)


def median(costs: list[Cost]) -> Cost:
    """The middle of each figure."""
    figures = zip(*((cost.cpu, cost.wall, cost.memory, cost.failed) for cost in costs), strict=True)
    return Cost(*map(statistics.median, figures))


def compare(title: str, specs: Path, scratch: Path) -> None:
    """Print what the vendors in `specs` cost, cold, again, and with the engine's command for their contracts."""
    out = scratch / "out"
    ours: list[str | Path] = [COMMANDS / "counterfoil", "generate", "--keep-going", "--specs", specs, "--out", out]
    subprocess.run(ours, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    contracts = [shutil.copy(path, scratch / f"{path.parent.name}.json") for path in sorted(out.glob("*/openapi.json"))]
    theirs: list[list[str | Path]] = [
        [COMMANDS / "datamodel-codegen", "--input", contract, "--output", contract.with_suffix(".py")]
        for contract in map(Path, contracts)
    ]
    costs: dict[str, list[Cost]] = {"counterfoil generate, cold": [], "  again, nothing changed": []}
    costs[f"datamodel-codegen, {len(theirs)} run{'' if len(theirs) == 1 else 's'}"] = []
    cold, again, engine = costs.values()
    for _ in range(ROUNDS):
        shutil.rmtree(out)
        cold.append(measure(ours))
        again.append(measure(ours))
        engine.append(measure(*theirs))
    reference = median(engine)
    print(f"\n{title}")
    for name, measured in costs.items():
        cost = median(measured)
        print(f"  {name:<28} {cost.cpu / reference.cpu:6.2f} × its CPU   {cost}")


def main() -> None:
    """Compare the vendors of specs/, or each document given."""
    documents = [Path(argument).resolve() for argument in sys.argv[1:]]
    if not documents:
        with tempfile.TemporaryDirectory() as scratch:
            specs = Path(__file__).resolve().parents[1] / "specs"
            compare("all vendors of specs/", specs, Path(scratch))
    for document in documents:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "specs", "document")
            folder.mkdir(parents=True)
            shutil.copy(document, folder)
            compare(document.name, folder.parent, Path(scratch))


if __name__ == "__main__":
    main()
