"""A text that is looked for in lists: what has it is found and counted, and it stands for nothing but itself."""

import re
from collections.abc import Iterator, Sequence

from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Key
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.pages import Page, Walk
from counterfoil.checks.probes.lists.bounds import FILTERS
from counterfoil.stub.state.inference.names import words
from counterfoil.stub.state.inference.searches import looked_at

_SHORTEST = 3  # characters of a text that is looked for
_CONTAINS = re.compile(r"\bcontain|\bsubstring\b|\bpart of\b|\banywhere\b|\blooks? for in\b", re.IGNORECASE)
_ANY_CASE = re.compile(r"\bcase[- ]?insensitiv|\bignor\w* (?:the )?case\b|\bregardless of case\b", re.IGNORECASE)
_PATTERN = re.compile(
    r"wild\W?card|\bpatterns?\b|\bglob|\bregex|\bregular expression|\blike\b|\bfuzzy|%", re.IGNORECASE
)
_NOTHING_HAS = "counterfoil-nothing-has-this"
_NAMES_OF_OBJECTS = frozenset({"name", "title"})
_ANY_ONE = "_"  # any one character to LIKE of SQL
_NONE = "-"  # in the place of one that no text has there


def check(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Ask a list for texts that some of its objects have, and for one that none has, given all of it."""
    name = lister.names.get("search")
    if name is None or not lister.fits(name, _NOTHING_HAS):
        return
    page = lister.page([(name, _NOTHING_HAS)])
    if page is not None and len(page.items) > 1 and page.keys == whole.pages[0].keys[: len(page.keys)]:
        summary, got = f"{name} finds what does not have the text", f"{len(page.items)} objects"
        acting.note(page.exchange, FILTERS, summary, "no objects, or fewer", got)
    elif page is not None and not page.items:
        _count(acting, page, name, 0)
    told = looked_at(lister.operation.schemas, _words_about(lister, name), lister.properties)
    contains = bool(_CONTAINS.search(_words_about(lister, name)))
    is_exact = contains and not _PATTERN.search(_words_about(lister, name))
    for own in told or _named(lister):
        key, value = next(_texts(lister, name, whole, own, told), (None, ""))
        texts = [value, *([value[1:]] if contains and len(value) > _SHORTEST else [])]
        texts += [value.swapcase()] if _ANY_CASE.search(_words_about(lister, name)) else []
        for text in texts if key is not None else ():
            walk = lister.walk([(name, text)], size=lister.largest)
            if walk.complete and walk.pages:
                _count(acting, walk.pages[0], name, len(walk.keys))
            exchange = walk.last if walk.complete and key not in walk.items else None
            if exchange is not None and exchange.accepted:
                summary, expected = f"{name} does not find what has the text", f"the object {key}, {own} {value!r}"
                acting.note(exchange, FILTERS, summary, expected, exchange.response.describe())
                return
        if is_exact and key is not None:
            _ask_for_any(acting, lister, name, key, value)
            is_exact = False


def _count(acting: Acting, page: Page, name: str, count: int) -> None:
    """The total of what a text is found in is how many objects these are."""
    if page.total is not None and page.total != count and acting.conversation.client.target.is_local:
        acting.note(page.exchange, FILTERS, f"the total does not heed {name}", str(count), str(page.total))


def _ask_for_any(acting: Acting, lister: Lister, name: str, key: Key, text: str) -> None:
    """Ask for a text of which one character is what stands for any one in queries of databases."""
    place = next((i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalnum()), 0)
    asked, other = (f"{text[:place]}{each}{text[place + 1 :]}" for each in (_ANY_ONE, _NONE))
    if not place or not lister.fits(name, asked) or not lister.fits(name, other):
        return
    found = lister.page([(name, asked)])
    if found is None or key not in found.keys or asked.casefold() in str(found.items).casefold():
        return
    # What takes texts apart, or finds what is like them, finds it for another character, too.
    without = lister.page([(name, other)])
    if without is not None and key not in without.keys:
        summary, expected = f"{name} finds what does not have the text", f"no object without {asked!r}"
        acting.note(found.exchange, FILTERS, summary, expected, f"the object {key}, which has {text!r}")


def _words_about(lister: Lister, name: str) -> str:
    """What descriptions say of a parameter."""
    nodes = [each for each in lister.operation.parameters if each.get("name") == name]
    nodes.append(lister.operation.resolve(lister.wanted[name][0]))
    return " ".join(str(each.get("description", "")) for each in nodes if isinstance(each, dict))


def _named(lister: Lister) -> list[str]:
    """The property by which one looks for objects where nobody says by which."""
    return [own for own in lister.properties if words(own)[-1:] and words(own)[-1] in _NAMES_OF_OBJECTS][:1]


def _texts(lister: Lister, name: str, whole: Walk, own: str, told: Sequence[str]) -> Iterator[tuple[Key, str]]:
    """Objects and texts that they have in a property, and in no other one that is looked at."""
    for key, found in reversed(whole.items.items()):
        value = found.get(own)
        if not isinstance(value, str) or not value.isascii() or not value.isprintable() or len(value) < _SHORTEST:
            continue
        others = (str(found.get(each)) for each in told if each != own)
        if lister.fits(name, value) and not any(value.casefold() in other.casefold() for other in others):
            yield key, value
