"""Values that no two objects may share: a second one is refused, and what is refused leaves nothing behind."""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from counterfoil.checks import shapes, stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Collection, Part, anonymous, at
from counterfoil.checks.objects.comparing import difference
from counterfoil.checks.objects.made import Made
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.resources.lifecycle import LISTING, STATE, known
from counterfoil.checks.roles import role_of
from counterfoil.checks.semantics import conformance
from counterfoil.checks.unique import is_told_of_conflicts, unique_properties
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange

DUPLICATE = "duplicate"
NAMES = (DUPLICATE,)

_CONFLICT = 409
_BUSY = frozenset({401, 403, 429, 503})
_OF_NO_USE: tuple[Any, ...] = ([[]], {"counterfoil": []})

Path = tuple[str, ...]
Rule = tuple[Path, Any, bool | str]
"""A property that no two objects may share: where requests have it, its schema, and what is stated of it."""


def run(conversation: Conversation) -> None:
    """Repeat every unique value, and send what is invalid with a new one."""
    by_template = {anonymous(each.template): each for each in conversation.existing.collections}
    by_create = {each.create.operation.label: each for each in conversation.existing.collections}
    for operation in conversation.operations:
        collection = by_create.get(operation.label)
        acting = Acting(collection, conversation) if collection is not None else None
        if DUPLICATE not in operation.switched_off:
            if role_of(operation).action in ("change", "replace"):
                owner = by_template.get(anonymous(role_of(operation).collection))
                rules = _rules(operation, owner) if owner is not None else []
                if owner is not None and rules:
                    _take_over(operation, Acting(owner, conversation), rules)
            elif operation.method in ("POST", "PUT") and unique_properties(operation):
                _repeat(operation, acting, conversation)
        if acting is not None:
            _leave_nothing(acting)


def _rules(operation: Operation, owner: Collection) -> list[Rule]:
    """What no two objects may share of what a change says: as stated, else as it is told of what makes them."""
    own = unique_properties(operation)
    if own or str(_CONFLICT) not in operation.responses:
        return own
    asked = shapes.properties(operation, operation.request_schema)
    told = ((path, path[0], rule) for path, _, rule in unique_properties(owner.create.operation) if len(path) == 1)
    return [(path, asked[name], rule) for path, name, rule in told if name in asked]


def _ask(draft: Draft, conversation: Conversation) -> Exchange | None:
    exchange = conversation.ask(draft, intent="valid", source="probes", refresh=False)
    if exchange is not None:
        conformance.check(exchange, conversation.report)
    return exchange


def _repeat(operation: Operation, acting: Acting | None, conversation: Conversation) -> None:
    draft = acting.create_draft() if acting is not None else conversation.valid.full(operation)
    if draft is None or not isinstance(draft.value, dict):
        return
    made = acting.make(draft) if acting is not None else None
    first = made.exchange if made is not None else conversation.ask(draft, intent="valid", source="probes")
    if first is None or not first.accepted:
        if first is not None and _is_conflict(first) and any(rule for _, _, rule in unique_properties(operation)):
            _refused_as_duplicate(first, conversation)
        return
    sent, refused = first.request.json, list[tuple[Exchange, Path, str]]()
    for path, schema, rule in unique_properties(operation):
        value = at(sent, path)
        is_in_words = not rule and is_told_of_conflicts(operation, path[-1])
        if not isinstance(value, str) or (is_in_words and conversation.client.target.is_stub):
            continue
        older = _older(operation, path, acting, conversation) if rule else None
        for text, title, is_refused in _same_values(value, rule, older):
            if not operation.accepts(schema, text):
                continue
            body = put(conversation.unique.refresh(operation, sent), path, text)
            exchange = _ask(draft.with_json(body, draft.media_type), conversation)
            if exchange is not None and not (text == older and acting is not None and lost(acting, exchange, path)):
                judge(exchange, path, title, conversation, is_refused=is_refused)
            if exchange is not None and is_refused and text == value and 400 <= exchange.response.status < 500:
                refused.append((exchange, path, value))
    if acting is not None and made is not None:
        _unchanged(acting, made)
        _listed_once(acting, made, refused)
    other = conversation.ask(draft.with_json(sent, draft.media_type), intent="valid", source="probes")
    if other is not None and _is_conflict(other):
        _refused_as_duplicate(other, conversation)
    _try_invalid(operation, draft, conversation)


def lost(acting: Acting, exchange: Exchange, path: Path) -> bool:
    """Whether a value is accepted again because the object that had it is there no more, which then is noted."""
    value, lister = at(exchange.request.json, path), acting.lister
    if not exchange.accepted or lister is None or LISTING in lister.operation.switched_off:
        return False
    walk = acting.listed()
    having = [key for key, item in walk.items.items() if item.get(path[-1]) == value] if walk is not None else []
    if walk is None or not walk.complete or not lister.is_whole_for({}) or len(having) != 1:
        return False
    summary = "what was made long ago is listed no more"
    expected = f"two objects whose /{path[-1]} is {value!r}, if a second one is accepted"
    acting.note(walk.pages[-1].exchange, LISTING, summary, expected, f"the second one only: {having[0]}")
    return True


