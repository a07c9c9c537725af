"""Texts just inside and just outside of each part of a regular expression; which of them fit is for others to say."""

from collections.abc import Iterator
from itertools import islice

from counterfoil.stub.answers.patterns import picked, plainest
from counterfoil.stub.expressions import (
    Alternatives,
    Character,
    Literal,
    Node,
    Repeated,
    Sequence,
    UnknownExpressionError,
    parse,
)

Text = tuple[str, str]  # what is peculiar to it, and the text

_MOST_REPEATED = 600
_LONG = 100  # repetitions, where nothing or hardly anything limits them
_MOST_TEXTS = 120  # of one expression
_FEW = 6
_MANY = 9
_MOST_OUTSIDE = 18
# Where classes of characters begin and end is looked for among these; the others are what wider classes take: letters
# and digits of other scripts, and what becomes an ASCII letter in other case.
_ALPHABET = "\t\n" + "".join(map(chr, range(0x20, 0x7F)))
_NEIGHBOURS = tuple(zip(("", *_ALPHABET[:-1]), _ALPHABET, (*_ALPHABET[1:], ""), strict=True))
_WIDER = "\u00e9\u0663\u0436\u017f"
_TRIED_FIRST = "-_.: 0aA"


def near(pattern: str, least: int = 0) -> Iterator[Text]:
    """Texts that differ from a plain one for `pattern` in one part of it; none where it is not understood.

    They have at least `least` characters where repetitions allow it, but for those about numbers of repetitions.
    """
    try:
        tree = parse(pattern)
        yield from islice(_texts(tree, least - len(plainest(tree))), _MOST_TEXTS)
    except (UnknownExpressionError, RecursionError):
        return


def around(text: str) -> Iterator[Text]:
    """Texts that hold one that fits, and more; an expression without its ends takes them."""
    yield "a character in front", f"!{text}"
    yield "a character behind", f"{text}!"
    yield "a line end behind", f"{text}\n"
    yield "a line before it", f"!\n{text}"
    yield "a space in front", f" {text}"
    yield "a space behind", f"{text} "
    yield "another script", f"{text}\u0436"
    yield "a digit in front", f"1{text}"
    yield "a dash and more of it", f"{text}-{text[:4]}"
    yield "one character less", text[:-1]
    yield "other case", text.swapcase()


def _texts(node: Node, spare: int) -> Iterator[Text]:
    """Texts near that of `node` with `spare` repetitions more than there must be."""
    match node:
        case Literal(text):
            if text.lower() != text.upper():
                yield f"{text!r} in other case", text.swapcase()
            elif not text.isalnum():
                yield f"another character for {text!r}", "x"
        case Character():
            yield from _characters(node)
        case Alternatives(options):
            for option in options:
                yield "another alternative", plainest(option, spare)
                yield from _texts(option, spare)
        case Sequence(parts):
            yield from _sequence(parts, spare)
        case Repeated(part, low, high):
            yield from _repeated(part, low, high, max(spare, 0))


def _sequence(parts: tuple[Node, ...], spare: int) -> Iterator[Text]:
    shares = []
    for part in parts:
        shares.append(spare)
        spare -= len(plainest(part, spare)) - len(plainest(part))
    texts = [plainest(part, share) for part, share in zip(parts, shares, strict=True)]
    for index, part in enumerate(parts):
        before, behind = "".join(texts[:index]), "".join(texts[index + 1 :])
        for label, text in _texts(part, shares[index]):
            yield label, f"{before}{text}{behind}"
        if isinstance(part, Literal) and not part.text.isalnum():
            yield f"without {part.text!r}", before + behind


def _repeated(part: Node, low: int, high: int, spare: int) -> Iterator[Text]:
    plain = plainest(part)
    for count in dict.fromkeys((low - 1, high + 1, high, low, low + 1, _LONG if high > _MOST_REPEATED else low)):
        if 0 <= count <= _MOST_REPEATED:
            yield f"{count} times {plain!r}", plain * count
    usual = min(low + spare, high)
    if isinstance(part, Character):
        inside = _inside(part)
        most = min(high, len(inside))
        for start in range(0, len(inside), max(most, 1)):
            chosen = inside[start : start + most]
            # Each of them once at either end, and next to itself, where there is room.
            mirrored = chosen[::-1] + chosen + chosen[::-1]
            chosen = mirrored if len(mirrored) <= high else chosen
            yield f"with {chosen!r}", chosen.ljust(max(usual, 1), plain)
        before = plain * (max(usual, min(high, 2)) - 1)
        for each in _outside(part, inside):
            yield f"with {each!r}", before + each
        return
    before = plain * (max(usual, 1) - 1)
    for label, text in _texts(part, 0):
        yield label, before + text


def _characters(node: Character) -> Iterator[Text]:
    inside = _inside(node)
    for each in inside[:_FEW]:
        yield f"{each!r} in its place", each
    for each in _outside(node, inside):
        yield f"{each!r} in its place", each


def _inside(node: Character) -> str:
    """The characters that a class begins and ends with, wherever it does so, and digits or letters within it do."""
    found = [
        each for before, each, behind in _NEIGHBOURS if node.accepts(each) and not _within(node, before, each, behind)
    ]
    return "".join(dict.fromkeys((*found, picked(node), *filter(node.accepts, _WIDER))))


def _outside(node: Character, inside: str) -> list[str]:
    """Characters that are not in a class: of other case than those `inside`, near its bounds, of other scripts."""
    beside = [
        each
        for before, each, behind in _NEIGHBOURS
        if (before and node.accepts(before)) or (behind and node.accepts(behind))
    ]
    swapped = [each.swapcase() for each in inside[:_FEW]]
    wider = [each for each in _WIDER if any(each.isalpha() == own.isalpha() for own in inside)]
    tried = dict.fromkeys((*swapped[:2], *_TRIED_FIRST, *wider, *swapped))
    outside = [each for each in tried if not node.accepts(each)][:_MANY]
    return list(dict.fromkeys((*outside, *(each for each in beside if not node.accepts(each)))))[:_MOST_OUTSIDE]


def _within(node: Character, before: str, each: str, behind: str) -> bool:
    """Whether a character is amid others of its kind."""
    return all(beside and node.accepts(beside) and _kind(beside) == _kind(each) for beside in (before, behind))


def _kind(character: str) -> tuple[bool, bool, bool]:
    return character.isdigit(), character.isupper(), character.islower()
