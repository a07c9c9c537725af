"""Where hypothesis keeps what it computes once for all runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import configuration


@contextmanager
def user_cache() -> Iterator[None]:
    """Let hypothesis write below the user's cache folder, not into the folder in which the tests run.

    The environment variable HYPOTHESIS_STORAGE_DIRECTORY has precedence, as hypothesis documents it.
    """
    if "HYPOTHESIS_STORAGE_DIRECTORY" in os.environ:
        yield
        return
    before = configuration.storage_directory(intent_to_write=False).path
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    configuration.set_hypothesis_home_dir(caches / "counterfoil" / "hypothesis")
    try:
        yield
    finally:
        configuration.set_hypothesis_home_dir(before)
