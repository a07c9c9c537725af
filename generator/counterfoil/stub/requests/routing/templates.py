"""Which path template a request's path fits, in time that does not depend on the number of templates."""

import re
from collections.abc import Container, Iterator
from typing import Any, Generic, TypeVar
from urllib.parse import quote, unquote, unquote_plus, unquote_to_bytes

T = TypeVar("T")
VARIABLE = re.compile(r"\{([^{}]+)\}")
UNQUOTED = "/:@!$&'()*+,;=~"  # what a path may hold as it is (RFC 3986, section 3.3)


def split_template(template: str) -> tuple[str, tuple[tuple[str, str | None], ...]]:
    """A path template without query and fragment, and the fields that these name, None for one of any value.

    OpenAPI knows no such templates. People write `/#Action=Stop` for operations that only a field tells apart.
    """
    path, *rest = re.split(r"[?#]", template, maxsplit=1)
    pairs = (field.partition("=") for field in "&".join(rest).split("&") if field)
    return path, tuple((unquote_plus(name), unquote_plus(value) if equal else None) for name, equal, value in pairs)


def fits(asked: tuple[tuple[str, str | None], ...], sent: Container[tuple[str, str]], names: Container[str]) -> bool:
    """Whether all fields that a template asks for are among those that were sent."""
    return all(name in names if value is None else (name, value) in sent for name, value in asked)


class Router(Generic[T]):
    """Path template → whatever is kept for it.

    As OpenAPI 3.1 says under Paths Object, a concrete path wins over a templated one; among segments, text wins
    over text with variables, the longest first, and that over a variable alone. Matching takes time in proportion to
    the length of the path, and to the number of templates only so far as several fit its beginning.
    """

    def __init__(self) -> None:
        self._exact: dict[str, T] = {}
        self._root: _Segment[T] = _Segment()

    def add(self, template: str, target: T) -> T:
        """Keep `target` for the paths that fit `template`, such as `/items/{id}`; what is kept for them.

        That is what another template was added with before, if exactly the same paths fit it.
        """
        node = self._root
        for segment in template.split("/"):
            node = node.child(segment)
        node.target = target if node.target is None else node.target
        if "{" not in template:
            self._exact[unquote(template)] = node.target
        return node.target

    def match(self, path: str, raw_path: bytes | None = None, *, empty: bool = False) -> tuple[T, list[str]] | None:
        """What is kept for `path` and the texts of its variables in order; None where no template fits.

        `raw_path` is the path before percent-decoding, so that an encoded slash stays inside its segment; the texts of
        variables are percent-encoded, one character a byte. With `empty`, a variable that fills its segment may be
        empty.
        """
        if (raw_path is None or b"%" not in raw_path) and (target := self._exact.get(path)) is not None:
            return target, []
        sent = _sent(path, raw_path)
        segments = path.split("/") if sent is None else [_decoded(segment) for segment in sent]
        values: list[str] = []
        found = self._root.find(segments, sent or segments, 0, values, empty)
        if found is None or found.target is None:
            return None
        return found.target, values


class _Segment(Generic[T]):
    """What may follow the segments that led here."""

    __slots__ = ("mixed", "target", "texts", "variable")

    def __init__(self) -> None:
        self.texts: dict[str, _Segment[T]] = {}
        self.mixed: _Mixed[T] | None = None
        self.variable: _Segment[T] | None = None
        self.target: T | None = None

    def child(self, segment: str) -> "_Segment[T]":
        if "{" not in segment or not VARIABLE.search(segment):
            return self.texts.setdefault(unquote(segment), _Segment())
        if VARIABLE.fullmatch(segment):
            self.variable = self.variable or _Segment()
            return self.variable
        self.mixed = self.mixed or _Mixed()
        return self.mixed.child(tuple(unquote(text) for text in VARIABLE.split(segment)[::2]))

    def find(
        self, segments: list[str], sent: list[str], index: int, values: list[str], empty: bool
    ) -> "_Segment[T] | None":
        if index == len(segments):
            return self if self.target is not None else None
        segment, kept = segments[index], len(values)
        text = self.texts.get(segment)
        if text is not None and (found := text.find(segments, sent, index + 1, values, empty)):
            return found
        for captured, child in self.mixed.fitting(segment, sent[index]) if self.mixed else ():
            values.extend(captured)
            if found := child.find(segments, sent, index + 1, values, empty):
                return found
            del values[kept:]
        if self.variable is not None and (segment or empty):
            values.append(sent[index])
            if found := self.variable.find(segments, sent, index + 1, values, empty):
                return found
            del values[kept:]
        return None


class _Mixed(Generic[T]):
    """Segments of text and variables, such as `report-{id}.{format}`, found by the texts at their two ends."""

    __slots__ = ("_by_ends", "_lengths")

    def __init__(self) -> None:
        self._by_ends: dict[tuple[str, str], dict[tuple[str, ...], _Segment[T]]] = {}
        self._lengths: list[tuple[int, int]] = []

    def child(self, texts: tuple[str, ...]) -> _Segment[T]:
        """What follows the segment with these texts around its variables."""
        first, last = texts[0], texts[-1]
        self._lengths = sorted({*self._lengths, (len(first), len(last))}, key=lambda ends: (-sum(ends), ends))
        of_ends = self._by_ends.setdefault((first, last), {})
        child = of_ends.setdefault(texts, _Segment())
        self._by_ends[first, last] = dict(sorted(of_ends.items(), key=lambda item: -sum(map(len, item[0]))))
        return child

    def fitting(self, segment: str, sent: str) -> Iterator[tuple[list[str], _Segment[T]]]:
        """The texts of the variables as sent and what follows, for all texts that a segment fits, the longest first."""
        for first, last in self._lengths:
            ends = (segment[:first], segment[len(segment) - last :])
            for texts, child in self._by_ends.get(ends, _NONE).items():
                if (captured := _captured(texts, segment)) is not None:
                    yield captured if sent == segment else _captured(texts, sent) or list(map(quote, captured)), child


_NONE: dict[Any, Any] = {}


def _sent(path: str, raw_path: bytes | None) -> list[str] | None:
    """The segments of a path as sent, one character a byte, None if they are those of the decoded path."""
    if raw_path is not None and (b"%" in raw_path or not raw_path.isascii()):
        return raw_path.decode("latin-1").split("/")
    if raw_path is None and ("%" in path or not path.isascii()):
        return quote(path, UNQUOTED, errors="replace").split("/")
    return None


def _decoded(segment: str) -> str:
    return unquote_to_bytes(segment.encode("latin-1")).decode(errors="replace")


def _captured(texts: tuple[str, ...], segment: str) -> list[str] | None:
    """What stands between the texts, each time as little as possible but not nothing; None where that fails."""
    position, end = len(texts[0]), len(segment) - len(texts[-1])
    captured = []
    for text in texts[1:-1]:
        found = segment.find(text, position + 1, end)
        if found < 0:
            return None
        captured.append(segment[position:found])
        position = found + len(text)
    if position >= end:
        return None
    return [*captured, segment[position:end]]
