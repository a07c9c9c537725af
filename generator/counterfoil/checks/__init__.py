"""Contract tests of a server: a stub in this process, or whatever answers at a URL.

`run` makes every check and returns a `Report`; `to_text` tells it in plain text.
"""

from counterfoil.checks.reporting.findings import Finding, Report, Skipped
from counterfoil.checks.reporting.text import to_text
from counterfoil.checks.run import run
from counterfoil.checks.settings import DEFAULT_SEED, Settings
from counterfoil.checks.wire.target import Target, at_url, in_process

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
