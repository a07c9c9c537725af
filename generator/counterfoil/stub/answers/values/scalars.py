"""Texts and numbers that keep to their schemas' bounds, formats and patterns."""

import base64
import math
import uuid
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from counterfoil.stub.answers.patterns import matching
from counterfoil.stub.answers.values import words
from counterfoil.stub.contract_tree import Node

Accepts = Callable[[Node, Any], bool]

LONGEST = 100_000  # characters of a text, whatever its schema asks for
CHECKED = ("pattern", "format")  # beside lengths, which are kept to

FORMATS: Mapping[str, Callable[[Random], str]] = {
    "date-time": words.moment,
    "date": words.day,
    "time": words.time,
    "duration": lambda random: f"P{random.randint(1, 30)}D",
    "uuid": lambda random: str(uuid.UUID(int=random.getrandbits(128), version=4)),
    "email": words.email,
    "idn-email": words.email,
    "hostname": lambda random: f"{words.token(random, 6)}.example.com",
    "idn-hostname": lambda random: f"{words.token(random, 6)}.example.com",
    "ipv4": lambda random: f"192.0.2.{random.randint(1, 254)}",
    "ipv6": lambda random: f"2001:db8::{random.randint(1, 0xFFFF):x}",
    "uri": words.url,
    "url": words.url,
    "iri": words.url,
    "uri-reference": lambda random: f"/{words.token(random, 6)}",
    "iri-reference": lambda random: f"/{words.token(random, 6)}",
    "uri-template": lambda random: f"/{words.token(random, 6)}/{{id}}",
    "json-pointer": lambda random: f"/{words.token(random, 6)}",
    "relative-json-pointer": lambda random: str(random.randint(0, 3)),
    "regex": lambda _: "^[a-z]+$",
    "byte": lambda random: base64.b64encode(random.randbytes(12)).decode(),
    "base64": lambda random: base64.b64encode(random.randbytes(12)).decode(),
    "password": lambda random: f"secret{words.token(random, 10)}",
    "decimal": lambda random: f"{random.randint(1, 999)}.{random.randint(0, 99):02}",
    "int64": lambda random: str(random.randint(1, 99_999)),
    "int32": lambda random: str(random.randint(1, 99_999)),
}


def text(name: str, schema: Node, random: Random, accepts: Accepts) -> str:
    """A text for a property `name`: by its format, its name or its pattern, the first that `schema` accepts."""
    least = min(int(schema.get("minLength", 0)), LONGEST)
    most = min(int(schema.get("maxLength", LONGEST)), LONGEST)
    checked = {keyword: schema[keyword] for keyword in CHECKED if keyword in schema}
    first = None
    for candidate in _candidates(name, schema, random, least):
        fitted = _fitted(candidate, least, most)
        if not checked or accepts(checked, fitted):
            return fitted
        first = fitted if first is None else first
    return first or ""


def _candidates(name: str, schema: Node, random: Random, least: int) -> Iterator[str]:
    make = FORMATS.get(str(schema.get("format")))
    if make is not None:
        yield make(random)
        if schema.get("minLength") or schema.get("maxLength"):
            yield from _sized(str(schema["format"]), least, random)
    elif (told := words.text(name, random)) is not None:
        yield told
    if isinstance(pattern := schema.get("pattern"), str):
        most = schema.get("maxLength")
        sizes = [least, least + 1, least + 2, least + 8, *([most] if isinstance(most, int) and most < 4096 else [])]
        yield from (made for size in sizes if (made := matching(pattern, size)) is not None)
    yield "string"
    yield from ("1", "a", "A", "example.com", "https://example.com/", "#ffffff", "/", "2025-01-31", "00000000")


def _sized(kind: str, least: int, random: Random) -> Iterator[str]:
    """Texts of a format that are longer, or as short as they can be."""
    if kind in ("email", "idn-email"):
        yield "a@b.co"
        yield f"{words.token(random, min(60, max(1, least - 12)))}@example.com"
        yield f"a@{'.'.join(['example'] * (least // 8 + 1))}.com"
    elif kind in ("uri", "url", "iri"):
        yield "a:b"
        yield f"https://example.com/{words.token(random, max(1, least - 20))}"
    elif kind in ("hostname", "idn-hostname"):
        yield "a.co"
        yield f"{'.'.join(['example'] * (least // 8 + 1))}.com"
    elif kind in ("byte", "base64"):
        yield base64.b64encode(bytes(-(-least * 3 // 4))).decode()


def _fitted(candidate: str, least: int, most: int) -> str:
    if len(candidate) < least:
        candidate = (candidate + "-" + "abcdefghij" * (least // 10 + 1))[:least]
    return candidate[:most]


def number(name: str, schema: Node, random: Random, *, whole: bool) -> int | float:
    """A number for a property `name` within the bounds of `schema`, a multiple as it asks for."""
    low, high = bounds(schema, whole=whole)
    step = schema.get("multipleOf")
    told = words.number(name, random)
    value: int | float = random.randint(1, 100) if told is None else told
    if whole:
        value = int(value)
    elif told is None:
        value = round(value + random.random(), 2)
    if value < low or value > high:
        value = _between(low, high, random, whole=whole)
    if isinstance(step, int | float) and step > 0:
        return _multiple(value, step, low, high, whole=whole)
    return value


def bounds(schema: Node, *, whole: bool) -> tuple[float, float]:
    """The least and the greatest number that a schema allows, infinite without a bound."""
    tick = 1 if whole else 1e-6
    low = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf) + tick)
    high = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf) - tick)
    if not whole and low > high and "exclusiveMinimum" in schema and "exclusiveMaximum" in schema:
        middle = (schema["exclusiveMinimum"] + schema["exclusiveMaximum"]) / 2
        return middle, middle
    return low, high


def _between(low: float, high: float, random: Random, *, whole: bool) -> int | float:
    if math.isinf(low):
        low = high - 100
    if math.isinf(high):
        high = low + 100
    high = min(high, low + 1_000_000)
    if whole:
        return random.randint(math.ceil(low), max(math.ceil(low), math.floor(high)))
    value = round(random.uniform(low, high), 2)
    return value if low <= value <= high else low + (high - low) / 2 if high > low else low


def _multiple(value: float, step: float, low: float, high: float, *, whole: bool) -> int | float:
    """The multiple of `step` next to a value that is within the bounds."""
    count = round(value / step)
    if count * step < low:
        count = math.ceil(low / step)
    if count * step > high:
        count = math.floor(high / step)
    if whole and not float(step).is_integer():
        return round(count * step)
    found = count * step
    digits = len(f"{step:.12f}".rstrip("0").partition(".")[2])
    return int(found) if whole else round(found, digits)
