"""Orders of lists: which one a term such as `-name`, `nameDesc` or `newest` asks for, and which one words tell."""

import re
from collections.abc import Iterable, Iterator, Sequence

from counterfoil.stub.state.inference.names import plain, words

ENDS = {"asc": False, "ascending": False, "desc": True, "descending": True}  # True where values fall
_AGES = {"newest": True, "latest": True, "new": True, "recent": True, "oldest": False, "old": False}
_OF_TIMES = ("", "at", "on", "date", "time")  # what the name of a time ends in where that of an order does not
_BEGUN = frozenset(("created", "create", "creation", "inserted", "registered"))
_CLAUSE = re.compile(r"[.;\n]+")
_CONDITION = re.compile(r"\b(?:if|when|where|with|in case|for)\b", re.IGNORECASE)  # before an order is told
_PROVIDED = re.compile(r"\b(?:if|when|where|provided|in case)\b", re.IGNORECASE)  # behind it
_NEWEST = re.compile(
    r"\b(?:newest|latest|most recent(?:ly (?:created|added|made))?)\b[^,:]{0,24}\bfirst\b"
    r"|\breverse[- ]chronological",
    re.IGNORECASE,
)
_OLDEST = re.compile(
    r"\b(?:oldest|earliest)\b[^,:]{0,24}\bfirst\b|(?:^|\b(?:in|by|as)) (?:a |strict )?chronological", re.IGNORECASE
)
_CHANGED = re.compile(r"\b(?:updat|modif|chang|edit|activity)", re.IGNORECASE)
# `orders` may be what a list is of.
_BY = re.compile(
    r"\b(?:sorted|ordered|sorts)\b[^,:]{0,30}?\bby (?:their |its |the )?[`'\"]?(?P<name>[\w.]+)", re.IGNORECASE
)
_THEN = re.compile(r"\bthen\b", re.IGNORECASE)
_OF_AGE = _BEGUN | {"age", "date", "recency", "time"}
_FALLING = re.compile(
    r"\b(?:desc|revers|falling|(?:newest|latest|highest|largest|biggest|most)\b[^,]{0,24}\bfirst\b)", re.IGNORECASE
)


def property_of(term: str, properties: Iterable[str]) -> str:
    """The property that an order of this name is by, whatever its direction; empty where that is none."""
    own = {plain(each): each for each in properties}
    bare = plain(term.lstrip("+-"))
    return next((own[bare + end] for end in _OF_TIMES if bare and bare + end in own), "")


def directed(term: str, properties: Sequence[str]) -> tuple[str, bool] | None:
    """The property that a term such as `name.desc` names, and whether its values fall; None where it names none."""
    bare = term.lstrip("+-")
    end = words(bare)[-1:]
    if end and end[0] in ENDS and (own := property_of(bare[: len(bare) - len(end[0])], properties)):
        return own, ENDS[end[0]]
    begun = begun_of(properties)
    return (begun, _AGES[plain(bare)]) if begun and plain(bare) in _AGES else None


def begun_of(properties: Iterable[str]) -> str:
    """The property that tells when objects were made; empty where none does."""
    return next((name for name in properties if _BEGUN & set(words(name)) and "by" not in words(name)), "")


def told_orders(texts: Iterable[object], properties: Sequence[str]) -> Iterator[tuple[str, bool, str]]:
    """The property that a list is by, whether its values fall, and the words of its description that say so."""
    for text in texts:
        for clause in _CLAUSE.split(str(text or "")):
            newest, oldest, by = _NEWEST.search(clause), _OLDEST.search(clause), _BY.search(clause)
            first, own = newest or oldest, property_of(by["name"], properties) if by is not None else ""
            found = by if own else first
            if found is None or _CONDITION.search(clause[: found.start()]) or _PROVIDED.search(clause[found.end() :]):
                continue
            if by is not None and own:
                is_time = not {"date", "time", "at", "on"}.isdisjoint(words(own))
                falls = bool(_FALLING.search(_THEN.split(clause[by.start() :])[0]))
                if not is_time or falls or re.search(r"\basc", clause, re.IGNORECASE):
                    yield own, falls, clause
            elif by is None or not _OF_AGE.isdisjoint(words(by["name"])):
                is_sure = (newest is None or oldest is None) and not _CHANGED.search(clause)
                if is_sure and (begun := begun_of(properties)):
                    yield begun, newest is not None, clause
