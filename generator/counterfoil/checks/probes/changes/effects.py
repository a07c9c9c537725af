"""What an action such as to archive does: it sets what is stated, or called as it is, lasts, and shows in lists."""

import re
from http import HTTPStatus
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part
from counterfoil.checks.objects.comparing import is_volatile, same
from counterfoil.checks.objects.made import Made
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.resources.lifecycle import AVAILABLE, LISTING, STATE
from counterfoil.checks.semantics import conformance
from counterfoil.checks.semantics.values.clock import TOLERANCE, clock_of, moment
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.state.inference.names import words
from counterfoil.stub.state.objects import UPDATED

# Actions that are there to alter what clients have said.
_ALTERING = re.compile(
    r"anonym|redact|reset|regenerat|rotat|merg|restor|revert|rollback|transform|sync|refresh|renam|swap|translat|replac",
    re.IGNORECASE,
)
_NOT_THERE = frozenset({404, 410})
# Actions after which an object may be shown no more.
_ENDING = re.compile(
    r"remov|delet|destroy|purg|discard|eras|trash|archiv|hid|revok|merg|expir|consum|redeem|wip|clear|drop|detach|convert"
    r"|publish|transfer|move",
    re.IGNORECASE,
)
_OF_PARTICIPLES = ("ed", "en", "pt", "nt", "id")  # archived, frozen, kept, sent, paid
_LEFT_OUT = r"\b{}\b[^.,;]*\b(?:is|are) (?:not (?:listed|shown|included|returned)|left out|excluded|omitted)"


def take_effect(acting: Acting, part: Part, made: Made) -> None:
    """Let an operation act on an object, and look at what the overlay states of that."""
    operation = part.operation
    if STATE in operation.switched_off:
        return
    is_stated = bool(operation.tree.get("x-counterfoil", {}).get("state", {}).get("set"))
    before = acting.state(made)
    exchange = acting.ask(acting.about(part, made))
    if exchange is None or not exchange.accepted:
        return
    if is_stated:
        _judge_stated(acting, part, exchange, made)
    elif before is not None:
        _judge_inferred(acting, part, exchange, made, before)
    if before is not None and not operation.request_content and not _ALTERING.search(operation.path.rsplit("/", 1)[-1]):
        _judge_others(acting, part, exchange, before, acting.state(made))
    _try_again(acting, part, made)


def _judge_others(
    acting: Acting, part: Part, exchange: Exchange, before: dict[str, Any], after: dict[str, Any] | None
) -> None:
    """An action leaves alone what clients say of an object in words of their own, such as its name."""
    known = shapes.properties(part.operation, acting.collection.create.role.shape)
    free = (name for name, value in before.items() if name in acting.settable and value not in (None, "", [], {}))
    names = [name for name in free if name not in part.role.set and _is_free(part.operation, known.get(name))]
    for name in names if after is not None else ():
        if not same(before[name], (after or {}).get(name)):
            summary = f"{_named(part)} changes /{name}, too"
            acting.note(exchange, STATE, summary, repr(before[name]), repr((after or {}).get(name)))
            return


def _is_free(operation: Operation, schema: Any) -> bool:
    """Whether a property is a text that is neither one of a few nor of a form, or has properties of its own."""
    types, node = shapes.types(operation, schema), operation.resolve(schema)
    is_text = types == {"string"} and isinstance(node, dict) and "format" not in node
    return (is_text and shapes.choices(operation, schema) is None) or types == {"object"}


def _judge_stated(acting: Acting, part: Part, exchange: Exchange, made: Made) -> None:
    found = acting.fetched(made)
    after = found[2] if found is not None else None
    if after is not None:
        _judge(acting, part, exchange, after)
        _judge_lasting(acting, part, made, after)
    elif found is not None and found[1].response.status in _NOT_THERE and _is_to_be_shown(found[0]):
        summary = f"after {_named(part)} an object is not there"
        acting.note(found[1], AVAILABLE, summary, f"the object {made.key}", found[1].response.describe())
    _judge_list(acting, part, made, exchange)


def _judge_inferred(acting: Acting, part: Part, exchange: Exchange, made: Made, before: dict[str, Any]) -> None:
    """An action sets what is called as it is: `archive` sets `archived_at`, to no time before it was asked for."""
    after = acting.state(made) if exchange.response.status != HTTPStatus.ACCEPTED else None
    for name, value in part.role.set.items() if after is not None else ():
        is_moment = isinstance(value, str) and value.startswith("{now")
        is_set = before.get(name) is not None if is_moment else same(before.get(name), value)
        if not is_set and after == before:
            summary, expected = f"{_named(part)} changes nothing", f"another /{name} than {before.get(name)!r}"
            acting.note(exchange, STATE, summary, expected, repr(before.get(name)))
            return
        told = moment((after or {}).get(name)) if is_moment and words(name)[0].endswith(_OF_PARTICIPLES) else None
        now = clock_of(exchange)
        if told is not None and now and (after or {})[name] != before.get(name) and told.seconds < now - TOLERANCE:
            acting.note(exchange, STATE, f"{_named(part)} sets /{name} to long ago", "this moment", repr(after))
    if after is None:
        _judge_there(acting, part, exchange, made)
    elif after != before and not acting.conversation.client.target.is_stub:
        _judge_list_in_words(acting, part, made)


