"""Whether an object is as a change has left it: what was said of it, what was not, and the time of the change."""

import re
from collections.abc import Sequence
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting, told
from counterfoil.checks.objects.collections import Key, Part, variables
from counterfoil.checks.objects.comparing import difference, emptied, is_lasting, is_volatile, same
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.changes.bodies import kinds
from counterfoil.checks.probes.resources.lifecycle import STATE
from counterfoil.checks.probes.resources.losses import lost
from counterfoil.checks.semantics.echoes import normalised
from counterfoil.checks.semantics.echoes.comparing import echoes
from counterfoil.checks.semantics.echoes.sharing import hidden, is_clock
from counterfoil.checks.semantics.values.clock import moment
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.state.inference.names import OWN_IDS, plain
from counterfoil.stub.state.objects import UPDATED

_REPLACES = re.compile(r"\breplac(?:e[sd]?|ing|ement)\b", re.IGNORECASE)
_MERGES = re.compile(
    r"\b(?:partial\w*|merg\w+|only|unchanged|untouched|keeps?|kept|given|provided|supplied|specified|changed)\b",
    re.IGNORECASE,
)
_RESETS = re.compile(
    r"\b(?:not (?:\w+ )?(?:given|set|sent|said|told|provided|supplied|specified|present|included|mentioned|there)"
    r"|unset|unspecified|omitted|left out|absent|missing)\b(?:(?!\bnot\b|\bnever\b|n't\b)[^.;]){0,40}?"
    r"\b(?:gets?|takes?|has|have|receives?|(?:re)?set to|reverts? to|returns? to|falls? back to|goes? back to|back to)"
    r" (?:its|their|the) (?:own )?defaults?\b",
    re.IGNORECASE,
)
_FINE = 3  # digits of a second
_CLOCKS = 0.005  # seconds by which two clocks of one machine may differ


