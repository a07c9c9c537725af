"""A valid body that is written or labelled otherwise: malformed, absent, of other media types."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from counterfoil.checks import stated
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.leaves import Path, leaves, put
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.cases.variants.change import ABSENT
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation, is_json, media_type_of
from counterfoil.checks.roles import role_of
from counterfoil.checks.unique import rewritten
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.encodings import FORM, PARTS
from counterfoil.checks.wire.exchange import NOTHING
from counterfoil.stub.contract_tree import extension
from counterfoil.stub.requests.malformed import MalformedError
from counterfoil.stub.requests.strict_json import parse

_UNSUPPORTED = frozenset({415})
_MALFORMED_BODY = "malformed"
_MISSING_TYPE = "media-type.missing"
_PADDING = 100_000  # bytes, which a server may find too many
_DEEP = 40_000  # arrays inside each other
_MARK = "counterfoil"
_PROBE = "counter\ufffd\xff\x01\nfoil"  # what lenient servers may read where the mark was broken
# What is other text in other charsets: letters of Latin-1 and others, and one that is a pair in UTF-16.
_FOREIGN = "Z\u00fcrich \u20ac \u0416 \U0001f9fe"

Alter = Callable[[bytes], bytes]

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
_FIRST_NUMBER = re.compile(rb'(?<=": )-?\d[\d.e+-]*(?=[,}\]])')


def _number_as(text: bytes) -> Alter:
    return lambda body: _FIRST_NUMBER.sub(text, body, count=1)


def _with_half(body: bytes) -> bytes:
    return _FIRST_NUMBER.sub(lambda found: b"%f" % (float(found[0]) + 0.5), body, count=1)


def _mark_as(text: bytes) -> Alter:
    return lambda body: body.replace(_MARK.encode(), text, 1)


# What is done to a valid body, so that a lenient server accepts what comes of it.
_ALTERED: Mapping[str, Alter] = {
    "the end missing": lambda body: body[:-1],
    "a comma before the end": lambda body: body[:-1] + b"," + body[-1:],
    "a comma at the end of a list": lambda body: body.replace(b"]", b",]", 1),
    "no comma between two properties": lambda body: body.replace(b', "', b' "', 1),
    "single quotes around names and texts": lambda body: body.replace(b'"', b"'"),
    "a name without quotes": lambda body: re.sub(rb'^\{"(\w+)"', rb"{\1", body),
    "something behind the end": lambda body: body + b" x",
    "a second value behind the end": lambda body: body + b" {}",
    "a comment": lambda body: body[:1] + b" /* a comment */ " + body[1:],
    "words of Python": lambda body: re.sub(rb": (true|false|null)", lambda found: found[0].title(), body),
    "a zero in front of a number": lambda body: _FIRST_NUMBER.sub(rb"0\g<0>", body, count=1),
    "a line end within a text": _mark_as(b"counter\nfoil"),
    "a control character within a text": _mark_as(b"counter\x01foil"),
    "an unknown escape": _mark_as(rb"counter\xfoil"),
}
# What many parsers have as numbers (RFC 8259, 9), so that it is up to a schema to refuse them, in other words.
_NO_NUMBERS: Mapping[str, Alter] = {
    "not a number": _number_as(b"NaN"),
    "an infinite number": _number_as(b"Infinity"),
}
# What many decoders put the replacement character for, while others fail before anything reads JSON.
_UNDECODABLE: Mapping[str, Alter] = {
    "invalid UTF-8 in a name": lambda body: body.replace(b'{"', b'{"counterfoil\xff": 1, "', 1),
    "invalid UTF-8 in a text": _mark_as(b"counter\xfffoil"),
    "half of a pair in UTF-8": _mark_as(b"counter\xed\xa0\xbdfoil"),
    "UTF-16": lambda body: body.decode().encode("utf-16"),
}
# What RFC 8259 leaves to whoever reads it (4, 8.1, 8.2).
_UNPREDICTABLE: Mapping[str, Alter] = {
    "a name twice": lambda body: body[:-1] + b", " + body[1:],
    "a byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "half of a pair": _mark_as(rb"counter\ud83dfoil"),
    "a very large number": _number_as(b"1e400"),
}
_ALL_ALTERED = (_ALTERED, _NO_NUMBERS, _UNDECODABLE, _UNPREDICTABLE)
_JSON = "application/json"
# What such a request does nobody sees who does not read its body.
_CHANGING = frozenset({"change", "replace", "remove"})
_OTHER_TYPES = ("text/plain", "application/xml", FORM, PARTS)


def of_json(operation: Operation, base: Draft, body: ValidBody, instances: Instances) -> Iterator[Rung]:
    """Every other way to send a valid JSON body; `base` has valid parameters."""
    pointer = f"{operation.pointer}/requestBody"
    valid = base.with_json(body.minimal, body.media_type)
    yield _written_otherwise(base, body)
    large = replace(base, altered=lambda text: text + b" " * _PADDING).with_json(body.minimal, body.media_type)
    yield Rung(large, "the body", "has much white space behind it", "", body.pointer, must=False)
    if operation.looks_at("malformed"):
        yield from _malformed(operation, base, body, instances, pointer)
    yield from _absent(operation, base, body, pointer)
    yield from _spellings(valid, pointer, _with_texts(body, instances, (_FOREIGN,)))
    if operation.looks_at("media-type"):
        yield from _media_types(operation, valid, pointer)
    elif role_of(operation).action not in _CHANGING and not _is_documented(operation, _OTHER_TYPES[0]):
        unheeded = replace(valid, media_type=_OTHER_TYPES[0])
        yield Rung(unheeded, "the content type", f"is {_OTHER_TYPES[0]}, which is stated not to count", "", pointer)


def of_another_type(operation: Operation, base: Draft, body: ValidBody) -> Iterator[Rung]:
    """Other ways to send a valid body that is not JSON."""
    pointer = f"{operation.pointer}/requestBody"
    yield from _absent(operation, base, body, pointer)
    if operation.looks_at("media-type"):
        labelled = base.with_json(body.minimal, body.media_type)
        as_json = replace(base, altered=None).with_json(body.minimal, _JSON)
        for draft in (replace(labelled, media_type=_JSON), as_json):
            if not _is_documented(operation, _JSON):
                yield _of_another_type(draft, _JSON, pointer)
        yield from _spellings(labelled, pointer)
        yield from _media_types(operation, labelled, pointer)


def _absent(operation: Operation, base: Draft, body: ValidBody, pointer: str) -> Iterator[Rung]:
    required = operation.resolve(operation.tree.get("requestBody", {})).get("required")
    missing = "the required body is missing" if required else ""
    # Where a body may be absent, servers may still ask for its media type.
    must = bool(required) or not operation.looks_at("media-type")
    yield Rung(base, "the body", ABSENT, missing, pointer, _UNSUPPORTED, must=must, reason=_MALFORMED_BODY)
    empties: tuple[Any, ...] = ("", {})  # a text or bytes, a form
    if not is_json(body.media_type) and any(operation.accepts(body.schema, value) for value in empties):
        return
    empty = replace(base, body=b"", media_type=body.media_type)
    yield Rung(empty, "the body", "is empty", missing, pointer, must=bool(required), reason=_MALFORMED_BODY)


def _written_otherwise(base: Draft, body: ValidBody) -> Rung:
    draft = replace(base, altered=_spaced).with_json(_reversed(body.full), body.media_type)
    return Rung(draft, "the body", "has spaces, escapes and another order of names", "", body.pointer)


def _reversed(value: Any) -> Any:
    """The same value with the names of all objects in it the other way round."""
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


def _spaced(body: bytes) -> bytes:
    text = json.dumps(json.loads(body), indent="\t", separators=(" ,\r\n", " : "))
    return f"\n {text} \t\r\n".encode()


def _is_json(text: bytes) -> bool:
    """Whether a text that was altered is JSON all the same, since what was altered is inside a string."""
    try:
        parse(text)
    except MalformedError:
        return False
    return True


def _takes_fractions(base: Draft, body: ValidBody, value: Any, instances: Instances) -> bool:
    """Whether the first number of a body may have a fraction, so that what parsers have as one may be there, too."""
    draft = replace(base, altered=_with_half).with_json(value, body.media_type)
    return instances.fits(body.pointer, json.loads(draft.body or b""))


def _malformed(
    operation: Operation, base: Draft, body: ValidBody, instances: Instances, pointer: str
) -> Iterator[Rung]:
    bare = replace(base, media_type=body.media_type)
    for label, text in _MALFORMED.items():
        yield _is_malformed(replace(bare, body=text), label, pointer)
    marked = _marked(operation, body, instances)
    for label, alter in chain.from_iterable(each.items() for each in _ALL_ALTERED):
        value = _holder(alter, body, marked)
        draft = replace(base, altered=alter).with_json(value, body.media_type)
        must = label in _ALTERED or (label in _NO_NUMBERS and not _takes_fractions(base, body, value, instances))
        if draft.is_altered and not (must and _is_json(draft.body or b"")):
            by_parser = label in _NO_NUMBERS or label in _UNDECODABLE
            yield replace(_is_malformed(draft, label, pointer), must=must, by_parser=by_parser)
    deep = b"[" * _DEEP + b"]" * _DEEP
    yield Rung(
        replace(bare, body=deep),
        "the body",
        "is nested deeply",
        "arrays inside each other",
        pointer,
        reason=_MALFORMED_BODY,
        by_parser=True,
    )


def _holder(alter: Alter, body: ValidBody, marked: Any) -> Any:
    """The smallest of the valid bodies that has what is altered."""
    for value in (body.minimal, marked, body.full):
        if value is not NOTHING and isinstance(value, dict) and value:
            text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
            if alter(text) != text:
                return value
    return body.minimal


def _is_malformed(draft: Draft, label: str, pointer: str) -> Rung:
    broken = f"no JSON: {label}"
    return Rung(draft, "the body", f"is malformed: {label}", broken, pointer, reason=_MALFORMED_BODY)


def _marked(operation: Operation, body: ValidBody, instances: Instances) -> Any:
    """A valid body with a mark in a text of it that may be any; nothing where there is none."""
    unique = {path for path, _ in rewritten(operation)}
    return _with_texts(body, instances, (_MARK, _PROBE), unique)


def _with_texts(
    body: ValidBody, instances: Instances, texts: Sequence[str], unique: Collection[Path] = frozenset()
) -> Any:
    """A valid body with the first of `texts` in a place that may have any of them; nothing where there is none.

    What is `unique` would be rewritten, and is passed over.
    """
    for path, value in leaves(body.full):
        if isinstance(value, str) and path not in unique:
            changed, *others = (put(body.full, path, text) for text in texts)
            if all(instances.fits(body.pointer, each) for each in (changed, *others)):
                return changed
    return NOTHING


def _spellings(valid: Draft, pointer: str, foreign: Any = NOTHING) -> Iterator[Rung]:
    """The media type of a valid body in other spellings; `foreign` is a body with foreign letters."""
    plain, _, parameters = (valid.media_type or _JSON).partition(";")
    spellings = {"upper case": ";".join(filter(None, (plain.upper(), parameters)))}
    if not parameters:
        spellings |= {"a charset": f"{plain}; charset=utf-8", "a charset in quotes": f'{plain} ;charset="UTF-8"'}
    for label, written in spellings.items():
        draft = replace(valid, media_type=written)
        if "charset" in label and foreign is not NOTHING:
            draft = draft.with_json(foreign, written)
        yield Rung(draft, "the content type", f"has {label}", "", pointer)


def _media_types(operation: Operation, valid: Draft, pointer: str) -> Iterator[Rung]:
    """Other media types of a valid body, and none."""
    plain = (valid.media_type or _JSON).partition(";")[0]
    for name in extension("json-types", operation.tree, operation.contract) or () if is_json(plain) else ():
        written = name.replace("*", "vnd.counterfoil")
        yield Rung(
            replace(valid, media_type=written), "the content type", f"is {written}, which is stated", "", pointer
        )
    if stated.refusal(operation, _MISSING_TYPE) != stated.refusal(operation, "media-type"):
        broken = "the content type is missing"
        unlabelled = replace(valid, media_type=None)
        yield Rung(unlabelled, "the content type", ABSENT, broken, pointer, _UNSUPPORTED, reason=_MISSING_TYPE)
    others = [(name, name) for name in _OTHER_TYPES]
    others += [(f"{plain}x", f"{plain}x"), ("text/plain", f"text/plain; type={plain}")]
    if plain != _JSON and is_json(plain) and ("415" in operation.responses or stated.refusal(operation, "media-type")):
        others.append((_JSON, _JSON))
    for other, written in others:
        if not _is_documented(operation, other):
            yield _of_another_type(replace(valid, media_type=written), written, pointer)
            if other == FORM and is_json(plain) and isinstance(valid.value, dict) and valid.value:
                form = replace(valid, altered=_as_form).with_json(valid.value, other)
                yield _of_another_type(form, "a form", pointer)


def _is_documented(operation: Operation, media_type: str) -> bool:
    documented = {media_type_of(name) for name in operation.request_content}
    return not documented.isdisjoint((media_type, media_type.partition("/")[0] + "/*", "*/*"))


def _of_another_type(draft: Draft, label: str, pointer: str) -> Rung:
    broken = f"{draft.media_type} is not among the media types of the body"
    return Rung(draft, "the content type", f"is {label}", broken, pointer, _UNSUPPORTED, reason="media-type")


def _as_form(body: bytes) -> bytes:
    return urlencode({name: _text(value) for name, value in json.loads(body).items()}).encode()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
