"""What a create costs a stub beside other servers, how it starts, and how it bears many creates.

    python -m bench.serving [--requests N] [--rounds N] [--soak N] [--only creates|start|soak]

All servers run at once and are asked in turns, so that whatever else the machine does meets them alike: figures depend
on it, ratios hardly do. FastAPI is measured where it is installed, Prism where its command is found (or PRISM names
it). Nothing is asserted: goals stand beside what was measured.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.serving.servers import ROOT, Command, Server, peer, prism, serving, stub

CORPUS = Path(os.environ.get("SHARED", ROOT.parent / "shared"), "corpus", "openapi")
# A vendor with four operations, a document of some 500, and the largest one.
STARTED: tuple[tuple[str, str | Path, str], ...] = (
    ("four operations, generated", "cuoral", "at most 0.6 s, 60 MB"),
    ("490 operations, 2 MB", CORPUS / "visma--net.json", "at most 2 s"),
    ("1188 operations, 5 MB", CORPUS / "aws--ec2.json", "none"),
)
STUB, RAW, FASTAPI, PRISM = "counterfoil serve", "raw ASGI callable", "FastAPI", "Prism"
GOALS = {RAW: "goal at most 1.6", FASTAPI: "goal at most 0.29, which is 3.5 times better", PRISM: "goal at most 0.125"}
CONNECTIONS, BLOCKS, KEPT = 8, 10, 1000

_first = int(time.time()) * 1_000_000  # numbers that no create before had


@dataclass(frozen=True)
class Cost:
    """Of one load: CPU of server and client in microseconds a request, requests a second, latencies in microseconds."""

    cpu: float
    client: float
    rate: float
    median: float
    worst: float  # but for one in a hundred
    failed: int


def ask(server: Server, requests: int) -> Cost:
    """What so many creates cost a server."""
    global _first
    _first += requests
    arguments = [sys.executable, "-m", "bench.serving.load", *map(str, (server.port, requests, CONNECTIONS, _first))]
    before = server.cpu()
    told: dict[str, Any] = json.loads(subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True).stdout)
    cpu, latencies = server.cpu() - before, sorted(told["latencies"])
    failed = requests - sum(count for status, count in told["statuses"].items() if status[0] == "2")
    worst = latencies[len(latencies) * 99 // 100]
    of_each, client = cpu / requests * 1e6, told["cpu"] / requests * 1e6
    return Cost(of_each, client, requests / told["seconds"], statistics.median(latencies), worst, failed)


def creates(requests: int, rounds: int) -> None:
    """Measure and print what a create costs each server."""
    commands: dict[str, Command | None] = {
        STUB: stub(), f"{STUB}, with its log": stub("--log", "text"), RAW: peer("raw"), FASTAPI: peer("fastapi"),
        PRISM: prism(),
    }  # fmt: skip
    print(f"\na create over {CONNECTIONS} connections, medians of {rounds} rounds of {requests} requests")
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for name, command in commands.items():
            if command is None:
                print(f"  {name:<34}skipped: no command `prism`; install it with npm, or say with PRISM where it is")
                continue
            try:
                servers[name] = stack.enter_context(serving(command))
            except RuntimeError as error:
                print(f"  {name:<34}skipped: {str(error).splitlines()[-1]}")
            else:
                ask(servers[name], max(requests // 10, 100))
        costs: dict[str, list[Cost]] = {name: [] for name in servers}
        for _ in range(rounds):
            for name, server in servers.items():
                costs[name].append(ask(server, requests // 10 if name == PRISM else requests))
    for name, measured in costs.items():
        cpu, rate, median, worst = (
            statistics.median(getattr(cost, field) for cost in measured) for field in ("cpu", "rate", "median", "worst")
        )
        failed = sum(cost.failed for cost in measured)
        print(
            f"  {name:<34}{cpu:8.1f} µs CPU {rate:8.0f} /s   p50 {median / 1000:6.2f} ms   p99 {worst / 1000:6.2f} ms"
            + (f"   {failed} FAILED" if failed else "")
        )
    for name in GOALS.keys() & costs.keys():
        ratio = statistics.median(ours.cpu / theirs.cpu for ours, theirs in zip(costs[STUB], costs[name], strict=True))
        print(f"  {f'CPU, {STUB} : {name}':<42}{ratio:6.2f}; {GOALS[name]}")


def start(rounds: int) -> None:
    """Measure and print how long stubs take until they answer, and their memory then."""
    print(f"\nfrom the start of `counterfoil serve` to its first answer, medians of {rounds}")
    for title, name, goal in STARTED:
        if isinstance(name, Path) and not name.is_file():
            print(f"  {title:<34}skipped, there is no {name} (SHARED says where the corpus is)")
            continue
        measured = []
        for _ in range(rounds):
            with serving(stub(name=name)) as server:
                measured.append((server.seconds, server.cpu(), server.memory()))
        seconds, cpu, memory = map(statistics.median, zip(*measured, strict=True))
        print(f"  {title:<34}{seconds:6.2f} s wall {cpu:6.2f} s CPU {memory:6.0f} MB; goal {goal}")


def soak(requests: int) -> None:
    """Print latency and memory of a stub in the course of many creates, of which it keeps few, by tenths.

    What the client takes stands beside it: as long as that is less, the stub is what is measured.
    """
    print(f"\n{requests} creates, {KEPT} objects kept; SOAK says how many")
    with serving(stub("--keep", str(KEPT))) as server:
        print(f"  {'at first':<12}{'':65}{server.memory():8.0f} MB")
        for block in range(1, BLOCKS + 1):
            cost = ask(server, requests // BLOCKS)
            failed = f"   {cost.failed} FAILED" if cost.failed else ""
            print(
                f"  {block * requests // BLOCKS:<12}{cost.cpu:8.1f} µs CPU (client {cost.client:5.1f})"
                f"   p50 {cost.median / 1000:6.2f} ms"
                f"   p99 {cost.worst / 1000:6.2f} ms {server.memory():8.0f} MB{failed}"
            )


def main() -> None:
    """Measure what the arguments say, by default everything."""
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=4000, help="in a round")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--soak", type=int, default=int(os.environ.get("SOAK") or 20_000))
    parser.add_argument("--only", choices=["creates", "start", "soak"])
    options = parser.parse_args()
    if options.only in (None, "creates"):
        creates(options.requests, options.rounds)
    if options.only in (None, "start"):
        start(3)
    if options.only in (None, "soak"):
        soak(options.soak)


if __name__ == "__main__":
    main()
