"""Entity tags: another representation has another one, and conditions on them are heeded (RFC 9110, 8.8.3 and 13)."""

from dataclasses import replace
from itertools import islice
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.comparing import difference
from counterfoil.checks.objects.made import Made
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.changes.bodies import alone, bodies
from counterfoil.checks.probes.resources.lifecycle import known
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange

VALIDATORS = "entity_tags"
NAMES = (VALIDATORS,)

_FOREIGN = '"counterfoil-no-such-tag"'
_NOT_MODIFIED, _FAILED = 304, 412
_CONDITIONS = frozenset(("if-match", "if-none-match", "if-modified-since", "if-unmodified-since"))
_OTHERS = frozenset({401, 403, 412, 428, 429})
_MOST = 8  # properties that are changed alone


def run(conversation: Conversation) -> None:
    """Show an object of each collection before and after a change, where it is shown with an entity tag."""
    for collection in conversation.existing.collections:
        acting, part = Acting(collection, conversation), collection.part("fetch")
        exchanges = conversation.exchanges if part is not None else ()
        seen = any(part is not None and each.operation is part.operation and _tag(each) for each in exchanges)
        made = acting.make(acting.create_draft(full=False)) if seen else None
        if part is None or made is None or VALIDATORS in part.operation.switched_off or part.operation.method != "GET":
            continue
        _try_shown(acting, part, made)
        for changing in collection.all("change", "replace"):
            if changing.operation.request_content:
                _try_changed(acting, changing, made)


def _tag(exchange: Exchange) -> str:
    """The strong entity tag of an answer, empty if it has none."""
    tag = exchange.response.header("etag")
    return tag if tag.startswith('"') else ""


def _heeds(acting: Acting, part: Part, name: str, status: int) -> bool:
    """Whether the contract says how an operation answers a condition.

    Where it declares conditions of changes as headers at some operations, those count only. What is not modified
    answers a condition, whether that is declared or not.
    """
    told = own = _conditions(part.operation)
    if not own and status == _FAILED:
        told = {each for operation in acting.conversation.operations for each in _conditions(operation)}
    return str(status) in part.operation.responses and (name.lower() in own or not told)


def _conditions(operation: Operation) -> set[str]:
    headers = (str(each.get("name")).lower() for each in operation.parameters if each.get("in") == "header")
    return {each for each in headers if each in _CONDITIONS}


def _ask(acting: Acting, draft: Draft | None, name: str, tag: str) -> Exchange | None:
    """Send a request on a condition, of which nothing is said by the contract."""
    if draft is None:
        return None
    conditional = replace(draft.without("header", name), headers=(*draft.without("header", name).headers, (name, tag)))
    return acting.conversation.ask(conditional, intent="invalid", source="probes", aim=False)


def _try_shown(acting: Acting, part: Part, made: Made) -> None:
    found = acting.fetched(made)
    tag = _tag(found[1]) if found is not None and found[1].accepted else ""
    if not tag:
        return
    draft = acting.about(part, made)
    other = _ask(acting, draft, "If-None-Match", _FOREIGN)
    if other is not None and other.response.status == _NOT_MODIFIED:
        summary, expected = "what has another entity tag is told not to be modified", "the object"
        acting.note(other, VALIDATORS, summary, expected, other.response.describe())
    own = _ask(acting, draft, "If-None-Match", tag) if _heeds(acting, part, "If-None-Match", _NOT_MODIFIED) else None
    if own is None or not part.operation.is_success(own.response.status) or not own.response.body:
        return
    if _tag(own) == tag:
        summary, expected = "what has the same entity tag is shown again", str(_NOT_MODIFIED)
        acting.note(own, VALIDATORS, summary, expected, own.response.describe())
    elif found is not None and own.response.body == found[1].response.body:
        acting.note(own, VALIDATORS, "what is the same has another entity tag each time", tag, _tag(own) or "none")


def _try_changed(acting: Acting, changing: Part, made: Made) -> None:
    before = acting.fetched(made)
    if before is None or before[2] is None or not _tag(before[1]):
        return
    names = frozenset(shapes.properties(changing.operation, changing.role.shape))
    body = next(bodies(acting, changing, before[2], names), NOTHING)
    draft = acting.about(changing, made, value=body) if body is not NOTHING else None
    if draft is None:
        return
    is_heeded = _heeds(acting, changing, "If-Match", _FAILED)
    sure = known(acting, made)[1]
    if is_heeded:
        refused = _ask(acting, draft, "If-Match", _FOREIGN)
        after = acting.fetched(made)
        if refused is not None and changing.operation.is_success(refused.response.status):
            summary, expected = "what has another entity tag is changed", str(_FAILED)
            acting.note(refused, VALIDATORS, summary, expected, refused.response.describe())
        elif refused is not None and 400 <= refused.response.status < 500 and refused.response.status not in _OTHERS:
            summary = f"what has another entity tag is refused with {refused.response.status}"
            acting.note(refused, VALIDATORS, summary, str(_FAILED), refused.response.describe())
        elif refused is not None and after is not None and difference(before[2], after[2], sure):
            summary, expected = "a change on a condition that fails is made", "the object as it was"
            acting.note(refused, VALIDATORS, summary, expected, after[1].response.describe())
    exchange = (
        _ask(acting, draft, "If-Match", _tag(before[1]))
        if is_heeded
        else acting.conversation.ask(draft, intent="valid", source="probes", aim=False)
    )
    after = acting.fetched(made) if exchange is not None else None
    if exchange is None or after is None or after[2] is None:
        return
    if exchange.response.status == _FAILED:
        summary, expected = "what has the entity tag that it was shown with is not changed", "a success"
        acting.note(exchange, VALIDATORS, summary, expected, exchange.response.describe())
    elif _tag(after[1]) == _tag(before[1]) and difference(before[2], after[2], sure):
        _note_same(acting, before[1], after[1])
    elif _tag(exchange) == _tag(before[1]) != _tag(after[1]) and _tag(exchange):
        summary, expected = "a change is answered with the entity tag of what was before", _tag(after[1])
        acting.note(exchange, VALIDATORS, summary, expected, _tag(exchange))
    elif exchange.response.status < 300:
        _try_each(acting, changing, made, body)


def _note_same(acting: Acting, before: Exchange, after: Exchange) -> None:
    summary, expected = "another representation has the same entity tag", f"another one than {_tag(before)}"
    acting.note(after, VALIDATORS, summary, expected, _tag(after))


def _try_each(acting: Acting, changing: Part, made: Made, body: Any) -> None:
    """To change any one property makes another representation; `body` is that of the last change."""
    for _, other in islice(alone(acting, changing, body), _MOST):
        before = acting.fetched(made)
        draft = acting.about(changing, made, value=other) if before is not None else None
        if before is None or draft is None:
            return
        if _heeds(acting, changing, "If-Match", _FAILED):
            exchange = _ask(acting, draft, "If-Match", _tag(before[1]))
        else:
            exchange = acting.conversation.ask(draft, intent="valid", source="probes", aim=False)
        after = acting.fetched(made) if exchange is not None and exchange.response.status < 300 else None
        if after is None or before[2] is None or after[2] is None or not _tag(after[1]):
            continue
        if _tag(after[1]) == _tag(before[1]) and difference(before[2], after[2], known(acting, made)[1]):
            _note_same(acting, before[1], after[1])
            return
