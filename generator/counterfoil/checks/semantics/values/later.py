"""What later answers tell of an object that `x-counterfoil.state.set` states of the request which made it."""

from typing import Any

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.values import forms
from counterfoil.checks.semantics.values.clock import TOLERANCE, clock_of, moment
from counterfoil.checks.semantics.values.telling import Key, Telling

_NOW = "{now"
_SHOWING = frozenset({"fetch", "list"})


class Later:
    """Remembers when objects were made whose moments are set then, and looks at those where objects are shown."""

    names = (forms.NAME,)

    def __init__(self) -> None:
        self._since: dict[Key, tuple[float, dict[str, str]]] = {}
        self._ended: set[str] = set()  # properties that another operation sets to something else

    def see(self, telling: Telling, report: Report) -> None:
        """Note a moment that is not of its form, or neither when the object was made nor since then."""
        role, now = telling.role, clock_of(telling.exchange)
        if telling.creates:
            stated = {name: value for name, value in role.set.items() if _is_moment(value)}
            for told in telling.objects if stated else ():
                if told.key is not None:
                    self._since[told.key] = now, stated
            return
        self._ended.update(name for name, value in role.set.items() if not _is_moment(value))
        for told in telling.objects if role.action in _SHOWING and self._since else ():
            since, stated = self._since.get(told.key, (0.0, {})) if told.key is not None else (0.0, {})
            for name, template in stated.items():
                if name not in told.value or name in self._ended:
                    continue
                value = told.value[name]
                if not _fits(template, value, since, now):
                    summary = f"{telling.place(name)} is not as it is stated to be set"
                    report.add(telling.exchange, forms.NAME, summary, template, repr(value), telling.pointer)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_NOW)


def _fits(template: str, value: Any, since: float, now: float) -> bool:
    if not forms.is_of(template, value):
        return False
    told = moment(value)
    return told is None or not since or since - TOLERANCE < told.seconds < now + TOLERANCE
