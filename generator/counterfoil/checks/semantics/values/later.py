"""What answers tell of an object that `x-counterfoil.state.set` states of the requests which made or changed it.

The answer that makes an object is without it, later ones have it.
"""

from collections.abc import Mapping
from typing import Any

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.semantics.values import forms
from counterfoil.checks.semantics.values.clock import TOLERANCE, clock_of, moment
from counterfoil.checks.semantics.values.telling import Key, Telling, Told

_NOW = "{now"
_SHOWING = frozenset({"fetch", "list"})
_CHANGING = frozenset({"change", "replace"})


class Later:
    """Remembers when objects were made whose moments are set then, and looks at those where objects are shown."""

    names = (forms.NAME,)

    def __init__(self) -> None:
        self._since: dict[Key, tuple[float, dict[str, str]]] = {}
        self._ended: set[str] = set()  # properties that another operation sets to something else

    def see(self, telling: Telling, report: Report) -> None:
        """Note a moment that is not of its form, or neither when the object was made nor since then."""
        role, now = telling.role, clock_of(telling.exchange)
        # What only follows from the name of an operation is of no form.
        known = telling.operation.tree.get("x-counterfoil", {}).get("state", {}).get("set") or {}
        stated = {name: value for name, value in role.set.items() if _is_moment(value) and name in known}
        if telling.creates:
            before = forms.constants(telling) if stated else {}
            for told in telling.objects if stated else ():
                self._see_made(told, stated, before, telling, report)
                if told.key is not None:
                    self._since[told.key] = now, stated
            return
        self._ended.update(name for name, value in role.set.items() if not _is_moment(value))
        if stated and role.action in _CHANGING and telling.exchange.accepted:
            for told in telling.objects:
                _see_changed(told, stated, now, telling, report)
            return
        for told in telling.objects if role.action in _SHOWING and self._since else ():
            since, stated = self._since.get(told.key, (0.0, {})) if told.key is not None else (0.0, {})
            for name, template in stated.items():
                if name not in told.value or name in self._ended:
                    continue
                value = told.value[name]
                if not _fits(template, value, since, now):
                    summary = f"{telling.place(name)} is not as it is stated to be set"
                    report.add(telling.exchange, forms.NAME, summary, template, repr(value), telling.pointer)

    def _see_made(
        self, told: Told, stated: Mapping[str, str], before: Mapping[str, Any], telling: Telling, report: Report
    ) -> None:
        """What is stated of objects that nothing was set of yet is told by the answer that makes one."""
        for name, template in stated.items():
            value = told.value.get(name)
            if name in before and value != before[name] and value is not None and forms.is_of(template, value):
                summary = f"{telling.place(name)} is set where the object is made, not later"
                report.add(telling.exchange, forms.NAME, summary, repr(before[name]), repr(value), telling.pointer)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""


def _see_changed(told: Told, stated: Mapping[str, str], now: float, telling: Telling, report: Report) -> None:
    """An answer to a change tells when that was, or tells of the object as it was before."""
    for name, template in stated.items():
        value = told.value.get(name)
        if value and not _fits(template, value, 0.0, now):
            summary = f"{telling.place(name)} is not as it is stated to be set"
            report.add(telling.exchange, forms.NAME, summary, template, repr(value), telling.pointer)


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_NOW)


def _fits(template: str, value: Any, since: float, now: float) -> bool:
    if not forms.is_of(template, value):
        return False
    if template in forms.UNITS:
        seconds = value / forms.UNITS[template]
    elif told := moment(value):
        seconds = told.seconds
    else:
        return True
    return (not since or since - TOLERANCE < seconds) and (not now or seconds < now + TOLERANCE)
