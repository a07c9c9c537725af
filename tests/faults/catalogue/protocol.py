"""HTTP itself: methods, paths, media types, headers, syntax."""

import json
import re
from collections.abc import Callable

from tests.faults.altering import Change, Message, Serve
from tests.faults.catalogue.echo import DEFINITIONS, METRICS, NEW, ORDERS
from tests.faults.catalogue.errors import REGISTER
from tests.faults.faulty import Fault
from tests.faults.operators.answers import answer, fail, header, replace_answer, status, text
from tests.faults.operators.conditions import at, when_asked
from tests.faults.operators.contracts import in_contract
from tests.faults.operators.requests import accept_any_status, change_request

LOOSE = {"name": "a", "data_type": "STRING"}


def _set_json(value: object) -> object:
    def instead(request: Message) -> None:
        request.json = value
        request.headers["content-type"] = "application/json"

    return instead


def _called_json(request: Message) -> None:
    request.headers["content-type"] = "application/json"


def _without_comma(request: Message) -> None:
    request.body = request.body.replace(b",}", b"}").replace(b"'", b'"')


def _first_value(request: Message) -> None:
    found, _ = json.JSONDecoder().raw_decode(request.body.decode())
    request.json = found


def _lenient_parser(instead: object) -> Change:
    """Try to make sense of what is no JSON."""

    async def altered(request: Message, serve: Serve) -> Message:
        again = request.copy()
        found = await serve(request)
        if found.status in (400, 422) and again.body and again.json is None and callable(instead):
            try:
                instead(again)
            except ValueError:
                return found
            retried = await serve(again)
            return retried if retried.succeeded else found
        return found

    return altered


def method(name: str, change: Change) -> Change:
    """For requests of a method that the contract does not have everywhere."""
    return when_asked(lambda request: request.method == name, change)


def _is_unknown(request: Message) -> bool:
    return not request.path.startswith(("/v1/orders", "/api/v1/metrics", "/external", "/merchant/metric", "/api/admin"))


def _slash(request: Message) -> bool:
    return request.path.endswith("/")


def _path(pattern: str, instead: str) -> Callable[[Message], None]:
    return lambda request: setattr(request, "path", re.sub(pattern, instead, request.path))


def _above(size: int) -> Callable[[Message], bool]:
    return lambda request: len(request.body) > size


def _when(name: str, part: str, change: Change) -> Change:
    """For requests with a part of a header field."""
    return when_asked(lambda request: part in request.headers.get(name, ""), change)


