"""Where an answer departs from its contract, one finding for each rule that it breaks and each thing that is new."""

from collections.abc import Container, Iterator
from typing import Any, NamedTuple

import jsonschema_rs

from counterfoil import pointer as json_pointer
from counterfoil.checks.operation import Described, Operation, media_type_of
from counterfoil.checks.schema_paths import followed, keyword_at
from counterfoil.checks.semantics.refusals import undocumented
from counterfoil.checks.wire import headers
from counterfoil.checks.wire.credentials import MASK
from counterfoil.checks.wire.exchange import NOTHING, Exchange, Response

# Fields of HTTP itself, of caches, of connections and of browsers' rules, which contracts seldom mention: RFC 9110,
# RFC 9111, RFC 9112, RFC 6265, RFC 6797, RFC 8288, the Fetch standard.
_COMMON = frozenset(
    {
        "accept-ranges", "age", "allow", "alt-svc", "cache-control", "clear-site-data", "connection",
        "content-disposition", "content-encoding", "content-language", "content-length", "content-location",
        "content-range", "content-security-policy",
        "content-type", "date", "etag", "expires", "keep-alive", "last-modified", "link",
        "location", "nel", "permissions-policy", "pragma", "referrer-policy", "report-to", "reporting-endpoints",
        "retry-after", "server", "server-timing", "set-cookie", "strict-transport-security", "trailer",
        "transfer-encoding", "upgrade", "vary", "via", "www-authenticate", "x-content-type-options", "x-frame-options",
        "x-powered-by", "x-xss-protection",
    }
)  # fmt: skip
_COMMON_PREFIXES = ("access-control-", "cross-origin-", "cf-", "x-amz-cf-", "x-served-by", "x-cache")
_CLOSING = ("additionalProperties", "unevaluatedProperties")
_DEEPEST = 12


class Departure(NamedTuple):
    """`kind` is `status`, `media type`, `header`, `field` or the keyword of JSON Schema that is broken.

    `pointer` leads into the contract: to the responses, the response, the schema of an object, or the keyword. `name`
    is what is new or missing there, `place` where in the answer that shows, `value` what was there.
    """

    kind: str
    pointer: str
    name: str
    place: str
    value: Any


def departures(exchange: Exchange) -> Iterator[Departure]:
    """All departures of one answer; server errors and what HTTP allows every server are none."""
    operation, response = exchange.operation, exchange.response
    described = exchange.documented
    if described is None:
        if response.status < 500 and not undocumented.tolerable_error(operation, response.status):
            yield Departure("status", operation.response_pointer(), str(response.status), "", body_of(exchange))
        return
    pointer = operation.response_pointer(described.key)
    content = described.tree.get("content") or {}
    sent = sent_as(response)
    if exchange.request.method != "HEAD" and response.body and content:
        if not {sent, sent.partition("/")[0] + "/*", "*/*"} & {media_type_of(name) for name in content}:
            yield Departure("media type", pointer, sent, "", body_of(exchange))
        else:
            yield from _of_body(exchange, described)
    yield from _of_headers(exchange, described, pointer)


def added(exchange: Exchange) -> Iterator[str]:
    """The names of fields in the body of a request that the contract does not tell of."""
    operation, value = exchange.operation, exchange.request.json
    if value is not NOTHING and operation.request_schema is not None:
        for departure in _new_fields(operation, operation.request_schema, "", value, "", _DEEPEST):
            yield departure.name


def sent_as(response: Response) -> str:
    """The media type of a body; that of any bytes where none is given (RFC 9110, section 8.3)."""
    return media_type_of(response.header("content-type")) or "application/octet-stream"


