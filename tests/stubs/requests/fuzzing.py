"""What a served stub makes of requests that are drawn at random: run with `python -m tests.stubs.requests.fuzzing`."""

import argparse
import contextlib
import json
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from counterfoil.stub.contract_tree import ContractTree
from tests.stubs.requests.raw_requests import TOKEN, RawRequest, RawRequests

PATIENT = 10  # seconds that an answer may take
STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")
FAILED = re.compile(rb"HTTP/1\.1 (5[0-9]{2}) ")


def send(port: int, request: RawRequest) -> bytes:
    """What is answered to all that a connection sends; `TimeoutError` if the connection does not end after it."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENT) as connection:
        size = -(-len(request.content) // request.pieces) or 1
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(request.content), size):
                connection.sendall(request.content[start : start + size])
                if request.pieces > 1:
                    time.sleep(0.002)
        if request.resets:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return b""
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(65536):
                answer += part
        return answer


def fuzz(port: int, draw: RawRequests, count: int, complain: Callable[[RawRequest, str], None]) -> Counter[int]:
    """How often each status was answered to so many connections; `complain` is told of failures and hangs."""
    seen: Counter[int] = Counter()
    for _ in range(count):
        request = draw()
        try:
            answer = send(port, request)
        except TimeoutError:
            complain(request, "hangs")
            continue
        except ConnectionRefusedError:
            complain(request, "is the first after the end")
            break
        seen.update(int(status) for status in STATUS.findall(answer))
        if failed := FAILED.search(answer):
            complain(request, f"is answered {failed[1].decode()}")
    return seen


def main() -> None:
    """Serve each file in a process of its own, and send it requests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="openapi.json of a generated folder, or any document")
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faults = 0
    for file in options.files:
        faults += _fuzz_file(file, options.connections, options.seed)
    sys.exit(1 if faults else 0)


def _fuzz_file(file: Path, connections: int, seed: int) -> int:
    name = file.parent.name if (file.parent / "counterfoil.lock").is_file() else str(file)
    with tempfile.TemporaryFile() as log:
        command = [str(Path(sys.executable).with_name("counterfoil")), "serve", name, "--port", "0", "--token", TOKEN]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as server:
            line = server.stdout.readline() if server.stdout else ""
            if not line:
                log.seek(0)
                print(f"{name}: {log.read().decode()[-500:]}")
                return 0
            port = int(line.rpartition(":")[2])
            contract = _get(port, "/__counterfoil__/contract")
            complaints: list[str] = []

            def complain(request: RawRequest, what: str) -> None:
                complaints.append(f"{what}: {request.content[:1000]!r} ({len(request.content)} bytes)")

            seen: Counter[int] = Counter()
            threads = [
                threading.Thread(
                    target=lambda part: seen.update(
                        fuzz(port, RawRequests(contract, seed * 10 + part), connections // 4, complain)
                    ),
                    args=(part,),
                )
                for part in range(4)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            failures = (
                _get(port, "/__counterfoil__/health")["failures"] if server.poll() is None else "the process died"
            )
            server.terminate()
            code = server.wait(30)
        log.seek(0)
        told = log.read().decode(errors="replace")
    traces = told.count("Traceback")
    operations = sum(1 for _ in ContractTree(contract).operations())
    print(f"{name}: {operations} operations, {connections} connections, answers {dict(sorted(seen.items()))}")
    print(f"  failures {failures}, traces {traces}, exit code {code}, complaints {len(complaints)}")
    for complaint in complaints[:10]:
        print(f"  {complaint}")
    if traces:
        print(told[told.index("Traceback") :][:3000])
    return len(complaints) + traces + (failures != 0)


def _get(port: int, path: str) -> dict[str, object]:
    request = f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()
    found: dict[str, object] = json.loads(send(port, RawRequest(request)).partition(b"\r\n\r\n")[2])
    return found


if __name__ == "__main__":
    main()
