"""Many objects one after another: the last is made as the first was, and no key is given twice."""

from http import HTTPStatus

from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.made import Made
from counterfoil.checks.probes.making.duplicates import DUPLICATE, lost
from counterfoil.checks.unique import unique_properties
from counterfoil.checks.wire.exchange import NOTHING

SERIES = "series_of_creations"
NAMES = (SERIES,)

_COUNT = 12
_VARIED = 3  # every so many objects one differs in everything
_FAR_AWAY = 3  # so many where others than this run pay for what is made
_ENOUGH = 2  # objects of one request, after which another one may be made as well
_BUSY = frozenset({401, 402, 403, 429, 503, 507})


def run(conversation: Conversation) -> None:
    """Make a dozen objects of each collection, the last ones after one was removed."""
    count = _COUNT if conversation.client.target.is_local else _FAR_AWAY
    for collection in conversation.existing.collections:
        acting = Acting(collection, conversation)
        operation, removing = collection.create.operation, collection.part("remove")
        if SERIES in operation.switched_off:
            continue
        seen: set[str | int] = set()
        first: Made | None = None
        for number in range(1, count + 1):
            # Some of them differ in everything, which is what lists are filtered and ordered by.
            draft = acting.create_draft(full=number % _VARIED == 0, variant=number // _VARIED)
            so_far = len(conversation.exchanges)
            made = acting.make(draft)
            if made is None:
                if draft is not None and len(conversation.exchanges) > so_far and _was_made(acting, len(seen)):
                    _refused(acting)
                break
            if made.key in seen:
                if _may_be_found(made) and conversation.unique.vary(operation, made.exchange.request.json):
                    continue
                summary = "two objects have the same key"
                got = made.exchange.response.describe()
                acting.note(made.exchange, SERIES, summary, "a key that no other object has", got)
                break
            seen.add(made.key)
            if removing is not None and number == count - 1:
                acting.ask(acting.about(removing, made))
            first = first or made
        if first is not None and len(seen) == count:
            _try_first(acting, first)


def _may_be_found(made: Made) -> bool:
    """Whether the answer leaves open that the object was there already: one of the same name, perhaps."""
    return made.exchange.response.status != HTTPStatus.CREATED


def _try_first(acting: Acting, first: Made) -> None:
    """What no two objects may share is remembered of the first one, too."""
    operation, conversation = acting.collection.create.operation, acting.conversation
    if not any(rule for _, _, rule in unique_properties(operation)) or DUPLICATE in operation.switched_off:
        return
    draft, sent = acting.create_draft(full=False), first.exchange.request.json
    if draft is None or sent is NOTHING:
        return
    again = draft.with_json(sent, draft.media_type)
    exchange = conversation.ask(again, intent="valid", source="probes", refresh=False, aim=False)
    paths = [path for path, _, rule in unique_properties(operation) if rule]
    if exchange is not None and any(lost(acting, exchange, path) for path in paths):
        return
    if exchange is not None and exchange.accepted and not stated.refusal(operation, "duplicate"):
        summary, pointer = "the same as long ago is accepted twice", f"{operation.pointer}/requestBody"
        acting.report.add(exchange, DUPLICATE, summary, "a refusal", exchange.response.describe(), pointer)


def _was_made(acting: Acting, count: int) -> bool:
    """Whether the same request was answered with an object before, and nothing says that it may not be repeated."""
    operation = acting.collection.create.operation
    if count >= _ENOUGH:
        return True
    return bool(unique_properties(operation)) and any(
        each.operation is operation and each.accepted for each in acting.conversation.exchanges
    )


def _refused(acting: Acting) -> None:
    exchange = acting.conversation.exchanges[-1]
    if exchange.operation is acting.collection.create.operation and exchange.response.status not in _BUSY:
        summary = "a request like those before it is not answered with an object"
        expected = "an object, as before"
        acting.note(exchange, SERIES, summary, expected, exchange.response.describe())
