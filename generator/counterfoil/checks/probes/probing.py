"""All probes, in their order among the other stages."""

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.probes.access import authentication, bypasses, order
from counterfoil.checks.probes.lists import listing
from counterfoil.checks.probes.protocol import fields, heads, limits, methods, paths
from counterfoil.checks.probes.resources import (
    afterwards,
    changes,
    duplicates,
    idempotency,
    keys,
    lifecycle,
    nesting,
    removal,
    series,
    validators,
)

# What few requests show much of, while there are few objects to be listed.
_OBJECTS = (lifecycle, changes, duplicates, keys, nesting, removal, listing)
_OTHERS = (authentication, order, bypasses, paths, methods, heads, fields, limits, idempotency, series, validators)
NAMES = tuple(name for probe in (*_OBJECTS, *_OTHERS) for name in probe.NAMES)


def prepare(conversation: Conversation) -> None:
    """Probe what there is before anything was made; findings are noted."""
    listing.run_empty(conversation)


def begin(conversation: Conversation) -> None:
    """Probe what becomes of objects; findings are noted."""
    for probe in _OBJECTS:
        probe.run(conversation)


def finish(conversation: Conversation) -> None:
    """Probe everything else; findings are noted."""
    for probe in _OTHERS:
        probe.run(conversation)


def conclude(conversation: Conversation) -> None:
    """Probe what there is after everything else; findings are noted."""
    afterwards.run(conversation)
    if conversation.client.target.is_local:
        listing.run_many(conversation)
