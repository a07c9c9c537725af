"""Whether values are in order, however servers and their databases compare them."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import Any

from counterfoil.stub.state.asking import comparable

_DIGITS = re.compile(r"([0-9]+)")
_PUNCTUATION = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"  # in the order of the Common Locale Data Repository


def is_ordered(values: Sequence[Any], *, falls: bool, are_choices: bool = False) -> bool:
    """Whether values rise, or fall: no two stand the other way round for everybody who compares them.

    Choices may have any order, such as that of what they mean: the same ones stand together.
    """
    if are_choices:
        runs = [repr(value) for value, _ in groupby(values)]
        return len(runs) == len({*runs})
    rising = reversed(values) if falls else values
    return not any(type(one) is type(other) and _follows(one, other) for one, other in pairwise(rising))


def _follows(one: Any, other: Any) -> bool:
    """Whether a value comes after another one in every usual order."""
    pairs = ((rank(one), rank(other)) for rank in (_RANKS if isinstance(one, str) else (comparable,)))
    return all(type(a) is type(b) and a > b for a, b in pairs)


def _unaccented(text: str) -> str:
    """A text by its letters without marks, as where a language says how texts are sorted."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


def _letters(text: str) -> str:
    """The same without spaces and punctuation, which count last in some places."""
    return "".join(filter(str.isalnum, _unaccented(text)))


def _local(text: str) -> list[tuple[int, int]]:
    """The same with punctuation before digits and these before letters, as most languages have it."""
    return [(_kind(each), _PLACES.get(each, ord(each))) for each in _unaccented(text)]


def _kind(character: str) -> int:
    return 3 if character.isalpha() else 2 if character.isdigit() else 0 if character in _PLACES else 1


def _natural(text: str) -> list[Any]:
    """A text with its numbers as such: 9 before 10."""
    parts = _DIGITS.split(text.casefold())
    return [(len(part.lstrip("0")), part.lstrip("0")) if place % 2 else part for place, part in enumerate(parts)]


def _units(text: str) -> bytes:
    """A text by units of 16 bits, as JavaScript and Java compare them."""
    return text.encode("utf-16-be", "surrogatepass")


_PLACES = {each: place for place, each in enumerate(_PUNCTUATION)}
_RANKS: Sequence[Callable[[Any], Any]] = (
    comparable,
    str,
    str.casefold,
    _unaccented,
    _letters,
    _local,
    _natural,
    _units,
)
