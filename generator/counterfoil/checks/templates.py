"""Templates of the extension `x-counterfoil`, as something to compare with: what matches what they make."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from counterfoil.stub.answers.placeholders import PLACEHOLDER, SIZED

_SECOND = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_FORMS = {
    "uuid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "base62-uuid7": r"[0-9A-Za-z]{1,22}",
    "increment": r"\d+",
    "now": rf"{_SECOND}(?:Z|[+-]\d\d:\d\d)",
    "now-milliseconds": rf"{_SECOND}\.\d{{3}}(?:Z|[+-]\d\d:\d\d)",
    "now-microseconds": rf"{_SECOND}\.\d{{6}}(?:Z|[+-]\d\d:\d\d)",
    "today": r"\d{4}-\d\d-\d\d",
    "today-compact": r"\d{8}",
}
_RANDOM = {"alphanumeric": "[0-9A-Za-z]", "hex": "[0-9a-f]", "digits": r"\d"}
# Numbers where they are all of a template.
_IDS = frozenset({"uuid", "base62-uuid7"})
_NUMBERS = frozenset({"increment", "now-unix", "now-unix-milliseconds"})
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WHITE = re.compile(r"\s+")

Facts = Mapping[str, Any]
"""What placeholders stand for in one answer, by their names; nothing is known of the others."""


class Departure(NamedTuple):
    """Where a value departs from a template, as a JSON Pointer, and how; `words`: in a text for people only."""

    place: str
    what: str
    words: bool = False


def pattern(template: str, facts: Facts | None = None) -> str:
    """A regular expression for the texts that a template makes."""
    found, end = "", 0
    for match in PLACEHOLDER.finditer(template):
        found += re.escape(template[end : match.start()])
        found += _part(match[0], match[1] or "", facts or {})
        end = match.end()
    return found + re.escape(template[end:])


def parts(template: str, text: str) -> list[tuple[str, str]]:
    """The placeholders of a template, and what a text has in their places; empty where it is not what it makes."""
    names = [match[1] for match in PLACEHOLDER.finditer(template) if match[1]]
    if not names:
        return []
    found, end = "", 0
    for match in PLACEHOLDER.finditer(template):
        part = _part(match[0], match[1] or "", {})
        found += re.escape(template[end : match.start()]) + (f"({part})" if match[1] else part)
        end = match.end()
    matched = re.fullmatch(found + re.escape(template[end:]), text, re.DOTALL)
    return list(zip(names, matched.groups(), strict=True)) if matched is not None else []


def drawn(template: Any, value: Any) -> Iterator[tuple[str, str]]:
    """The random placeholders in the texts of a template, each with what a JSON value has in its place."""
    if isinstance(template, dict) and isinstance(value, dict):
        for name, part in template.items():
            yield from drawn(part, value.get(name))
    elif isinstance(template, list) and isinstance(value, list):
        for part, held in zip(template, value, strict=False):
            yield from drawn(part, held)
    elif isinstance(template, str) and isinstance(value, str):
        for name, found in parts(template, value):
            if name in _IDS or (SIZED.fullmatch(name) and not name.startswith("increment")):
                yield name, found


def _part(text: str, name: str, facts: Facts) -> str:
    if text in ("{{", "}}"):
        return re.escape(text[0])
    if isinstance(known := facts.get(name), str):
        return re.escape(known)
    if name in _FORMS:
        return _FORMS[name]
    sized = SIZED.fullmatch(name)
    if sized is None:
        return ".*"
    if sized[1] == "increment":
        # The number has leading zeros up to its size, and none beyond.
        return rf"(?:\d{{{sized[2]}}}|[1-9]\d{{{sized[2]},}})"
    return f"{_RANDOM[sized[1]]}{{{sized[2]}}}"


def departures(template: Any, value: Any, facts: Facts, place: str = "") -> Iterator[Departure]:
    """Where a JSON value is not what a template makes.

    A value may have more members than the template, and leave out those that are null in it.
    """
    if isinstance(template, dict):
        if not isinstance(value, dict):
            yield Departure(place, "no object")
            return
        for name, part in template.items():
            inner = f"{place}/{name}"
            if name in value:
                yield from departures(part, value[name], facts, inner)
            elif part is not None:
                yield Departure(inner, "nothing")
    elif isinstance(template, list):
        yield from _of_list(template, value, facts, place)
    elif isinstance(template, str):
        yield from _of_text(template, value, facts, place)
    elif template != value or isinstance(template, bool) != isinstance(value, bool):
        yield Departure(place, "another value")


def _of_list(template: list[Any], value: Any, facts: Facts, place: str) -> Iterator[Departure]:
    if not isinstance(value, list):
        yield Departure(place, "no list")
    elif len(template) == 1 and "{violation" in json.dumps(template):
        # A server lists everything that is wrong, and in its own order.
        found = [list(departures(template[0], item, facts, f"{place}/{index}")) for index, item in enumerate(value)]
        if not found:
            yield Departure(place, "an empty list")
        elif all(found):
            yield from min(found, key=lambda each: sum(not departure.words for departure in each))
    elif len(value) < len(template):
        yield Departure(place, "too few items")
    else:
        for index, part in enumerate(template):
            yield from departures(part, value[index], facts, f"{place}/{index}")


def _of_text(template: str, value: Any, facts: Facts, place: str) -> Iterator[Departure]:
    whole = PLACEHOLDER.fullmatch(template)
    name = whole[1] if whole else None
    if name == "violations":
        if not isinstance(value, list):
            yield Departure(place, "no list")
        elif "violation" in facts:
            yield from _of_list(["{violation}"], value, facts, place)
        return
    if name == "violation" and name in facts:
        inner = {key: fact for key, fact in facts.items() if key != name}
        yield from departures(facts[name], value, inner, place)
        return
    if name is not None and name in facts:
        if not same(facts[name], value):
            yield Departure(place, "another value")
        return
    if name in _NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Departure(place, "no integer")
        return
    if name is not None and name not in _FORMS and not SIZED.fullmatch(name):
        return
    if not isinstance(value, str):
        yield Departure(place, "no text")
    elif not matches(template, value, facts):
        yield Departure(place, "other words", words=not name and is_prose(template))


def matches(template: str, text: str, facts: Facts | None = None) -> bool:
    """Whether a text is what a template makes; how it is broken into lines does not count."""
    if facts and isinstance(stated := facts.get("violation"), str):
        template = template.replace("{violation}", stated)
    one, other = (_WHITE.sub(" ", each).strip() for each in (template, text))
    return re.fullmatch(pattern(one, facts), other, re.DOTALL) is not None


def is_prose(template: str) -> bool:
    """Whether a text is for people, and not a code, a path or another thing that programs compare."""
    return " " in template.strip() and not _CODE.fullmatch(template)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; booleans are no numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
