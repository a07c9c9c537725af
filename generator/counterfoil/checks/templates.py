"""Templates of the extension `x-counterfoil`, as something to compare with: what matches what they make."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from counterfoil.checks import facts as told
from counterfoil.checks.facts import Facts
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
_WHERE = frozenset({"line", "column", "position"})
_NUMBERS = frozenset({"increment", "now-unix", "now-unix-milliseconds"}) | _WHERE
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WHITE = re.compile(r"\s+")


class Departure(NamedTuple):
    """Where a value departs from a template, as a JSON Pointer, and how.

    `words`: in a text for people only. `untold`: which placeholder stands for something else in words that are right.
    """

    place: str
    what: str
    words: bool = False
    untold: str = ""


def pattern(template: str) -> str:
    """A regular expression for the texts that a template makes."""
    found, end = "", 0
    for match in PLACEHOLDER.finditer(template):
        found += re.escape(template[end : match.start()])
        found += _part(match[0], match[1] or "")
        end = match.end()
    return found + re.escape(template[end:])


def parts(template: str, text: str) -> list[tuple[str, str]]:
    """The placeholders of a template, and what a text has in their places; empty where it is not what it makes."""
    names, form = _grouped(template)
    matched = form.fullmatch(text) if names else None
    return list(zip(names, matched.groups(), strict=True)) if matched is not None else []


@lru_cache(maxsize=512)
def _grouped(template: str) -> tuple[list[str], re.Pattern[str]]:
    """The placeholders of a template, and an expression with a group for each of them."""
    names, found, end = [], "", 0
    for match in PLACEHOLDER.finditer(template):
        part = _part(match[0], match[1] or "")
        names += [match[1]] if match[1] else []
        found += re.escape(template[end : match.start()]) + (f"({part})" if match[1] else part)
        end = match.end()
    return names, re.compile(found + re.escape(template[end:]), re.DOTALL)


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


def _part(text: str, name: str) -> str:
    if text in ("{{", "}}"):
        return re.escape(text[0])
    if name in _FORMS:
        return _FORMS[name]
    sized = SIZED.fullmatch(name)
    if sized is None:
        return r"\d+" if name in _WHERE else ".*"
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
    elif template == ["{violation}"] and len(value) > 1:
        yield Departure(place, "more than the first violation")
    elif len(template) == 1 and "{violation" in json.dumps(template):
        yield from _of_violations(template[0], value, facts, place)
    elif len(value) < len(template):
        yield Departure(place, "too few items")
    else:
        for index, part in enumerate(template):
            yield from departures(part, value[index], facts, f"{place}/{index}")


def _of_violations(template: Any, value: list[Any], facts: Facts, place: str) -> Iterator[Departure]:
    """A server lists everything that is wrong, and in its own order."""
    found = [list(departures(template, item, facts, f"{place}/{index}")) for index, item in enumerate(value)]
    if not found:
        yield Departure(place, "an empty list")
    elif all(found):
        yield from min(found, key=lambda each: sum(not departure.words for departure in each))


def _of_text(template: str, value: Any, facts: Facts, place: str) -> Iterator[Departure]:
    whole = PLACEHOLDER.fullmatch(template)
    name = whole[1] if whole else None
    if name == "violations":
        if not isinstance(value, list):
            yield Departure(place, "no list")
        elif "violation" in facts:
            yield from _of_violations("{violation}", value, facts, place)
        return
    if name == "violation" and name in facts:
        inner = {key: fact for key, fact in facts.items() if key != name}
        yield from departures(facts[name], value, inner, place)
        return
    if name is not None and name in facts:
        if not told.equals(name, value, facts):
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
    else:
        yield from of_words(template, value, facts, place, words=not name and is_prose(template))


def of_words(template: str, text: str, facts: Facts, place: str = "", *, words: bool = True) -> Iterator[Departure]:
    """Where a text is not what a template makes; how it is broken into lines does not count."""
    if isinstance(stated := facts.get("violation"), str):
        template = template.replace("{violation}", stated)
    one, other = (_WHITE.sub(" ", each).strip() for each in (template, text))
    names, form = _grouped(one)
    found = form.fullmatch(other)
    if found is None:
        yield Departure(place, "other words", words)
        return
    strict = told.EXACT if not words else frozenset()
    untold = [
        name
        for name, shown in zip(names, found.groups(), strict=True)
        if not (
            shown in told.written(name, facts) if name in strict and name in facts else told.tells(name, shown, facts)
        )
    ]
    # Where one placeholder ends and the next one begins is not always plain.
    if untold and not _is_told_plainly(one, other, facts):
        yield Departure(place, f"another {{{untold[0]}}}", words, untold[0])


def _is_told_plainly(template: str, text: str, facts: Facts) -> bool:
    """Whether a text is what a template makes with each fact written as this tool writes it."""
    found, end = "", 0
    for match in PLACEHOLDER.finditer(template):
        name = match[1] or ""
        known = [_WHITE.sub(" ", each).strip() for each in told.written(name, facts)]
        # Lists may be written in very many ways, of which hardly one is in the text.
        shown = [each for each in known if each in text]
        if known and not shown:
            return False
        found += re.escape(template[end : match.start()])
        found += f"(?:{'|'.join(map(re.escape, shown))})" if shown else _part(match[0], name)
        end = match.end()
    return re.fullmatch(found + re.escape(template[end:]), text, re.DOTALL) is not None


def is_prose(template: str) -> bool:
    """Whether a text is for people, and not a code, a path or another thing that programs compare."""
    return " " in template.strip() and not _CODE.fullmatch(template)
