"""All probes, in their order among the other stages."""

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.probes.access import authentication, bypasses, order
from counterfoil.checks.probes.changes import aging, changes, membership, read_only, refused, validators
from counterfoil.checks.probes.lists import listing
from counterfoil.checks.probes.making import (
    duplicates,
    foreign_keys,
    idempotency,
    likenesses,
    long_texts,
    pairs,
    registrations,
    repetitions,
    series,
    uploads,
    upserts,
)
from counterfoil.checks.probes.protocol import contents, fields, heads, limits, media_types, methods, paths
from counterfoil.checks.probes.resources import afterwards, keys, lifecycle, nesting, parents, removal

# What few requests show much of: mistakes of whole servers, and what becomes of objects while few are to be listed.
_SOON = (paths, duplicates, changes, keys, nesting, removal, listing, methods, read_only, heads)
_OTHERS = (
    order,
    bypasses,
    contents,
    fields,
    media_types,
    limits,
    long_texts,
    likenesses,
    pairs,
    idempotency,
    series,
    registrations,
    foreign_keys,
    upserts,
    membership,
    refused,
    parents,
    validators,
    uploads,
)
NAMES = tuple(name for probe in (lifecycle, authentication, *_SOON, *_OTHERS) for name in probe.NAMES)


class Probes:
    """The probes of a conversation, part by part; findings are noted."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._authentication = authentication.Authentication(conversation)

    def prepare(self) -> None:
        """Probe what there is before anything was made."""
        listing.run_empty(self._conversation)

    def knock(self) -> None:
        """Probe whether one operation lets anybody in."""
        self._authentication.begin()

    def authenticate(self) -> None:
        """Probe whom one operation lets in, and the others without much ado."""
        self._authentication.go_on()

    def begin(self) -> None:
        """Probe whether objects are there once they are made, and no more once they are not."""
        lifecycle.run(self._conversation)

    def go_on(self) -> None:
        """Probe what else becomes of objects, and what is served besides operations."""
        for probe in _SOON:
            probe.run(self._conversation)

    def finish(self) -> None:
        """Probe everything else."""
        self._authentication.finish()
        for probe in _OTHERS:
            probe.run(self._conversation)

    def conclude(self) -> None:
        """Probe what there is after everything else."""
        afterwards.run(self._conversation)
        repetitions.run(self._conversation)
        if self._conversation.client.target.is_local:
            listing.run_many(self._conversation)
            aging.run(self._conversation)
