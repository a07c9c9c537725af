"""Values in the place of a text, a number or a truth value: what schemas bound, and what servers stumble over."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from counterfoil.checks.cases.facets import Facet, stated

_REPEATED = re.compile(r"(?<=[{,])[0-9]+(?=[,}])")  # the numbers of quantifiers
_MOST_REPEATED = 600

LONG = 5000  # characters, more than a column of a database usually has

# What is valid wherever any text is, and yet breaks servers that escape, encode, trim or split by hand.
ODD_TEXTS = {
    "astral plane": "\U0001f9fe\U00020bb7",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u202e\u0645\u0631\u062d\u0628\u0627",
    "combining marks": "Zu\u0308rich e\u0301",
    "NUL": "a\x00b",
    "control characters": "a\x01\x1b\x7fb",
    "line ends": "a\r\nb\tc",
    "line separator": "a\u2028b",
    "quotes": 'O\'Brien "the" `one`',
    "backslash": "C:\\new\\table\\u0041",
    "colon": "a:b::c",
    "markup": "<b>&amp;</b><script>0</script>",
    "braces": "{{7*7}} ${HOME} %s %d {0}",
    "percent": "100% %41 a+b",
    "SQL": "'; -- ",
    "path": "../../etc/passwd",
    "spaces around": "  a b  ",
    "one space": " ",
    "a number as text": "0012",
    "null as text": "null",
    "true as text": "true",
    "upper case": "ÄÖÜ ĐŦ AbC",
    "comma and semicolon": "a,b;c|d",
}
FORMATS = {
    "date-time": {
        "an offset": "2024-02-29T23:59:59+05:30",
        "fractions of a second": "2024-01-31T12:00:00.123456Z",
        "a leap day that is none": "2023-02-29T12:00:00Z",
        "no offset": "2024-01-31T12:00:00",
        "a space for T": "2024-01-31 12:00:00Z",
        "hour 25": "2024-01-31T25:00:00Z",
    },
    "date": {"a leap day": "2024-02-29", "a leap day that is none": "2023-02-29", "other order": "31.01.2024"},
    "time": {"fractions of a second": "12:00:00.5Z", "hour 25": "25:00:00Z"},
    "uuid": {
        "upper case": "3F0B8A52-6D0E-4C55-9D6B-5B7C0A9F1E21",
        "no hyphens": "3f0b8a526d0e4c559d6b5b7c0a9f1e21",
        "one digit short": "3f0b8a52-6d0e-4c55-9d6b-5b7c0a9f1e2",
    },
    "email": {"a plus": "some.one+tag@example.com", "no at": "someone.example.com", "two ats": "a@b@example.com"},
    "uri": {"a query": "https://example.com/a?b=c#d", "no scheme": "example.com/a", "a space": "https://exa mple.com/"},
    "ipv4": {"a network": "192.0.2.0", "256": "192.0.2.256", "three parts": "192.0.2"},
    "ipv6": {"short": "::1", "two gaps": "1::2::3"},
    "hostname": {"digits": "a1.example", "a hyphen first": "-a.example"},
}
INTEGERS = (0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1)
OF_OTHER_TYPES: dict[str, Any] = {
    "null": None, "boolean": True, "integer": 1, "number": 1.5, "string": "text", "array": [], "object": {},
}  # fmt: skip


class Change(NamedTuple):
    """A value in place of another: what is peculiar to it, and the pointer of the keyword that it is about."""

    label: str
    value: Any
    pointer: str


def enumerated(value: Any, applying: list[Facet]) -> Iterator[Change]:
    """Every value of an enumeration or constant, and foreign ones."""
    for values, pointer in [
        *stated(applying, "enum"),
        *(([value], pointer) for value, pointer in stated(applying, "const")),
    ]:
        for each in values:
            yield Change(f"is {_short(each)}", each, pointer)
        texts = [each for each in values if isinstance(each, str)]
        if texts:
            text = value if isinstance(value, str) and value in texts else texts[0]
            for label, other in _foreign(text, texts):
                yield Change(f"is not among the values: {label}", other, pointer)
        numbers = [each for each in values if isinstance(each, int | float) and not isinstance(each, bool)]
        if numbers:
            for number in (max(numbers) + 1, min(numbers) - 1, 0, -1):
                yield Change(f"is not among the values: {number}", number, pointer)
            yield Change("is a number as text", str(numbers[0]), pointer)


def texts(value: str, applying: list[Facet]) -> Iterator[Change]:
    """Lengths at, inside and outside of their bounds, texts that fit a pattern or format or do not, odd texts."""
    pointer = applying[0].pointer if applying else ""
    free = not any(any(stated(applying, keyword)) for keyword in ("pattern", "format", "enum", "const"))
    limits = [limit for limit, _ in stated(applying, "maxLength")]
    for limit, place in stated(applying, "minLength"):
        for length in (limit - 1, limit, limit + 1):
            if length >= 0:
                yield Change(f"has {length} of at least {limit} characters", _of_length(value, length), place)
        if limit and free:
            yield Change("is blank", " " * limit, place)
    for limit, place in stated(applying, "maxLength"):
        if limit <= 1_000_000:
            for length in (limit - 1, limit, limit + 1):
                yield Change(f"has {length} of at most {limit} characters", _of_length(value, max(length, 0)), place)
            if free:
                yield Change(f"has {limit} characters of four bytes each", "\U0001f9fe" * limit, place)
    for pattern, place in stated(applying, "pattern"):
        for label, other in _around(value, str(pattern)):
            yield Change(f"against the pattern: {label}", other, place)
    for name, place in stated(applying, "format"):
        for label, other in FORMATS.get(str(name), {}).items():
            yield Change(f"as {name}: {label}", other, place)
        if name in FORMATS:
            yield Change(f"is no {name}", "counterfoil", place)
    yield Change("is empty", "", pointer)
    for label, other in ODD_TEXTS.items() if free else ():
        fitting = other if not limits else other[: min(limits)]
        yield Change(f"is odd: {label}", fitting, pointer)
    if free and not limits:
        yield Change("is very long", _of_length(value, LONG), pointer)


def numbers(value: float, applying: list[Facet], *, whole: bool) -> Iterator[Change]:
    """Bounds at, inside and outside, multiples, edges of machine integers, other spellings."""
    step = 1 if whole else 0.5
    pointer = applying[0].pointer if applying else ""
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        for limit, place in stated(applying, keyword):
            if isinstance(limit, int | float) and not isinstance(limit, bool):
                for number in (limit - step, limit, limit + step):
                    yield Change(f"is {number} where {keyword} is {limit}", number, place)
    for factor, place in stated(applying, "multipleOf"):
        for number in (factor, factor * 3, factor * 1.5):
            yield Change(f"is {number} where multiples of {factor} are asked for", number, place)
    if whole:
        # Beyond 64 bits hardly any server has integers, and hardly any contract says so.
        widest = INTEGERS if any(stated(applying, "format")) else INTEGERS[:10]
        for number in widest:
            yield Change(f"is {number}", number, pointer)
        yield Change("is an integer written with a fraction", float(int(value)), pointer)
        yield Change("has a fraction", int(value) + 0.5, pointer)
    else:
        for number in (0, -0.5, 0.1, 1e-9, 123456789.25, 1e15):
            yield Change(f"is {number}", number, pointer)
    yield Change("is a number as text", str(value), pointer)


def _foreign(text: str, among: list[str]) -> Iterator[tuple[str, str]]:
    yield "another value", "counterfoil-other"
    yield "other case", text.swapcase()
    yield "a space after it", f"{text} "
    yield "an empty text", ""
    yield "a list of values", ",".join(among[:2])


def _around(text: str, pattern: str) -> Iterator[tuple[str, str]]:
    """Texts near one that fits a pattern; an expression that is not anchored, or wider, takes some of them."""
    yield "a character in front", f"!{text}"
    yield "a character behind", f"{text}!"
    yield "a line end behind", f"{text}\n"
    yield "a space in front", f" {text}"
    yield "another script", f"{text}\u0436"
    yield "nothing", ""
    yield "a digit in front", f"1{text}"
    yield "upper case", text.upper()
    yield "a dash", f"{text}-x"
    yield "one character less", text[:-1]
    yield "other case", text.swapcase()
    for mark in (":", "_", ".", "-"):
        yield f"a {mark} in front", f"{mark}{text}"
        yield f"a {mark} behind", f"{text}{mark}"
        yield f"a {mark} within", f"{text[: len(text) // 2]}{mark}{text[len(text) // 2 :]}"
    # Where what is repeated begins is not known, but hardly ever more than some characters come before.
    for count in sorted({int(number) for number in _REPEATED.findall(pattern) if int(number) <= _MOST_REPEATED}):
        for length in range(count, count + 5):
            yield f"{length} characters", text[:length] + text[-1:] * (length - len(text))


def _of_length(text: str, length: int) -> str:
    return (text * (length // max(len(text), 1) + 1))[:length] if text else "a" * length


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
