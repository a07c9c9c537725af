"""At the end of a run everything that it has made is still shown and listed, as it was made."""

from collections.abc import Iterable
from typing import Any

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.comparing import is_lasting, is_volatile, shown_otherwise
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.made import Made, alongside
from counterfoil.checks.objects.pages import Walk
from counterfoil.checks.objects.removed import marked
from counterfoil.checks.probes.resources import absent
from counterfoil.checks.probes.resources.lifecycle import AVAILABLE, LISTING, STATE, note_loss
from counterfoil.checks.probes.resources.losses import at_place, loss
from counterfoil.checks.probes.resources.removal import GONE
from counterfoil.checks.probes.resources.sampling import sample

NAMES = ()

_PAGES = 60


def run(conversation: Conversation) -> None:
    """Look for all objects that nobody was asked to change since they were made."""
    if not conversation.client.target.is_local:
        return
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        made = conversation.existing.memory.untouched(collection.template)
        for lister in acting.listers if made else ():
            if LISTING not in lister.operation.switched_off:
                _list(acting, lister, made)
        for each in sample(made) if collection.part("fetch") is not None else ():
            _fetch(acting, each)
        if made:
            _remove(acting, made[0])


def _remove(acting: Acting, made: Made) -> None:
    """The first of all objects is removed like any other one."""
    removing, part = acting.collection.part("remove"), acting.collection.part("fetch")
    is_certain = removing is not None and part is not None and removing.is_certain and part.is_certain
    if removing is None or part is None or not is_certain or GONE in part.operation.switched_off:
        return
    exchange = acting.ask(acting.about(removing, made))
    if exchange is None or not exchange.accepted or marked(exchange, removing, made):
        return
    found = acting.fetched(made)
    is_kept = found is not None and acting.conversation.existing.may_show_removed(found[1])
    if found is not None and found[2] is not None and not is_kept:
        acting.note(found[1], GONE, "what was removed is shown", "a refusal", found[1].response.describe())


def _list(acting: Acting, lister: Lister, objects: list[Made]) -> None:
    walk = lister.walk(size=lister.largest, most=_PAGES)
    if not walk.pages:
        return
    here = alongside(walk.pages[0].exchange, objects)
    items = walk.items
    for made in here:
        if made.key in items and (place := _changed(acting, lister.part, made, items[made.key])):
            name, summary = place.removeprefix("/"), f"what was made is listed otherwise at {place}"
            exchange = next(page.exchange for page in walk.pages if made.key in page.keys)
            acting.note(exchange, LISTING, summary, repr(made.value.get(name)), repr(items[made.key].get(name)))
            return
    if acting.collection.part("fetch") is None:
        _note_losses(acting, lister, here, walk)
    absent.note(acting, lister, here, walk)


def _note_losses(acting: Acting, lister: Lister, objects: Iterable[Made], walk: Walk) -> None:
    """Where nothing but a list shows objects, they have there what made them, as others of the list have."""
    items = walk.items
    for made in objects:
        place = loss(lister.part, made, items[made.key]) if made.key in items else ""
        if place and any(place.split("/")[1] in other for key, other in items.items() if key != made.key):
            summary, found = f"what was made is listed otherwise at {place}", at_place(items[made.key], place)
            exchange = next(page.exchange for page in walk.pages if made.key in page.keys)
            got = repr(found) if found is not None else "nothing"
            acting.note(exchange, LISTING, summary, repr(at_place(made.value, place)), got)
            return


def _changed(acting: Acting, part: Part, made: Made, found: dict[str, Any]) -> str:
    """Where an object is told by `part` otherwise than when it was made, of what no server changes by itself."""
    sure = {name for name in acting.settable if not is_volatile(name)}
    lasting = {name: value for name, value in made.value.items() if name in sure or is_lasting(name)}
    return shown_otherwise(part, lasting, found, sure)


def _fetch(acting: Acting, made: Made) -> None:
    found = acting.fetched(made)
    if found is None:
        return
    part, exchange, shown = found
    if shown is None:
        if AVAILABLE not in part.operation.switched_off and exchange.response.status in (404, 410):
            summary = "what was made is not there"
            acting.note(exchange, AVAILABLE, summary, f"the object {made.key}", exchange.response.describe())
    elif STATE not in part.operation.switched_off and (place := _changed(acting, part, made, shown)):
        name, summary = place.removeprefix("/"), f"what was made is shown otherwise at {place}"
        acting.note(exchange, STATE, summary, repr(made.value.get(name)), repr(shown.get(name)))
    elif STATE not in part.operation.switched_off:
        note_loss(acting, part, made, shown, exchange)
