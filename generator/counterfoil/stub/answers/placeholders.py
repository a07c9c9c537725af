"""Templates of JSON values with named placeholders in braces, compiled once to functions of a call."""

import json
import random
import re
import string
import time
import uuid
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-z0-9-]+)\}")
SIZED = re.compile(r"(alphanumeric|hex|digits|increment)-([0-9]+)")
AS_JSON = frozenset({"value", "parent", "limit"})  # written as JSON where they stand within a text

TEXTS = frozenset({"uuid", "now", "now-milliseconds", "now-microseconds", "today", "today-compact", "base62-uuid7"})
LISTS = frozenset({"allowed", "accepted", "loc", "violations"})

# Of its own, since test tools seed the one that all of a process share. Looks random, guards nothing.
_RANDOM = random.Random()  # noqa: S311 - see above

ALPHANUMERIC = string.digits + string.ascii_uppercase + string.ascii_lowercase


def _spread(alphabet: str) -> bytes:
    """A table that translates all bytes into characters of `alphabet`."""
    return bytes(ord(alphabet[number % len(alphabet)]) for number in range(256))


ALPHABETS = {
    "alphanumeric": _spread(ALPHANUMERIC),
    "hex": _spread("0123456789abcdef"),
    "digits": _spread(string.digits),
}


class Context(Protocol):
    """What placeholders are filled from: one moment and one number for a whole answer, and facts by name.

    `drawn` are the random texts of an answer by their placeholders, each the same wherever it occurs; None where it is
    another one each time.
    """

    facts: Mapping[str, Any]
    drawn: dict[str, str] | None

    @property
    def moment(self) -> float:
        """Seconds since 1970."""

    @property
    def number(self) -> int:
        """The ordinal number of the object that is created."""


Producer = Callable[[Any], Any]


def compile_template(template: Any) -> Producer:
    """A function from a `Context` to the JSON value that `template` stands for.

    A string that is one placeholder takes the JSON type of what is filled in; within a longer text strings are
    put in as they are, values of the request as JSON. `{{` and `}}` are braces. A fact that a call does not have is
    an empty string, or an empty list where one is allowed.
    """
    if isinstance(template, dict):
        fields = [(name, compile_template(value)) for name, value in template.items()]
        return lambda context: {name: produce(context) for name, produce in fields}
    if isinstance(template, list):
        items = [compile_template(item) for item in template]
        return lambda context: [produce(context) for produce in items]
    if isinstance(template, str) and ("{" in template or "}" in template):
        return _compile_text(template)
    return lambda _: template


def is_constant(template: Any) -> bool:
    """Whether a template is the same value for every call."""
    if isinstance(template, dict | list):
        return all(map(is_constant, template.values() if isinstance(template, dict) else template))
    return not isinstance(template, str) or ("{" not in template and "}" not in template)


def _compile_text(template: str) -> Producer:
    whole = PLACEHOLDER.fullmatch(template)
    if whole and whole[1]:
        return _producer(whole[1])
    parts: list[str | Producer] = []
    position = 0
    for match in PLACEHOLDER.finditer(template):
        parts.append(template[position : match.start()])
        parts.append(_as_text(match[1]) if match[1] else match[0][0])
        position = match.end()
    parts.append(template[position:])
    form = "".join("%s" if callable(part) else part.replace("%", "%%") for part in parts)
    producers = [part for part in parts if callable(part)]
    if len(producers) == 2:
        first, second = producers
        return lambda context: form % (first(context), second(context))
    return lambda context: form % tuple([produce(context) for produce in producers])


def _as_text(name: str) -> Producer:
    produce = _producer(name)
    if name in TEXTS or SIZED.fullmatch(name):
        return produce
    if name in AS_JSON:
        return lambda context: json.dumps(produce(context), ensure_ascii=False)
    if name == "allowed":
        return lambda context: ", ".join(json.dumps(value, ensure_ascii=False) for value in produce(context))
    return lambda context: text_of(produce(context))


def text_of(value: Any) -> str:
    """A value within a text: a string as it is, the items of a list one after the other, others as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(text_of, value))
    return json.dumps(value, ensure_ascii=False)


def _producer(name: str) -> Producer:
    if name in VALUES:
        return VALUES[name]
    if sized := SIZED.fullmatch(name):
        kind, size = sized[1], int(sized[2])
        if kind == "increment":
            return lambda context: str(context.number).zfill(size)
        alphabet = ALPHABETS[kind]

        bits, draw = 8 * size, _RANDOM.getrandbits

        def drawn(context: Context) -> str:
            text = draw(bits).to_bytes(size, "little").translate(alphabet).decode("ascii")
            return text if context.drawn is None else context.drawn.setdefault(name, text)

        return drawn
    missing: Any = [] if name in LISTS else ""
    return lambda context: context.facts.get(name, missing)


def _drawn(name: str, draw: Callable[[Context], str]) -> Producer:
    def produce(context: Context) -> str:
        drawn = context.drawn
        return draw(context) if drawn is None else drawn.setdefault(name, draw(context))

    return produce


def base62_uuid7(moment: float) -> str:
    """A version 7 UUID (RFC 9562) of `moment` in base 62."""
    milliseconds, bits = int(moment * 1000) & (1 << 48) - 1, _RANDOM.getrandbits(74)
    return base62(milliseconds << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1)


def base62(number: int) -> str:
    """The 128 bits of a UUID, rotated left by 67 so that neighbours in time look different, in digits 0-9A-Za-z."""
    number = (number << 67 | number >> 61) & (1 << 128) - 1
    letters = []
    while number:
        number, index = divmod(number, 62)
        letters.append(ALPHANUMERIC[index])
    return "".join(reversed(letters)) or "0"


def timestamp(moment: float, digits: int) -> str:
    """An RFC 3339 date-time in UTC, `Z` at its end, with `digits` decimals of a second."""
    # Cut off as numbers are that tell the same moment.
    seconds, fraction = divmod(int(moment * 10**digits), 10**digits)
    text = _utc(seconds, "%Y-%m-%dT%H:%M:%S")
    return f"{text}.{fraction:0{digits}}Z" if digits else text + "Z"


@lru_cache(maxsize=64)
def _utc(seconds: int, form: str) -> str:
    return time.strftime(form, time.gmtime(seconds))


VALUES: dict[str, Producer] = {
    "uuid": _drawn("uuid", lambda _: str(uuid.uuid4())),
    "now": lambda context: timestamp(context.moment, 0),
    "now-milliseconds": lambda context: timestamp(context.moment, 3),
    "now-microseconds": lambda context: timestamp(context.moment, 6),
    "now-unix": lambda context: int(context.moment),
    "now-unix-milliseconds": lambda context: int(context.moment * 1000),
    "today": lambda context: _utc(int(context.moment), "%Y-%m-%d"),
    "today-compact": lambda context: _utc(int(context.moment), "%Y%m%d"),
    "base62-uuid7": _drawn("base62-uuid7", lambda context: base62_uuid7(context.moment)),
    "increment": lambda context: context.number,
}
