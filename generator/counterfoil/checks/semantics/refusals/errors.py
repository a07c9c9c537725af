"""What the body of an error says of itself agrees with its status, and is no success."""

import json
import re
from collections import Counter
from http import HTTPStatus
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.checks.wire.lenient import whole_number
from counterfoil.stub.state.inference.names import plain

STATUS = "error_status"
CODE = "error_code"

_STATUSES = frozenset(("status", "statuscode", "httpstatus", "httpstatuscode", "httpcode"))
_TRUTHS = frozenset(("success", "ok", "succeeded"))
_CODES = frozenset(("code", "errorcode", "errcode", "name", "error", "type", "title"))
_INNER = frozenset(("error", "errors", "detail"))
# Names of statuses (RFC 9110, 15.5 and 15.6; RFC 6585, 4) that codes of errors bear, too.
_NAMED = {
    "unauthorized": 401, "unauthenticated": 401, "notauthenticated": 401, "forbidden": 403, "notfound": 404,
    "methodnotallowed": 405, "conflict": 409, "gone": 410, "unsupportedmediatype": 415, "mediatype": 415,
    "toomanyrequests": 429, "internalserver": 500,
}  # fmt: skip
# Those that are said of any mistake, too, where the contract has no better one.
_WIDE = {
    "badrequest": 400, "invalidrequest": 400, "unprocessable": 422, "unprocessableentity": 422, "internal": 500,
}  # fmt: skip
# What is said of any data, and of media types and methods by some; not of who asks, nor of what there is.
_OF_DATA = frozenset(("invalid", "validation", "validationfailed", "invalidinput", "badinput"))
_OF_NO_DATA = frozenset({401, 403, 404, 409, 410})
_OF_HTTP = re.compile(r"\bHTTP (?:response )?(?:status|code)", re.IGNORECASE)
_ENDING = re.compile(r"(error|exception|err)$")


