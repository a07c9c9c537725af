"""Keys that clients choose: an object is found by its key, whatever characters that has, and by no other one."""

from collections.abc import Callable, Iterator, Sequence

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Key, Part, at, makes_at_key, nameable, naming
from counterfoil.checks.objects.values import changed, keys_like, place_in
from counterfoil.checks.probes.resources.lifecycle import AVAILABLE, STATE
from counterfoil.checks.semantics.echoes import normalised
from counterfoil.checks.wire.draft import Draft

NAMES = ()

_LENGTHS = (255, 128, 100, 64, 60, 50, 40, 32, 30)
# Characters that mean something in URLs, or more than one byte; a slash is one that servers may refuse in paths.
_ODD = (" ", "%20", "+", "?a=b", "#", "&", "é", "\U0001f511", ":", "'", ";", ".x", "~")


def run(conversation: Conversation) -> None:
    """Make objects with odd keys in every collection whose keys clients choose, and look for them."""
    for collection in conversation.existing.collections:
        acting, part = Acting(collection, conversation), collection.part("fetch")
        chosen = _chosen(acting)
        if part is None or part.role.key is None or chosen is None or not conversation.client.target.is_local:
            continue
        draft, way, key = chosen
        for text in _odd(acting, part, draft, (*way, collection.create.role.identifier[-1]), key):
            _try(acting, part, draft, way, text)


def _chosen(acting: Acting) -> tuple[Draft, tuple[str, ...], str] | None:
    """A request that makes an object, and where in its body which key is; None where clients choose none."""
    create, conversation = acting.collection.create, acting.conversation
    body = conversation.valid.body(create.operation)
    draft = conversation.existing.draft(acting.collection)
    if draft is None or body is None or STATE in create.operation.switched_off:
        return None
    place = create.role.key
    if makes_at_key(create.role) and place is not None:
        return draft.with_json(body.full, body.media_type), (), draft.path[place.name[0]]
    way = place_in(body.full, frozenset(create.operation.schemas.properties(create.role.shape)))
    key = at(body.full, (*way, create.role.identifier[-1]))
    return (draft.with_json(body.full, body.media_type), way, key) if isinstance(key, str) and key else None


def _odd(acting: Acting, part: Part, draft: Draft, place: tuple[str, ...], key: str) -> Iterator[str]:
    body, instances = acting.conversation.valid.body(draft.operation), acting.conversation.valid.instances
    places = ((part.operation, part.role.key), (draft.operation, acting.collection.create.role.key))
    fresh = keys_like(key)
    for texts in (*(_with(odd) for odd in _ODD), _in_other_case, _long):
        for text in texts(str(next(fresh, key))):
            said = _saying(acting, draft, place[:-1], text).value
            is_named = all(where is None or nameable(operation, where, text, instances) for operation, where in places)
            if body is not None and instances.fits(body.pointer, said) and is_named:
                yield text
                break


def _with(odd: str) -> Callable[[str], Sequence[str]]:
    return lambda base: (f"{base[:2]}{odd}{base[2:]}", f"{base[:-1]}{odd}")


def _in_other_case(base: str) -> Sequence[str]:
    return (base.swapcase(),)


def _long(base: str) -> Sequence[str]:
    """A text as long as may be."""
    return [(base * _LENGTHS[0])[:length] for length in _LENGTHS]


def _try(acting: Acting, part: Part, draft: Draft, way: tuple[str, ...], text: Key) -> None:
    made = acting.make(_saying(acting, draft, way, text))
    if made is not None and made.key != text and makes_at_key(acting.collection.create.role):
        name = acting.collection.create.role.identifier[-1]
        if not normalised.is_told(draft.operation, name, {}, text, made.key):
            summary = "what is made has another key than its path names"
            acting.note(made.exchange, STATE, summary, repr(text), repr(made.key))
        return
    exchange = acting.ask(acting.about(part, made)) if made is not None else None
    if made is None or made.key != text or exchange is None:
        return
    shown = part.shown(exchange)
    if shown is None:
        if exchange.response.status in (400, 404, 410, 422) and AVAILABLE not in part.operation.switched_off:
            summary = "an object with an odd key is not found by it"
            acting.note(exchange, AVAILABLE, summary, f"the object {made.key!r}", exchange.response.describe())
    elif (key := part.key_of(shown)) not in (None, made.key):
        acting.note(exchange, STATE, "another object is shown for an odd key", repr(made.key), repr(key))


def _saying(acting: Acting, draft: Draft, way: tuple[str, ...], text: Key) -> Draft:
    """A request that makes an object, with a key where it says which."""
    role = acting.collection.create.role
    if makes_at_key(role) and role.key is not None:
        return naming(draft, role.key, text)
    return draft.with_json(changed(draft.value, way, {role.identifier[-1]: text}), draft.media_type)