def _take_over(operation: Operation, acting: Acting, rules: Sequence[Rule]) -> None:
    """Change an object so that it has a unique value of another one, and one so that it has its own again."""
    conversation = acting.conversation
    part = next((each for each in acting.collection.parts if each.operation is operation), None)
    body = conversation.valid.body(operation)
    if part is None or part.role.key is None or body is None or not isinstance(body.full, dict):
        return
    one, other = acting.make(acting.create_draft(full=False)), acting.make(acting.create_draft(full=False))
    if one is None or other is None:
        return
    for path, schema, rule in rules:
        taken, own = at(one.exchange.request.json, path), at(other.exchange.request.json, path)
        if not isinstance(taken, str) or not isinstance(own, str) or at(body.full, path) is None:
            continue
        if not rule:
            if conversation.client.target.is_stub:
                continue
            _share(acting, part, other, path, put(body.full, path, taken))
            continue
        for text, title, is_refused in ((taken, "that of another object:", True), (own, "its own", False)):
            draft = acting.about(part, other, value=put(body.full, path, text))
            if draft is None or not operation.accepts(schema, text):
                continue
            exchange = conversation.ask(draft, intent="valid", source="probes", refresh=False, aim=False)
            if exchange is not None:
                conformance.check(exchange, conversation.report)
                judge(exchange, path, title, conversation, is_refused=is_refused)
        _give_up(acting, part, other, path, (body.full, own))


def _share(acting: Acting, part: Part, made: Made, path: Path, body: Any) -> None:
    """Change an object so that it has what is only told to be unique; changes may be refused for other reasons."""
    draft = acting.about(part, made, value=body)
    exchange = (
        acting.conversation.ask(draft, intent="valid", source="probes", refresh=False, aim=False)
        if draft is not None
        else None
    )
    after = acting.state(made) if exchange is not None and exchange.accepted else None
    if exchange is not None and after is not None and after.get(path[-1]) == at(body, path):
        judge(exchange, path, "that of another object:", acting.conversation, is_refused=True)


def _give_up(acting: Acting, part: Part, made: Made, path: Path, full: tuple[Any, str]) -> None:
    """Change an object so that it has a new unique value: that is taken then, and the one before is free."""
    conversation, (body, own) = acting.conversation, full
    fresh = conversation.unique.refresh(part.operation, put(body, path, own))
    change, draft = acting.about(part, made, value=fresh), acting.create_draft(full=False)
    if at(fresh, path) == own or change is None or draft is None or not isinstance(at(draft.value, path), str):
        return
    exchange = conversation.ask(change, intent="valid", source="probes", refresh=False, aim=False)
    if exchange is None or not exchange.accepted:
        return
    cases = ((at(fresh, path), "that of a changed object:", True), (own, "what an object had before:", False))
    for text, title, is_refused in cases:
        sent = put(conversation.unique.refresh(draft.operation, draft.value), path, text)
        answer = _ask(draft.with_json(sent, draft.media_type), conversation)
        if answer is not None:
            judge(answer, path, title, conversation, is_refused=is_refused)


def _refused_as_duplicate(exchange: Exchange, conversation: Conversation) -> None:
    summary, expected = "what may be repeated is refused as a duplicate", "a success with other unique values"
    conversation.report.add(exchange, DUPLICATE, summary, expected, exchange.response.describe())


def _older(operation: Operation, path: Path, acting: Acting | None, conversation: Conversation) -> str | None:
    """The value of the first object that the operation made in this run, if that must still be there."""
    if acting is not None and acting.collection.all("remove", "change", "replace"):
        return None
    first = next((each for each in conversation.exchanges if each.operation is operation and each.accepted), None)
    value = at(first.request.json, path) if first is not None else None
    return value if isinstance(value, str) else None


def _same_values(value: str, rule: bool | str, older: str | None) -> Iterator[tuple[str, str, bool]]:
    """Texts like a value, what they are called, and whether they are the same to the server."""
    yield value, "the same", True
    if older is not None and older != value:
        yield older, "the same as long ago", True
    if value.swapcase() != value and rule:
        yield value.swapcase(), "the same in other case", rule == "ignore-case"
    if rule and value == value.lstrip():
        yield f" {value}", "the same after a space", False


def judge(exchange: Exchange, path: Path, title: str, conversation: Conversation, *, is_refused: bool) -> None:
    """Note a finding where a value is not refused as a duplicate that `is_refused`, or one is that is none."""
    operation, status, report = exchange.operation, exchange.response.status, conversation.report
    place, pointer = "/" + "/".join(path), f"{operation.pointer}/requestBody"
    answer = stated.refusal(operation, "duplicate")
    got = exchange.response.describe()
    if not is_refused:
        if _is_conflict(exchange):
            summary = f"{title} {place} is refused as a duplicate"
            report.add(exchange, DUPLICATE, summary, "a success: no other object has it", got, pointer)
    elif exchange.accepted:
        if not answer or stated.difference(answer, exchange.response):
            report.add(exchange, DUPLICATE, f"{title} {place} is accepted twice", "a refusal", got, pointer)
    elif answer:
        summary = f"{title} {place} is not refused as stated"
        stated.hold(exchange, "duplicate", DUPLICATE, summary, report, pointer)
    elif str(_CONFLICT) in operation.responses and status < 500 and status not in (_CONFLICT, *_BUSY):
        report.add(exchange, DUPLICATE, f"{title} {place} is refused with {status}", str(_CONFLICT), got, pointer)


