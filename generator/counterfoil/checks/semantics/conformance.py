"""Each answer by itself: it is no server error, and has a documented status, media type, body and headers.

The checks bear the names that schemathesis has for them, so that one name switches a rule off.
"""

from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from counterfoil import pointer as json_pointer
from counterfoil.checks.operation import media_type_of
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.schema_paths import keyword_at, place_of
from counterfoil.checks.semantics.refusals import undocumented
from counterfoil.checks.wire import headers
from counterfoil.checks.wire.credentials import MASK
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.network import is_loopback

SERVER_ERROR = "not_a_server_error"
STATUS = "status_code_conformance"
CONTENT_TYPE = "content_type_conformance"
SCHEMA = "response_schema_conformance"
HEADERS = "response_headers_conformance"
NAMES = (SERVER_ERROR, STATUS, CONTENT_TYPE, SCHEMA, HEADERS)

_TOO_MANY = 429  # RFC 6585, section 4
_MOST = 200  # violations of an answer that are looked at


def check(exchange: Exchange, report: Report) -> None:
    """Note a finding for everything in an answer that the contract does not allow.

    What is beside an operation, such as its path with a slash at the end, is refused as the server likes.
    """
    operation, response = exchange.operation, exchange.response
    off = operation.switched_off
    if response.status == 503 and response.header("retry-after"):
        report.skip(SERVER_ERROR, operation.label, "the server was busy (503 with Retry-After)")
    elif response.status >= 500 and SERVER_ERROR not in off:
        report.add(exchange, SERVER_ERROR, f"server error {response.status}", "no 5xx", response.describe())
    if response.status >= 400 and not exchange.meets:
        return
    described = exchange.documented
    if described is None:
        if response.status < 500 and STATUS not in off:
            _check_status(exchange, report)
        return
    if CONTENT_TYPE not in off and not _fits_content_type(exchange):
        expected = " or ".join(described.tree.get("content", {})) or "no body"
        got = response.header("content-type") or "no content type"
        pointer = operation.response_pointer(described.key)
        report.add(exchange, CONTENT_TYPE, f"undocumented content type for {response.status}", expected, got, pointer)
    elif SCHEMA not in off:
        _check_body(exchange, report)
    if HEADERS not in off:
        _check_headers(exchange, report)


def _check_status(exchange: Exchange, report: Report) -> None:
    operation, status = exchange.operation, exchange.response.status
    if undocumented.tolerable(operation, status) and not _is_limit_of_nobody(exchange):
        report.skip(STATUS, operation.label, undocumented.reason(status))
        return
    expected = ", ".join(operation.responses) or "a documented status"
    pointer = operation.response_pointer()
    report.add(exchange, STATUS, f"undocumented status {status}", expected, exchange.response.describe(), pointer)


def _is_limit_of_nobody(exchange: Exchange) -> bool:
    """Whether a server on this machine calls requests too many that nobody limits, and does not say until when."""
    response = exchange.response
    if response.status != _TOO_MANY or not is_loopback(urlsplit(exchange.request.url).hostname or ""):
        return False
    return not any(name.lower() == "retry-after" or "ratelimit" in name.lower() for name, _ in response.headers)


def _fits_content_type(exchange: Exchange) -> bool:
    described, response = exchange.documented, exchange.response
    content = described.tree.get("content", {}) if described else {}
    if not content:
        return True
    if not response.body and exchange.request.method == "HEAD":
        return True
    sent = media_type_of(response.header("content-type"))
    wanted = {media_type_of(name) for name in content}
    return bool({sent, sent.partition("/")[0] + "/*", "*/*"} & wanted)


def _check_body(exchange: Exchange, report: Report) -> None:
    operation, response = exchange.operation, exchange.response
    schema = exchange.response_schema
    if schema is None or exchange.request.method == "HEAD":
        return
    content_type = response.header("content-type")
    described = exchange.documented
    pointer = operation.response_pointer(described.key if described else "")
    value: Any = response.json
    if value is NOTHING:
        if not media_type_of(content_type).endswith("json"):
            return
        report.add(exchange, SCHEMA, f"the body of {response.status} is no JSON", "JSON", response.describe(), pointer)
        return
    for error in islice(operation.response_validator(schema).iter_errors(value), _MOST):
        if MASK in str(error.instance):
            continue  # a recording does not tell what was there
        summary = (
            f"the body of {response.status} breaks its schema at {place_of(error.instance_path)}: {error.kind.name}"
        )
        rule = keyword_at(operation.contract, operation.schema_pointer(described, content_type), error.evaluation_path)
        report.add(exchange, SCHEMA, summary, error.message, response.describe(), rule)


def _check_headers(exchange: Exchange, report: Report) -> None:
    described = exchange.documented
    operation = exchange.operation
    for name, node in (described.tree.get("headers", {}) if described else {}).items():
        header = operation.resolve(node)
        if not isinstance(header, dict) or name.lower() == "content-type":
            continue
        text = exchange.response.header(name)
        pointer = json_pointer.join(operation.response_pointer(described.key if described else ""), "headers", name)
        if not text:
            if header.get("required"):
                summary = f"the header {name} of {exchange.response.status} is missing"
                report.add(exchange, HEADERS, summary, name, exchange.response.describe(), pointer)
            continue
        if MASK in text:
            continue
        if header.get("schema") is not None and not headers.accepts(operation, header, text):
            summary = f"the header {name} of {exchange.response.status} breaks its schema"
            report.add(exchange, HEADERS, summary, "a value of its schema", text, pointer)
