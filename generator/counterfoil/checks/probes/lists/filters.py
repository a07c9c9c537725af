"""Parameters of lists that choose and order objects: what comes is what was asked for, and all of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, pairwise
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.lists import Lister, Walk
from counterfoil.checks.objects.values import another, first_fitting
from counterfoil.checks.probes.lists import bounds
from counterfoil.checks.probes.lists.bounds import FILTERS
from counterfoil.stub.state.asking import comparable
from counterfoil.stub.state.inference.names import named, plain, singular, words

NAMES = bounds.NAMES

_FEWEST = 2
_SEVERAL = 4  # objects that make several pages
_SORTED = 4  # pages that are looked at
_MOST_TERMS = 4
_MOST_CHOICES = 4  # values of a property that are asked for
_MOST_PAIRS = 3  # filters that are combined
_NOTHING_HAS = "counterfoil-nothing-has-this"
# What a parameter of such a name asks for need not be objects with that value.
_ABOUT_ANSWERS = frozenset(named("version format locale language lang timezone fields expand include view mode", True))
_NAMES_OF_OBJECTS = frozenset({"name", "title"})


def check(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Ask a list for what some of its objects have, for an order, and for a text, given all of it."""
    if FILTERS in lister.operation.switched_off or len(whole.items) < _FEWEST:
        return
    for name, own in filters_of(lister):
        _filter(acting, lister, whole, name, own)
    _combine(acting, lister, whole)
    bounds.check(acting, lister, whole)
    _sort(acting, lister, whole)
    _search(acting, lister, whole)


def filters_of(lister: Lister) -> Iterator[tuple[str, str]]:
    """Names of parameters that an object's property is compared with, and that property."""
    own = {plain(name): name for name in lister.properties}
    for name, (schema, _) in lister.wanted.items():
        is_list = shapes.types(lister.operation, schema) == {"array"}
        # `states` are several that `state` may be.
        called = plain(singular(name)) if is_list and plain(name) not in own else plain(name)
        if name not in lister.names.values() and called in own and plain(name) not in _ABOUT_ANSWERS:
            yield name, own[called]


def _filter(acting: Acting, lister: Lister, whole: Walk, name: str, own: str) -> None:
    """Ask for a value that some objects have, and where all have that for one that none has."""
    counts = Counter(value for found in whole.items.values() if _is_plain(value := found.get(own)))
    schema = lister.wanted[name][0]
    is_list = shapes.types(lister.operation, schema) == {"array"}
    inner = shapes.items(lister.operation, schema) if is_list else schema
    had = [value for value, _ in reversed(counts.most_common())]
    foreign = (each for value in had[:1] for each in another(lister.operation, inner, value) if each not in counts)
    is_choice = shapes.choices(lister.operation, lister.properties[own]) is not None
    # Of choices one may be a part of another, as `active` is of `inactive`.
    rest = [iter([each]) for each in had[1:_MOST_CHOICES]] if is_choice else [iter(had[1:])]
    for candidates in (iter(had[:1]), *rest, foreign if len(had) == 1 else iter(())):
        value = first_fitting(candidates, lambda each: each != "" and lister.fits(name, [each] if is_list else each))
        if value is not None:
            _ask_for(acting, lister, whole, (name, [value] if is_list else value), (own, value))


def _ask_for(acting: Acting, lister: Lister, whole: Walk, asked: tuple[str, Any], wanted: tuple[str, Any]) -> None:
    """`asked` is what a request says, `wanted` the property that objects then have, with its value."""
    (name, _), (own, value) = asked, wanted
    missing = [key for key, found in whole.items.items() if found.get(own) == value]
    size = lister.small(len(missing)) if len(missing) >= _SEVERAL else None
    walk = lister.walk([asked], size=size or lister.largest)
    listed = next((page.exchange for page in walk.pages), None)
    for page in walk.pages:
        others = [found for found in page.items if own in found and not _fits(lister, own, value, found[own])]
        if others:
            summary, expected = f"{name} lets through what does not match", f"objects with {own} {value!r}"
            acting.note(page.exchange, FILTERS, summary, expected, repr(others[0][own]))
            return
    keys = walk.items.keys()
    totals = [page for page in walk.pages if page.total is not None]
    if walk.complete and totals and totals[0].total != len(walk.keys) and acting.conversation.client.target.is_local:
        summary = f"the total does not heed {name}"
        acting.note(totals[0].exchange, FILTERS, summary, str(len(walk.keys)), str(totals[0].total))
    missing = [key for key in missing if key not in keys]
    if missing and walk.complete and acting.conversation.client.target.is_local:
        exchange = listed or lister.ask([asked])
        if exchange is not None and exchange.accepted:
            summary, expected = f"{name} leaves out what matches", f"the object {missing[0]}"
            acting.note(exchange, FILTERS, summary, expected, exchange.response.describe())


def _fits(lister: Lister, own: str, wanted: Any, value: Any) -> bool:
    """Whether an object with a value is one that was asked for; of choices each is what it is, and no text."""
    if shapes.choices(lister.operation, lister.properties[own]) is not None and isinstance(value, str):
        return bool(wanted == value)
    return _matches(wanted, value)


