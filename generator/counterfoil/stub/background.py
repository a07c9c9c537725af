"""Stubs that listen while something else, such as a test, runs in the same process."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvicorn
from uvicorn.server import ServerState

from counterfoil.stub.prompt_connection import PromptConnection
from counterfoil.stub.serving import bind, config_of, url

T = TypeVar("T")


class Background:
    """A thread with an event loop, from now until `close`, in which any number of applications listen."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="counterfoil", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What a coroutine returns, or raises, in the thread's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def listen(self, app: Any) -> "Listening":
        """Let an ASGI application listen on a free port of this machine's loopback address."""
        return self.run(self._listen(app))

    def close(self) -> None:
        """End the thread; nothing of it listens any more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self, app: Any) -> "Listening":
        config = config_of(app)
        config.load()
        state = ServerState()
        listening = bind("127.0.0.1", 0, 1)[0]
        address = url(listening)
        server = await self._loop.create_server(lambda: _connection(config, state), sock=listening)
        return Listening(self, address, server, state)


class Listening:
    """An application that listens at `url`."""

    def __init__(self, background: Background, address: str, server: asyncio.Server, state: ServerState) -> None:
        self.url = address
        self._background, self._server, self._state = background, server, state

    def close(self) -> None:
        """Stop listening, and close all connections."""
        self._background.run(self._close())

    async def _close(self) -> None:
        self._server.close()
        for connection in list(self._state.connections):
            connection.shutdown()


def _connection(config: uvicorn.Config, state: ServerState) -> PromptConnection:
    return PromptConnection(config=config, server_state=state, app_state={})
