"""The time of the last change follows changes, also where it is told in whole seconds."""

import time
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.comparing import difference
from counterfoil.checks.objects.made import Made
from counterfoil.checks.probes.changes.bodies import bodies
from counterfoil.checks.probes.resources.lifecycle import STATE
from counterfoil.checks.semantics.values.clock import Moment, moment
from counterfoil.checks.wire.exchange import NOTHING
from counterfoil.stub.state.objects import UPDATED

NAMES = ()

_AGE = 2.2  # seconds after which the time of a change is another one, in whole seconds, too


def run(conversation: Conversation) -> None:
    """Change an object of each collection that was made long enough ago."""
    target = conversation.client.target
    for collection in conversation.existing.collections if target.is_local and not target.is_stub else ():
        acting = Acting(collection, conversation)
        parts = [part for part in collection.all("change", "replace") if part.operation.request_content]
        made = next(iter(conversation.existing.memory.untouched(collection.template)), None)
        if made is not None and parts and STATE not in parts[0].operation.switched_off:
            _try(acting, parts[0], made)


def _try(acting: Acting, part: Part, made: Made) -> None:
    before = acting.state(made)
    name, told = _updated(acting, before or {})
    body = next(bodies(acting, part, before, frozenset(before)), NOTHING) if before is not None and told else NOTHING
    if before is None or told is None or body is NOTHING or made.value.get(name) != before[name]:
        return
    time.sleep(max(0.0, made.exchange.moment + _AGE - time.time()))
    exchange = acting.ask(acting.about(part, made, value=body))
    after = acting.state(made) if exchange is not None and exchange.accepted else None
    later = moment(after.get(name)) if after is not None else None
    if exchange is None or after is None or later is None or difference(before, after, before) in ("", f"/{name}"):
        return
    if later.seconds <= told.seconds:
        summary = f"a change leaves /{name} as it was" if later == told else f"a change sets /{name} back"
        acting.note(exchange, STATE, summary, f"a time after {before[name]!r}", repr(after[name]))


def _updated(acting: Acting, found: dict[str, Any]) -> tuple[str, Moment | None]:
    """The property that tells when an object was changed last, and the time."""
    known = shapes.properties(acting.collection.create.operation, acting.collection.create.role.shape)
    names = (name for name in found if UPDATED.search(name) and name in known and name not in acting.settable)
    name = next((name for name in names if moment(found[name]) is not None), "")
    return name, moment(found[name]) if name else None