def judge(
    acting: Acting, part: Part, change: tuple[Exchange, Key], before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Note where an object is not as a change has left it.

    `change` is the exchange that changed the object of a key.
    """
    (exchange, key), answered = change, part.shown(change[0])
    shown = shapes.properties(part.operation, part.role.shape)
    said = told(exchange, frozenset(shown))
    for name in said:
        _judge_said(acting, part, exchange, name, (said[name], before, after, answered))
    if part.role.action == "replace":
        _judge_left_out(acting, part, exchange, before, after)
    else:
        _judge_unsaid(acting, exchange, said, before, (after, answered or {}))
    _judge_unset(acting, exchange, before, after)
    _judge_moment(acting, exchange, before, after)
    if answered is not None and part.key_of(answered) not in (None, key):
        acting.note(exchange, STATE, "another object is answered with", str(key), str(part.key_of(answered)))


def _judge_said(
    acting: Acting,
    part: Part,
    exchange: Exchange,
    name: str,
    change: tuple[Any, dict[str, Any], dict[str, Any], dict[str, Any] | None],
) -> None:
    """What a change says of a property is kept, and answered.

    `change` is what it says, the object before and afterwards, and as the answer tells it.
    """
    value, before, after, answered = change
    operation = part.operation
    asked = shapes.properties(operation, operation.request_schema)
    shown = shapes.properties(operation, part.role.shape).get(name)
    is_ignored = value is None and part.role.ignores_nulls
    if is_ignored and name not in after and before.get(name) is not None:
        summary = f"null removes /{name}, which it is stated to leave unchanged"
        acting.note(exchange, STATE, summary, repr(before[name]), "nothing")
    keys = {*part.role.identifier[-1:], *(part.role.key.name[-1:] if part.role.key else ())}
    parents = {*map(plain, variables(operation.path))} - {*OWN_IDS}
    if name in keys or plain(name) in parents or is_clock(operation, name, shown):
        return
    if name in asked and not shapes.alike(operation, asked[name], shown):
        return
    if name not in after:
        if lost(operation, part.role.shape, {name: value}, before if answered is None else answered, after):
            acting.note(exchange, STATE, f"a change of /{name} is not kept", repr(value), "nothing")
        return
    wanted, offered = before.get(name) if is_ignored else value, asked.get(name, {})
    for title, found in (("kept", after), ("in the answer", answered)):
        if found is not None and name in found and not _is_kept(operation, name, (offered, shown), wanted, found[name]):
            acting.note(exchange, STATE, f"a change of /{name} is not {title}", repr(wanted), repr(found[name]))
    kept = _kept_of_another_kind(part, offered, value, before.get(name), after[name])
    kept = kept or _kept_member(part, offered, value, before.get(name), after[name])
    if kept:
        summary = f"a change of /{name} keeps /{kept} of what it was before"
        acting.note(exchange, STATE, summary, repr(value), repr(after[name]))


def _is_kept(operation: Operation, name: str, schemas: tuple[Any, Any], wanted: Any, found: Any) -> bool:
    """Whether a property is what it should be; `schemas` are those of requests and of objects."""
    asked, shown = schemas
    if same(wanted, found) and not emptied(wanted, found) and not lost(operation, shown, wanted, wanted, found):
        return True
    # What an answer tells in another form within an object or a list is none of what was changed.
    is_echoed = echoes(operation, asked, {} if shown is None else shown, wanted, found)
    return is_echoed or normalised.is_told(operation, name, asked, wanted, found)


def _judge_unsaid(
    acting: Acting, exchange: Exchange, said: dict[str, Any], before: dict[str, Any], found: Sequence[dict[str, Any]]
) -> None:
    """What a change does not speak of stays; `found` is the object afterwards, and as the answer tells it."""
    sure = {name for name in acting.settable if name in before and name not in said and not UPDATED.search(name)}
    # What nobody can set may follow from what was.
    rest = {name: value for name, value in before.items() if name not in said and (name in sure or is_lasting(name))}
    for each in found:
        if place := difference(rest, each, sure):
            name = place.removeprefix("/")
            summary = f"a change of other things changes {place}"
            acting.note(exchange, STATE, summary, repr(rest.get(name)), repr(each.get(name)))
            break
    for name in sorted(sure):
        if name not in found[0] and rest[name] not in (None, [], {}, ""):
            summary = f"a change of other things removes /{name}"
            acting.note(exchange, STATE, summary, repr(rest[name]), "nothing")


def _kept_of_another_kind(part: Part, schema: Any, value: Any, before: Any, after: Any) -> str:
    """A property that an object within another one had, and that those of the kind which it is now do not have."""
    operation = part.operation
    # Only by the one media type for it are objects merged (RFC 7396).
    if not all(isinstance(each, dict) for each in (value, before, after)):
        return ""
    if "merge-patch" in str(operation.json_media_type):
        return ""
    fitting = [kind for kind in kinds(operation, schema) if operation.accepts(kind, value)]
    if len(fitting) != 1:
        return ""
    own = shapes.properties(operation, fitting[0])
    left = (name for name in after if name not in value and name not in own and name in before)
    return next((name for name in left if same(before[name], after[name])), "")


def _kept_member(part: Part, schema: Any, value: Any, before: Any, after: Any) -> str:
    """A member that an object of the client's own names had, and that is not in what replaces it by a PUT."""
    if part.operation.method != "PUT" or part.role.action != "replace" or shapes.properties(part.operation, schema):
        return ""
    if not all(isinstance(each, dict) for each in (value, before, after)) or _merges(part.operation):
        return ""
    return next((name for name in after if name not in value and name in before), "")


def _merges(operation: Operation) -> bool:
    """Whether words let a replacement leave something as it was."""
    told = f"{operation.tree.get('summary', '')} {operation.tree.get('description', '')}"
    return bool(_MERGES.search(told)) and not _RESETS.search(told)


def _judge_left_out(
    acting: Acting, part: Part, exchange: Exchange, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """What a replacement does not tell is at its default, or not there (RFC 9110, 9.3.4)."""
    operation = part.operation
    schema, shown = operation.request_schema, shapes.properties(operation, part.role.shape)
    asked, said = shapes.properties(operation, schema), told(exchange, frozenset(shown))
    has_change = any(each.operation.method == "PATCH" for each in acting.collection.all("change"))
    if operation.method != "PUT" or not (has_change or operation.schemas.required(schema or {})):
        return
    stated = f"{operation.tree.get('summary', '')} {operation.tree.get('description', '')}"
    may_merge = _merges(operation)
    resets = bool(_RESETS.search(stated))
    replaces = has_change or bool(_REPLACES.search(stated) and not may_merge)
    always = frozenset(operation.schemas.required(part.role.shape))
    for name, node in asked.items():
        if name in said or name not in acting.settable or before.get(name) in (None, [], {}, ""):
            continue
        if is_volatile(name) or hidden(operation, node, shown.get(name, {})):
            continue
        if is_lasting(name) and not isinstance(before[name], dict):
            continue
        default = shapes.default(operation, node)
        if not same(before[name], after.get(name)) or same(default, before[name]):
            continue
        is_null = shapes.is_null_by_default(operation, node) and not may_merge
        if default is not None or is_null or resets or (replaces and name not in always):
            summary = f"a replacement without /{name} leaves it as it was"
            expected = repr(default) if default is not None or is_null else "its default" if resets else "nothing"
            acting.note(exchange, STATE, summary, expected, repr(after[name]))


def _judge_unset(acting: Acting, exchange: Exchange, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The time of the last change is told once there was one."""
    operation = exchange.operation
    shown = shapes.properties(operation, acting.collection.create.role.shape)
    for name, value in after.items():
        is_unset = value is None or (value == 0 and not isinstance(value, bool))
        is_told = UPDATED.search(name) and name not in acting.settable and is_clock(operation, name, shown.get(name))
        if is_unset and is_told and before.get(name) == value and difference(before, after, before):
            summary = f"a change leaves /{name} unset"
            acting.note(exchange, STATE, summary, "the time of the change", repr(value))


def _judge_moment(acting: Acting, exchange: Exchange, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The time of the last change is another one after a change, where it is told so finely that one can see that."""
    name = next((name for name in after if UPDATED.search(name) and moment(after[name]) is not None), "")
    one, other = moment(before.get(name)), moment(after.get(name))
    if (
        one is None
        or other is None
        or one.seconds != other.seconds
        or difference(before, after, before) in ("", f"/{name}")
    ):
        return
    # What a server tells may have been cut off; the change came when it was sent, not before.
    if exchange.moment - one.seconds > 2 * 10.0**-other.digits + _CLOCKS and other.digits >= _FINE:
        summary = f"a change leaves /{name} as it was"
        acting.note(exchange, STATE, summary, f"a time after {before[name]!r}", repr(after[name]))
