"""Sends creates over keep-alive connections, in a process of its own, and tells how long each took.

It does as little as it can for each: where a sender takes longer than a server, that never wakes it up, which costs
servers that are slower than the sender a good part of what they take.

    python -m bench.serving.load PORT REQUESTS CONNECTIONS FIRST

Prints a JSON object: `seconds` for all, `cpu` seconds that sending took, `latencies` in microseconds in the order of
the answers, `statuses` by count.
"""

import asyncio
import json
import re
import sys
import time
from collections import Counter
from typing import Any

import uvloop

HEADERS = (
    "POST /merchant/metric/new HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Authorization: Bearer ub_test_0123456789abcdefghijklmnopqrstuv\r\n"
    "Content-Type: application/json\r\nAccept: */*\r\nUser-Agent: bench\r\nContent-Length: {}\r\n\r\n"
)
BODY = (
    '{{"code":"api_calls_{}","metricName":"API calls","metricDescription":"Number of calls","aggregationType":2,'
    '"aggregationProperty":"calls","type":1,"metaData":{{"team":"core"}}}}'
)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
END = b"\r\n\r\n"


def request(number: int) -> bytes:
    """A create that no other one contradicts, as it is sent."""
    body = BODY.format(number)
    return (HEADERS.format(len(body)) + body).encode()


class Connection(asyncio.Protocol):
    """One request after the other, each as soon as the answer to the one before is there."""

    def __init__(self, load: "Load") -> None:
        self._load, self._received, self._began = load, b"", 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As `asyncio.Protocol` says."""
        self._transport: Any = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """As `asyncio.Protocol` says; answers have a Content-Length."""
        received = self._received + data
        end, told = received.find(END), LENGTH.search(received)
        if end < 0 or len(received) < end + len(END) + (int(told[1]) if told else 0):
            self._received = received
            return
        self._load.answered(received[9:12], time.perf_counter_ns() - self._began)
        self._received = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as in the base class
        """As `asyncio.Protocol` says."""
        self._load.finish()

    def _next(self) -> None:
        sent = self._load.take()
        if sent is None:
            self._transport.close()
            return
        self._began = time.perf_counter_ns()
        self._transport.write(sent)


class Load:
    """So many requests over so many connections."""

    def __init__(self, requests: int, connections: int, first: int) -> None:
        self._open = connections
        self._requests = iter([request(number) for number in range(first, first + requests)])
        self.latencies: list[int] = []
        self.statuses: Counter[str] = Counter()

    def take(self) -> bytes | None:
        """The next request, None after the last one."""
        return next(self._requests, None)

    def answered(self, status: bytes, nanoseconds: int) -> None:
        """Note the status of an answer and how long it took."""
        self.latencies.append(nanoseconds // 1000)
        self.statuses[status.decode()] += 1

    def finish(self) -> None:
        """Note that a connection is closed."""
        self._open -= 1
        if not self._open:
            self._done.set_result(None)

    async def run(self, port: int) -> float:
        """Send everything; the seconds that it took."""
        loop = asyncio.get_running_loop()
        self._done = loop.create_future()
        start = time.perf_counter()
        for _ in range(self._open):
            await loop.create_connection(lambda: Connection(self), "127.0.0.1", port)
        await self._done
        return time.perf_counter() - start


def main() -> None:
    """Send what the arguments say and print what came of it."""
    port, requests, connections, first = map(int, sys.argv[1:5])
    load = Load(requests, connections, first)
    before = time.process_time()
    seconds = uvloop.run(load.run(port))
    cpu = time.process_time() - before
    print(json.dumps({"seconds": seconds, "cpu": cpu, "latencies": load.latencies, "statuses": load.statuses}))


if __name__ == "__main__":
    main()
