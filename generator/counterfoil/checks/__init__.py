"""Contract tests of a server: a stub in this process, or whatever answers at a URL.

`run` makes every check and returns a `Report`; `to_text` tells it in plain text.
"""

from counterfoil.checks.property_tests import Effort
from counterfoil.checks.report import Finding, Report, Skipped, to_text
from counterfoil.checks.run import DEFAULT_SEED, run
from counterfoil.checks.target import Target, at_url, in_process

__all__ = ["DEFAULT_SEED", "Effort", "Finding", "Report", "Skipped", "Target", "at_url", "in_process", "run", "to_text"]