FAULTS = [
    Fault(
        "media types of JSON other than the first refused",
        "cuoral",
        at(
            DEFINITIONS,
            when_asked(lambda asked: "+json" in asked.headers.get("content-type", ""), fail(422, {"detail": []})),
        ),
    ),
    Fault(
        "no media type needed",
        "unleash",
        when_asked(
            lambda asked: "content-type" not in asked.headers,
            change_request(lambda asked: asked.headers.update({"content-type": "application/json"})),
        ),
    ),
    Fault("no Allow", "cuoral", header("allow", None, on="405")),
    Fault("no Allow", "orders", header("allow", None, on="405")),
    Fault("an empty Allow", "orders", header("allow", "", on="405")),
    Fault("Allow with what is not there", "meteroid", header("allow", "GET, POST, PUT, PATCH, DELETE", on="405")),
    Fault(
        "unknown methods answered",
        "cuoral",
        answer(lambda found, asked: _become(found, asked.respond(200, [])), on="405"),
    ),
    Fault("unknown methods not found", "orders", status(405, 404)),
    Fault("unknown methods fail", "meteroid", status(405, 500)),
    Fault("PUT like POST", "orders", method("PUT", change_request(lambda request: setattr(request, "method", "POST")))),
    Fault(
        "PUT like a POST of its own",
        "unibee",
        method("PUT", change_request(lambda request: setattr(request, "method", "POST"))),
    ),
    Fault(
        "a media type that nobody looks at is refused",
        "unibee",
        when_asked(lambda request: request.headers.get("content-type") == "text/plain", fail(415, {"message": "no"})),
    ),
    Fault("DELETE answered", "cuoral", method("DELETE", fail(204, None))),
    Fault("TRACE answered", "orders", method("TRACE", fail(200, "TRACE", "message/http"))),
    Fault("HEAD fails", "orders", method("HEAD", fail(500, None))),
    Fault("HEAD not found", "orders", method("HEAD", fail(404, {"code": "not_found", "message": "no"}))),
    Fault("OPTIONS fails", "meteroid", method("OPTIONS", fail(500, None))),
    Fault("unknown paths found", "orders", when_asked(_is_unknown, fail(200, {}))),
    Fault("unknown paths fail", "cuoral", when_asked(_is_unknown, fail(500, {}))),
    Fault("unknown paths in HTML", "unibee", when_asked(_is_unknown, fail(200, "<html></html>", "text/html"))),
    Fault("slash at the end fails", "cuoral", when_asked(_slash, fail(500, {}))),
    Fault("paths that begin alike", "unleash", change_request(_path(r"/register.+", "/register"))),
    Fault("paths that begin alike", "orders", change_request(_path(r"^/v1/orders\w+$", "/v1/orders"))),
    Fault("paths below one", "cuoral", change_request(_path(r"/metrics/\w+$", "/metrics"))),
    Fault("paths that end alike", "orders", change_request(_path(r"^/\w+/v1/orders", "/v1/orders"))),
    Fault("less room than stated", "meteroid", when_asked(_above(8192), fail(413, "no", "text/plain"))),
    Fault("one byte too few", "unleash", when_asked(_above(102399), fail(413, {"message": "no"}))),
    Fault("any size", "unleash", contract=in_contract("x-counterfoil/body-limit", 1 << 30)),
    Fault("any size", "meteroid", contract=in_contract("x-counterfoil/body-limit", 1 << 30)),
    Fault("too large is invalid", "unleash", status(413, 400)),
    Fault(
        "lists of media types refused", "orders", _when("accept", ",", fail(406, {"code": "invalid", "message": "no"}))
    ),
    Fault("compressed bodies fail", "cuoral", _when("content-encoding", "gzip", fail(500, {}))),
    Fault(
        "other media types are invalid",
        "orders",
        replace_answer(
            400,
            {"code": "invalid", "message": "no", "errors": [{"path": "/reference", "message": "no"}]},
            on="415",
        ),
    ),
    Fault(
        "methods of a field",
        "orders",
        change_request(
            lambda asked: setattr(asked, "method", asked.headers.get("x-http-method-override", asked.method))
        ),
    ),
    Fault("unknown cookies fail", "orders", _when("cookie", "counterfoil", fail(500, {}))),
    Fault("odd dates fail", "meteroid", _when("if-modified-since", "yesterday", fail(500, {}))),
    Fault(
        "unknown fields of a query fail",
        "cuoral",
        when_asked(lambda asked: "counterfoil" in asked.query, fail(500, {})),
    ),
    Fault("never modified", "orders", _when("if-none-match", '"', fail(304, None))),
    Fault("a byte order mark", "cuoral", text(lambda body: "\ufeff" + body if body else body)),
    Fault(
        "answers in UTF-16",
        "orders",
        at(ORDERS, answer(lambda found, _: setattr(found, "body", found.body.decode().encode("utf-16")))),
    ),
    Fault(
        "charset refused",
        "orders",
        when_asked(
            lambda asked: "charset" in asked.headers.get("content-type", ""),
            fail(415, {"code": "media_type", "message": "no"}),
        ),
    ),
    Fault(
        "charset refused",
        "unleash",
        when_asked(lambda asked: "charset" in asked.headers.get("content-type", ""), fail(415, {"message": "no"})),
    ),
    Fault(
        "media type in upper case refused",
        "meteroid",
        at(
            METRICS,
            when_asked(lambda asked: "JSON" in asked.headers.get("content-type", ""), fail(415, "no", "text/plain")),
        ),
    ),
    Fault("media type not looked at", "orders", at(ORDERS, accept_any_status(415, instead=_called_json))),
    Fault("media type not looked at", "unleash", at(REGISTER, accept_any_status(415, instead=_called_json))),
    Fault("media type not looked at", "meteroid", at(METRICS, accept_any_status(415, instead=_called_json))),
    Fault(
        "forms taken for JSON",
        "orders",
        at(
            ORDERS,
            when_asked(
                lambda asked: "urlencoded" in asked.headers.get("content-type", ""),
                accept_any_status(415, instead=_called_json),
            ),
        ),
    ),
    Fault("commas at the end", "orders", at(ORDERS, _lenient_parser(_without_comma))),
    Fault("anything that is no JSON", "cuoral", at(DEFINITIONS, _lenient_parser(_set_json(LOOSE)))),
    Fault("two values", "unibee", at(NEW, _lenient_parser(_first_value))),
    Fault(
        "malformed fails",
        "unleash",
        when_asked(lambda asked: bool(asked.body) and asked.json is None, status(400, 500)),
    ),
    Fault("malformed is accepted", "unleash", when_asked(lambda asked: asked.body == b"{", fail(204, None))),
    Fault("answers as text", "orders", at(ORDERS, header("content-type", "text/plain", on="201"))),
    Fault("answers as HTML", "cuoral", at(DEFINITIONS, header("content-type", "text/html; charset=utf-8", on="201"))),
    Fault("answers of no type", "meteroid", at(METRICS, header("content-type", None, on="201"))),
    Fault("answers as binary data", "unibee", at(NEW, header("content-type", "application/octet-stream", on="200"))),
    Fault(
        "answers as JSON lines",
        "cuoral",
        at("GET /external/v1/external/v1/customers/metrics", header("content-type", "application/x-ndjson", on="200")),
    ),
    Fault(
        "answers in Latin-1",
        "cuoral",
        at(
            DEFINITIONS,
            answer(
                lambda found, asked: setattr(
                    found, "body", json.dumps(found.json, ensure_ascii=False).encode("latin-1", "replace")
                )
            ),
        ),
    ),
    Fault("answers with something in front", "orders", at(ORDERS, text(lambda body: ")]}',\n" + body, on="2XX"))),
    Fault("answers cut off", "meteroid", at(METRICS, text(lambda body: body[:-1], on="2XX"))),
    Fault("answers empty", "orders", at("GET /v1/orders/{id}", text(lambda body: "", on="2XX"))),
    Fault(
        "NaN",
        "orders",
        at(
            ORDERS,
            text(
                lambda body: body.replace('"express":true', '"express":NaN').replace(
                    '"express": true', '"express": NaN'
                ),
                on="2XX",
            ),
        ),
    ),
    Fault("twice encoded", "unibee", at(NEW, answer(lambda found, asked: setattr(found, "json", found.body.decode())))),
    Fault(
        "wrapped in data",
        "orders",
        at("GET /v1/orders/{id}", answer(lambda found, asked: setattr(found, "json", {"data": found.json}))),
    ),
    Fault("a body where there is none", "unleash", at(REGISTER, replace_answer(200, {"ok": True}, on="204"))),
    Fault("redirect to a login", "orders", at(ORDERS, replace_answer(302, "", "text/html", on="201"))),
    Fault(
        "never busy", "meteroid", at(METRICS, replace_answer(429, {"code": "RATE", "message": "slow down"}, on="201"))
    ),
    Fault("undocumented 418", "unibee", at(NEW, replace_answer(418, {}, on="400"))),
    Fault("request id missing", "orders", at("GET /v1/orders", header("x-request-id", None))),
]


def _become(found: Message, other: Message) -> None:
    found.status, found.headers, found.body = other.status, other.headers, other.body
