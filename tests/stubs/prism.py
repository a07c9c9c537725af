"""`counterfoil serve` for the harness of Stoplight Prism: `serve(spec, port, args)`, with Prism's own flags."""

import subprocess

from tests.command import COUNTERFOIL


class Server:
    """A running stub."""

    def __init__(self, arguments: list[str]) -> None:
        self._process = subprocess.Popen(
            [COUNTERFOIL, "serve", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:  # which would end the harness
            self._process.kill()
            self._process.wait()


def serve(spec: str, port: int, args: list[str]) -> Server:
    """A stub of the document at `spec`."""
    return Server([spec, "--port", str(port), "--like-prism", *args])
