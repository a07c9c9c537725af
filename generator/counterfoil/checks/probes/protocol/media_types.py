"""Bodies of a media type that nobody has: where the contract has 415 for that, it is the answer (RFC 9110, 15.5.16)."""

from dataclasses import replace

from counterfoil import pointer as json_pointer
from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import media_type_of
from counterfoil.checks.probes.protocol.asking import ask

NAME = "media_type_refusal"
NAMES = (NAME,)

_UNSUPPORTED = "415"
_NOBODYS = "text/x-counterfoil"
_OTHERWISE = frozenset({400, 406, 422})


def run(conversation: Conversation) -> None:
    """Try every operation that takes a body and has an answer to media types that it does not take."""
    for operation in conversation.operations:
        content = {media_type_of(name) for name in operation.request_content}
        takes_all = not content.isdisjoint({_NOBODYS, "text/*", "*/*"})
        if NAME in operation.switched_off or _UNSUPPORTED not in operation.responses or not content or takes_all:
            continue
        if stated.refusal(operation, "media-type") or not operation.looks_at("media-type"):
            continue  # what is stated is held against the server elsewhere
        draft = conversation.valid.minimal(operation)
        if draft is None or not draft.body:
            continue
        other = replace(draft, media_type=_NOBODYS)
        exchange = ask(other, conversation, "an unknown media type")
        if exchange is not None and exchange.response.status in _OTHERWISE:
            status = exchange.response.status
            summary = f"an unknown media type is refused with {status}"
            pointer = json_pointer.join(operation.pointer, "responses", _UNSUPPORTED)
            got = exchange.response.describe()
            conversation.report.add(exchange, NAME, summary, _UNSUPPORTED, got, pointer)
