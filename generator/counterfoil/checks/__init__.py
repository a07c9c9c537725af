"""Contract tests of a server: a stub in this process, or whatever answers at a URL.

`run` makes every check and returns a `Report`; `to_text` tells it in plain text. Names are imported when they are first
used, since a command line that only tells its options must not wait for them.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterfoil.checks.reporting.findings import Finding, Report, Skipped
    from counterfoil.checks.reporting.text import to_text
    from counterfoil.checks.running import run
    from counterfoil.checks.settings import DEFAULT_SEED, Settings
    from counterfoil.checks.wire.target import Target, at_url, in_process

_MODULES = {
    "DEFAULT_SEED": "settings",
    "Finding": "reporting.findings",
    "Report": "reporting.findings",
    "Settings": "settings",
    "Skipped": "reporting.findings",
    "Target": "wire.target",
    "at_url": "wire.target",
    "in_process": "wire.target",
    "run": "running",
    "to_text": "reporting.text",
}

__all__ = [
    "DEFAULT_SEED",
    "Finding",
    "Report",
    "Settings",
    "Skipped",
    "Target",
    "at_url",
    "in_process",
    "run",
    "to_text",
]


def __getattr__(name: str) -> Any:
    """A name of `__all__`, from its module (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