def _judge_there(acting: Acting, part: Part, exchange: Exchange, made: Made) -> None:
    """An object that the answer to an action has told as it is now is still there, unless that is to be its end."""
    shown = part.shown(exchange)
    if shown is None or part.key_of(shown) != made.key or _ENDING.search(part.operation.path.rpartition("/")[2]):
        return
    fetching = acting.collection.part("fetch")
    # What can be shown as the action leaves it is not meant to be hidden then.
    is_told = fetching is not None and any(name in fetching.told for name in part.role.set)
    found = acting.fetched(made) if is_told else None
    if found is not None and found[1].response.status in _NOT_THERE and _is_to_be_shown(found[0]):
        summary = f"after {_named(part)} an object is not there"
        acting.note(found[1], AVAILABLE, summary, f"the object {made.key}", found[1].response.describe())


def _judge_list_in_words(acting: Acting, part: Part, made: Made) -> None:
    """A list has nothing of what its description says that it leaves out."""
    lister = acting.lister
    if lister is None or LISTING in lister.operation.switched_off:
        return
    told = str(lister.operation.tree.get("description"))
    names = {words(name)[0] for name in part.role.set if words(name)[0].endswith(_OF_PARTICIPLES)}
    name = next((name for name in names if re.search(_LEFT_OUT.format(name), told, re.IGNORECASE)), "")
    walk = acting.listed() if name else None
    page = next((page for page in walk.pages if made.key in page.keys), None) if walk is not None else None
    if page is not None:
        summary, expected = f"what is {name} is listed, which is told to be left out", f"no object {made.key}"
        acting.note(page.exchange, LISTING, summary, expected, "it is listed")


def _try_again(acting: Acting, part: Part, made: Made) -> None:
    """What has been done already may be refused, or done again."""
    draft = acting.about(part, made)
    exchange = (
        acting.conversation.ask(draft, intent="invalid", source="probes", aim=False) if draft is not None else None
    )
    if exchange is None:
        return
    if exchange.response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        conformance.check(exchange, acting.report)
    conflict = part.operation.responses.get(str(HTTPStatus.CONFLICT.value))
    told = str(conflict.tree.get("description")) if conflict is not None else ""
    is_told = part.role.set and re.search(r"\balready\b", told) and not acting.conversation.client.target.is_stub
    if is_told and part.operation.is_success(exchange.response.status):
        summary, expected = f"{_named(part)} is accepted a second time", "409, since it is done already"
        acting.note(exchange, STATE, summary, expected, exchange.response.describe())


def _is_to_be_shown(part: Part) -> bool:
    """Whether the overlay says nothing that would hide an object."""
    return not part.role.only and AVAILABLE not in part.operation.switched_off


def _named(part: Part) -> str:
    return f"{part.operation.method} {part.operation.path.rsplit('/', 1)[-1]}"


def _judge(acting: Acting, part: Part, exchange: Exchange, after: dict[str, Any]) -> None:
    for name, value in part.role.set.items():
        got = after.get(name)
        is_template = isinstance(value, str) and "{" in value
        if (
            (value is None and got is not None)
            or (is_template and got is None)
            or (value is not None and not is_template and not same(value, got))
        ):
            summary = f"{_named(part)} does not set /{name}"
            expected = "null" if value is None else "a moment" if is_template else repr(value)
            acting.note(exchange, STATE, summary, expected, repr(got))
        elif is_template and value.startswith("{now") and (told := moment(got)) is not None:
            now = clock_of(exchange)
            if now and abs(told.seconds - now) > TOLERANCE:
                acting.note(exchange, STATE, f"{_named(part)} does not set /{name} to now", "this moment", repr(got))


def _judge_lasting(acting: Acting, part: Part, made: Made, before: dict[str, Any]) -> None:
    """What an action has set stays when something else is changed."""
    changing = next((each for each in acting.collection.all("change") if each.operation.request_content), None)
    moving = changing.role.set if changing is not None else ()
    names = [name for name in part.role.set if before.get(name) is not None and name not in moving]
    names = [name for name in names if not is_volatile(name) and not UPDATED.search(name)]
    exchange = acting.ask(acting.about(changing, made)) if changing is not None and names else None
    after = acting.state(made) if exchange is not None and exchange.accepted else None
    if exchange is None or after is None:
        return
    said = exchange.request.json
    for name in names:
        if not (isinstance(said, dict) and name in said) and not same(before[name], after.get(name)):
            summary = f"a change of other things changes /{name}"
            acting.note(exchange, STATE, summary, repr(before[name]), repr(after.get(name)))


def _judge_list(acting: Acting, part: Part, made: Made, exchange: Exchange) -> None:
    lister = acting.lister
    if lister is None or LISTING in lister.operation.switched_off:
        return
    only = lister.part.role.only
    touched = [name for name in part.role.set if name in only]
    if not touched:
        return
    is_seen = all((part.role.set[name] is None) == (only[name] is None) for name in touched)
    walk = acting.listed()
    if walk is None or (exchange.response.json is NOTHING and not walk.pages):
        return
    is_listed = made.key in walk.keys
    if is_listed and not is_seen:
        summary, expected = "what the list is stated to leave out is listed", f"no object {made.key}"
        acting.note(walk.pages[-1].exchange, LISTING, summary, expected, "it is listed")
    elif is_seen and not is_listed and walk.complete and walk.pages:
        summary, expected = "what the list is stated to show is not listed", f"the object {made.key}"
        acting.note(walk.pages[-1].exchange, LISTING, summary, expected, "it is not listed")
