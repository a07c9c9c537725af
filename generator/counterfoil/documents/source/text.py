"""What the readers of JSON and YAML share: places in the text they read, and how they refuse it."""

import re
from bisect import bisect_right
from functools import cached_property

from counterfoil.location import CounterfoilError, Diagnostic, Location

MAX_DEPTH = 200
"""Levels of nesting that are read; descriptions of real APIs stay below 60."""


class Lines:
    """Lines and columns of character offsets in a text that stands at `origin` of its file."""

    def __init__(self, text: str, origin: Location) -> None:
        self._text = text
        self._origin = origin

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self._text))]

    def location(self, offset: int) -> Location:
        """The place, in the file, of the character at `offset` of the text."""
        line = bisect_right(self._starts, offset) - 1
        return Location(self._origin.path, self._origin.line + line, self._origin.column + offset - self._starts[line])


def refusal(location: Location, rule: str, message: str, hint: str = "") -> CounterfoilError:
    """The error to raise for a text that cannot be read."""
    return CounterfoilError(Diagnostic(location, rule, message, hint))


def too_deep(location: Location) -> CounterfoilError:
    """The error to raise where the text nests deeper than is read."""
    return refusal(location, "nesting-too-deep", f"more than {MAX_DEPTH} levels of nesting are not read")


def duplicate_key(key: str, again: Location, first: Location) -> Diagnostic:
    """What is said of a mapping that states a key twice."""
    message = f"{key!r} is stated twice in one mapping, first in line {first.line}: the last one holds"
    return Diagnostic(again, "duplicate-key", message, "keep one; which of them counts differs from reader to reader")


def number_as_text(number: str, where: Location) -> Diagnostic:
    """What is said of a number that JSON cannot carry."""
    message = f"{number[:40]} is not a number that JSON can carry: read as a text"
    return Diagnostic(where, "number-as-text", message, "quote it if it is meant as a text", "warning")


def replaced_character(what: str, where: Location) -> Diagnostic:
    """What is said of a character that a text cannot hold."""
    return Diagnostic(where, "replaced-character", f"{what} stands here: read as U+FFFD", severity="warning")
