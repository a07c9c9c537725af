"""All probes, one after another."""

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.probes import (
    authentication,
    changes,
    duplicates,
    idempotency,
    keys,
    lifecycle,
    lists,
    nesting,
    order,
    removal,
    routes,
    series,
)

_PROBES = (
    authentication,
    order,
    routes,
    lifecycle,
    changes,
    duplicates,
    idempotency,
    keys,
    nesting,
    removal,
    series,
    lists,
)
NAMES = tuple(name for probe in _PROBES for name in probe.NAMES)


def run(conversation: Conversation) -> None:
    """Probe the server; findings are noted."""
    for probe in _PROBES:
        probe.run(conversation)