def new_headers(response: Response, known: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """The header fields of an answer, names in lower case, that are not `known`, nor such as any server sends."""
    for name, value in dict(response.headers).items():
        lower = name.lower()
        if lower not in known and lower not in _COMMON and not lower.startswith(_COMMON_PREFIXES):
            yield lower, value


def body_of(exchange: Exchange) -> Any:
    """The JSON value of an answer's body, an empty text for any other body, `NOTHING` for none."""
    value = exchange.response.json
    return value if value is not NOTHING else (NOTHING if not exchange.response.body else "")


def _of_body(exchange: Exchange, described: Described) -> Iterator[Departure]:
    operation, schema, value = exchange.operation, exchange.response_schema, exchange.response.json
    if schema is None or value is NOTHING:
        return
    pointer = operation.schema_pointer(described, exchange.response.header("content-type"))
    for error in operation.response_validator(schema).iter_errors(value):
        if MASK in str(error.instance):
            continue
        place = json_pointer.join("", *error.instance_path)
        rule = keyword_at(operation.contract, pointer, error.evaluation_path)
        keyword = json_pointer.split(rule)[-1]
        if error.kind.name in _CLOSING:
            holder = rule[: -len(keyword) - 1] if keyword in _CLOSING else rule
            shown: Any = error.instance
            for name in _undescribed(operation, holder, error):
                yield Departure("field", holder, name, json_pointer.join(place, name), shown[name])
        elif error.kind.name == "falseSchema":
            yield Departure("falseSchema", rule, "", place, error.instance)
        elif keyword == "required":
            shown = error.instance
            for name in _node(operation, rule):
                if name not in shown:
                    yield Departure("required", rule, name, json_pointer.join(place, name), None)
        else:
            yield Departure(keyword, rule, "", place, error.instance)
    yield from _new_fields(operation, schema, pointer, value, "", _DEEPEST)


def _undescribed(operation: Operation, holder: str, error: jsonschema_rs.ValidationError) -> list[str]:
    """The fields that a closed schema refuses, without those that a part of it describes and refuses for their value.

    What a part evaluates does not count where that part fails (JSON Schema 2020-12 Core, section 7.7.1.2).
    """
    refused: list[str] = getattr(error.kind, "unexpected", [])
    if error.kind.name == "additionalProperties":  # which sees no other part
        return refused
    parts = _parts(operation, _node(operation, holder), holder, error.instance, _DEEPEST)
    described = {name for part, _ in parts for name in part.get("properties") or ()}
    return [name for name in refused if name not in described]


def _new_fields(
    operation: Operation, schema: Any, pointer: str, value: Any, place: str, depth: int
) -> Iterator[Departure]:
    """Fields of open objects that no part of their schema tells of; those of maps and free-form objects are not new."""
    if depth == 0 or not isinstance(value, dict | list):
        return
    parts = list(_parts(operation, schema, pointer, value, _DEEPEST))
    if isinstance(value, list):
        for part, where in parts:
            if "items" in part:
                for number, item in enumerate(value):
                    inner = json_pointer.join(where, "items")
                    yield from _new_fields(operation, part["items"], inner, item, f"{place}/{number}", depth - 1)
        return
    known = {name: (where, node) for part, where in parts for name, node in (part.get("properties") or {}).items()}
    holder = next((where for part, where in parts if part.get("properties")), None)
    is_map = any(keyword in part for part, _ in parts for keyword in (*_CLOSING, "patternProperties"))
    for name, child in value.items():
        below = json_pointer.join(place, name)
        if name in known:
            where, node = known[name]
            inner = json_pointer.join(where, "properties", name)
            yield from _new_fields(operation, node, inner, child, below, depth - 1)
        elif holder is not None and not is_map:
            yield Departure("field", holder, name, below, child)


def _parts(
    operation: Operation, schema: Any, pointer: str, value: Any, depth: int
) -> Iterator[tuple[dict[str, Any], str]]:
    """The schemas that apply to a value, and where they stand: itself, all of `allOf`, branches that accept it."""
    schema, pointer = followed(operation.contract, schema, pointer)
    if not isinstance(schema, dict) or depth == 0:
        return
    yield schema, pointer
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, branch in enumerate(schema.get(keyword) or ()):
            if keyword == "allOf" or operation.accepts(branch, value):
                yield from _parts(operation, branch, json_pointer.join(pointer, keyword, index), value, depth - 1)


def _of_headers(exchange: Exchange, described: Described, pointer: str) -> Iterator[Departure]:
    operation, response = exchange.operation, exchange.response
    known = {str(name).lower(): str(name) for name in described.tree.get("headers") or {}}
    for lower, value in new_headers(response, known):
        yield Departure("header", pointer, lower, f"header {lower}", value)
    for lower, name in known.items():
        node, where = followed(operation.contract, described.tree["headers"][name], f"{pointer}/headers/{name}")
        if lower == "content-type" or not isinstance(node, dict):
            continue
        text = response.header(name)
        if MASK in text:
            continue
        if not text:
            if node.get("required") and exchange.request.method != "HEAD":
                yield Departure("required header", json_pointer.join(where, "required"), name, f"header {lower}", None)
        elif "schema" in node and not headers.accepts(operation, node, text):
            yield Departure("header value", json_pointer.join(where, "schema"), name, f"header {lower}", text)


def _node(operation: Operation, pointer: str) -> Any:
    return json_pointer.resolve(operation.contract, pointer)
