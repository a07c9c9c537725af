"""Paths that the contract does not have (RFC 9110, 15.5.5): others, longer ones, with a slash at the end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from counterfoil import pointer as json_pointer
from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation, media_type_of
from counterfoil.checks.probes.protocol.asking import ask
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.lenient import url_parts
from counterfoil.stub.requests.routing.templates import Router, split_template

NAME = "unknown_path"
NAMES = (NAME,)
POINTER = json_pointer.join("", "paths")

_UNKNOWN = "/counterfoil-unknown/Path"
_DEEPEST = 8  # segments that are added to it
_MORE = "counterfoil"
_NOT_FOUND = 404
_MOST = 24  # paths that are made longer
# What gateways answer to paths that they do not know, beside what the RFC has for it.
_NOT_THERE = frozenset({401, 403, 404, 405, 410, 429, 503})


def run(conversation: Conversation) -> None:
    """Try an unknown path, and for every path of the contract longer ones and one with a slash at its end."""
    drafts: dict[str, Draft] = {}
    for operation in sorted(conversation.operations, key=lambda each: each.method != "GET"):
        draft = conversation.valid.minimal(operation)
        if draft is not None and operation.path not in drafts:
            drafts[operation.path] = draft
    for number, draft in enumerate(drafts.values()):
        if number == 0:
            _unknown_path(draft, conversation)
        if number < _MOST and NAME not in draft.operation.switched_off:
            _longer(draft, conversation, with_prefix=number == 0)
        _slash(draft, conversation)


def _unknown(operations: Sequence[Operation]) -> str | None:
    """A path that no template fits; None where any may."""
    router: Router[str] = Router()
    for operation in operations:
        template = split_template(operation.path)[0]
        router.add(template, template)
    paths = (_UNKNOWN + "/path" * number for number in range(_DEEPEST))
    return next((path for path in paths if router.match(path) is None), None)


def _unknown_path(draft: Draft, conversation: Conversation) -> None:
    operation, report = draft.operation, conversation.report
    path = _unknown(conversation.operations)
    if NAME in operation.switched_off or path is None:
        return
    for method in dict.fromkeys(("GET", operation.method)):
        body = b"{}" if method in ("POST", "PUT", "PATCH") else None
        unknown = Draft(operation, method=method, route=path, body=body)
        unknown = replace(unknown, media_type="application/json" if body else None)
        exchange = ask(unknown, conversation, "an unknown path")
        if exchange is None:
            continue
        status, summary = exchange.response.status, "an unknown path is not answered as such"
        is_stated = stated.hold(exchange, "unknown-path", NAME, summary, report)
        if not is_stated and status < 500 and status not in _NOT_THERE:
            report.add(exchange, NAME, summary, "404", exchange.response.describe(), POINTER)
    _without_credentials(Draft(operation, route=path, method="GET", credentials=()), conversation)


def is_as_unknown(exchange: Exchange, conversation: Conversation) -> bool:
    """Whether a request is answered as one to an unknown path is, with 404 and nothing said of other methods.

    Servers that look up methods and paths together know no other answer.
    """
    path = _unknown(conversation.operations)
    if exchange.response.status != _NOT_FOUND or exchange.response.header("allow") or path is None:
        return False
    other = ask(Draft(exchange.operation, method=exchange.request.method, route=path), conversation, "an unknown path")
    return other is not None and _as_told(other) == _as_told(exchange)


def _as_told(exchange: Exchange) -> tuple[object, ...]:
    """Status, media type and body of an answer, the latter without what it repeats of the request."""
    response, asked = exchange.response, urlsplit(exchange.request.url).path
    media_type, value = media_type_of(response.header("content-type")), response.json
    if isinstance(value, dict):
        return response.status, media_type, sorted(value)
    text = response.body.decode("utf-8", "replace").replace(asked, "").replace(exchange.request.method, "")
    return response.status, media_type, text


def _without_credentials(draft: Draft, conversation: Conversation) -> None:
    """Which of both is refused is for the stated order of checks to say."""
    operation, order = draft.operation, draft.operation.order
    if not {"path", "credentials"} <= set(order) or not conversation.client.credentials.needed_by(operation):
        return
    reason = "unknown-path" if order.index("path") < order.index("credentials") else "credentials.missing"
    answer = stated.refusal(operation, reason)
    is_asked = answer and not conversation.client.credentials.secret_headers
    exchange = ask(draft, conversation, "an unknown path") if is_asked else None
    if exchange is not None:
        summary = "an unknown path without credentials is answered otherwise"
        stated.hold(exchange, reason, NAME, summary, conversation.report)


def _longer(draft: Draft, conversation: Conversation, *, with_prefix: bool) -> None:
    """What only begins or ends like a known path is none, unless another one of the contract has room for it."""
    operation = draft.operation
    known = [_matcher(split_template(path)[0]) for path in operation.contract.get("paths", {})]
    if draft.operation.method != "GET" and conversation.guard is not None and conversation.guard.is_safe:
        return  # what it may make nobody would find again
    aimed = conversation.existing.aimed(draft, conversation.make)
    for what, route in _routes(operation, with_prefix=with_prefix):
        shown = re.sub(r"\{[^{}]*\}", "1", route)
        if any(each.fullmatch(shown) for each in known):
            continue
        exchange = ask(replace(aimed, route=route), conversation, what, refresh=True)
        if exchange is not None and 200 <= exchange.response.status < 300:
            summary = f"{what} is answered as if it were there"
            conversation.report.add(exchange, NAME, summary, "404", exchange.response.describe(), POINTER)


def _routes(operation: Operation, *, with_prefix: bool) -> Iterator[tuple[str, str]]:
    path, asked = split_template(operation.path)
    if asked or path.endswith("/"):
        return
    last = path.rpartition("/")[2]
    if "{" not in last:
        yield "a path that begins with a known one", f"{path}{_MORE}"
    if "{" not in last or _is_of_one_segment(operation, last):
        yield "a path below a known one", f"{path}/{_MORE}"
    if with_prefix:
        yield "a path that ends with a known one", f"/{_MORE}{path}"


def _is_of_one_segment(operation: Operation, segment: str) -> bool:
    """Whether no value of a variable could go on behind a slash."""
    parameter = next((each for each in operation.parameters if f"{{{each.get('name')}}}" == segment), {})
    schema = operation.resolve(parameter.get("schema") or {})
    return isinstance(schema, dict) and (schema.get("type") == "integer" or schema.get("format") == "uuid")


def _matcher(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^{}]*\}", template))))


def _slash(draft: Draft, conversation: Conversation) -> None:
    """A slash at the end changes nothing about who may come in, and redirects lead to the path without it."""
    operation, report = draft.operation, conversation.report
    if operation.path.endswith("/") or "?" in operation.path or operation.method not in ("GET", "POST"):
        return
    other = replace(draft, route=f"{operation.path}/", body=None, media_type=None, value=NOTHING)
    exchange = ask(other, conversation, "a path with a slash at its end")
    if exchange is None:
        return
    if 300 <= exchange.response.status < 400 and NAME not in operation.switched_off:
        # What the redirect leads to is known only where nothing stands in place of variables.
        path = url_parts(exchange.response.header("location")).path
        own = urlsplit(exchange.request.url).path.rstrip("/")
        if path.rstrip("/") not in (own, own.removeprefix(conversation.client.target.base_path)):
            summary = "the redirect from a path with a slash at its end leads elsewhere"
            got = exchange.response.header("location") or "no Location"
            report.add(exchange, NAME, summary, own, got, POINTER)
