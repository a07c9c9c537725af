"""Where in a JSON text a value ends, as parsers tell it that stop at the first value they cannot use."""

from collections.abc import Sequence
from json.decoder import JSONDecoder

_DECODER = JSONDecoder()
_SPACE = " \t\n\r"


def end_of(text: str, path: Sequence[str | int]) -> int:
    """The offset right behind the value that `path` leads to in a JSON text, or behind the last that is there."""
    start = _skip(text, 0)
    for token in path:
        found = _member(text, start, token) if text[start] == "{" else _item(text, start, token)
        if found is None:
            break
        start = found
    return _DECODER.raw_decode(text, start)[1]


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The line of an offset, counted from 1, and how many characters of it lie before the offset."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1)


def _member(text: str, start: int, name: str | int) -> int | None:
    """The offset of a property's value in the object at `start`; the last one's if there are several."""
    found = None
    position = _skip(text, start + 1)
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        position = _skip(text, _skip(text, position) + 1)
        if key == name:
            found = position
        position = _next(text, position)
    return found


def _item(text: str, start: int, index: str | int) -> int | None:
    if text[start] != "[":
        return None
    position = _skip(text, start + 1)
    number = 0
    while text[position] != "]":
        if number == index:
            return position
        position = _next(text, position)
        number += 1
    return None


def _next(text: str, position: int) -> int:
    """The offset of what follows the value at `position` and its comma: another key or value, or a closing bracket."""
    position = _skip(text, _DECODER.raw_decode(text, position)[1])
    return _skip(text, position + 1) if text[position] == "," else position


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position