def _is_conflict(exchange: Exchange) -> bool:
    answer = stated.refusal(exchange.operation, "duplicate")
    if answer:
        return stated.says(answer, exchange.response)
    return exchange.response.status == _CONFLICT


def _unchanged(acting: Acting, made: Made) -> None:
    """What a duplicate was refused for is as it was, and there is no second one."""
    after = acting.state(made)
    value, sure = known(acting, made)
    if after is not None and STATE not in acting.collection.create.operation.switched_off:
        place = difference(value, after, sure)
        if place:
            name = place.removeprefix("/")
            summary = f"a refused duplicate changes the first object at {place}"
            acting.report.add(made.exchange, STATE, summary, repr(value.get(name)), repr(after.get(name)))


def _listed_once(acting: Acting, made: Made, refused: Sequence[tuple[Exchange, Path, str]]) -> None:
    """A list has the object that a duplicate was refused for, and not what was refused."""
    lister = acting.lister
    if not refused or lister is None or LISTING in lister.operation.switched_off:
        return
    items = lister.walk(size=lister.largest).items
    for exchange, path, value in refused if made.key in items else ():
        having = [key for key, item in items.items() if item.get(path[-1]) == value]
        if len(having) > 1 and items[made.key].get(path[-1]) == value:
            summary, expected = f"what is refused as a duplicate of /{'/'.join(path)} is listed", f"{made.key} alone"
            acting.report.add(exchange, LISTING, summary, expected, ", ".join(map(str, having)))


def _try_invalid(operation: Operation, draft: Draft, conversation: Conversation) -> None:
    """A value sent with what is invalid is still free."""
    fresh = conversation.unique.refresh(operation, draft.value)
    body = conversation.valid.body(operation)
    wrong = broken(fresh, {path[0] for path, _, _ in unique_properties(operation)}, conversation, operation)
    if body is None or wrong is None:
        return
    invalid = draft.with_json(wrong, draft.media_type)
    refused = conversation.ask(invalid, intent="invalid", source="probes", refresh=False)
    if refused is None or refused.response.status < 400:
        return
    exchange = _ask(draft.with_json(fresh, draft.media_type), conversation)
    if exchange is not None and _is_conflict(exchange):
        summary, expected = "a value is taken by a request that was refused", "a success: nothing has that value"
        conversation.report.add(exchange, DUPLICATE, summary, expected, exchange.response.describe())


def broken(value: Any, kept: set[str], conversation: Conversation, operation: Operation) -> Any:
    """A body that differs from a valid one in a property beside those kept, and is not valid; None if there is none."""
    body = conversation.valid.body(operation)
    if body is None or not isinstance(value, dict):
        return None
    for name in reversed([name for name in value if name not in kept]):
        for wrong in _OF_NO_USE:
            if not conversation.valid.instances.fits(body.pointer, changed := {**value, name: wrong}):
                return changed
    return None


def _leave_nothing(acting: Acting) -> None:
    """A request that is refused makes nothing."""
    lister, operation = acting.lister, acting.collection.create.operation
    draft = acting.create_draft()
    if lister is None or draft is None or draft.value is NOTHING or not acting.conversation.client.target.is_local:
        return
    if LISTING in operation.switched_off or not lister.is_whole_for({}):
        return
    for refused, what in _refused(draft, acting.conversation):
        before = acting.listed()
        exchange = (
            acting.conversation.ask(refused, intent="invalid", source="probes", refresh=False)
            if before is not None and before.complete
            else None
        )
        if before is None or exchange is None or not 400 <= exchange.response.status < 500:
            continue
        after = acting.listed()
        new = [key for key in after.keys if key not in set(before.keys)] if after is not None else []
        if new:
            summary, got = f"a request {what} makes an object", f"{exchange.response.status}, and {new[0]} is listed"
            acting.report.add(exchange, LISTING, summary, "no object", got)


def _refused(draft: Draft, conversation: Conversation) -> Iterator[tuple[Draft, str]]:
    """Requests like one that makes an object, which are refused, and what they are called."""
    operation = draft.operation
    wrong = broken(conversation.unique.refresh(operation, draft.value), set(), conversation, operation)
    if wrong is not None:
        yield draft.with_json(wrong, draft.media_type), "that was refused"
    if operation.security and all(operation.security):
        value = conversation.unique.refresh(operation, draft.value)
        yield replace(draft.with_json(value, draft.media_type), credentials=()), "that was refused for its credentials"


def put(body: Any, path: Path, value: Any) -> Any:
    """A body with another value at a path."""
    result = copy.deepcopy(body)
    at(result, path[:-1])[path[-1]] = value
    return result
