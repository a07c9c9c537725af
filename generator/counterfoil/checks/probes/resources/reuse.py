"""Keys that servers give are given once: what is made after a removal has another one than what was removed."""

from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.made import Made
from counterfoil.checks.objects.removed import marked
from counterfoil.checks.semantics.values.identifiers import UNIQUE


def check(acting: Acting, removing: Part, newest: Made) -> None:
    """Remove the newest object of a collection whose keys are numbers that the server gives, and make another one."""
    create = acting.collection.create
    is_given = isinstance(newest.key, int) and create.role.identifier[-1] not in acting.settable
    if not is_given or UNIQUE in create.operation.switched_off or not acting.conversation.client.target.is_local:
        return
    exchange = acting.ask(acting.about(removing, newest))
    if exchange is None or not exchange.accepted or marked(exchange, removing, newest):
        return
    given = frozenset(acting.conversation.existing.memory.given(acting.collection.template))
    made = acting.make(acting.create_draft(full=False))
    if made is not None and made.key in given and made.way == newest.way:
        summary = "a key is that of an object that was removed"
        acting.note(made.exchange, UNIQUE, summary, "a new value for every object created", repr(made.key))
