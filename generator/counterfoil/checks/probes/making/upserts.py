"""What makes an object at the key that its path names: 201 is for what is new, and nothing else (RFC 9110, 9.3.4)."""

from http import HTTPStatus

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import makes_at_key, naming
from counterfoil.checks.objects.made import name_in
from counterfoil.checks.probes.resources.lifecycle import STATE

NAMES = ()

_NOT_THERE = frozenset({404, 410})


def run(conversation: Conversation) -> None:
    """Make an object at a key that has none, and once more."""
    for collection in conversation.existing.collections if conversation.client.target.is_local else ():
        operation, role = collection.create.operation, collection.create.role
        has_both = {"200", "204"} & operation.responses.keys() and "201" in operation.responses
        if makes_at_key(role) and has_both and STATE not in operation.switched_off:
            _try(Acting(collection, conversation))


def _try(acting: Acting) -> None:
    """`201` has to be the answer where a request shows that there is nothing yet."""
    part, place = acting.collection.part("fetch"), acting.collection.create.role.key
    draft = acting.create_draft(full=False)
    if part is None or draft is None or place is None:
        return
    key, shown = draft.path[place.name[0]], acting.conversation.valid.minimal(part.operation)
    if shown is None or part.role.key is None:
        return
    before = acting.ask(naming(shown, part.role.key, key))
    made = acting.make(draft) if before is not None and before.response.status in _NOT_THERE else None
    if made is None or name_in(made.exchange, place) != key:
        return
    if made.exchange.response.status != HTTPStatus.CREATED:
        summary, expected = "what is made is not answered with 201", "201"
        acting.note(made.exchange, STATE, summary, expected, made.exchange.response.describe())
    again = acting.conversation.ask(draft, intent="valid", source="probes", refresh=False, aim=False)
    if again is not None and again.response.status == HTTPStatus.CREATED:
        summary, expected = "what is replaced is answered with 201", "200 or 204, since it is there already"
        acting.note(again, STATE, summary, expected, again.response.describe())
