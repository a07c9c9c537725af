"""Parameters of lists that bound a property: what comes is within, and what is within comes."""

import re
from collections.abc import Iterator
from typing import Any

from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.lists import Lister
from counterfoil.checks.objects.pages import Walk
from counterfoil.checks.semantics.values.clock import moment
from counterfoil.stub.state.inference.filters import Bound, Filters, bounded

FILTERS = "list_parameters"
NAMES = (FILTERS,)

_INCLUSIVE = re.compile(
    r"\b(?:at|on|equal(?: to)?|less|greater|earlier|later) or (?:before|after|equal|earlier|later|at|on)\b"
    r"|\binclusive|\bincluding\b|\b(?:not|no) (?:before|after|earlier than|later than)\b",
    re.IGNORECASE,
)
# Moments long before and after any that a server tells of what it just made.
_LONG_AGO = ("2001-02-03T04:05:06Z", "2001-02-03", 981173106, 981173106000)
_FAR_AHEAD = ("2091-02-03T04:05:06Z", "2091-02-03", 3821486706, 3821486706000)


def check(acting: Acting, lister: Lister, whole: Walk) -> None:
    """Ask a list for what is beyond every bound that it can be asked for, given all of it."""
    filters = Filters(lister.operation.schemas, lister.properties)
    for name in lister.wanted:
        bound = filters.bound(name) if name not in lister.names.values() else None
        if bound is not None:
            for value in _values(lister, whole, name, bound):
                _ask_for(acting, lister, whole, (name, value), bound)


def _values(lister: Lister, whole: Walk, name: str, bound: Bound) -> Iterator[Any]:
    """Bounds that tell objects apart, or that all or none of them are within."""
    had = [value for found in whole.items.values() if (value := bounded(found.get(bound.own))) is not None]
    if had and all(moment(value) is not None for value in had):
        for moments in (_LONG_AGO, _FAR_AHEAD):
            yield from [value for value in moments if _is_like(value, had[0]) and lister.fits(name, value)][:1]
        # Of a time that is told as a text, or with a fraction, a server may know more than it tells.
        if _is_told_inclusive(lister, name):
            yield from [value for value in had if isinstance(value, int) and lister.fits(name, value)][:1]
        return
    numbers = sorted({value for value in had if isinstance(value, int | float) and not isinstance(value, bool)})
    if len(numbers) > 1 and len(numbers) == len({*map(repr, had)}):
        chosen = dict.fromkeys((numbers[0], numbers[-1], numbers[len(numbers) // 2]))
        yield from (value for value in chosen if lister.fits(name, value))


def _is_told_inclusive(lister: Lister, name: str) -> bool:
    """Whether words say that what is at a bound is within it."""
    nodes = [each for each in lister.operation.parameters if each.get("name") == name]
    schema = lister.operation.resolve(lister.wanted[name][0])
    nodes += [schema] if isinstance(schema, dict) else []
    return any(_INCLUSIVE.search(str(each.get("description"))) for each in nodes)


def _is_like(value: Any, other: Any) -> bool:
    """Whether two times are written alike: as texts, or as numbers of the same unit."""
    one, two = moment(value), moment(other)
    if isinstance(value, str) and isinstance(other, str):
        return True
    return one is not None and two is not None and one.zone == two.zone


def _ask_for(acting: Acting, lister: Lister, whole: Walk, asked: tuple[str, Any], bound: Bound) -> None:
    walk, (name, value) = lister.walk([asked], size=lister.largest), asked
    for page in walk.pages:
        out = next(
            (found for found in page.items if _is_within(bounded(found.get(bound.own)), value, bound) is False), None
        )
        if out is not None:
            summary, expected = f"{name} lets through what is beyond it", f"{bound.own} within {value!r}"
            acting.note(page.exchange, FILTERS, summary, expected, repr(bounded(out[bound.own])))
            return
    if not bound.strict and not bound.inclusive and _is_told_inclusive(lister, name):
        bound = bound._replace(inclusive=True)
    within = (key for key, found in whole.items.items() if _is_within(bounded(found.get(bound.own)), value, bound))
    missing = next((key for key in within if key not in walk.items), None)
    if missing is None or not walk.complete or not acting.conversation.client.target.is_local:
        return
    exchange = walk.pages[0].exchange if walk.pages else lister.ask([asked])
    if exchange is not None and exchange.accepted:
        summary, expected = f"{name} leaves out what is within it", f"the object {missing}"
        acting.note(exchange, FILTERS, summary, expected, exchange.response.describe())


def _is_within(value: Any, limit: Any, bound: Bound) -> bool | None:
    """Whether a value is within a limit; None where nobody can say."""
    one, other = _comparable(value), _comparable(limit)
    if one is None or other is None:
        return None
    if one == other:
        return False if bound.strict else True if bound.inclusive else None
    return (one > other) is bound.lower


def _comparable(value: Any) -> float | None:
    told = moment(f"{value}T00:00:00Z" if isinstance(value, str) and len(value) == len("2001-02-03") else value)
    if told is not None:
        return told.seconds
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
