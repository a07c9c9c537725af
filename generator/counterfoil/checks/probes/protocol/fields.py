"""Header fields that a contract does not speak of: servers heed or ignore them, and do not fail."""

import gzip
from dataclasses import replace

from counterfoil.checks.cases.parameters import parameters, valid_value
from counterfoil.checks.conversation import Conversation
from counterfoil.checks.operation import is_json
from counterfoil.checks.probes.protocol.asking import ask
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import Exchange

NAME = "header_fields"
NAMES = (NAME,)

_BUSY = frozenset({429, 503})
_NOT_ACCEPTABLE, _NOT_MODIFIED = 406, 304
_ODD = (
    ("Accept-Language", "x-counterfoil;q=2"),
    ("Accept-Charset", "counterfoil"),
    ("If-Modified-Since", "yesterday"),
    ("Range", "bytes=9-1"),
    ("Referer", "counterfoil://\xfc"),
    ("X-Counterfoil", "x" * 1000),
)


def run(conversation: Conversation) -> None:
    """Try an operation that reads something, and one that takes a body."""
    drafts = [(each, conversation.valid.minimal(each)) for each in conversation.operations]
    reading = next((draft for each, draft in drafts if draft is not None and each.method == "GET"), None)
    writing = next((draft for each, draft in drafts if draft is not None and draft.body is not None), None)
    for draft in filter(None, (reading, writing)):
        shown = conversation.ask(draft, intent="valid", source="probes")
        if shown is not None and draft.operation.is_success(shown.response.status):
            _accept(draft, shown, conversation)
            if draft is reading and conversation.client.target.is_local:
                _override(draft, conversation)
    if reading is not None:
        _odd(reading, conversation)
    if writing is not None:
        _encoded(writing, conversation)


def _accept(draft: Draft, shown: Exchange, conversation: Conversation) -> None:
    """What a server answers is acceptable where Accept names it, whatever else that has (RFC 9110, 12.5.1)."""
    operation = draft.operation
    told = _documented(shown)
    given = {name.lower() for name, _ in draft.headers}
    if not told or NAME in operation.switched_off or "accept" in given:
        return
    for accept in (told, f"text/x-counterfoil, {told};q=0.9", f"{told.partition('/')[0]}/*, */*;q=0.1"):
        label = f"Accept: {accept}"
        exchange = ask(_with(draft, ("Accept", accept)), conversation, label, refresh=True)
        if exchange is not None and exchange.response.status == _NOT_ACCEPTABLE:
            pointer = operation.response_pointer(shown.documented.key if shown.documented else "")
            got = exchange.response.describe()
            conversation.report.add(exchange, NAME, f"406 for {label}", f"{told}, as without it", got, pointer)
    ask(_with(draft, ("Accept", "text/x-counterfoil")), conversation, "an Accept that names nothing there is")


def _override(draft: Draft, conversation: Conversation) -> None:
    """A method that is safe stays so, whatever a field says (RFC 9110, 9.2.1)."""
    if NAME in draft.operation.switched_off:
        return
    exchange = ask(_with(draft, ("X-HTTP-Method-Override", "DELETE")), conversation, "a GET that says it is DELETE")
    if exchange is None or draft.operation.is_success(exchange.response.status) or exchange.response.status in _BUSY:
        return
    summary, got = "a field makes another method of GET", exchange.response.describe()
    conversation.report.add(exchange, NAME, summary, "success, as without it", got, draft.operation.pointer)


def _documented(shown: Exchange) -> str:
    """The media type of an answer, as documented."""
    content = shown.documented.tree.get("content", {}) if shown.documented else {}
    found = shown.response.header("content-type").partition(";")[0].strip()
    return found if found in {name.partition(";")[0].strip() for name in content} else ""


def _odd(draft: Draft, conversation: Conversation) -> None:
    """Fields with values that make no sense are ignored (RFC 9110, 13.1.3 and 14.2), and so are unknown ones."""
    operation = draft.operation
    named = {str(each.get("name", "")).lower() for each in operation.parameters}
    fields = tuple(each for each in _ODD if each[0].lower() not in named)
    ask(_with(draft, *fields), conversation, "header fields that make no sense")
    if "cookie" not in {each.get("in") for each in operation.parameters}:
        ask(replace(draft, cookies=(*draft.cookies, ("counterfoil", '{"[%'))), conversation, "an unknown cookie")
    if "counterfoil" not in named:
        extra = (*draft.query, ("counterfoil", ""), ("counterfoil", "\u20ac"))
        ask(replace(draft, query=extra), conversation, "an unknown field of the query, twice")
    for parameter in parameters(operation):
        value = valid_value(parameter, operation, conversation.valid.instances)
        if parameter.place == "query" and isinstance(value, str | int):
            bare = draft.without("query", parameter.name)
            twice = replace(bare, query=(*bare.query, *[*parameter.pairs(value)] * 2))
            ask(twice, conversation, "a field of the query that is there twice")
            break
    if NAME in operation.switched_off or "if-none-match" in named:
        return
    exchange = ask(_with(draft, ("If-None-Match", '"counterfoil"')), conversation, "an If-None-Match of nothing")
    if exchange is not None and exchange.response.status == _NOT_MODIFIED:
        summary, expected = "304 for a tag that nothing has", "the object (RFC 9110, 13.1.2)"
        got = exchange.response.describe()
        conversation.report.add(exchange, NAME, summary, expected, got, operation.pointer)


def _encoded(draft: Draft, conversation: Conversation) -> None:
    """A body may be refused that is compressed, or that is not what its Content-Encoding says (RFC 9110, 8.4)."""
    if not is_json(draft.media_type or ""):
        return
    whole = draft.with_json(conversation.unique.refresh(draft.operation, draft.value), draft.media_type)
    packed = replace(whole, body=gzip.compress(whole.body or b"", mtime=0))
    for what, each, encoding in (
        ("a body that is compressed", packed, "gzip"),
        ("a body that is said to be compressed", whole, "gzip"),
        ("a body of an unknown encoding", whole, "counterfoil"),
    ):
        ask(_with(each, ("Content-Encoding", encoding)), conversation, what)


def _with(draft: Draft, *fields: tuple[str, str]) -> Draft:
    return replace(draft, headers=(*draft.headers, *fields))
