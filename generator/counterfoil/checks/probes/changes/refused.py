"""What is refused changes nothing: neither a change with a mistake in it, nor what somebody asks for who may not."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.comparing import difference
from counterfoil.checks.objects.made import Made
from counterfoil.checks.probes.changes.bodies import bodies
from counterfoil.checks.probes.making.duplicates import broken
from counterfoil.checks.probes.resources.lifecycle import STATE
from counterfoil.checks.wire.draft import Draft

NAMES = ()

_BODIES = 2


def run(conversation: Conversation) -> None:
    """Ask for changes and removals that are refused, and look at the object afterwards."""
    if not conversation.client.target.is_local:
        return
    for collection in conversation.existing.collections:
        acting, parts = Acting(collection, conversation), collection.all("change", "replace", "remove")
        parts = [part for part in parts if part.is_certain and STATE not in part.operation.switched_off]
        if not parts or (collection.part("fetch") is None and acting.lister is None):
            continue
        made = acting.make(acting.create_draft(full=False))
        before = acting.state(made) if made is not None else None
        if made is not None and before is not None:
            _try_all(acting, parts, made, before)


def _try_all(acting: Acting, parts: list[Part], made: Made, before: dict[str, Any]) -> None:
    for part in parts:
        for draft, why in _drafts(acting, part, made, before):
            after = _try(acting, draft, why, made, before)
            if after is None:
                return
            before = after


def _drafts(acting: Acting, part: Part, made: Made, before: dict[str, Any]) -> Iterator[tuple[Draft, str]]:
    """Requests that are refused, and why."""
    operation, names = part.operation, frozenset(shapes.properties(part.operation, part.role.shape))
    found: list[Any] = list(islice(bodies(acting, part, before, names), _BODIES)) if operation.request_content else []
    for body in found:
        wrong = broken(body, set(), acting.conversation, operation) if isinstance(body, dict) and body else None
        draft = acting.about(part, made, value=wrong) if wrong is not None else None
        if draft is not None:
            yield draft, "refused"
    valid = acting.about(part, made, value=found[0]) if found else acting.about(part, made)
    if valid is not None and operation.security and all(operation.security):
        yield replace(valid, credentials=()), "refused for its credentials"


def _try(acting: Acting, draft: Draft, why: str, made: Made, before: dict[str, Any]) -> dict[str, Any] | None:
    """The object after a request that was refused; None where it cannot be seen any more."""
    exchange = acting.conversation.ask(draft, intent="invalid", source="probes", refresh=False, aim=False)
    if exchange is None or not 400 <= exchange.response.status < 500:
        return acting.state(made)
    after = acting.state(made)
    if after is None:
        found = acting.fetched(made)
        if found is not None and found[1].response.status in (404, 410):
            summary, expected = f"a request that is {why} removes the object", f"the object {made.key}"
            acting.note(exchange, STATE, summary, expected, found[1].response.describe())
    elif place := difference({name: before[name] for name in acting.settable & before.keys()}, after, acting.settable):
        name, summary = place.removeprefix("/"), f"a request that is {why} changes {place}"
        acting.note(exchange, STATE, summary, repr(before.get(name)), repr(after.get(name)))
    return after
