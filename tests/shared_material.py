"""The reference material that some tests read: published pages and documents of others, which are not kept here."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(path: str) -> Path:
    """A file or folder of the reference material, in the folder that the environment variable SHARED names.

    SHARED is relative to the repository; without it that is `../shared`. The test is skipped where it is missing.
    """
    found = (ROOT / os.environ.get("SHARED", "../shared") / path).resolve()
    if not found.exists():
        pytest.skip(f"the reference material has no {path}; set SHARED to its folder")
    return found
