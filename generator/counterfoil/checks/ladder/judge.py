"""Whether a server treated a request as the contract does: what is valid is accepted, what is not is refused."""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

from counterfoil.checks import stated
from counterfoil.checks.cases.parameters import parameters, readings
from counterfoil.checks.reasons import Reasons
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.unique import rewritten
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.stub.contract_tree import extension
from counterfoil.stub.requests.bodies.coercion import Coercion

ACCEPTS = "positive_data_acceptance"
REFUSES = "negative_data_rejection"
MAPPING = "refusal_status"

_LARGE = 4096  # bytes, from which on a server may say that a request is too large
_TOO_LARGE = frozenset({413, 414, 431})
BUSY = frozenset({429, 503})
# What a server may say of a valid request: that what it names does not exist, or exists already.
STATE = frozenset({404, 409, 410, 412, 423, 428})
# What speaks of something else than the data of a request (RFC 9110, 15.5).
_OTHER_MATTERS = frozenset({401, 402, 403, 405, 406, 407, 408, 415})
# What answers to objects that exist say where no status is stated for them.
_EXISTS = re.compile(
    rb"(?i)\balready|\bexists|\bduplicate|\b(?:not|be) unique|\bunique (?:constraint|key|index)|\bin use\b|\btaken\b"
)


def accepted(
    exchange: Exchange, place: str, change: str, pointer: str, report: Report, reasons: Reasons | None = None
) -> bool:
    """Whether a request that the contract accepts was not refused because of what it says; else a finding is noted.

    `place` names what the request is about, and with the status groups findings; `change` says more;
    `reasons` know what else than its data it may be refused for.
    """
    status = exchange.response.status
    if may_be_so(exchange, reasons):
        return True
    if status < 500:
        expected = f"{' or '.join(exchange.operation.success_keys) or '2XX'}; valid: {change}"
        got = exchange.response.describe()
        summary = f"valid data is refused with {status}: {place}"
        if reasons is not None and (name := reasons.repeated(exchange)):
            summary = f"valid data is refused with {status} where /{name} was sent before with other data"
            expected = f"{expected.partition(';')[0]}; nothing says that a /{name} may be sent once only"
        report.add(exchange, ACCEPTS, summary, expected, got, pointer)
    return False


def may_be_so(exchange: Exchange, reasons: Reasons | None = None) -> bool:
    """Whether a request that the contract accepts was accepted, or may be refused for other reasons than its data."""
    status = exchange.response.status
    if ACCEPTS in exchange.operation.switched_off or status < 400:
        return True
    if status in STATE or status in BUSY or _is_too_large(exchange) or speaks_of_state(exchange):
        return True
    is_stated = stated.refusal(exchange.operation, "duplicate") is not None
    if not is_stated and rewritten(exchange.operation) and _EXISTS.search(exchange.response.body):
        return True
    return reasons is not None and reasons.are_open(exchange)


def refused(
    exchange: Exchange, place: str, broken: str, pointer: str, report: Report, right: Collection[int] = ()
) -> bool:
    """Whether a request that the contract refuses was refused, and for that reason; else a finding is noted.

    `broken` says in words what is wrong with the request, `right` which statuses are beside those for invalid data.
    """
    status = exchange.response.status
    off = exchange.operation.switched_off
    if status >= 500 or status in BUSY:
        return status in BUSY
    if status < 400:
        if REFUSES in off or not exchange.operation.is_success(status) or is_converted(exchange):
            return True
        summary, expected = f"invalid data is accepted: {place}", f"a refusal; {broken}"
        report.add(exchange, REFUSES, summary, expected, exchange.response.describe(), pointer)
        return False
    if status in _OTHER_MATTERS and status not in right and MAPPING not in off:
        summary, expected = f"invalid data is refused with {status}: {place}", f"a status for invalid data; {broken}"
        report.add(exchange, MAPPING, summary, expected, exchange.response.describe(), pointer)
        return False
    return True


def is_converted(exchange: Exchange) -> bool:
    """Whether body and query are valid once their values are converted as the overlay states of the server."""
    operation, value = exchange.operation, exchange.request.json
    rules, schema = extension("coerce", operation.tree, operation.contract), operation.request_schema
    if not rules:
        return False
    if value is not NOTHING and schema is not None:
        return operation.accepts(schema, Coercion(operation.schemas, schema, rules)(value))
    return not exchange.request.body and _is_query_converted(exchange, rules)


def _is_query_converted(exchange: Exchange, rules: Collection[str]) -> bool:
    """Whether each text in a query is one of its schema as it is, or converted; whatever is absent is not."""
    operation, asked = exchange.operation, parse_qsl(urlsplit(exchange.request.url).query, keep_blank_values=True)
    known = {each.name: each for each in parameters(operation) if each.place == "query"}
    if any(each.required and name not in dict(asked) for name, each in known.items()):
        return False

    def fits(name: str, text: str) -> bool:
        schema = known[name].schema
        as_told = (readings(text)[0], text)
        converted = (Coercion(operation.schemas, schema, rules)(each) for each in as_told)
        return any(operation.accepts(schema, each) for each in (*as_told, *converted))

    return bool(asked) and all(
        name in known and known[name].schema is not None and fits(name, text) for name, text in asked
    )


def speaks_of_state(exchange: Exchange) -> bool:
    """Whether an answer is what the overlay states for an object that does not exist, or exists already."""
    answers = (stated.refusal(exchange.operation, reason) for reason in ("unknown-object", "duplicate"))
    return any(answer and stated.says(answer, exchange.response) for answer in answers)


def is_large(exchange: Exchange) -> bool:
    """Whether a server may find a request too large."""
    return len(exchange.request.body) + len(exchange.request.url) >= _LARGE


def _is_too_large(exchange: Exchange) -> bool:
    return exchange.response.status in _TOO_LARGE and is_large(exchange)
