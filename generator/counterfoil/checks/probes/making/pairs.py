"""What may be said together is taken together: every pair of values that two parts of a request may have."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.cases.combinations import Row, pairwise
from counterfoil.checks.cases.leaves import Path, at, equal, put
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.cases.variants.change import REMOVED
from counterfoil.checks.cases.variants.pattern_texts import near
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder import judge
from counterfoil.checks.ladder.places_told import names, names_of, places, steps_to
from counterfoil.checks.objects.choices import choices
from counterfoil.checks.objects.telling import names_another, telling
from counterfoil.checks.operation import Operation
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange

NAMES = ()

_FACTORS = 10  # parts of a request
_VALUES = 7  # of each
_REQUESTS = 48  # to one operation
_ALL = 600  # to all
_DEEPEST = 2
_MIXED = "Ab\u00e9\U0001f9fe: O'B \"\\x <b>&amp; %41 a,b; *[(\nz"
_MAKING = frozenset(("POST", "PUT", "PATCH"))
_NUMBERS = (0, -1, 1, 2.5)
# What a server says of itself.
_OWN_FAULT = re.compile(r"\bserver error\b|\binternal error\b|\bunexpected error\b", re.IGNORECASE)
# What is said of a rule that a value breaks, by the keyword of that rule.
_SAID = {
    "pattern": re.compile(r"\bpattern\b|\bregular expression\b|\bregex\b", re.IGNORECASE),
    "enum": re.compile(r"\bone of\b|\ballowed values?\b|\bunknown variant\b|\benum\b", re.IGNORECASE),
    "required": re.compile(r"\bis required\b|\bfield required\b|\bmissing (?:field|property)\b", re.IGNORECASE),
}


class _Factor(NamedTuple):
    """A part of a body and the values that it may have, first the one that it has anyway."""

    path: Path
    values: list[Any]


def run(conversation: Conversation) -> None:
    """Send every pair of values of parts of a body to each operation that takes one."""
    if not conversation.client.target.is_local:
        return
    left = _ALL
    for operation in conversation.operations:
        body, bare = conversation.valid.body(operation), conversation.valid.bare(operation)
        is_silenced = judge.ACCEPTS in operation.switched_off
        if operation.method not in _MAKING or body is None or bare is None or not body.is_json or is_silenced:
            continue
        if not any(each.operation is operation and each.accepted for each in conversation.exchanges):
            continue
        for draft in islice(_combined(operation, bare, body, conversation), min(left, _REQUESTS)):
            left -= 1
            exchange = conversation.ask(draft, intent="valid", source="probes")
            if exchange is None:
                return
            conformance.check(exchange, conversation.report)
            if 400 <= exchange.response.status < 500:
                _judge(draft, body, exchange, conversation)


def _combined(operation: Operation, bare: Draft, body: ValidBody, conversation: Conversation) -> Iterator[Draft]:
    """Valid requests that have all pairs together."""
    body = replace(body, full=telling(operation, conversation.valid.instances, body))
    factors = list(islice(_factors(operation, body, conversation), _FACTORS))

    def value_of(row: Row) -> Any:
        changes = [(each.path, each.values[index]) for each, index in zip(factors, row, strict=True) if index]
        return _with(body.full, changes)

    for row in pairwise([len(each.values) for each in factors], lambda row: _fits(body, value_of(row), conversation)):
        yield bare.with_json(value_of(row), body.media_type)


def _with(value: Any, changes: Sequence[tuple[Path, Any]]) -> Any:
    """A value with other parts; what is in a part that is gone is gone, too."""
    for path, other in changes:
        if isinstance(at(value, path[:-1]), dict) and (other is not REMOVED or path[-1] in at(value, path[:-1])):
            value = put(value, path, other)
    return value


def _fits(body: ValidBody, value: Any, conversation: Conversation) -> bool:
    return conversation.valid.instances.fits(body.pointer, value)


def _factors(operation: Operation, body: ValidBody, conversation: Conversation) -> Iterator[_Factor]:
    """The parts of a body, those first of which there are few values."""
    found = []
    for path, node, held in _parts(operation, body.schema, body.full, ()):
        values = [held]
        for other in _values(operation, node, held, conversation):
            is_new = other is REMOVED or not any(each is not REMOVED and equal(each, other) for each in values)
            if is_new and len(values) < _VALUES and _fits(body, put(body.full, path, other), conversation):
                values.append(other)
        if len(values) > 1:
            found.append((not choices(operation, node), len(path), _Factor(path, values)))
    yield from (factor for _, _, factor in sorted(found, key=lambda each: each[:2]))


def _parts(operation: Operation, schema: Any, value: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    known = shapes.properties(operation, schema)
    for name, held in value.items() if isinstance(value, dict) else ():
        if name in known and not names_another(name):
            yield (*path, name), known[name], held
            if isinstance(held, dict) and len(path) + 1 < _DEEPEST:
                yield from _parts(operation, known[name], held, (*path, name))


def _values(operation: Operation, node: Any, held: Any, conversation: Conversation) -> Iterator[Any]:
    """Values of a part that may be treated otherwise than others; not all of them are valid."""
    few = choices(operation, node)
    yield from few[: _VALUES - 2] if held in few else few
    yield REMOVED
    yield None
    if isinstance(held, str) and not few:
        patterns = [str(part["pattern"]) for part in shapes.parts(operation, node) if "pattern" in part]
        texts = [text for pattern in patterns[:1] for _, text in near(pattern)]
        accepts = conversation.valid.instances.accepts
        # What has most different characters that are no letters is what most of all may be treated otherwise.
        yield from sorted(
            (text for text in texts if accepts(node, text)), key=lambda text: -len({c for c in text if not c.isalnum()})
        )[:1]
        yield from (_MIXED, "")
    elif isinstance(held, int | float) and not isinstance(held, bool) and not few:
        yield from _NUMBERS
    elif isinstance(held, list):
        yield []


def _judge(draft: Draft, body: ValidBody, exchange: Exchange, conversation: Conversation) -> None:
    """Note a refusal that is for no reason which a contract may leave out, with no more in it than there must be."""
    if not _untold(body, exchange) or judge.may_be_so(exchange, conversation.reasons):
        return
    shown, left = exchange, _changes(body.full, draft.value)
    for change in list(left):
        fewer = [each for each in left if each is not change]
        value = _with(body.full, fewer)
        if not _fits(body, value, conversation):
            continue
        again = conversation.ask(draft.with_json(value, body.media_type), intent="valid", source="probes")
        if again is not None and again.response.status >= 400:
            left, shown = fewer, again
    what = _untold(body, shown)
    if left and what:
        place = " with ".join("/" + "/".join(map(str, path)) for path, _ in left)
        values = ", ".join(f"{'.'.join(map(str, path))}: {_named(other)}" for path, other in left)
        summary = f"valid data is refused with {shown.response.status}: {place}"
        expected = f"a success; valid: {values}; {what}"
        conversation.report.add(shown, judge.ACCEPTS, summary, expected, shown.response.describe(), body.pointer)


def _changes(full: Any, value: Any) -> list[tuple[Path, Any]]:
    """What is otherwise in a value than in the full body."""
    if not isinstance(full, dict) or not isinstance(value, dict):
        return []
    names = dict.fromkeys((*full, *value))
    found = [((name,), value.get(name, REMOVED)) for name in names]
    return [(path, held) for path, held in found if held is REMOVED or not equal(held, full.get(path[0], REMOVED))]


def _named(value: Any) -> str:
    return "absent" if value is REMOVED else repr(value)[:80]


def _untold(body: ValidBody, exchange: Exchange) -> str:
    """What is not so of what the refusal of a valid request says; empty where it may be so."""
    text = exchange.response.body.decode("utf-8", "replace")
    if _OWN_FAULT.search(text):
        return "the answer speaks of a fault of the server"
    operation, answer, sent = exchange.operation, exchange.response.json, exchange.request.json
    if answer is NOTHING or not isinstance(sent, dict):
        return ""
    told = [steps for entry, name in places(answer) if (steps := steps_to(entry[name]))]
    for path, node, held in _parts(operation, body.schema, sent, ()):
        if not any(names(steps, names_of(path), wide=False) for steps in told):
            continue
        for keyword, words in _SAID.items():
            is_rule = keyword == "required" or any(keyword in part for part in shapes.parts(operation, node))
            if is_rule and words.search(text) and held not in (None, "", [], {}):
                return f"{'.'.join(map(str, path))} breaks no rule of {keyword}"
    return ""
