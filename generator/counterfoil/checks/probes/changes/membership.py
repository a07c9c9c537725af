"""Lists that are asked for what some objects have follow a change: it takes an object out of one, and into another."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.comparing import same
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.made import Made
from counterfoil.checks.probes.changes.bodies import alone
from counterfoil.checks.probes.lists.filters import filters_of, value_asked
from counterfoil.checks.probes.resources.lifecycle import LISTING

NAMES = ()

_MOST = 3  # filters


def run(conversation: Conversation) -> None:
    """Change what lists of each collection are filtered by."""
    if not conversation.client.target.is_local:
        return
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        parts = [part for part in collection.all("change", "replace") if part.is_certain and _has_body(acting, part)]
        filtered = [(lister, *each) for lister in acting.listers for each in filters_of(lister)]
        filtered = [each for each in filtered if LISTING not in each[0].operation.switched_off]
        made = acting.make(acting.create_draft(full=False)) if parts and filtered else None
        for lister, name, own in filtered[:_MOST] if made is not None else ():
            if made is not None:
                _try(acting, parts[0], made, lister, (name, own))


def _has_body(acting: Acting, part: Part) -> bool:
    body = acting.conversation.valid.body(part.operation)
    return body is not None and isinstance(body.full, dict)


def _try(acting: Acting, part: Part, made: Made, lister: Lister, filtered: tuple[str, str]) -> None:
    name, own = filtered
    body = acting.conversation.valid.body(part.operation)
    if body is None:
        return
    old: Any = None
    for value in (body.full, *islice(_with_another(acting, part, body.full, own), 1)):
        exchange = acting.ask(acting.about(part, made, value=value))
        state = acting.state(made) if exchange is not None and exchange.accepted else None
        new = state.get(own) if state is not None else None
        if exchange is None or not isinstance(new, str | int) or not lister.fits(name, value_asked(lister, name, new)):
            return
        there = lister.walk([(name, value_asked(lister, name, new))], size=lister.largest)
        if there.complete and made.key not in there.keys:
            if old is not None and there.last is not None:
                summary, expected = f"what was changed is not listed for its new /{own}", f"the object {made.key}"
                acting.note(there.last, LISTING, summary, expected, there.last.response.describe())
            return
        before = old
        old = new
        if before is None or same(before, new):
            continue
        for page in lister.walk([(name, value_asked(lister, name, before))], size=lister.largest).pages:
            if made.key in page.keys:
                summary, expected = f"what was changed is listed for its old /{own}", f"no object {made.key}"
                acting.note(page.exchange, LISTING, summary, expected, "it is listed")
                return


def _with_another(acting: Acting, part: Part, body: Any, own: str) -> Iterator[Any]:
    return (value for name, value in alone(acting, part, body) if name == own)
