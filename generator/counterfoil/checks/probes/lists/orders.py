"""The order of lists: the one that is asked for, and the one that is told in words."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.pages import Walk
from counterfoil.checks.probes.lists.bounds import FILTERS
from counterfoil.checks.probes.lists.collation import is_ordered
from counterfoil.checks.roles import settable
from counterfoil.checks.semantics.values.clock import moment
from counterfoil.stub.state.inference.names import plain
from counterfoil.stub.state.inference.orders import ENDS, begun_of, directed, property_of, told_orders
from counterfoil.stub.state.objects import UPDATED

_FEWEST = 2  # different values of which one sees an order
_TIMES = 3  # the same of times
_PAGES = 4  # that are looked at
_MOST_TERMS = 8
_TOKEN = re.compile(r"(?<![\w-])([+-]?[A-Za-z][\w.:]*)")
_CLAUSE = re.compile(r"[.;\n]+")
_AS_MADE = re.compile(
    r"\border (?:in which|that|as) (?:they|these|those|\w+) (?:came|come|arrived?|(?:were|are|was|have been|had been) "
    r"(?:made|created|added|sent|inserted|received|posted|written|registered|placed|submitted|opened|recorded|stored))\b"
    r"|\border of (?:their )?(?:creation|insertion|arrival|receipt)\b|\b(?:insertion|creation|arrival) order\b",
    re.IGNORECASE,
)
_UNLESS = re.compile(r"\b(?:if|when|where|unless|otherwise|default\w*|not|never)\b", re.IGNORECASE)
_BACKWARDS = re.compile(r"\b(?:revers|desc|newest|latest|most recent|backward|last first)", re.IGNORECASE)
_PAIR = re.compile(r"\bfield\w*\W{1,3}(?P<sign>[:.,])\W{0,2}(?:direction|order|asc)", re.IGNORECASE)


class _Order(NamedTuple):
    """What asks for an order, what that is called, the property that it is by, and whether its values fall."""

    asked: list[tuple[str, Any]]
    title: str
    own: str
    falls: bool


def check(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Ask a list for each order that it may be asked for, given all of it."""
    for order in _orders(lister):
        values = [found.get(order.own) for found in whole.items.values()]
        if len({repr(value) for value in values if _is_plain(value)}) >= _FEWEST:
            _try(acting, lister, order, lister.small(len(values)) or lister.largest)
    if acting.conversation.client.target.is_local:
        _check_directions(acting, lister, whole)