def _combine(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Ask for two things at once: what comes has both."""
    for (name, own), (other, also) in islice(combinations(filters_of(lister), 2), _MOST_PAIRS):
        told = [
            (found[own], found[also])
            for found in whole.items.values()
            if _is_plain(found.get(own)) and _is_plain(found.get(also))
        ]
        fitting = (
            each
            for each in told
            if any(one == each[0] and two != each[1] for one, two in told)
            and any(one != each[0] and two == each[1] for one, two in told)
        )
        asked = (
            [(name, value_asked(lister, name, one)), (other, value_asked(lister, other, two))] for one, two in fitting
        )
        chosen = next((each for each in asked if all(lister.fits(*pair) for pair in each)), None)
        walk = lister.walk(chosen, size=lister.largest) if chosen is not None and own != also else Walk()
        for page in walk.pages:
            wanted = [(own, chosen[0][1]), (also, chosen[1][1])] if chosen is not None else []
            out = next((found for found in page.items if not _has_all(lister, found, wanted)), None)
            if out is not None:
                summary = f"{name} and {other} together let through what does not match both"
                expected = " and ".join(f"{each} {value!r}" for each, value in wanted)
                acting.note(page.exchange, FILTERS, summary, expected, repr({each: out[each] for each, _ in wanted}))
                return


def value_asked(lister: Lister, name: str, value: Any) -> Any:
    """What asks for one value."""
    return [value] if shapes.types(lister.operation, lister.wanted[name][0]) == {"array"} else value


def _has_all(lister: Lister, found: dict[str, Any], wanted: Sequence[tuple[str, Any]]) -> bool:
    pairs = ((own, value[0] if isinstance(value, list) else value) for own, value in wanted)
    return all(own not in found or _fits(lister, own, value, found[own]) for own, value in pairs)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | bool)


def _matches(wanted: Any, value: Any) -> bool:
    """Whether a value is what was asked for, or a text that has it, in whatever case."""
    if isinstance(value, list):
        return any(_matches(wanted, each) for each in value)
    if isinstance(wanted, str) and isinstance(value, str):
        return wanted.casefold() in value.casefold()
    return type(wanted) is type(value) and bool(wanted == value)


def _sort(acting: Acting, lister: Lister, whole: Walk) -> None:
    if "sort" not in lister.names:
        return
    name = lister.names["sort"]
    schema = lister.wanted[name][0]
    inner = shapes.items(lister.operation, schema) if shapes.types(lister.operation, schema) == {"array"} else None
    terms = shapes.choices(lister.operation, inner if inner is not None else schema) or []
    for term in [term for term in terms if isinstance(term, str)][:_MOST_TERMS]:
        for asked, own, descending in _orders(lister, name, [term] if inner is not None else term, term):
            values = [found.get(own) for found in whole.items.values()]
            if len({repr(value) for value in values if _is_plain(value)}) < _FEWEST:
                continue
            walk = lister.walk(asked, size=lister.small(len(values)) or lister.largest, most=_SORTED)
            shown = [found[own] for page in walk.pages for found in page.items if _is_plain(found.get(own))]
            if walk.pages and not _is_ordered(shown, descending=descending):
                summary = f"{name} {term} does not order by {own}"
                expected = "values that fall" if descending else "values that rise"
                acting.note(walk.pages[-1].exchange, FILTERS, summary, expected, repr(shown[:6]))


def _orders(lister: Lister, name: str, value: Any, term: str) -> Iterator[tuple[list[tuple[str, Any]], str, bool]]:
    """What asks for an order, the property that it is by, and whether its values fall."""
    own = {plain(each): each for each in lister.properties}
    bare = term.lstrip("+-")
    parts = words(bare)
    end = parts[-1] if parts[-1:] and parts[-1] in ("asc", "desc", "ascending", "descending") else ""
    if plain(bare) not in own and end:
        bare = bare[: len(bare) - len(end)]
    else:
        end = ""
    if plain(bare) not in own:
        return
    known = own[plain(bare)]
    if end or term.startswith(("-", "+")):
        yield [(name, value)], known, term.startswith("-") or end.startswith("desc")
        return
    if "direction" in lister.names:
        by = lister.names["direction"]
        for text in shapes.choices(lister.operation, lister.wanted[by][0]) or []:
            if isinstance(text, str) and plain(text) in ("asc", "desc", "ascending", "descending"):
                yield [(name, value), (by, text)], known, plain(text).startswith("desc")
    elif any(str(each).startswith("-") for each in shapes.choices(lister.operation, lister.wanted[name][0]) or []):
        yield [(name, value)], known, False


def _is_ordered(values: list[Any], *, descending: bool) -> bool:
    """Whether values rise, or fall, by one of the usual ways to compare them."""
    steps = list(pairwise(reversed(values) if descending else values))
    if all(type(one) is type(other) and one <= other for one, other in steps):
        return True
    ranks = [(comparable(one), comparable(other)) for one, other in steps]
    return all(type(one) is not type(other) or one <= other for one, other in ranks)


def _search(acting: Acting, lister: Lister, whole: Walk) -> None:
    name = lister.names.get("search")
    if name is None or not lister.fits(name, _NOTHING_HAS):
        return
    page = lister.page([(name, _NOTHING_HAS)])
    if page is not None and len(page.items) > 1 and page.keys == whole.pages[0].keys[: len(page.keys)]:
        summary, got = f"{name} finds what does not have the text", f"{len(page.items)} objects"
        acting.note(page.exchange, FILTERS, summary, "no objects, or fewer", got)
    candidates = (
        (key, value)
        for key, found in reversed(whole.items.items())
        for own, value in found.items()
        if isinstance(value, str) and value.isascii() and value.isprintable()
        if words(own)[-1:] and words(own)[-1] in _NAMES_OF_OBJECTS and len(value) >= 3 and lister.fits(name, value)
    )
    key, text = next(candidates, (None, ""))
    walk = lister.walk([(name, text)], size=lister.largest) if key is not None else None
    if walk is not None and walk.complete and key not in walk.items:
        exchange = walk.pages[0].exchange if walk.pages else lister.ask([(name, text)])
        if exchange is not None and exchange.accepted:
            summary, expected = f"{name} does not find what has the text", f"the object {key} for {text!r}"
            acting.note(exchange, FILTERS, summary, expected, exchange.response.describe())
