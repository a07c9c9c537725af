"""Starting and stopping servers, and what the processes of one cost; the figures are Linux's (proc(5))."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "generated"
COMMAND = Path(sys.executable).with_name("counterfoil")
LONGEST = 120.0  # seconds until a server answers

Command = Sequence[str | Path]


class Server:
    """A running server, on a port of 127.0.0.1."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, seconds: float) -> None:
        """`seconds` passed from the start of the process to its first answer."""
        self._process, self.port, self.seconds = process, port, seconds

    def cpu(self) -> float:
        """Seconds of CPU that the process and those that it started have taken."""
        return sum(_cpu(each) for each in self._family())

    def memory(self) -> float:
        """Resident MB of the process and those that it started."""
        found = 0
        for each in self._family():
            told = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{each}/status").read_text())
            found += int(told[1]) if told else 0
        return found / 1024

    def _family(self) -> list[int]:
        found = [self._process.pid]
        for process in found:
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                found += map(int, children.read_text().split())
        return found


def _cpu(process: int) -> float:
    return sum(int(path.read_text().split()[0]) / 1e9 for path in Path(f"/proc/{process}/task").glob("*/schedstat"))


@contextmanager
def serving(command: Command, *, port: int | None = None) -> Iterator[Server]:
    """The server that a command starts, once it answers; ended behind the block.

    `port` is where it will listen; `RuntimeError` if it ends before it answers, or does not.
    """
    port = port or free_port()
    arguments = [str(port) if each == "PORT" else os.fspath(each) for each in command]
    with tempfile.TemporaryFile() as told:
        start = time.perf_counter()
        process = subprocess.Popen(arguments, cwd=ROOT, stdout=told, stderr=told, start_new_session=True)
        try:
            while not _answers(port):
                if process.poll() is not None or time.perf_counter() - start > LONGEST:
                    told.seek(0)
                    raise RuntimeError(told.read().decode(errors="replace").strip()[-300:] or "no answer")
                time.sleep(0.005)
            yield Server(process, port, time.perf_counter() - start)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


def stub(*options: str, name: str | Path = "unibee") -> Command:
    """The command that serves a stub as one would, without a log of requests."""
    return [COMMAND, "serve", name, "--out", GENERATED, "--port", "PORT", "--log", "none", *options]


def peer(name: str) -> Command:
    """The command that serves one of `peers`."""
    return [sys.executable, "-m", "bench.serving.peers", name, "PORT"]


def prism() -> Command | None:
    """The command that mocks the stub's contract with Stoplight Prism, None where there is none."""
    found = os.environ.get("PRISM") or shutil.which("prism")
    return [found, "mock", GENERATED / "unibee" / "openapi.json", "-p", "PORT", "-v", "silent"] if found else None


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True
