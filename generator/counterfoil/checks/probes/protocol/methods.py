"""Methods that a path of the contract does not have, and OPTIONS (RFC 9110, 9 and 15.5.6)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from counterfoil import pointer as json_pointer
from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.objects.collections import anonymous
from counterfoil.checks.operation import Operation, operations
from counterfoil.checks.probes.protocol.asking import ask
from counterfoil.checks.probes.protocol.paths import is_as_unknown
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.requests.routing.templates import split_template

NAME = "unsupported_method"
NAMES = (NAME,)

_WITH_CONTENT = frozenset({"PUT", "PATCH", "POST"})
_NOBODYS = "COUNTERFOIL"
_REFUSED_FIRST = frozenset({401, 403, 429, 503})
_NOT_IMPLEMENTED = 501
_VARIABLE = re.compile(r"\\?\{([^{}]+?)\\?\}")


def run(conversation: Conversation) -> None:
    """Try for every path of the contract the methods that it does not have."""
    by_path: dict[str, list[Operation]] = {}
    for operation in conversation.operations:
        by_path.setdefault(anonymous(_sent(operation)), []).append(operation)
    # A run may leave out operations that the path has all the same.
    whole = operations(conversation.operations[0].contract) if conversation.operations else []
    for path, found in by_path.items():
        draft = next(filter(None, map(conversation.valid.bare, found)), None)
        if draft is not None:
            known = {each.method for each in whole if anonymous(_sent(each)) == path}
            _methods(draft, found, known, known | _passed_on(draft, whole), conversation)


def _sent(operation: Operation) -> str:
    """The path template of an operation as far as it is a path."""
    return split_template(operation.path)[0]


def _passed_on(draft: Draft, whole: list[Operation]) -> set[str]:
    """The methods of other paths that have the path of a request, too, to which some servers pass it on."""
    path = _VARIABLE.sub(lambda found: quote(draft.path.get(found[1], ""), safe=""), _sent(draft.operation))
    templates = {_sent(each): each for each in whole}
    fitting = {each for each in templates if re.fullmatch(_VARIABLE.sub("[^/]+", re.escape(each)), path)}
    return {each.method for each in whole if _sent(each) in fitting}


def _methods(
    draft: Draft, found: list[Operation], known: set[str], others: set[str], conversation: Conversation
) -> None:
    """Methods that a path does not have, with the body that another one of it takes.

    `known` are those that it has, `others` those that some server may answer there.
    """
    operation = draft.operation
    bare = replace(draft, body=None, media_type=None, value=NOTHING)
    bodies = (conversation.valid.minimal(each) for each in found if each.request_content)
    whole = next((each for each in bodies if each is not None and each.value is not NOTHING), None)
    for method in _others(others, is_local=conversation.client.target.is_local):
        other = replace(bare, method=method)
        if whole is not None and method in _WITH_CONTENT:
            value = conversation.unique.refresh(whole.operation, whole.value)
            other = replace(whole.with_json(value, whole.media_type), method=method)
        exchange = ask(other, conversation, f"the unknown method {method}")
        if exchange is not None:
            _judge_method(exchange, method, known, conversation)
    if "OPTIONS" not in known:
        exchange = ask(replace(bare, method="OPTIONS"), conversation, "the method OPTIONS")
        if exchange is not None and NAME not in operation.switched_off:
            _judge_allow(exchange, "OPTIONS", known, conversation.report)


def _others(known: set[str], *, is_local: bool) -> Iterator[str]:
    """Methods that a path does not have, and one that nobody has; nothing far away may be changed by them."""
    usual = ("GET", "DELETE", "PUT", "PATCH", "POST", "TRACE") if is_local else ("GET", "TRACE")
    yield from (method for method in usual if method not in known)
    yield _NOBODYS


def _judge_method(exchange: Exchange, method: str, known: set[str], conversation: Conversation) -> None:
    operation, status, report = exchange.operation, exchange.response.status, conversation.report
    # RFC 9110, 15.6.2; many servers do not even read a request whose method they never heard of.
    if method == _NOBODYS and status in (400, _NOT_IMPLEMENTED):
        return
    summary = f"the unknown method {method} is not answered as stated"
    if stated.hold(exchange, "unknown-method", NAME, summary, report):
        if stated.difference(stated.refusal(operation, "unknown-method"), exchange.response):
            return
    elif NAME in operation.switched_off:
        return
    elif status not in (405, *_REFUSED_FIRST) and status < 500:
        # Layers in front of a server refuse methods that they do not know, or do not let through.
        if (method not in (_NOBODYS, "TRACE") or status < 400) and not is_as_unknown(exchange, conversation):
            summary = f"a method that the path does not have is answered with {status}"
            expected = f"405, with Allow; the method is {method}"
            report.add(exchange, NAME, summary, expected, exchange.response.describe(), _path(operation))
        return
    if NAME not in operation.switched_off:
        _judge_allow(exchange, method, known, report)


def _judge_allow(exchange: Exchange, method: str, known: set[str], report: Report) -> None:
    """Allow is there with 405 (RFC 9110, 15.5.6), and lists what the path supports (10.2.1).

    Frameworks that know a path by each of its methods list those of one of them, which nobody takes for a fault.
    """
    present = any(name.lower() == "allow" for name, _ in exchange.response.headers)
    listed = [text.strip() for text in exchange.response.header("allow").split(",") if text.strip()]
    allowed = {*listed, *map(str.upper, listed)}
    status, pointer, expected = exchange.response.status, _path(exchange.operation), ", ".join(sorted(known))
    if status == 405 and not present:
        report.add(exchange, NAME, "405 without the header Allow", expected, "no Allow", pointer)
    elif (present and (status == 405 or method == "OPTIONS") and known.isdisjoint(allowed)) or (
        status == 405 and method in allowed
    ):
        got = f"Allow: {exchange.response.header('allow')}"
        report.add(exchange, NAME, "Allow does not list the methods there are", expected, got, pointer)


def _path(operation: Operation) -> str:
    return json_pointer.join("", "paths", operation.path)