class Errors:
    """Remembers which codes came with which statuses."""

    names = (STATUS, CODE)

    def __init__(self) -> None:
        self._seen: dict[tuple[str, Any], Counter[int]] = {}
        self._odd: list[tuple[str, Any, Exchange]] = []
        self._success: dict[str, Any] = {}
        self._errors: dict[str, dict[Any, Exchange]] = {}

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note an error that tells another status than it has."""
        status = exchange.response.status
        body = exchange.response.json if status >= 400 or exchange.accepted else NOTHING
        if body is NOTHING or not isinstance(body, dict):
            return
        if status < 400:
            if isinstance(code := body.get("code"), int | str):
                self._success.setdefault(exchange.operation.label, code)
            return
        off = exchange.operation.switched_off
        for name in body if STATUS not in off else ():
            if plain(name) in _TRUTHS and body[name] is True:
                report.add(exchange, STATUS, f"{status} has a body that tells a success", f"false as {name}", "true")
        inner = [held for name, held in body.items() if name in _INNER and isinstance(held, dict)]
        for holder in (body, *inner):
            for name, value in holder.items():
                if STATUS not in off and plain(name) in _STATUSES and _tells_other(exchange, holder, name):
                    if holder is body and _is_untellable(exchange, name):
                        continue
                    summary = f"{status} has a body that tells another status"
                    report.add(exchange, STATUS, summary, f"{status} as {name}", repr(value))
                if CODE not in off and plain(name) in _CODES and isinstance(value, int | str):
                    self._note(exchange, name, value)
                    if isinstance(value, str):
                        _judge_wide(exchange, holder is body, name, value, report)

    def _note(self, exchange: Exchange, name: str, value: Any) -> None:
        status = exchange.response.status
        if name == "code":
            self._errors.setdefault(exchange.operation.label, {}).setdefault(value, exchange)
        named = _NAMED.get(_ENDING.sub("", plain(value))) if isinstance(value, str) else None
        if named is not None:
            self._seen.setdefault((name, value), Counter())[status] += 1
            if named != status and not (named == HTTPStatus.NOT_FOUND and _may_miss_another(exchange)):
                self._odd.append((name, value, exchange))

    def finish(self, report: Report) -> None:
        """Note codes that came with a status of another name, and those of a success."""
        for name, value, exchange in self._odd:
            named = _NAMED[_ENDING.sub("", plain(value))]
            if self._seen[name, value][named] or str(named) in exchange.operation.responses:
                status = exchange.response.status
                summary = f"{status} has the {name} of {named}"
                report.add(exchange, CODE, summary, f"{value!r} with {named} only", exchange.response.describe())
        for label, codes in self._errors.items():
            code = self._success.get(label)
            everywhere = {each for found in self._errors.values() for each in found}
            # Where all errors bear the code of success, it is not what tells them apart.
            if code is not None and code in codes and len(everywhere) > 1:
                exchange = codes[code]
                summary = "an error has the code of a success"
                report.add(exchange, CODE, summary, f"another code than {code!r}", exchange.response.describe())


def _may_miss_another(exchange: Exchange) -> bool:
    """Whether what is not there may be an object that a body names, of which the contract need not tell."""
    return bool(exchange.request.body) and (exchange.intent == "valid" or exchange.source != "ladder")


def _judge_wide(exchange: Exchange, is_outer: bool, name: str, value: str, report: Report) -> None:
    """A code that any mistake may have is not that of an error for which the contract lists one of its own."""
    status, word = exchange.response.status, _plain(value)
    is_wide = _WIDE.get(word, status) != status or (word in _OF_DATA and status in _OF_NO_DATA)
    if not is_wide or exchange.response_schema is None:
        return
    operation, held = exchange.operation, exchange.response.json
    ways = [()] if is_outer else [(each,) for each in _INNER if isinstance(held, dict) and each in held]
    schemas = (shapes.at(operation, exchange.response_schema, way) for way in ways)
    listed = {
        each
        for schema in schemas
        for node in shapes.declared(operation, schema, name)
        for each in _listed(operation.resolve(node))
    }
    own = next((each for each in listed if isinstance(each, str) and _NAMED.get(_plain(each)) == status), None)
    if own is not None and str(status) in operation.responses and not _is_shown(exchange, value):
        summary = f"{status} has the {name} of other errors"
        report.add(exchange, CODE, summary, repr(own), exchange.response.describe())


def _is_shown(exchange: Exchange, value: str) -> bool:
    """Whether examples of an answer have a value, be it that one example is that of all errors."""
    content = exchange.documented.tree.get("content", {}) if exchange.documented is not None else {}
    schemas = (exchange.operation.resolve(media.get("schema")) for media in content.values())
    shown = [
        [node.get("example"), node.get("examples")] for node in (*content.values(), *schemas) if isinstance(node, dict)
    ]
    return json.dumps(value) in json.dumps(shown, default=str)


def _plain(value: str) -> str:
    return _ENDING.sub("", plain(value))


def _tells_other(exchange: Exchange, holder: dict[str, Any], name: str) -> bool:
    """Whether a property of an error tells another status than it has: one of HTTP, or what is described as such."""
    value = holder[name]
    if isinstance(value, str):
        value = whole_number(value)
    if not isinstance(value, int) or isinstance(value, bool) or value == exchange.response.status:
        return False
    return 100 <= value < 600 or (holder is exchange.response.json and _is_of_http(exchange, name))


def _is_of_http(exchange: Exchange, name: str) -> bool:
    operation, schema = exchange.operation, exchange.response_schema
    declared = [] if schema is None else shapes.declared(operation, schema, name)
    return any(_OF_HTTP.search(str(operation.resolve(each).get("description"))) for each in declared)


def _is_untellable(exchange: Exchange, name: str) -> bool:
    """Whether the schemas of an error list what a property of it may be, and its status is nowhere among that."""
    operation, schema = exchange.operation, exchange.response_schema
    declared = [] if schema is None else shapes.declared(operation, schema, name)
    listed = [_listed(operation.resolve(each)) for each in declared]
    status = exchange.response.status
    return bool(listed) and all(each and status not in each and str(status) not in each for each in listed)


def _listed(schema: Any) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum") or ())
