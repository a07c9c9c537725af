"""Read: the text of a published page → `Document`, a raw OpenAPI tree with the source line of every node."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterfoil.documents.document import Document

__all__ = ["read"]


def read(path: str, text: str) -> "Document":
    """Read one page, whose format is recognised by its content.

    `path` is shown to people and says nothing about the format. Raises `CounterfoilError` if no format is recognised
    or the page cannot be read; what is doubtful in a readable page stands in the document's diagnostics.
    """
    from counterfoil.documents.inference.infer import infer  # here, so that finding pages loads no reader
    from counterfoil.documents.recognition import recognise

    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    with collector_paused():
        document = recognise(path, text).read(path, text)
        infer(document)
    return document


@contextmanager
def collector_paused() -> Iterator[None]:
    """Hold the cyclic garbage collector, which finds nothing in a growing tree and takes twice as long as reading."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
