"""All that watches a run."""

from collections.abc import Sequence
from pathlib import Path

from counterfoil.checks.operation import Operation
from counterfoil.checks.semantics.defaults import Defaults
from counterfoil.checks.semantics.echoes.echo import Echo
from counterfoil.checks.semantics.echoes.understood import Understood
from counterfoil.checks.semantics.latency import Latency
from counterfoil.checks.semantics.leaks.internals import Internals
from counterfoil.checks.semantics.leaks.secrets import Secrets
from counterfoil.checks.semantics.messages import Messages
from counterfoil.checks.semantics.models import ModelsBothWays
from counterfoil.checks.semantics.refusals.challenges import Challenges
from counterfoil.checks.semantics.refusals.errors import Errors
from counterfoil.checks.semantics.refusals.failures import Failures
from counterfoil.checks.semantics.refusals.request_ids import RequestIds
from counterfoil.checks.semantics.success import SuccessReached
from counterfoil.checks.semantics.values.watching import ValuesTold
from counterfoil.checks.semantics.watching import Watcher
from counterfoil.checks.settings import Settings


def watchers(package_dir: Path, operations: Sequence[Operation], settings: Settings) -> tuple[Watcher, ...]:
    """The checks that see every exchange of a run; `CounterfoilError` if `package_dir` has no models."""
    return (
        Echo(),
        Defaults(),
        Understood(),
        SuccessReached(operations),
        ValuesTold(),
        Errors(),
        Failures(),
        Secrets(),
        Internals(),
        Messages(),
        Challenges(),
        RequestIds(),
        Latency(settings.slowest),
        ModelsBothWays(package_dir),
    )