def check_times(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Ask a list for orders by time, given all of it, once objects were made at different times."""
    if FILTERS in lister.operation.switched_off or not acting.conversation.client.target.is_local:
        return
    for order in _orders(lister):
        if _are_times([found.get(order.own) for found in whole.items.values()]):
            _try(acting, lister, order, lister.largest)
    _check_directions(acting, lister, whole)
    _check_words(acting, lister, whole)


def check_making(acting: Acting, lister: Lister, whole: Walk) -> None:
    """A list that is told to be in the order in which its objects were made has those of this run in that order."""
    clause = next((each for each in _clauses(lister) if _AS_MADE.search(each) and not _UNLESS.search(each)), "")
    if not clause or FILTERS in lister.operation.switched_off or not acting.conversation.client.target.is_local:
        return
    memory = acting.conversation.existing.memory.untouched(acting.collection.template)
    ours, falls = [made.key for made in memory if made.key in whole.items], bool(_BACKWARDS.search(clause))
    places = {key: place for place, key in enumerate(whole.keys)}
    for one, other in pairwise(ours):
        # Of what was made at the same time, as far as the server tells, either may come first.
        if (places[one] < places[other]) is falls and _is_older(lister, whole.items[one], whole.items[other]):
            summary = "the list is not in the order in which its objects were made"
            got = f"{one} before {other}, which was made later" if falls else f"{other} before {one}, which is older"
            acting.note(whole.pages[0].exchange, FILTERS, summary, clause.strip(), got)
            return


def _is_older(lister: Lister, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether an object tells an earlier time than another one, of those that nobody else can tell."""
    given = settable(lister.operation)
    names = (name for name in one if plain(name) not in given and not UPDATED.search(name))
    pairs = ((moment(one[name]), moment(other.get(name))) for name in names)
    return any(a is not None and b is not None and a.seconds < b.seconds for a, b in pairs)


def _clauses(lister: Lister) -> Iterator[str]:
    """What is told of a list, clause by clause."""
    for text in _texts(lister):
        yield from _CLAUSE.split(str(text or ""))


def _texts(lister: Lister) -> list[object]:
    """What is told of a list and of its answers, by its summary and by descriptions."""
    tree = lister.operation.tree
    answers = (lister.operation.responses[key].tree for key in lister.operation.success_keys)
    return [tree.get("summary"), tree.get("description"), *(each.get("description") for each in answers)]


def _try(acting: Acting, lister: Lister, order: _Order, size: int | None) -> None:
    walk = lister.walk(order.asked, size=size, most=_PAGES)
    shown = [found[order.own] for page in walk.pages for found in page.items if _is_plain(found.get(order.own))]
    if walk.pages and not is_ordered(shown, falls=order.falls, are_choices=_are_choices(lister, order.own)):
        summary = f"{order.title} does not order by {order.own}"
        acting.note(walk.pages[-1].exchange, FILTERS, summary, _expected(falls=order.falls), repr(shown[:6]))


def _expected(*, falls: bool) -> str:
    return "values that fall" if falls else "values that rise"


def _orders(lister: Lister) -> Iterator[_Order]:
    for kind in ("sort", "direction"):
        if kind not in lister.names:
            continue
        name = lister.names[kind]
        schema = lister.wanted[name][0]
        is_list = shapes.types(lister.operation, schema) == {"array"}
        terms = list(_terms(lister, name))
        for term in terms[:_MOST_TERMS]:
            value: Any = [term] if is_list else term
            if lister.fits(name, value):
                yield from _order_of(lister, name, value, term, terms)


def _terms(lister: Lister, name: str) -> Iterator[str]:
    """The orders that a parameter may ask for: those that are listed, else those that are told of."""
    operation, schema = lister.operation, lister.wanted[name][0]
    inner = shapes.items(operation, schema) if shapes.types(operation, schema) == {"array"} else schema
    listed = shapes.choices(operation, inner)
    if listed is not None:
        yield from (each for each in listed if isinstance(each, str))
        return
    if "string" not in shapes.types(operation, inner):
        return
    told, examples = _told_of(lister, name)
    found = dict.fromkeys(each for each in (*examples, *_TOKEN.findall(told)) if isinstance(each, str))
    signed = {each.lstrip("+-") for each in found if each.startswith("-")}
    by_pair = _PAIR.search(told)
    for term in found:
        own = property_of(term, lister.properties)
        if by_pair is not None and own:
            yield from (f"{term}{by_pair['sign']}{end}" for end in ("asc", "desc"))
        elif own and (term.lstrip("+-") in signed or "direction" in lister.names):
            yield from dict.fromkeys((term, term.lstrip("+-")))
        elif own or directed(term, [*lister.properties]) is not None:
            yield term


def _told_of(lister: Lister, name: str) -> tuple[str, list[Any]]:
    """What words say of a parameter, and examples of it."""
    nodes: list[Any] = [each for each in lister.operation.parameters if each.get("name") == name]
    nodes.append(lister.operation.resolve(lister.wanted[name][0]))
    nodes = [each for each in nodes if isinstance(each, dict)]
    examples = [each[key] for each in nodes for key in ("default", "example") if key in each]
    examples += [value for each in nodes if isinstance(each.get("examples"), list) for value in each["examples"]]
    return " ".join(str(each.get("description", "")) for each in nodes), examples


def _order_of(lister: Lister, name: str, value: Any, term: str, terms: Sequence[str]) -> Iterator[_Order]:
    parted = None if property_of(term, lister.properties) else directed(term, [*lister.properties])
    if parted is not None:
        yield _Order([(name, value)], f"{name} {term}", *parted)
        return
    own = property_of(term, lister.properties)
    if not own:
        return
    by = lister.names.get("direction", name)
    if term.startswith(("-", "+")):
        yield _Order([(name, value)], f"{name} {term}", own, term.startswith("-"))
    elif by != name:
        for text, falls in _directions(lister):
            yield _Order([(name, value), (by, text)], f"{name} {term}", own, falls)
    elif any(each.startswith("-") for each in terms):
        yield _Order([(name, value)], f"{name} {term}", own, falls=False)


def _directions(lister: Lister) -> Iterator[tuple[str, bool]]:
    """What asks for either direction, and whether values fall then."""
    name = lister.names["direction"]
    listed = shapes.choices(lister.operation, lister.wanted[name][0])
    found = listed if listed is not None else dict.fromkeys(_TOKEN.findall(_told_of(lister, name)[0]))
    for text in found:
        if isinstance(text, str) and plain(text) in ENDS and lister.fits(name, text):
            yield text, ENDS[plain(text)]


def _check_directions(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Both directions of an order of which nobody says what it is by: the one is not that of the other."""
    by = {falls: text for text, falls in _directions(lister)} if "direction" in lister.names else {}
    begun = begun_of(lister.properties)
    if len(by) < len({*ENDS.values()}) or not begun:
        return
    if not _are_times([found.get(begun) for found in whole.items.values()]):
        return
    name = lister.names["direction"]
    rising, falling = (lister.walk([(name, by[falls])], size=lister.largest) for falls in (False, True))
    if not rising.complete or not falling.complete or set(rising.keys) != set(falling.keys):
        return
    last = falling.pages[-1].exchange
    if rising.keys == falling.keys:
        acting.note(last, FILTERS, f"{name} changes nothing", f"another order for {by[True]}", "the same one")
        return
    told = [[found for page in walk.pages for found in page.items] for walk in (rising, falling)]
    if any(_rises(told[0], each) for each in lister.properties):
        return
    if _rises(told[1], begun) and _rises(told[0][::-1], begun):
        shown = [found[begun] for found in told[1]]
        summary, expected = f"{name} {by[True]} orders as {by[False]} does", _expected(falls=True)
        acting.note(last, FILTERS, summary, expected, f"from {shown[0]!r} to {shown[-1]!r}")


def _are_choices(lister: Lister, own: str) -> bool:
    return shapes.choices(lister.operation, lister.properties[own]) is not None


def _rises(found: list[dict[str, Any]], name: str) -> bool:
    values = [each[name] for each in found if _is_plain(each.get(name))]
    return len({*map(repr, values)}) >= _FEWEST and is_ordered(values, falls=False)


def _check_words(acting: Acting, lister: Lister, whole: Walk) -> None:
    """A list that nobody asks for an order has the one that its description tells."""
    found = [each for page in whole.pages for each in page.items]
    for own, falls, clause in _told_orders(lister):
        values = [each[own] for each in found if _is_plain(each.get(own))]
        is_seen = _are_times(values) or (moment(values[0]) is None if len({*map(repr, values)}) >= _TIMES else False)
        if is_seen and not is_ordered(values, falls=falls, are_choices=_are_choices(lister, own)):
            summary = f"the list is not in the order that is told, by {own}"
            place = next((i for i, pair in enumerate(pairwise(values)) if not is_ordered(pair, falls=falls)), 0)
            acting.note(
                whole.pages[0].exchange, FILTERS, summary, clause.strip(), repr(values[max(0, place - 1) :][:4])
            )
            return


def _told_orders(lister: Lister) -> Iterator[tuple[str, bool, str]]:
    """The property that a list is by, whether it falls, and the words that say so."""
    return told_orders(_texts(lister), [*lister.properties])


def _are_times(values: Sequence[Any]) -> bool:
    """Whether values are times, several of them different."""
    found = {told.seconds for value in values if (told := moment(value)) is not None}
    return len(found) >= _TIMES


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | bool)
