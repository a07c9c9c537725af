"""How often garbage is looked for while contract tests run."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 100_000  # that are made, less those that went, until the youngest are looked through


@contextmanager
def seldom_collected() -> Iterator[None]:
    """While it lasts, garbage is looked for more seldom, and hardly ever among all that was there before.

    To look through the modules of this package once costs as much as some fifty requests.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
