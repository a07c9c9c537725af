"""Requests that differ from a valid one in their JSON body, or in how the body is sent."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from counterfoil.checks.cases.instances import Instances, Violation
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.cases.walk import Variant, Walk
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation, media_type_of
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.exchange import NOTHING

_UNSUPPORTED = frozenset({415})
_MALFORMED_BODY = "malformed"
_ALTERNATIVES = frozenset(("anyOf", "oneOf", "not"))
_DEEP = 5_000  # arrays inside each other

_MALFORMED: Mapping[str, bytes] = {
    "an open brace": b"{",
    "a name without a value": b'{"name":',
    "a comma at the end": b'{"name": "a",}',
    "single quotes": b"{'name': 'a'}",
    "two values": b"{} {}",
    "no JSON at all": b"name=a",
    "an unknown word": b'{"name": undefined}',
    "white space": b"  \n",
}
# What is done to a valid body, so that a lenient server accepts what comes of it.
_ALTERED: Mapping[str, Callable[[bytes], bytes]] = {
    "the end missing": lambda body: body[:-1],
    "a comma before the end": lambda body: body[:-1] + b"," + body[-1:],
    "single quotes around names and texts": lambda body: body.replace(b'"', b"'"),
    "something behind the end": lambda body: body + b" x",
    "a second value behind the end": lambda body: body + b" {}",
    "a comment": lambda body: body[:1] + b" /* a comment */ " + body[1:],
    "invalid UTF-8 in a name": lambda body: body.replace(b'{"', b'{"counterfoil\xff": 1, "', 1),
    "a line end within a text": lambda body: body.replace(b'{"', b'{"counterfoil": "a\nb", "', 1),
}
_OTHER_TYPES = ("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data")


def rungs(operation: Operation, base: Draft, body: ValidBody, instances: Instances) -> Iterator[Rung]:
    """Every request of the ladder for the JSON body of an operation; `base` has valid parameters."""
    media_type, pointer = body.media_type, body.pointer
    sent: list[str] = []
    for name, whole in (("full", body.full), ("minimal", body.minimal), ("documented", body.documented)):
        text = json.dumps(whole)
        if text not in sent:
            sent.append(text)
            yield Rung(base.with_json(whole, media_type), "", f"a {name} request", "", pointer)
    walk = Walk(instances)
    variants = walk.variants(body.schema, pointer, body.full)
    for variant in chain(variants, walk.additions(body.schema, pointer, body.minimal)):
        violations = instances.violations(pointer, variant.value)
        first = violations[0] if violations else Violation("", (), "")
        yield Rung(
            base.with_json(variant.value, media_type),
            variant.place or "the body",
            variant.label,
            first.message,
            variant.pointer or pointer,
            path=_wrong_place(variant, first),
            alone=len(violations) == 1 and first.keyword not in _ALTERNATIVES,
            keyword=first.keyword,
        )
    yield from _as_sent(operation, base.with_json(body.minimal, media_type))


def _wrong_place(variant: Variant, violation: Violation) -> tuple[str | int, ...]:
    """The steps to what was changed if that is what is wrong, none where the change makes something else wrong."""
    if violation.path == variant.path or (violation.keyword == "required" and violation.path == variant.path[:-1]):
        return variant.path
    return ()


def _as_sent(operation: Operation, valid: Draft) -> Iterator[Rung]:
    """The same body in other ways: malformed, absent, of other media types."""
    pointer = f"{operation.pointer}/requestBody"
    media_type = valid.media_type or "application/json"
    bare = replace(valid, value=NOTHING)
    malformed = [(label, replace(bare, body=text)) for label, text in _MALFORMED.items()]
    for label, alter in _ALTERED.items():
        if (valid.body or b"").startswith(b'{"'):
            malformed.append((label, replace(valid, altered=alter).with_json(valid.value, media_type)))
    for label, draft in malformed:
        broken = f"no JSON: {label}"
        yield Rung(draft, "the body", f"is malformed: {label}", broken, pointer, reason=_MALFORMED_BODY)
    required = operation.resolve(operation.tree.get("requestBody", {})).get("required")
    missing = "the required body is missing" if required else ""
    nothing = replace(bare, body=None, media_type=None)
    yield Rung(nothing, "the body", "is absent", missing, pointer, _UNSUPPORTED, reason=_MALFORMED_BODY)
    yield Rung(
        replace(bare, body=b""), "the body", "is empty", missing, pointer, must=bool(required), reason=_MALFORMED_BODY
    )
    deep = b"[" * _DEEP + b"]" * _DEEP
    yield Rung(
        replace(bare, body=deep),
        "the body",
        "is nested deeply",
        "arrays inside each other",
        pointer,
        reason=_MALFORMED_BODY,
    )
    if operation.looks_at("media-type"):
        yield from _media_types(operation, valid, media_type, pointer)


def _media_types(operation: Operation, valid: Draft, media_type: str, pointer: str) -> Iterator[Rung]:
    plain = media_type_of(media_type)
    if "*" not in plain:
        for label, written in (("a charset", f"{plain}; charset=utf-8"), ("upper case", plain.upper())):
            yield Rung(replace(valid, media_type=written), "the content type", f"has {label}", "", pointer)
    documented = {media_type_of(name) for name in operation.request_content}
    for other in _OTHER_TYPES:
        if not {other, other.partition("/")[0] + "/*", "*/*"} & documented:
            broken = f"{other} is not among the media types of the body"
            draft = replace(valid, media_type=other)
            yield Rung(draft, "the content type", f"is {other}", broken, pointer, _UNSUPPORTED, reason="media-type")
