"""Values of the form that the contract states by `x-counterfoil.generate`."""

import re
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from counterfoil.checks import templates
from counterfoil.checks.cases.leaves import at
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import settable
from counterfoil.checks.semantics.values.clock import TOLERANCE, clock_of
from counterfoil.checks.semantics.values.telling import Telling
from counterfoil.stub.contract_tree import extension
from counterfoil.stub.schema_walk import objects
from counterfoil.stub.state.inference.names import plain

NAME = "stated_form"

UNITS = {"{now-unix}": 1, "{now-unix-milliseconds}": 1000}
"""How many of what these templates count in there are in a second."""
_MOST = 2**63  # what no count of seconds or milliseconds comes to
_DAY = 86400  # seconds
_FEW = 8  # random characters, from which on two values are never equal by chance


class _Stated(NamedTuple):
    """A property whose values are made by a template: where it is, the template, and what its values match."""

    path: tuple[str, ...]
    template: str
    form: re.Pattern[str] | None
    varies: bool


class Forms:
    """Looks at every value of an answer that a template makes, unless the request says it."""

    names = (NAME,)

    def __init__(self) -> None:
        self._last: dict[tuple[str, _Stated], Any] = {}

    def see(self, telling: Telling, report: Report) -> None:
        """Note a value that is not of its stated form, or that does not change where it is stated to be random."""
        exchange, operation = telling.exchange, telling.operation
        answer = telling.role.answer or ()
        for each in operation.remembered(("stated", id(exchange.response_schema)), lambda: _stated(telling)):
            within = each.path[: len(answer)] == answer
            # An object that is shown may be one that nobody made by the template.
            if within and not telling.creates:
                continue
            value = at(telling.body, each.path)
            if value is None:
                continue
            place = "/" + "/".join(each.path)
            if not _fits(each, value, clock_of(exchange)):
                report.add(
                    exchange, NAME, f"{place} is not of its stated form", each.template, repr(value), telling.pointer
                )
            elif each.varies and telling.is_first_hand:
                if self._last.get((operation.label, each)) == value:
                    expected = f"another value for each answer: {each.template}"
                    report.add(exchange, NAME, f"{place} is the same again", expected, repr(value), telling.pointer)
                self._last[operation.label, each] = value

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""


def is_of(template: str, value: Any) -> bool:
    """Whether a value has the form of what a template makes, whenever that was."""
    form = _pattern(template)
    if form is None:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return is_number and (template not in UNITS or 0 < value < _MOST)
    return isinstance(value, str) and form.fullmatch(value) is not None


def constants(telling: Telling) -> dict[str, Any]:
    """Property → the value that is stated of every new object, for those of the object of an answer that have one."""
    stated = {
        name: extension("generate", held, telling.operation.resolve(held)) for name, held in telling.properties.items()
    }
    return {
        name: value
        for name, value in stated.items()
        if value is not None and not (isinstance(value, str) and "{" in value)
    }


def _stated(telling: Telling) -> list[_Stated]:
    operation, schema = telling.operation, telling.exchange.response_schema
    given = settable(operation)
    found = []
    for path, node in objects(operation.schemas, schema or {}):
        for name, held in operation.schemas.properties(node).items():
            template = extension("generate", held, operation.resolve(held))
            if isinstance(template, str) and "{" in template and plain(name) not in given and "*" not in path:
                found.append(_Stated((*path, name), template, _pattern(template), _varies(template)))
    return found


def _is_of_today(template: str, text: str, now: float) -> bool:
    """Whether the dates in a text are those of a moment, wherever on earth."""
    if "{today" not in template:
        return True
    days = {datetime.fromtimestamp(now + shift, UTC).strftime("%Y%m%d") for shift in (-_DAY, 0, _DAY)}
    dates = [found for name, found in templates.parts(template, text) if name in ("today", "today-compact")]
    return all(found.replace("-", "") in days for found in dates)


@lru_cache(maxsize=64)
def _pattern(template: str) -> re.Pattern[str] | None:
    """What texts match that a template makes; None where it makes none, or where that is not told by its form."""
    if template in (*UNITS, "{increment}"):
        return None
    return re.compile(templates.pattern(template), re.DOTALL)


def _varies(template: str) -> bool:
    sizes = [int(match[1]) for match in re.finditer(r"\{(?:alphanumeric|hex|digits)-(\d+)\}", template)]
    return "{uuid}" in template or "{base62-uuid7}" in template or sum(sizes) >= _FEW


def _fits(stated: _Stated, value: Any, now: float) -> bool:
    if stated.form is not None:
        return is_of(stated.template, value) and _is_of_today(stated.template, value, now or time.time())
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    unit = UNITS.get(stated.template)
    return unit is None or (0 < value < _MOST and abs(value / unit - (now or time.time())) < TOLERANCE)
