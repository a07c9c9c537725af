"""Whether a server treated a request as the contract does: what is valid is accepted, what is not is refused."""

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import Exchange

ACCEPTS = "positive_data_acceptance"
REFUSES = "negative_data_rejection"
MAPPING = "refusal_status"

_LARGE = 4096  # bytes, from which on a server may say that a request is too large
_TOO_LARGE = frozenset({413, 414, 431})
_BUSY = frozenset({429, 503})
# What a server may say of a valid request: that what it names does not exist, or exists already.
_STATE = frozenset({404, 409, 410, 412, 423, 428})
# What speaks of something else than the data of a request (RFC 9110, 15.5).
_OTHER_MATTERS = frozenset({401, 402, 403, 405, 406, 408, 407, 415})


def accepted(exchange: Exchange, summary: str, pointer: str, report: Report) -> None:
    """Note a finding if a request that the contract accepts was refused because of what it says."""
    status = exchange.response.status
    if ACCEPTS in exchange.operation.switched_off or status < 400 or status >= 500:
        return
    if status in _STATE or status in _BUSY or _is_too_large(exchange):
        return
    expected = " or ".join(exchange.operation.success_keys) or "2XX"
    report.add(exchange, ACCEPTS, f"a valid request is refused: {summary}", expected, _got(exchange), pointer)


def refused(exchange: Exchange, summary: str, broken: str, pointer: str, report: Report) -> None:
    """Note a finding if a request that the contract refuses was accepted, or refused for another reason.

    `broken` says in words what is wrong with the request.
    """
    status = exchange.response.status
    off = exchange.operation.switched_off
    if status >= 500 or status in _BUSY:
        return
    if status < 400:
        if REFUSES not in off and exchange.operation.is_success(status):
            report.add(exchange, REFUSES, f"an invalid request is accepted: {summary}", broken, _got(exchange), pointer)
        return
    if status in _OTHER_MATTERS and MAPPING not in off:
        message = f"an invalid request is refused with {status}: {summary}"
        report.add(exchange, MAPPING, message, f"a status for invalid data; {broken}", _got(exchange), pointer)


def _is_too_large(exchange: Exchange) -> bool:
    size = len(exchange.request.body) + len(exchange.request.url)
    return exchange.response.status in _TOO_LARGE and size >= _LARGE


def _got(exchange: Exchange) -> str:
    return exchange.response.describe()
