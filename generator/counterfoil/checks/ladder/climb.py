"""The ladder itself: for every operation a minimal and a full request, and each with one change after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from counterfoil.checks.conversation import Conversation
from counterfoil.checks.ladder import judge
from counterfoil.checks.ladder.instances import Instances
from counterfoil.checks.ladder.walk import Variant, Walk
from counterfoil.checks.operation import Operation
from counterfoil.checks.semantics import conformance
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange

SOURCE = "ladder"


@dataclass(frozen=True, slots=True)
class Rung:
    """A request, and what the contract says of it: `broken` is what is wrong with it, empty where it is valid.

    `place` is what was changed, empty for what the changes are made to; `change` says how.
    """

    draft: Draft
    place: str
    change: str
    broken: str
    pointer: str


def run(conversation: Conversation) -> None:
    """Send every request of the ladder and note what the server does otherwise than the contract says."""
    if not conversation.operations:
        return
    instances = Instances(conversation.operations[0].contract)
    for operation in conversation.operations:
        for rung in rungs(operation, instances):
            exchange = conversation.ask(rung.draft, intent="invalid" if rung.broken else "valid", source=SOURCE)
            if exchange is None:
                break
            sound = _judge(exchange, rung, conversation)
            # Where requests are refused before anything in them was changed, no change shows anything.
            if not sound and not rung.place:
                break


def rungs(operation: Operation, instances: Instances) -> Iterator[Rung]:
    """The requests to one operation that its contract gives rise to, each once."""
    yield from _body_rungs(operation, instances)


def _body_rungs(operation: Operation, instances: Instances) -> Iterator[Rung]:
    found = instances.documented(operation)
    if found is None:
        return
    media_type, pointer, value = found
    schema = operation.request_content[media_type]["schema"]
    walk = Walk(instances.tree, instances.sample, instances.fits)
    base = Draft(operation)
    minimal, full = instances.minimal(pointer, value), instances.full(schema, pointer, value)
    sent: list[Any] = []
    for name, whole in (("full", full), ("minimal", minimal), ("documented", value)):
        if whole not in sent:
            sent.append(whole)
            yield Rung(base.with_json(whole, media_type), "", f"a {name} request", "", pointer)
    for variant in walk.variants(schema, pointer, full):
        yield _rung(base, variant, media_type, pointer, instances)
    for variant in walk.variants(schema, pointer, minimal):
        if variant.label == "is added":
            yield _rung(base, variant, media_type, pointer, instances)


def _rung(base: Draft, variant: Variant, media_type: str, pointer: str, instances: Instances) -> Rung:
    broken = instances.broken(pointer, variant.value)
    draft = base.with_json(variant.value, media_type)
    return Rung(draft, variant.place or "the body", variant.label, broken, variant.pointer or pointer)


def _judge(exchange: Exchange, rung: Rung, conversation: Conversation) -> bool:
    """Whether the answer is as it should be; findings are noted."""
    report = conversation.report
    conformance.check(exchange, report)
    if rung.broken:
        return judge.refused(exchange, rung.place, f"{rung.place} {rung.change}: {rung.broken}", rung.pointer, report)
    change = f"{rung.place} {rung.change}".strip()
    return judge.accepted(exchange, rung.place or rung.change, change, rung.pointer, report)
