"""Several stubs in one process, each on a port of its own, until a signal ends them."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import uvicorn

from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.stub.prompt_connection import PromptConnection

GRACE = 5  # seconds that open connections may take to finish


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`, which ends all servers at once."""
        yield


def bind(host: str, port: int, count: int) -> list[socket.socket]:
    """Sockets on `count` successive ports from `port` on, or on free ports if `port` is 0.

    `CounterfoilError` if the host has no address here or a port is taken.
    """
    sockets: list[socket.socket] = []
    for number in range(port, port + count) if port else [0] * count:
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
            found = socket.socket(family, kind)
            sockets.append(found)
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
            found.listen(1024)
        except (OSError, OverflowError) as error:
            for opened in sockets:
                opened.close()
            reason = getattr(error, "strerror", None) or str(error)
            hint = "choose another one with --port, or 0 for any that is free"
            location = Location(f"{host}:{number}", 0)
            raise CounterfoilError(Diagnostic(location, "cannot-listen", reason.lower(), hint)) from error
    return sockets


def url(listening: socket.socket) -> str:
    """The address of a bound socket as an HTTP URL."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def config_of(app: Any, lifespan: Literal["auto", "off"] = "off") -> uvicorn.Config:
    """How an ASGI application is served: without anything that costs time and does not show."""
    return uvicorn.Config(
        app, http=PromptConnection, ws="none", log_level="error", access_log=False, server_header=False,
        proxy_headers=False, lifespan=lifespan, timeout_graceful_shutdown=GRACE,
    )  # fmt: skip


def serve(apps: Sequence[Any], sockets: Sequence[socket.socket], started: Callable[[], None]) -> None:
    """Run each ASGI app on its socket until SIGINT or SIGTERM; `started` is called once all of them answer."""
    configs = [config_of(app, lifespan="auto") for app in apps]
    servers = [_Server(config) for config in configs]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    async def run() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        async with asyncio.TaskGroup() as tasks:
            for server, listening in zip(servers, sockets, strict=True):
                tasks.create_task(server.serve([listening]))
            while not all(server.started or server.should_exit for server in servers):
                await asyncio.sleep(0.01)
            # What there is by now stays, and to visit all of it takes as long as hundreds of requests.
            gc.freeze()
            gc.enable()
            started()

    with asyncio.Runner(loop_factory=configs[0].get_loop_factory()) as runner:
        runner.run(run())
