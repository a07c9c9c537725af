"""HEAD: it is answered as GET is, without content (RFC 9110, 9.3.2); that a server has no HEAD is let pass."""

from dataclasses import replace

from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.probes.protocol.asking import ask
from counterfoil.checks.property_tests.names import IGNORED_AUTH
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange

NAME = "head_of_get"
NAMES = (NAME,)

_WHAT = "HEAD of a known path"
_NO_METHOD = frozenset({405, 501})
# Fields that speak of the content, and are the same for HEAD and GET.
_ALIKE = ("content-type", "content-length", "content-language", "location", "www-authenticate")


def run(conversation: Conversation) -> None:
    """Compare HEAD with GET for every path that has the one and does not state the other."""
    stated_too = {operation.path for operation in conversation.operations if operation.method == "HEAD"}
    for operation in conversation.operations:
        if operation.method == "GET" and operation.path not in stated_too and NAME not in operation.switched_off:
            _compare(operation, conversation)


def _compare(get: Operation, conversation: Conversation) -> None:
    draft = conversation.valid.minimal(get)
    if draft is None:
        return
    shown = conversation.ask(draft, intent="valid", source="probes")
    exchange = ask(replace(draft, method="HEAD"), conversation, _WHAT)
    if shown is None or exchange is None or _is_unknown(exchange, shown):
        return
    report, response, is_local = conversation.report, exchange.response, conversation.client.target.is_local
    if response.status != shown.response.status:
        summary = "HEAD is answered with another status than GET"
        report.add(exchange, NAME, summary, str(shown.response.status), response.describe(), get.pointer)
        return
    if response.body:
        report.add(exchange, NAME, "HEAD is answered with content", "no content", response.describe(), get.pointer)
    for name in _ALIKE:
        one, other = shown.response.header(name), response.header(name)
        # A server may leave out what it would have to make the content for; layers in between count what they see.
        if one and other and one != other and (name != "content-length" or (other != "0" and is_local)):
            summary = f"HEAD is answered with another {name} than GET"
            report.add(exchange, NAME, summary, one, other, get.pointer)
    if IGNORED_AUTH not in get.switched_off:
        _without_credentials(replace(draft, method="HEAD", credentials=()), conversation)


def _is_unknown(exchange: Exchange, shown: Exchange) -> bool:
    """Whether a server refuses HEAD as a method, rather than the path."""
    if exchange.response.status in _NO_METHOD:
        return True
    # Whoever says 404 of HEAD alone says it of a path that is there, unless that is what is said of methods.
    answer = stated.refusal(exchange.operation, "unknown-method")
    return exchange.response.status == 404 != shown.response.status and answer.get("status") == 404


def _without_credentials(draft: Draft, conversation: Conversation) -> None:
    credentials, operation = conversation.client.credentials, draft.operation
    if not credentials.needed_by(operation) or not credentials.placements(operation) or credentials.secret_headers:
        return
    exchange = ask(draft, conversation, _WHAT)
    if exchange is not None and operation.is_success(exchange.response.status):
        summary, pointer = "HEAD is accepted without credentials", f"{operation.pointer}/security"
        conversation.report.add(exchange, IGNORED_AUTH, summary, "401 or 403", exchange.response.describe(), pointer)
