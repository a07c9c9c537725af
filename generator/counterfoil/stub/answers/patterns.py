"""A text that a regular expression matches, for the common part of what JSON Schema's dialect (ECMA-262) can say."""

import string
import unicodedata
from collections.abc import Callable
from itertools import chain

LONGEST = 100_000  # characters of a text
CANDIDATES = string.ascii_lowercase + string.digits + string.ascii_uppercase + string.punctuation + " \t\n"
CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
WORD = frozenset(string.ascii_letters + string.digits + "_")
SPACE = frozenset(" \t\n\r\f\v\u00a0\u2028\u2029")

Class = Callable[[str], bool]
KINDS: dict[str, Class] = {
    "d": lambda character: character in string.digits,
    "w": WORD.__contains__,
    "s": SPACE.__contains__,
}


def matching(pattern: str, least: int = 0) -> str | None:
    """A plain text for `pattern`, with `least` characters or more where its repetitions allow it.

    Of alternatives it is the first. Look-around is passed over, so that the text may fail what it asks for; None for
    what is not understood, such as references to groups.
    """
    try:
        text = _Reader(pattern, 0).text()
        return text if len(text) >= least else _Reader(pattern, least - len(text)).text()
    except (_UnknownError, RecursionError):
        return None


class _UnknownError(Exception):
    pass


class _Reader:
    """Reads a pattern once, making the text as it goes; `spare` are the repetitions to add to the fewest possible."""

    def __init__(self, pattern: str, spare: int) -> None:
        self._pattern, self._position, self._spare = pattern, 0, spare

    def text(self) -> str:
        made = self._alternatives()
        if self._position < len(self._pattern):
            raise _UnknownError
        return made

    def _alternatives(self) -> str:
        first = self._sequence()
        while self._take("|"):
            spare = self._spare
            self._sequence()
            self._spare = spare
        return first

    def _sequence(self) -> str:
        made = ""
        while self._position < len(self._pattern) and self._pattern[self._position] not in "|)":
            made += self._repeated(self._atom())
            if len(made) > LONGEST:
                raise _UnknownError
        return made

    def _atom(self) -> str:
        character = self._next()
        match character:
            case "^" | "$":
                return ""
            case ".":
                return "a"
            case "(":
                return self._group()
            case "[":
                return self._pick(*self._bracket())
            case "\\":
                if self._take("b") or self._take("B"):
                    return ""
                kind, own = self._escape()
                return own or self._pick(kind, "")
            case "*" | "+" | "?":
                raise _UnknownError
        return character

    def _group(self) -> str:
        looks = False
        if self._take("?"):
            if self._take("P") or self._take("<"):
                looks = self._pattern[self._position - 1] == "<" and self._next_in("=!")
                if not looks:
                    self._until(">")
            elif not self._take(":"):
                looks = self._next_in("=!")
                if not looks:
                    raise _UnknownError
        made = self._alternatives()
        if not self._take(")"):
            raise _UnknownError
        return "" if looks else made

    def _bracket(self) -> tuple[Class, str]:
        """The class in brackets, and characters that it names itself."""
        negated = self._take("^")
        classes: list[Class] = []
        named = ""
        while not self._take("]"):
            kind, low = self._member()
            if low and self._pattern[self._position : self._position + 1] == "-" and not self._ahead("-]"):
                self._next()
                _, high = self._member()
                if not high:
                    raise _UnknownError
                classes.append(_between(low, high))
            else:
                classes.append(kind)
            named += low
        if negated:
            return lambda each: not any(kind(each) for kind in classes), ""
        return lambda each: any(kind(each) for kind in classes), named

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
            raise _UnknownError
        character = CONTROLS.get(letter, letter)
        return character.__eq__, character

    def _numbered(self, digits: int) -> str:
        """The character of a hexadecimal number in braces, or of so many digits."""
        number = self._until("}") if self._take("{") else "".join(self._next() for _ in range(digits))
        try:
            return chr(int(number, 16))
        except (ValueError, OverflowError):
            raise _UnknownError from None

    def _pick(self, kind: Class, named: str) -> str:
        for character in chain(CANDIDATES, named):
            if kind(character):
                return character
        raise _UnknownError

    def _repeated(self, text: str) -> str:
        low, high = self._counts()
        count = low
        if text:
            count += max(0, min(self._spare, high - low))
            self._spare -= count - low
        if len(text) * count > LONGEST:
            raise _UnknownError
        return text * count

    def _counts(self) -> tuple[int, int]:
        """The fewest and most repetitions that a quantifier says, once without one."""
        low, high = 1, 1
        if self._take("*"):
            low, high = 0, LONGEST
        elif self._take("+"):
            low, high = 1, LONGEST
        elif self._take("?"):
            low, high = 0, 1
        elif self._take("{"):
            fewest, comma, most = self._until("}").partition(",")
            if not fewest.isdecimal() or not (most or "0").isdecimal():
                raise _UnknownError
            low = int(fewest)
            high = int(most) if most else LONGEST if comma else low
        else:
            return low, high
        self._take("?")
        return low, high

    def _next(self) -> str:
        if self._position >= len(self._pattern):
            raise _UnknownError
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
            raise _UnknownError
        text, self._position = self._pattern[self._position : found], found + 1
        return text


def _between(low: str, high: str) -> Class:
    return lambda character: low <= character <= high
