"""A text that a regular expression matches."""

import random
import string
from collections.abc import Callable
from itertools import chain

from counterfoil.stub.expressions import (
    MOST,
    Alternatives,
    Character,
    Literal,
    Node,
    Repeated,
    Sequence,
    UnknownExpressionError,
    parse,
)

LONGEST = MOST  # characters of a text
_LONG = 12  # repetitions of what may be repeated at will
CANDIDATES = string.ascii_lowercase + string.digits + string.ascii_uppercase + string.punctuation + " \t\n"


def matching(pattern: str, least: int = 0) -> str | None:
    """A plain text for `pattern`, with `least` characters or more where its repetitions allow it.

    Of alternatives it is the first. Look-around is passed over, so that the text may fail what it asks for; None for
    what is not understood, such as references to groups.
    """
    try:
        tree = parse(pattern)
        text = plainest(tree)
        return text if len(text) >= least else plainest(tree, least - len(text))
    except (UnknownExpressionError, RecursionError):
        return None


def drawing(pattern: str) -> Callable[[], str] | None:
    """A function that makes texts for `pattern`, most likely another one each time; None where `matching` has none."""
    if matching(pattern) is None:
        return None
    tree = parse(pattern)
    return lambda: _Drawer(_LONG).text(tree)


def alphanumeric(length: int) -> str:
    """A text of so many letters and digits, most likely another one each time."""
    return "".join(random.choices(string.ascii_lowercase + string.digits, k=length))  # noqa: S311 - tells objects apart only


def plainest(tree: Node, spare: int = 0) -> str:
    """The text of a tree with the first alternatives, and `spare` repetitions more than the fewest possible.

    Raises `UnknownExpressionError` where there seems to be none.
    """
    return _Writer(spare).text(tree)


def picked(character: Character) -> str:
    """A plain character of a class; raises `UnknownExpressionError` where there seems to be none."""
    for each in chain(CANDIDATES, character.named):
        if character.accepts(each):
            return each
    raise UnknownExpressionError


class _Writer:
    """Writes the text of a tree; `spare` are the repetitions to add to the fewest possible."""

    def __init__(self, spare: int) -> None:
        self._spare = spare

    def text(self, node: Node) -> str:
        match node:
            case Literal(text):
                return text
            case Character():
                return picked(node)
            case Alternatives(options):
                return self.text(options[0])
            case Sequence(parts):
                made = ""
                for part in parts:
                    made += self.text(part)
                    if len(made) > LONGEST:
                        raise UnknownExpressionError
                return made
            case Repeated(part, low, high):
                return self._repeated(self.text(part), low, high)

    def _repeated(self, text: str, low: int, high: int) -> str:
        count = low
        if text:
            count += max(0, min(self._spare, high - low))
            self._spare -= count - low
        if len(text) * count > LONGEST:
            raise UnknownExpressionError
        return text * count


class _Drawer(_Writer):
    """Writes a text of a tree by chance."""

    def text(self, node: Node) -> str:
        match node:
            case Character():
                fitting = [each for each in CANDIDATES if each.isalnum() and node.accepts(each)]
                return random.choice(fitting) if fitting else picked(node)  # noqa: S311 - tells objects apart only
            case Repeated(part, low, high):
                count = low + min(self._spare, high - low)
                return "".join(self.text(part) for _ in range(min(count, LONGEST)))
        return super().text(node)
