"""Which path template a request's path fits, in time that does not depend on the number of templates."""

import re
from collections.abc import Container
from typing import Generic, TypeVar
from urllib.parse import unquote, unquote_plus

T = TypeVar("T")
VARIABLE = re.compile(r"\{([^{}]+)\}")


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
    over text with variables, and that over a variable alone.
    """

    def __init__(self) -> None:
        self._exact: dict[str, T] = {}
        self._root: _Segment[T] = _Segment()

    def add(self, template: str, target: T) -> T:
        """Keep `target` for the paths that fit `template`, such as `/items/{id}`; what is kept for them.

        That is what another template was added with before, if exactly the same paths fit it.
        """
        if "{" not in template:
            return self._exact.setdefault(template, target)
        node = self._root
        for segment in template.split("/"):
            node = node.child(segment)
        node.target = target if node.target is None else node.target
        return node.target

    def match(self, path: str, raw_path: bytes | None = None) -> tuple[T, list[str]] | None:
        """What is kept for `path` and the values of its variables in order; None where no template fits.

        `raw_path` is the path before percent-decoding, so that an encoded slash stays inside its segment.
        """
        target = self._exact.get(path)
        if target is not None:
            return target, []
        segments = (raw_path.decode("latin-1") if raw_path else path).split("/")
        values: list[str] = []
        found = self._root.find(segments, 0, values)
        if found is None or found.target is None:
            return None
        return found.target, [unquote(value) for value in values] if raw_path else values


class _Segment(Generic[T]):
    __slots__ = ("mixed", "target", "texts", "variable")

    def __init__(self) -> None:
        self.texts: dict[str, _Segment[T]] = {}
        self.mixed: dict[str, tuple[re.Pattern[str], _Segment[T]]] = {}
        self.variable: _Segment[T] | None = None
        self.target: T | None = None

    def child(self, segment: str) -> "_Segment[T]":
        if "{" not in segment:
            return self.texts.setdefault(segment, _Segment())
        if VARIABLE.fullmatch(segment):
            self.variable = self.variable or _Segment()
            return self.variable
        shape = VARIABLE.sub("{}", segment)
        if shape not in self.mixed:
            self.mixed[shape] = (re.compile("(.+?)".join(map(re.escape, shape.split("{}")))), _Segment())
        return self.mixed[shape][1]

    def find(self, segments: list[str], index: int, values: list[str]) -> "_Segment[T] | None":
        if index == len(segments):
            return self if self.target is not None else None
        segment, kept = segments[index], len(values)
        text = self.texts.get(segment)
        if text is not None and (found := text.find(segments, index + 1, values)):
            return found
        for pattern, child in self.mixed.values():
            if matched := pattern.fullmatch(segment):
                values.extend(matched.groups())
                if found := child.find(segments, index + 1, values):
                    return found
                del values[kept:]
        if self.variable is not None and segment:
            values.append(segment)
            if found := self.variable.find(segments, index + 1, values):
                return found
            del values[kept:]
        return None
