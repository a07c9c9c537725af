"""JSON as pages show it: the place of every value is kept, and what people add for readers is tolerated."""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from counterfoil.location import CounterfoilError, Diagnostic, Location

Path = tuple[str | int, ...]

MAX_DEPTH = 100

_SKIPPED = re.compile(r"(?:\s|//[^\n]*|/\*.{0,1000}?\*/|#[^\n]*|\.\.\.|…)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_SCALAR = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")


@dataclass(slots=True)
class JsonSample:
    """A JSON value with the place of every node in it, by the path of member names and indexes that leads there.

    `from_types` tells that a tool is known to have made up the value.
    """

    value: Any
    places: dict[Path, Location] = field(default_factory=dict)
    from_types: bool = False

    def place(self, path: Path) -> Location:
        """Where the node at `path`, or its nearest ancestor, begins."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places[path]


def read_json_sample(text: str, origin: Location) -> JsonSample:
    """Read one JSON value and nothing after it from `text`, which begins at `origin` of its page.

    Comments, ellipses and trailing commas, which stand in many samples, are passed over. Raises a CounterfoilError
    of the rule `malformed-example` at the place where the text stops being JSON.
    """
    sample, end = read_json_prefix(text, origin)
    rest = _SKIPPED.match(text, end)
    if rest and rest.end() < len(text):
        raise _Scanner(text, origin).failure(rest.end(), "text after the end of the value")
    return sample


def read_json_value(text: str) -> JsonSample | None:
    """The JSON value that a short text is, such as the cell of a table; None if it is not JSON."""
    try:
        return read_json_sample(text, Location(""))
    except CounterfoilError:
        return None


def read_json_prefix(text: str, origin: Location, start: int = 0) -> tuple[JsonSample, int]:
    """Like `read_json_sample`, but what follows the value is left alone: the value and the offset of its end.

    The value begins at `start` of the text, which is at `origin` of its page.
    """
    scanner = _Scanner(text, origin, start)
    value, end = scanner.read(start, (), 0)
    return JsonSample(value, scanner.places), end


class _Scanner:
    def __init__(self, text: str, origin: Location, start: int = 0) -> None:
        self.text = text
        self.places: dict[Path, Location] = {}
        self.latest = (start, origin)

    def place(self, offset: int) -> Location:
        """Where an offset stands that is not before the one that was asked for last."""
        known, place = self.latest
        breaks = self.text.count("\n", known, offset)
        column = offset - self.text.rfind("\n", known, offset) if breaks else place.column + offset - known
        self.latest = (offset, Location(place.path, place.line + breaks, column))
        return self.latest[1]

    def failure(self, offset: int, message: str) -> CounterfoilError:
        return CounterfoilError(
            Diagnostic(
                self.place(offset), "malformed-example", f"the sample is not JSON: {message}", severity="warning"
            )
        )

    def read(self, start: int, path: Path, depth: int) -> tuple[Any, int]:
        start = self.skip(start)
        if depth > MAX_DEPTH:
            raise self.failure(start, f"nested more than {MAX_DEPTH} deep")
        self.places[path] = self.place(start)
        match self.text[start : start + 1]:
            case "{":
                return self.members(start + 1, path, depth + 1)
            case "[":
                return self.items(start + 1, path, depth + 1)
            case '"':
                return self.string(start)
        scalar = _SCALAR.match(self.text, start)
        if not scalar:
            raise self.failure(start, "a value is missing" if start >= len(self.text) else "this is no value")
        try:
            value = json.loads(scalar[0])
        except ValueError as error:
            raise self.failure(start, "a number has too many digits") from error
        if isinstance(value, float) and not math.isfinite(value):
            raise self.failure(start, "a number is too big")
        return value, scalar.end()

    def members(self, at: int, path: Path, depth: int) -> tuple[dict[str, Any], int]:
        members: dict[str, Any] = {}
        while (at := self.skip(at)) < len(self.text):
            if self.text[at] == "}":
                return members, at + 1
            name, at = self.string(at)
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                raise self.failure(at, "a colon is missing")
            members[name], at = self.read(at + 1, (*path, name), depth)
            at = self.separator(at, "}")
        raise self.failure(at, "a closing brace is missing")

    def items(self, at: int, path: Path, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while (at := self.skip(at)) < len(self.text):
            if self.text[at] == "]":
                return items, at + 1
            value, at = self.read(at, (*path, len(items)), depth)
            items.append(value)
            at = self.separator(at, "]")
        raise self.failure(at, "a closing bracket is missing")

    def separator(self, at: int, closing: str) -> int:
        at = self.skip(at)
        if self.text[at : at + 1] == ",":
            return at + 1
        if self.text[at : at + 1] != closing:
            raise self.failure(at, "a comma is missing")
        return at

    def string(self, at: int) -> tuple[str, int]:
        match = _STRING.match(self.text, at)
        if not match:
            raise self.failure(at, "a quoted string is missing")
        try:
            value = json.loads(match[0], strict=False)
            value.encode()
        except ValueError as error:
            raise self.failure(at, "a string holds an escape that stands for nothing") from error
        return value, match.end()

    def skip(self, at: int) -> int:
        match = _SKIPPED.match(self.text, at)
        return match.end() if match else at
