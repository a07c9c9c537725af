"""What no two objects may share is the same whatever else they have, and as a whole: not by how it begins."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.cases.variants.texts import of_length
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.choices import choices
from counterfoil.checks.objects.collections import at
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.making.duplicates import DUPLICATE, Path, Rule, judge, put
from counterfoil.checks.unique import unique_properties
from counterfoil.checks.wire.draft import Draft

NAMES = ()

_MOST = 20  # requests with another choice
_OF_ONE = 6  # with another one of the same property
_LENGTHS = (200, 100, 64, 50, 40, 32, 24, 16, 10)  # characters that two texts have in common
_ENDS = (("a", "b"), ("A", "B"), ("1", "2"))
# Words by which a property is unique among some objects only.
_SCOPED = re.compile(
    r"\b(?:within|per)\b|\bunique (?:in|for|to|among) (?:each|its|the|their|an?|one|every)\b", re.IGNORECASE
)


def run(conversation: Conversation) -> None:
    """Repeat every unique value with other choices beside it, and make objects whose values begin alike."""
    if not conversation.client.target.is_local:
        return
    for collection in conversation.existing.collections:
        operation = collection.create.operation
        if operation.method != "POST" or DUPLICATE in operation.switched_off:
            continue
        for rule in unique_properties(operation):
            if rule[2] or not conversation.client.target.is_stub:
                _try(Acting(collection, conversation), rule)


def _try(acting: Acting, rule: Rule) -> None:
    path, schema, _ = rule
    made = acting.make(acting.create_draft(full=False))
    value = at(made.exchange.request.json, path) if made is not None else None
    if made is None or not isinstance(value, str):
        return
    operation, draft = acting.collection.create.operation, acting.create_draft(full=False)
    if draft is not None and not _is_scoped(operation, schema):
        for what, other in islice(_otherwise(acting, draft, path), _MOST):
            _send(
                acting,
                draft.with_json(other, draft.media_type),
                path,
                value,
                f"the same, where {what},",
                is_refused=True,
            )
    if draft is not None:
        _begin_alike(acting, draft, rule, value)


def _is_scoped(operation: Operation, schema: Any) -> bool:
    """Whether words say that a property is unique among some objects only."""
    return bool(_SCOPED.search(str(operation.resolve(schema).get("description"))))


def _otherwise(acting: Acting, draft: Draft, path: Path) -> Iterator[tuple[str, Any]]:
    """Valid bodies with each of the choices that there are, and what they are called."""
    operation, valid = acting.collection.create.operation, acting.conversation.valid
    body, full = valid.body(operation), acting.create_draft()
    if body is None:
        return
    # Some choices are valid beside what else there may be only.
    bases = [each.value for each in (draft, full) if each is not None and isinstance(each.value, dict)]
    for name, node in shapes.properties(operation, body.schema).items():
        for choice in choices(operation, node)[:_OF_ONE] if name != path[0] else ():
            others = ({**base, name: choice} for base in bases if name not in base or base[name] != choice)
            value = next((each for each in others if valid.instances.fits(body.pointer, each)), None)
            if value is not None:
                yield f"/{name} is {choice!r}", value


def _begin_alike(acting: Acting, draft: Draft, rule: Rule, value: str) -> None:
    """Two long texts that differ in their last character only are not the same."""
    path, schema, _ = rule
    operation = acting.collection.create.operation
    pairs = (
        (f"{of_length(value, length)}{one}", f"{of_length(value, length)}{other}")
        for length in _LENGTHS
        if length >= len(value)  # which nobody has had so far
        for one, other in _ENDS
    )
    found = next((pair for pair in pairs if all(operation.accepts(schema, each) for each in pair)), None)
    if found is not None:
        for text in found:
            title = f"what differs from another one in its last of {len(text)} characters at"
            _send(acting, draft, path, text, title, is_refused=False)


def _send(acting: Acting, draft: Draft, path: Path, text: str, title: str, *, is_refused: bool) -> None:
    """Send a request with a text in place of what is unique, and judge the answer."""
    conversation = acting.conversation
    body = put(conversation.unique.refresh(draft.operation, draft.value), path, text)
    exchange = conversation.ask(draft.with_json(body, draft.media_type), intent="valid", source="probes", refresh=False)
    if exchange is not None:
        judge(exchange, path, title, conversation, is_refused=is_refused)
