"""Values in the place of a text: what schemas bound, and what servers stumble over."""

import re
from collections.abc import Iterator, Mapping

from counterfoil.checks.cases.variants.change import Change
from counterfoil.checks.cases.variants.facets import Facet, stated
from counterfoil.checks.cases.variants.formats import SOUND, of_format
from counterfoil.checks.cases.variants.pattern_texts import around, near
from counterfoil.stub.answers.patterns import matching

LONG = 5000  # characters, more than a column of a database usually has
_LONGEST_LIMIT = 1_000_000
_DIGITS = "1234567890"

# What is valid wherever any text is, and yet breaks servers that escape, encode, trim, normalise or convert: pieces
# that are sent as one text where there is room for it.
ODD: Mapping[str, tuple[str, ...]] = {
    "spaces around": ("  a  b  ",),
    "other scripts": (
        "\u05e9\u05dc\u05d5\u05dd \u202e\u0645\u0631\u062d\u0628\u0627",
        "Zu\u0308rich e\u0301 \ufb01\u00bd\u2460\u017f",
        "ÄÖÜ ĐŦ AbC",
    ),
    "markup": ("<b>&amp;</b><script>0</script>", "{{7*7}} ${HOME} %s %d {0}"),
    "escapes": ("C:\\new\\table\\u0041", "%41%2B 100% a+b %20"),
    "what is no escape and no expression": ("*+?[(", "\\x \\u00 %zz %", "\\"),
    "quotes and separators": ("=a:b::c", 'O\'Brien "the" `one`', "a,b|c"),
    "line ends": ("a\r\nb\tc\u2028d\n",),
    "astral plane": ("\U0001f9fe\U00020bb7",),
    "NUL": ("a\x00b",),
    "control characters": ("a\x01\x1b\x7fb",),
    "invisible characters": ("\ufeffa\u200bb\u00adc\u00a0d\u3000",),
    "SQL and paths": ("'; -- ", "../../etc//passwd/"),
    "one space": (" ",),
    "a number as text": ("0012",),
    "a decimal as text": ("1.50",),
    "a whole decimal as text": ("1.0",),
    "a number with an exponent as text": ("1e3",),
    "null as text": ("null",),
    "true as text": ("true",),
    "JSON as text": ('{"a": [1]}',),
    "a time as text": ("2024-01-31T12:00:00.10+02:00",),
}
# What no pattern or format has at its end, and some servers do not expect anywhere.
_STRANGE = "\x00\U0001f9fe"
_BYTES = re.compile(r"\b(?:bytes|octets)\b", re.IGNORECASE)
_WITH_DOMAINS = frozenset({"email", "idn-email", "hostname", "idn-hostname"})
_WITH_PATHS = frozenset({"uri", "uri-reference", "iri", "iri-reference", "url"})
_LABEL = 60  # characters of a part of a domain
# Something of most of these in one text, what shows most first: texts are cut off where there is less room.
_MIXED = (
    " Ab\u00e9\U0001f9fe\x00O'B \"\\x <b>&amp; %41 {0}\r\n\t\x01a,b;: *[( "
    "Zu\u0308\ufb01 \u05e9\u202e\u0645\ufeff\u200b "
)


def texts(value: str, applying: list[Facet], *, briefly: bool = False) -> Iterator[Change]:
    """Lengths at, inside and outside of their bounds, texts that fit a pattern or format or do not, odd texts.

    Where a length is said to be one in bytes, which JSON Schema cannot say, what has more of them is left out.
    """
    found = _texts(value, applying, briefly=briefly)
    limits = [limit for limit, _ in stated(applying, "maxLength")] if _counts_bytes(applying) else []
    return (each for each in found if not any(_is_open(each.value, limit) for limit in limits)) if limits else found


def _counts_bytes(applying: list[Facet]) -> bool:
    return any(_BYTES.search(str(words)) for words, _ in stated(applying, "description"))


def _is_open(value: object, limit: int) -> bool:
    """Whether a text has no more characters than `limit`, and more bytes."""
    return isinstance(value, str) and len(value) <= limit < len(value.encode("utf-8", "surrogatepass"))


