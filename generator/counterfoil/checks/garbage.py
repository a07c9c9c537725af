"""How often garbage is looked for while contract tests run."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 100_000  # that are made, less those that went, until the youngest are looked through


@contextmanager
def seldom_collected() -> Iterator[None]:
    """While it lasts, garbage is looked for more seldom, and never among what was there before, such as modules.

    To look through all of that once costs as much as some fifty requests.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *thresholds[1:])
    try:
        yield
    finally:
        gc.freeze()  # so that not all of what is left is looked through at once
        gc.unfreeze()
        gc.set_threshold(*thresholds)
