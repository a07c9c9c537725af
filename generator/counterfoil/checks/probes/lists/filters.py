"""Parameters of lists that choose and order objects: what comes is what was asked for, and all of it."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, islice
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.pages import Walk
from counterfoil.checks.objects.telling import names_another
from counterfoil.checks.objects.values import another, first_fitting
from counterfoil.checks.probes.lists import bounds, orders, searches
from counterfoil.checks.probes.lists.bounds import FILTERS
from counterfoil.stub.state.inference.filters import Filters

NAMES = bounds.NAMES

_FEWEST = 2
_SEVERAL = 4  # objects that make several pages
_MOST_CHOICES = 4  # values of a property that are asked for
_MOST_PAIRS = 3  # filters that are combined
_SHORTEST = 3  # characters of an id that is cut


def check(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Ask a list for what some of its objects have, for an order, and for a text, given all of it."""
    if FILTERS in lister.operation.switched_off or len(whole.items) < _FEWEST:
        return
    for name, own in filters_of(lister):
        _filter(acting, lister, whole, name, own)
    _combine(acting, lister, whole)
    bounds.check(acting, lister, whole)
    orders.check(acting, lister, whole)
    searches.check(acting, lister, whole)


def filters_of(lister: Lister) -> Iterator[tuple[str, str]]:
    """Names of parameters that an object's property is compared with, and that property."""
    filters = Filters(lister.operation.schemas, lister.properties)
    for name, (schema, _) in lister.wanted.items():
        found = filters.equal(name, is_list=shapes.types(lister.operation, schema) == {"array"})
        if name not in lister.names.values() and found is not None:
            yield name, found


def _filter(acting: Acting, lister: Lister, whole: Walk, name: str, own: str) -> None:
    """Ask for a value that some objects have, and where all have that for one that none has."""
    counts = Counter(value for found in whole.items.values() for value in _held(found.get(own)))
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
    if not is_list and names_another(own):
        _ask_for_part(acting, lister, name, own, counts)
    if is_list and len(had) > 1 and lister.fits(name, had[:2]):
        _ask_for_either(acting, lister, whole, (name, had[:2]), own)


def _ask_for_part(acting: Acting, lister: Lister, name: str, own: str, had: Collection[str | int]) -> None:
    """The beginning of an id is not the id."""
    texts = (each[:-1] for each in had if isinstance(each, str) and len(each) > _SHORTEST)
    schema = lister.properties[own]
    part = first_fitting(
        (each for each in texts if each not in had),
        lambda each: lister.fits(name, each) and lister.operation.accepts(schema, each),
    )
    for page in lister.walk([(name, part)], size=lister.largest).pages if part is not None else ():
        others = [found[own] for found in page.items if isinstance(found.get(own), str) and found[own] != part]
        # What heeds no filter at all is told of as such.
        if others and all(each.casefold().startswith(part.casefold()) for each in others):
            summary, expected = f"{name} lets through what only begins so", f"objects with {own} {part!r}"
            acting.note(page.exchange, FILTERS, summary, expected, repr(others[0]))
            return


def _held(value: Any) -> Iterator[str | int]:
    """What is plain of a value, which may be several."""
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, str | int):
            yield each


def _ask_for_either(acting: Acting, lister: Lister, whole: Walk, asked: tuple[str, list[Any]], own: str) -> None:
    """A list that is asked for several values of what an object has one of has the objects of each."""
    name, values = asked
    walk = lister.walk([asked], size=lister.largest)
    out = next(
        ((page, found) for page in walk.pages for found in page.items if found.get(own, values[0]) not in values), None
    )
    if out is not None and _is_plain(out[1][own]):
        summary, expected = f"{name} lets through what matches none of several", f"objects with {own} of {values!r}"
        acting.note(out[0].exchange, FILTERS, summary, expected, repr(out[1][own]))
        return
    wanted = [key for key, found in whole.items.items() if _is_plain(found.get(own)) and found[own] in values]
    missing = next((key for key in wanted if key not in walk.items), None)
    if missing is not None and walk.complete and walk.last is not None and acting.conversation.client.target.is_local:
        summary, expected = f"{name} leaves out what matches one of several", f"the object {missing}"
        acting.note(walk.last, FILTERS, summary, expected, walk.last.response.describe())


def _ask_for(acting: Acting, lister: Lister, whole: Walk, asked: tuple[str, Any], wanted: tuple[str, Any]) -> None:
    """`asked` is what a request says, `wanted` the property that objects then have, with its value."""
    (name, _), (own, value) = asked, wanted
    missing = [key for key, found in whole.items.items() if value in _held(found.get(own))]
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
