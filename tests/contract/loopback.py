"""ASGI apps on free loopback ports for as long as a test needs them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """`app` behind uvicorn on a free loopback port; its URL."""
    # Connections are kept for longer than a busy machine may leave a client waiting.
    quiet: dict[str, Any] = {"log_level": "error", "access_log": False, "timeout_keep_alive": 60}
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **quiet))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.005)
    try:
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join()
