"""Values in the place of a number, a truth value, or one of several that are listed."""

from collections.abc import Iterator
from typing import Any

from counterfoil.checks.cases.variants.change import Change
from counterfoil.checks.cases.variants.facets import Facet, stated
from counterfoil.checks.cases.variants.families import relatives

INTEGERS = (0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1)
# What every object of JavaScript has, so that it is found among the names of any.
MEMBERS = ("__proto__", "constructor", "toString")
_NEAR = 0.01  # how far beside a bound a number is that need not be whole
_DIGITS = 9
_MANY_DIGITS = 0.123456789
_NUMBERS = (0, -0.5, 0.1, 1e-9, 123456789.25, 1e15)
OF_OTHER_TYPES: dict[str, Any] = {
    "null": None, "boolean": True, "integer": 1, "number": 1.5, "string": "text", "array": [], "object": {},
}  # fmt: skip


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


def numbers(value: float, applying: list[Facet], *, whole: bool) -> Iterator[Change]:
    """Bounds at, inside and outside, multiples, edges of machine integers, other spellings."""
    factors = [factor for factor, _ in stated(applying, "multipleOf") if isinstance(factor, int | float)]
    step = max(factors, default=1 if whole else _NEAR)
    pointer = applying[0].pointer if applying else ""
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        for limit, place in stated(applying, keyword):
            if isinstance(limit, int | float) and not isinstance(limit, bool):
                for number in (limit, round(limit - step, _DIGITS), round(limit + step, _DIGITS)):
                    yield Change(f"is {number} where {keyword} is {limit}", number, place)
    for factor, place in stated(applying, "multipleOf"):
        for number in (factor, factor * 3, factor * 1.5, value + factor / 2 if not whole else value + 1):
            yield Change(f"is {number} where multiples of {factor} are asked for", number, place)
    if whole:
        for number, must in _edges(applying):
            yield Change(f"is {number}", number, pointer, must)
        # No integer up to draft 4 of JSON Schema, which OpenAPI 3.0 follows, nor in most languages with types.
        yield Change("is an integer written with a fraction", float(int(value)), pointer, must=False)
        yield Change("has a fraction", int(value) + 0.5, pointer)
    else:
        for number in (*_NUMBERS, int(value) + _MANY_DIGITS):
            yield Change(f"is {number}", number, pointer)
    yield Change("is a number as text", str(value), pointer)
    yield Change("is the only one of a list", [value], pointer)


def _edges(applying: list[Facet]) -> Iterator[tuple[int, bool]]:
    """Edges of the integers of machines, those within bounds, and what no machine holds where that is out of bounds.

    With each, whether a server has to treat it as the contract says: whoever reads numbers as doubles cannot tell what
    is beyond 64 bits from what is not (RFC 8259, section 6).
    """
    least = max((limit for limit, _ in stated(applying, "minimum")), default=None)
    most = min((limit for limit, _ in stated(applying, "maximum")), default=None)
    has_format = any(stated(applying, "format"))
    for number in INTEGERS:
        is_outside = (least is not None and number < least) or (most is not None and number > most)
        # Beyond 64 bits hardly any server has integers, and hardly any contract says so.
        is_beyond = not -(2**63) <= number < 2**63
        if (is_outside or has_format) if is_beyond else not is_outside:
            yield number, is_outside or not is_beyond


def truths(value: bool) -> Iterator[Change]:
    """The other truth value, and what servers take for one."""
    yield Change("is the other truth value", not value, "")
    yield Change("is a truth value as text", str(value).lower(), "")
    yield Change("is a truth value as number", int(value), "")
    yield Change("is a truth value as word", "yes" if value else "no", "")


def _foreign(text: str, among: list[str]) -> Iterator[tuple[str, str]]:
    yield "another value", "counterfoil-other"
    yield "a value with markup", "<b>other</b> & 'more'"
    yield "other case", text.swapcase()
    yield "a space after it", f"{text} "
    yield "an empty text", ""
    yield "a list of values", ",".join(among[:2])
    yield from (("a member of every object", name) for name in MEMBERS[:2])
    # Who compares by what texts begin with, or looks for one in another.
    for label, other in {"the beginning of one": text[:-1], "one with more behind it": text + text[-1:]}.items():
        if other and other not in among:
            yield label, other
    yield from (("another one of their kind", other) for other in relatives(among))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
