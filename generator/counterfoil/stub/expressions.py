"""Regular expressions as trees, for the common part of what JSON Schema's dialect (ECMA-262) can say."""

import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

MOST = 100_000  # repetitions, where an expression sets no limit
CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
WORD = frozenset(string.ascii_letters + string.digits + "_")
SPACE = frozenset(" \t\n\r\f\v\u00a0\u2028\u2029")
LINE_ENDS = frozenset("\n\r\u2028\u2029")
_FEW = 256  # characters of a range that are looked up rather than compared

Class = Callable[[str], bool]
KINDS: dict[str, Class] = {
    "d": lambda character: character in string.digits,
    "w": WORD.__contains__,
    "s": SPACE.__contains__,
}


@dataclass(frozen=True, slots=True)
class Literal:
    """A character that stands for itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Character:
    """A character of a class; `named` are those that the expression spells out."""

    accepts: Class
    named: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """`part` at least `low` and at most `high` times."""

    part: "Node"
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after another; none for what takes no characters, such as `^`, `$` and look-around."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several, two or more."""

    options: tuple["Node", ...]


Node: TypeAlias = Literal | Character | Repeated | Sequence | Alternatives


class UnknownExpressionError(Exception):
    """An expression is none, or says what is not understood, such as a reference to a group."""


def parse(pattern: str) -> Node:
    """The tree of an expression, look-around left out. Raises `UnknownExpressionError`."""
    try:
        return _Reader(pattern).whole()
    except RecursionError:
        raise UnknownExpressionError from None


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern, self._position = pattern, 0

    def whole(self) -> Node:
        made = self._alternatives()
        if self._position < len(self._pattern):
            raise UnknownExpressionError
        return made

    def _alternatives(self) -> Node:
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Alternatives(tuple(options))

    def _sequence(self) -> Sequence:
        parts = []
        while self._position < len(self._pattern) and self._pattern[self._position] not in "|)":
            parts.append(self._repeated(self._atom()))
        return Sequence(tuple(parts))

    def _atom(self) -> Node:
        character = self._next()
        match character:
            case "^" | "$":
                return Sequence()
            case ".":
                return Character(lambda each: each not in LINE_ENDS)
            case "(":
                return self._group()
            case "[":
                return self._bracket()
            case "\\":
                if self._take("b") or self._take("B"):
                    return Sequence()
                kind, own = self._escape()
                return Literal(own) if own else Character(kind)
            case "*" | "+" | "?":
                raise UnknownExpressionError
        return Literal(character)

    def _group(self) -> Node:
        looks = False
        if self._take("?"):
            if self._take("P") or self._take("<"):
                looks = self._pattern[self._position - 1] == "<" and self._next_in("=!")
                if not looks:
                    self._until(">")
            elif not self._take(":"):
                looks = self._next_in("=!")
                if not looks:
                    raise UnknownExpressionError
        made = self._alternatives()
        if not self._take(")"):
            raise UnknownExpressionError
        return Sequence() if looks else made

    def _bracket(self) -> Character:
        negated = self._take("^")
        members: set[str] = set()
        classes: list[Class] = []
        named = ""
        while not self._take("]"):
            kind, low = self._member()
            if low and self._pattern[self._position : self._position + 1] == "-" and not self._ahead("-]"):
                self._next()
                _, high = self._member()
                if not high:
                    raise UnknownExpressionError
                if ord(high) - ord(low) < _FEW:
                    members.update(map(chr, range(ord(low), ord(high) + 1)))
                else:
                    classes.append(_between(low, high))
            elif low:
                members.add(low)
            else:
                classes.append(kind)
            named += low
        accepts = _one_of(frozenset(members), classes)
        return Character(lambda each: not accepts(each)) if negated else Character(accepts, named)

    def _member(self) -> tuple[Class, str]:
        character = self._next()
        if character == "\\":
            return self._escape()
        return character.__eq__, character

    def _escape(self) -> tuple[Class, str]:
        """What follows a backslash: a class, and the character itself where it stands for one."""
        letter = self._next()
        if letter in KINDS:
            return KINDS[letter], ""
        if letter.lower() in KINDS:
            kind = KINDS[letter.lower()]
            return lambda each: not kind(each), ""
        if letter in "pP" and self._take("{"):
            name = self._until("}")
            return lambda each: unicodedata.category(each).startswith(name) == (letter == "p"), ""
        if letter in "xu":
            character = self._numbered(2 if letter == "x" else 4)
            return character.__eq__, character
        if letter.isalnum() and letter not in CONTROLS:
            raise UnknownExpressionError
        character = CONTROLS.get(letter, letter)
        return character.__eq__, character

    def _numbered(self, digits: int) -> str:
        """The character of a hexadecimal number in braces, or of so many digits."""
        number = self._until("}") if self._take("{") else "".join(self._next() for _ in range(digits))
        try:
            return chr(int(number, 16))
        except (ValueError, OverflowError):
            raise UnknownExpressionError from None

    def _repeated(self, part: Node) -> Node:
        low, high = 1, 1
        if self._take("*"):
            low, high = 0, MOST
        elif self._take("+"):
            low, high = 1, MOST
        elif self._take("?"):
            low, high = 0, 1
        elif self._take("{"):
            fewest, comma, most = self._until("}").partition(",")
            if not fewest.isdecimal() or not (most or "0").isdecimal():
                raise UnknownExpressionError
            low = int(fewest)
            high = int(most) if most else MOST if comma else low
        else:
            return part
        self._take("?")
        return Repeated(part, low, high)

    def _next(self) -> str:
        if self._position >= len(self._pattern):
            raise UnknownExpressionError
        self._position += 1
        return self._pattern[self._position - 1]

    def _next_in(self, characters: str) -> bool:
        return any(self._take(each) for each in characters)

    def _ahead(self, text: str) -> bool:
        return self._pattern.startswith(text, self._position)

    def _take(self, text: str) -> bool:
        found = self._ahead(text)
        self._position += len(text) if found else 0
        return found

    def _until(self, end: str) -> str:
        found = self._pattern.find(end, self._position)
        if found < 0:
            raise UnknownExpressionError
        text, self._position = self._pattern[self._position : found], found + 1
        return text


def _one_of(members: frozenset[str], classes: list[Class]) -> Class:
    if not classes:
        return members.__contains__
    return lambda character: character in members or any(kind(character) for kind in classes)


def _between(low: str, high: str) -> Class:
    return lambda character: low <= character <= high
