"""Making several vendors' drafts at once, each in a process of its own, where there is enough to do to pay for that."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from counterfoil.documents.folder import VendorFolder
from counterfoil.emit.engine import load_engine
from counterfoil.emit.generation import Draft, draft_vendor
from counterfoil.emit.templates import Templates

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

ENOUGH = 1.0  # seconds of work that pay for processes
SECONDS_A_VENDOR, SECONDS_A_CHARACTER = 0.1, 3.5e-6  # as measured; they need to be right to a factor of two or so


@contextmanager
def drafting(
    folders: Sequence[VendorFolder], templates: Templates, *, overlay: bool = True
) -> Iterator[list[Callable[[], Draft]]]:
    """For each folder, in the order given, a call that gives what `draft_vendor` makes of it.

    Each is made when it is asked for, or where it pays, by processes that begin at once. Leaving with an exception,
    as of Ctrl-C, ends these without waiting for what they are at.
    """
    if not _pays(folders):
        yield [partial(draft_vendor, folder, templates, overlay=overlay) for folder in folders]
        return
    import multiprocessing

    with _processes(len(folders)) as executor:
        try:
            yield [executor.submit(draft_vendor, folder, templates, overlay=overlay).result for folder in folders]
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _pays(folders: Sequence[VendorFolder]) -> bool:
    return len(folders) > 1 and (os.cpu_count() or 1) > 1 and sum(map(_seconds, folders)) > ENOUGH


def _seconds(folder: VendorFolder) -> float:
    return SECONDS_A_VENDOR + SECONDS_A_CHARACTER * sum(len(text) for _, text in folder.pages)


def _processes(wanted: int) -> "ProcessPoolExecutor":
    """A pool whose processes have the engine loaded, where the system can copy a process that has.

    Copying is safe while no thread runs, which is so until the pool has its first task.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = None
    if sys.platform == "linux":
        load_engine()
        context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(min(wanted, os.cpu_count() or 1), context, initializer=_start)


def _start() -> None:
    """Make a process of the pool live exactly as long as its parent wants: Ctrl-C is for the parent to deal with."""
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