def _texts(value: str, applying: list[Facet], *, briefly: bool) -> Iterator[Change]:
    pointer = applying[0].pointer if applying else ""
    free = not any(any(stated(applying, keyword)) for keyword in ("pattern", "format", "enum", "const"))
    if free:
        yield from _odd(applying, briefly=briefly)
    yield from _very_long(value, applying, free=free)
    yield from _lengths(value, applying, free=free)
    yield from _lengths_in_form(value, applying)
    least = max((limit for limit, _ in stated(applying, "minLength")), default=0)
    for pattern, place in stated(applying, "pattern"):
        yield Change("against the pattern: NUL and astral plane behind it", f"{value}{_STRANGE}", place)
        if value[:1].isdigit():
            yield Change("against the pattern: a sign in front", f"-{value}", place)
        for label, other in (*near(str(pattern), least), *around(value)):
            yield Change(f"against the pattern: {label}", other, place)
    for name, place in stated(applying, "format"):
        for label, other in SOUND.get(str(name), {}).items():
            yield Change(f"as {name}: {label}", other, place)
        for label, other in (found := of_format(str(name))).items():
            yield Change(f"as {name}: {label}", other, place)
        if found:
            yield Change(f"is no {name}", "counterfoil", place)
            yield Change(f"as {name}: NUL and astral plane behind it", f"{value}{_STRANGE}", place)
    yield Change("is empty", "", pointer)
    yield Change("is the only one of a list", [value], pointer)


def of_length(text: str, length: int) -> str:
    """As many characters of a text, repeated where it is shorter."""
    return (text * (length // max(len(text), 1) + 1))[:length] if text else "a" * length


def _lengths(value: str, applying: list[Facet], *, free: bool) -> Iterator[Change]:
    for limit, place in stated(applying, "minLength"):
        for length in (limit, limit - 1, limit + 1):
            if length >= 0:
                yield Change(f"has {length} of at least {limit} characters", of_length(value, length), place)
        if limit and free:
            yield Change("is blank", " " * limit, place)
        if 1 < limit < len(_DIGITS):
            # What takes numbers for texts would find shorter ones too short.
            yield Change(f"is a number of {limit + 1} digits", int(_DIGITS[: limit + 1]), place)
    for limit, place in stated(applying, "maxLength"):
        if limit <= _LONGEST_LIMIT:
            for length in (limit, limit - 1, limit + 1):
                yield Change(f"has {length} of at most {limit} characters", of_length(value, max(length, 0)), place)
            if free:
                count = limit // 4 if _counts_bytes(applying) else limit
                yield Change(f"has {count} characters of four bytes each", "\U0001f9fe" * count, place)


def _lengths_in_form(value: str, applying: list[Facet]) -> Iterator[Change]:
    """Lengths at and outside of their bounds of texts that are else as they have to be."""
    patterns = [str(pattern) for pattern, _ in stated(applying, "pattern")]
    formats = {str(name) for name, _ in stated(applying, "format")}
    for keyword in ("minLength", "maxLength"):
        for limit, place in stated(applying, keyword) if patterns or formats else ():
            for length in (limit, limit - 1, limit + 1) if limit <= _LONGEST_LIMIT else ():
                label = f"has {length} characters where {keyword} is {limit}, and is else as it must be"
                made = [matching(pattern, max(length, 0)) for pattern in patterns]
                made += [_longer(value, length, formats)] if formats and length >= len(value) else []
                yield from (Change(label, text, place) for text in made if text is not None and len(text) == length)


def _very_long(value: str, applying: list[Facet], *, free: bool) -> Iterator[Change]:
    """A text of many characters where nothing bounds them."""
    if any(stated(applying, "maxLength")):
        return
    patterns = [str(pattern) for pattern, _ in stated(applying, "pattern")]
    texts = [of_length(value, LONG)] if free else [matching(pattern, LONG) for pattern in patterns[:1]]
    for text in texts if not any(stated(applying, "format")) else ():
        if text is not None and len(text) >= LONG:
            yield Change("is very long", text, applying[0].pointer if applying else "")


def _longer(value: str, length: int, formats: set[str]) -> str | None:
    """A text of a format made longer, so that it still is of it; None where that cannot be done."""
    more = length - len(value)
    if formats <= _WITH_PATHS:
        return value + "a" * more
    if not formats <= _WITH_DOMAINS or more == 1:
        return value if not more else None
    # Labels of a domain have at most 63 characters (RFC 1035, section 2.3.4).
    labels = ["a" * _LABEL] * (more // (_LABEL + 1))
    rest = more - len(labels) * (_LABEL + 1)
    if rest == 1:
        labels[-1] = labels[-1][1:]
        rest = 2
    labels += ["a" * (rest - 1)] if rest else []
    local, at, domain = value.rpartition("@")
    return f"{local}{at}{'.'.join([*labels, domain])}"


def _odd(applying: list[Facet], *, briefly: bool) -> Iterator[Change]:
    pointer = applying[0].pointer if applying else ""
    most = min((limit for limit, _ in stated(applying, "maxLength")), default=LONG)
    least = max((limit for limit, _ in stated(applying, "minLength")), default=0)
    for label, pieces in {"many things": (_MIXED,), **({} if briefly else ODD)}.items():
        whole = " ".join(pieces)
        for text in (whole,) if len(whole) <= most else pieces:
            fitting = text[:most]
            yield Change(f"is odd: {label}", of_length(fitting, max(least, len(fitting))), pointer)
