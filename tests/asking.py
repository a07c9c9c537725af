"""Asking an application in this process as a user of httpx does."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx

from counterfoil.stub.background import Background
from counterfoil.testing.in_process import InProcess


@contextmanager
def asking(app: Any) -> Iterator[httpx.Client]:
    """A client whose paths are those of `app`; redirects are not followed."""
    with (
        closing(Background()) as thread,
        httpx.Client(transport=InProcess(app, thread), base_url="http://stub") as client,
    ):
        yield client
