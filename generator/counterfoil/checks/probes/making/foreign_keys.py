"""What names objects of other collections names some that are there, where others are declared to be refused."""

import re

from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.collections import Part, anonymous, at
from counterfoil.checks.objects.references import references
from counterfoil.checks.objects.values import changed
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.resources.removal import UNKNOWN
from counterfoil.checks.roles import role_of
from counterfoil.stub.state.inference.names import singular, words

NAMES = ()

_MISSING = re.compile(r"\bno\b|\bunknown\b|\bnot (?:found|exist|there|known)|\bnonexist|\bdangling\b", re.IGNORECASE)


def run(conversation: Conversation) -> None:
    """Name an unknown object in the body of each request that names one of another collection."""
    if conversation.client.target.is_stub:
        return
    collections = {anonymous(each.template): each for each in conversation.existing.collections}
    for operation in conversation.operations:
        body = conversation.valid.body(operation)
        role = role_of(operation)
        if body is None or not body.is_json or role.action not in ("create", "change", "replace"):
            continue
        for place, name in references(Part(operation, role), collections, body.full):
            noun = singular(words(collections[name].template.rpartition("/")[2])[-1])
            if UNKNOWN not in operation.switched_off and _is_told(operation, noun):
                _try(operation, body, place.name, (name, noun), conversation)


def _is_told(operation: Operation, noun: str) -> bool:
    """Whether a refusal is declared for a noun of which there is no such object."""
    told = (str(each.tree.get("description")) for key, each in operation.responses.items() if key.startswith("4"))
    return any(_MISSING.search(text) and re.search(rf"\b{re.escape(noun)}s?\b", text, re.IGNORECASE) for text in told)


def _try(
    operation: Operation, body: ValidBody, path: tuple[str, ...], about: tuple[str, str], conversation: Conversation
) -> None:
    """`about` is the template of the collection whose objects stand at `path`, and what these are called."""
    template, noun = about
    draft = conversation.valid.full(operation)
    first = conversation.ask(draft, intent="valid", source="probes") if draft is not None else None
    if draft is None or first is None or not first.accepted:
        return
    key = at(first.request.json, path)
    if not isinstance(key, str | int) or isinstance(key, bool):
        return
    unknown = conversation.existing.unknown_key(template, key)
    value = changed(first.request.json, path[:-1], {path[-1]: unknown})
    if not conversation.valid.instances.fits(body.pointer, value):
        return
    aimed = conversation.existing.aimed(draft, conversation.make).with_json(value, body.media_type)
    fresh = aimed.with_json(conversation.unique.refresh(operation, value), body.media_type)
    exchange = conversation.ask(fresh, intent="invalid", source="probes", refresh=False, aim=False)
    if exchange is not None and operation.is_success(exchange.response.status):
        summary, expected = f"a request that names an unknown {noun} is accepted", "a refusal"
        pointer = f"{operation.pointer}/requestBody"
        conversation.report.add(exchange, UNKNOWN, summary, expected, exchange.response.describe(), pointer)
