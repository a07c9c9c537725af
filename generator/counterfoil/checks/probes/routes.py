"""Routes: paths and methods that the contract does not have, HEAD and OPTIONS of those that it has (RFC 9110)."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from counterfoil.checks import stated
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import Operation
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING, Exchange

UNKNOWN_PATH = "unknown_path"
METHOD = "unsupported_method"
HEAD = "head_of_get"
IGNORED_AUTH = "ignored_auth"
SERVER_ERROR = "not_a_server_error"
NAMES = (UNKNOWN_PATH, METHOD, HEAD)

_WITH_CONTENT = frozenset({"PUT", "PATCH", "POST"})
_NOBODYS = "COUNTERFOIL"
_UNKNOWN = "/counterfoil-unknown/path"
# What gateways answer to paths that they do not know, beside what the RFC has for it.
_NOT_THERE = frozenset({401, 403, 404, 405, 410})
_REFUSED_FIRST = frozenset({401, 403, 429, 503})
_NOT_IMPLEMENTED = 501
# Fields that speak of the content, and are the same for HEAD and GET (RFC 9110, 9.3.2).
_ALIKE = ("content-type", "content-length", "content-language", "location", "www-authenticate")


def run(conversation: Conversation) -> None:
    """Try one unknown path, and for every path of the contract methods that it does not have."""
    by_path: dict[str, list[Operation]] = {}
    for operation in conversation.operations:
        by_path.setdefault(operation.path, []).append(operation)
    for index, operations in enumerate(by_path.values()):
        draft = next(filter(None, map(conversation.valid.bare, operations)), None)
        if draft is None:
            continue
        if index == 0:
            _unknown_path(draft, conversation)
        _slash(draft, conversation)
        _methods(draft, operations, conversation)
        _head(operations, conversation)


def _ask(draft: Draft, conversation: Conversation) -> Exchange | None:
    exchange = conversation.ask(draft, intent="invalid", source="probes", refresh=False)
    off = draft.operation.switched_off
    if exchange is not None and exchange.response.status >= 500 and SERVER_ERROR not in off:
        status = exchange.response.status
        if status not in (_NOT_IMPLEMENTED, 503):
            summary = f"server error {status} for an unknown route"
            conversation.report.add(exchange, SERVER_ERROR, summary, "no 5xx", exchange.response.describe())
    return exchange


def _unknown_path(draft: Draft, conversation: Conversation) -> None:
    operation, report = draft.operation, conversation.report
    off = operation.switched_off
    if UNKNOWN_PATH in off:
        return
    methods = dict.fromkeys(("GET", operation.method))
    for method in methods:
        body = b"{}" if method in ("POST", "PUT", "PATCH") else None
        unknown = Draft(operation, method=method, route=_UNKNOWN, body=body)
        exchange = _ask(replace(unknown, media_type="application/json" if body else None), conversation)
        if exchange is None:
            continue
        status, summary = exchange.response.status, "an unknown path is not answered as such"
        is_stated = stated.hold(exchange, "unknown-path", UNKNOWN_PATH, summary, report)
        if not is_stated and status < 500 and status not in _NOT_THERE:
            report.add(exchange, UNKNOWN_PATH, summary, "404", exchange.response.describe())
    _unknown_path_without_credentials(Draft(operation, route=_UNKNOWN, method="GET", credentials=()), conversation)


def _unknown_path_without_credentials(draft: Draft, conversation: Conversation) -> None:
    """Which of both is refused is for the stated order of checks to say."""
    operation, order = draft.operation, draft.operation.order
    if not {"path", "credentials"} <= set(order) or not conversation.client.credentials.needed_by(operation):
        return
    reason = "unknown-path" if order.index("path") < order.index("credentials") else "credentials.missing"
    answer = stated.refusal(operation, reason)
    exchange = _ask(draft, conversation) if answer and not conversation.client.credentials.headers else None
    if exchange is not None:
        summary = "an unknown path without credentials is answered otherwise"
        stated.hold(exchange, reason, UNKNOWN_PATH, summary, conversation.report)


def _slash(draft: Draft, conversation: Conversation) -> None:
    """A slash at the end changes nothing about who may come in, and redirects lead to the path without it."""
    operation, report = draft.operation, conversation.report
    if operation.path.endswith("/") or "?" in operation.path or operation.method not in ("GET", "POST"):
        return
    other = replace(draft, route=f"{operation.path}/", body=None, media_type=None, value=NOTHING)
    exchange = _ask(other, conversation)
    if exchange is not None and 300 <= exchange.response.status < 400 and UNKNOWN_PATH not in operation.switched_off:
        # What the redirect leads to is known only where nothing stands in place of variables.
        path = urlsplit(exchange.response.header("location")).path
        own = urlsplit(exchange.request.url).path.rstrip("/")
        if path.rstrip("/") not in (own, own.removeprefix(conversation.client.target.base_path)):
            summary = "the redirect from a path with a slash at its end leads elsewhere"
            got = exchange.response.header("location") or "no Location"
            report.add(exchange, UNKNOWN_PATH, summary, own, got)
    credentials = conversation.client.credentials
    if not credentials.needed_by(operation) or not credentials.placements(operation) or credentials.headers:
        return
    if exchange is None or not operation.is_success(exchange.response.status) or IGNORED_AUTH in operation.switched_off:
        return
    without = _ask(replace(other, credentials=()), conversation)
    if without is not None and operation.is_success(without.response.status):
        summary, expected = "accepted without credentials at a path with a slash at its end", "401 or 403"
        pointer = f"{operation.pointer}/security"
        report.add(without, IGNORED_AUTH, summary, expected, without.response.describe(), pointer)


def _methods(draft: Draft, operations: list[Operation], conversation: Conversation) -> None:
    """Methods that a path does not have, with the body that another one of it takes."""
    operation, known = draft.operation, {each.method for each in operations}
    bare = replace(draft, body=None, media_type=None, value=NOTHING)
    bodies = (conversation.valid.minimal(each) for each in operations if each.request_content)
    whole = next((each for each in bodies if each is not None and each.value is not NOTHING), None)
    for method in _others(known, is_local=conversation.client.target.is_local):
        other = replace(bare, method=method)
        if whole is not None and method in _WITH_CONTENT:
            value = conversation.unique.refresh(whole.operation, whole.value)
            other = replace(whole.with_json(value, whole.media_type), method=method)
        exchange = _ask(other, conversation)
        if exchange is not None:
            _judge_method(exchange, method, known, conversation.report)
    if "OPTIONS" not in known:
        exchange = _ask(replace(bare, method="OPTIONS"), conversation)
        if exchange is not None and METHOD not in operation.switched_off:
            _judge_allow(exchange, "OPTIONS", known, conversation.report)


def _others(known: set[str], *, is_local: bool) -> Iterator[str]:
    """Methods that a path does not have, and one that nobody has; nothing far away may be changed by them."""
    usual = ("GET", "DELETE", "PUT", "PATCH", "POST", "TRACE") if is_local else ("GET", "TRACE")
    yield from (method for method in usual if method not in known)
    yield _NOBODYS


def _judge_method(exchange: Exchange, method: str, known: set[str], report: Report) -> None:
    operation, status = exchange.operation, exchange.response.status
    # RFC 9110, 15.6.2; many servers do not even read a request whose method they never heard of.
    if method == _NOBODYS and status in (400, _NOT_IMPLEMENTED):
        return
    summary = f"the unknown method {method} is not answered as stated"
    if stated.hold(exchange, "unknown-method", METHOD, summary, report):
        if stated.difference(stated.refusal(operation, "unknown-method"), exchange.response):
            return
    elif METHOD in operation.switched_off:
        return
    elif status not in (405, *_REFUSED_FIRST) and status < 500:
        # Layers in front of a server refuse methods that they do not know, or do not let through.
        if method not in (_NOBODYS, "TRACE") or status < 400:
            summary = f"the unknown method {method} is answered with {status}"
            report.add(exchange, METHOD, summary, "405, with Allow", exchange.response.describe())
        return
    if METHOD not in operation.switched_off:
        _judge_allow(exchange, method, known, report)


def _judge_allow(exchange: Exchange, method: str, known: set[str], report: Report) -> None:
    """Allow is there with 405 (RFC 9110, 15.5.6), and lists what the path supports (10.2.1)."""
    present = any(name.lower() == "allow" for name, _ in exchange.response.headers)
    allowed = {text.strip().upper() for text in exchange.response.header("allow").split(",") if text.strip()}
    status = exchange.response.status
    if status == 405 and not present:
        report.add(exchange, METHOD, "405 without the header Allow", ", ".join(sorted(known)), "no Allow")
    elif (present and (status == 405 or method == "OPTIONS") and not known <= allowed) or (
        status == 405 and method in allowed
    ):
        got = f"Allow: {exchange.response.header('allow')}"
        report.add(exchange, METHOD, "Allow does not list the methods there are", ", ".join(sorted(known)), got)


def _head(operations: list[Operation], conversation: Conversation) -> None:
    """HEAD is answered as GET is, without content (RFC 9110, 9.3.2); that a server has no HEAD is let pass."""
    get = next((each for each in operations if each.method == "GET"), None)
    draft = conversation.valid.minimal(get) if get is not None else None
    if get is None or draft is None or HEAD in get.switched_off or any(each.method == "HEAD" for each in operations):
        return
    shown = conversation.ask(draft, intent="valid", source="probes")
    exchange = _ask(replace(draft, method="HEAD"), conversation)
    if shown is None or exchange is None or _has_no_head(exchange, shown):
        return
    report, response, is_local = conversation.report, exchange.response, conversation.client.target.is_local
    if response.status != shown.response.status:
        summary = "HEAD is answered with another status than GET"
        report.add(exchange, HEAD, summary, str(shown.response.status), response.describe())
        return
    if response.body:
        report.add(exchange, HEAD, "HEAD is answered with content", "no content", response.describe())
    for name in _ALIKE:
        one, other = shown.response.header(name), response.header(name)
        # A server may leave out what it would have to make the content for; layers in between count what they see.
        if one and other and one != other and (name != "content-length" or (other != "0" and is_local)):
            summary = f"HEAD is answered with another {name} than GET"
            report.add(exchange, HEAD, summary, one, other)
    if IGNORED_AUTH not in get.switched_off:
        _head_without_credentials(replace(draft, method="HEAD", credentials=()), conversation)


def _has_no_head(exchange: Exchange, shown: Exchange) -> bool:
    """Whether a server refuses HEAD as a method, rather than the path."""
    answer = stated.refusal(exchange.operation, "unknown-method")
    if exchange.response.status in (405, _NOT_IMPLEMENTED):
        return True
    # Whoever says 404 of HEAD alone says it of a path that is there, unless that is what is said of methods.
    return exchange.response.status == 404 != shown.response.status and answer.get("status") == 404


def _head_without_credentials(draft: Draft, conversation: Conversation) -> None:
    credentials, operation = conversation.client.credentials, draft.operation
    if not credentials.needed_by(operation) or not credentials.placements(operation) or credentials.headers:
        return
    exchange = _ask(draft, conversation)
    if exchange is not None and operation.is_success(exchange.response.status):
        summary, pointer = "HEAD is accepted without credentials", f"{operation.pointer}/security"
        conversation.report.add(exchange, IGNORED_AUTH, summary, "401 or 403", exchange.response.describe(), pointer)
