"""Times that servers set: near now, in order, always written alike, and unchanged where they tell a beginning."""

import re
from collections import Counter
from typing import Any, NamedTuple

from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.roles import settable
from counterfoil.checks.semantics.values.clock import TOLERANCE, Moment, clock_of, moment
from counterfoil.checks.semantics.values.telling import Key, Telling
from counterfoil.checks.wire.exchange import Exchange
from counterfoil.stub.answers.made_values import MILLISECONDS, UNIX
from counterfoil.stub.state.inference.names import plain, words

NAME = "timestamps"

_BEGUN = frozenset(("created", "create", "creation", "inserted", "registered"))
_CHANGED = frozenset(("updated", "update", "modified", "modify", "modification"))
_PERSON = frozenset(("by", "user", "from", "ip", "id", "name", "email"))
_STATE = frozenset(("count", "total", "status", "state"))
_PLACE = frozenset(("url", "uri", "link", "ref", "reference"))
_NO_TIME = _PERSON | _STATE | _PLACE
_CREATED = 201
_ENOUGH = 3  # creations that all tell another time, where the status does not say that each made something
_UNITS = (
    (MILLISECONDS, 1_000),
    (re.compile(r"\bmicro-?seconds?\b", re.IGNORECASE), 1_000_000),
    (re.compile(r"(?<![\w-])seconds?\b", re.IGNORECASE), 1),
)
_NEW = 60.0  # seconds that the creation of what was just made may be away
_LATER = 5.0  # seconds that it takes to make an object
_BACK = 2.0  # seconds by which servers behind one address may differ
_SHARE = 0.05  # of times with less precision; of those whose zeros are cut off it is one in a thousand
_THOUSAND = 3  # digits


class _Sample(NamedTuple):
    moment: Moment
    value: Any
    exchange: Exchange


class Timestamps:
    """Remembers when objects were created, and how times are written."""

    names = (NAME,)

    def __init__(self) -> None:
        self._begun: dict[Key, Moment] = {}
        self._samples: dict[tuple[str, str], list[_Sample]] = {}
        self._far: dict[tuple[str, str], list[tuple[float, _Sample]]] = {}

    def see(self, telling: Telling, report: Report) -> None:
        """Note times out of order, and a beginning that is not what it was."""
        begun, changed = telling.operation.remembered("times", lambda: _names(telling))
        if not begun and not changed:
            return
        for told in telling.objects:
            if telling.exchange.response.status == _CREATED and told.key is not None and not telling.creates:
                self.forget(told.key)
            first = moment(told.value.get(begun)) if begun else None
            known = self._begun.get(told.key) if told.key is not None else None
            # What does not say 201, or tells of the same time, may have found the object that it was to make.
            is_same = known is not None and first is not None and not _differ(known, first)
            is_found = known is not None and (is_same or telling.exchange.response.status != _CREATED)
            if telling.creates and not is_found:
                if told.key is not None and first is not None:
                    self._begun[told.key] = first
                for name in (begun, changed):
                    self._sample(telling, name, told.value.get(name), report)
            elif first is not None and told.key is not None and known is not None:
                if _differ(known, first) and telling.creates:
                    what, expected = "is not that of the object which has this key already", "a key of its own, or "
                    expected += f"the time that the object of the key {told.key[1]} was made at"
                    self._add(telling, begun, what, expected, told.value[begun], report)
                elif _differ(known, first):
                    expected = "the time that the answer to its creation told"
                    self._add(telling, begun, "is another time than before", expected, told.value[begun], report)
            elif told.key not in self._begun:
                continue
            later = moment(told.value.get(changed)) if changed else None
            if telling.creates and not is_found and first is not None and later is not None:
                self._compare_made(telling, changed, (first, later), told.value[changed], report)
            if first is not None and later is not None and _precedes(later, first):
                expected = f"no time before {begun}, {told.value[begun]!r}"
                self._add(telling, changed, f"is before {begun}", expected, told.value[changed], report)

    def _compare_made(
        self, telling: Telling, changed: str, times: tuple[Moment, Moment], value: Any, report: Report
    ) -> None:
        """What was made just now was last changed then, too."""
        (first, later), now = times, clock_of(telling.exchange)
        is_new = telling.exchange.response.status == _CREATED or (now and abs(first.seconds - now) < _NEW)
        if is_new and later.seconds - first.seconds > _LATER + telling.exchange.seconds:
            expected = "the time that the object was created at"
            self._add(telling, changed, "is after its creation where it is created", expected, value, report)

    def forget(self, key: Key) -> None:
        """Expect nothing of an object any more: it is gone, and what has its key from now on is another one."""
        self._begun.pop(key, None)

    def _sample(self, telling: Telling, name: str, value: Any, report: Report) -> None:
        found = moment(value)
        if isinstance(value, int) and not isinstance(value, bool):
            self._judge_unit(telling, name, value, found, report)
        if found is None:
            return
        place = telling.operation.label, telling.place(name)
        sample = _Sample(found, value, telling.exchange)
        samples = self._samples.setdefault(place, [])
        if samples and samples[-1].moment.zone == found.zone and found.seconds < samples[-1].moment.seconds - _BACK:
            expected = f"no time before {samples[-1].value!r}, that of the object before"
            self._add(telling, name, "goes back", expected, value, report)
        samples.append(sample)
        now = clock_of(telling.exchange)
        if now and found.zone and abs(found.seconds - now) > TOLERANCE:
            self._far.setdefault(place, []).append((now, sample))

    def _judge_unit(self, telling: Telling, name: str, value: int, found: Moment | None, report: Report) -> None:
        """A number that is told to be a time is one of about now, in the unit that is told."""
        node = telling.operation.resolve(telling.properties.get(name))
        told = str(node.get("description", "")) if isinstance(node, dict) else ""
        units = {unit for pattern, unit in _UNITS if pattern.search(told)}
        shown = [node.get("example"), *(node.get("examples") or ())] if isinstance(node, dict) else []
        # A contract may show another unit than it tells.
        zones = {f"1/{unit} s" for unit in units} | {example.zone for each in shown if (example := moment(each))}
        if not UNIX.search(told) or name != telling.operation.remembered("times", lambda: _names(telling))[0]:
            return
        if found is None:
            self._add(telling, name, "is no time", "the time that the object was created at", value, report)
        elif len(units) == 1 and found.zone not in zones:
            self._add(telling, name, "is of another unit than is told", told, value, report)

    @staticmethod
    def _add(telling: Telling, name: str, what: str, expected: str, value: Any, report: Report) -> None:
        report.add(
            telling.exchange, NAME, f"{telling.place(name)} {what}", expected, repr(value), _pointer(telling.exchange)
        )

    def finish(self, report: Report) -> None:
        """Note times of creation that are not now, and those that are written otherwise than most."""
        for place, far in self._far.items():
            now, sample = far[0]
            created = any(each.exchange.response.status == _CREATED for _, each in far)
            if created or (len(far) >= _ENOUGH and len(far) == len(self._samples[place])):
                expected = f"about {now:.0f} s after 1970, when the object was created"
                got = f"{sample.value!r}, {sample.moment.seconds:.0f} s after 1970"
                report.add(sample.exchange, NAME, f"{place[1]} is not now", expected, got, _pointer(sample.exchange))
        for (_, name), samples in self._samples.items():
            odd = _otherwise(samples)
            if odd is not None:
                one, usual = odd
                expected = f"a form like that of {usual.value!r}"
                summary = f"{name} is written otherwise than usual"
                report.add(one.exchange, NAME, summary, expected, repr(one.value), _pointer(one.exchange))


def _pointer(exchange: Exchange) -> str:
    return exchange.operation.schema_pointer(exchange.documented, exchange.response.header("content-type"))


def _names(telling: Telling) -> tuple[str, str]:
    """The properties that tell when an object was created and last changed, empty where there are none."""
    given = settable(telling.operation)
    found: dict[frozenset[str], str] = {}
    for name in telling.properties:
        parts = frozenset(words(name))
        if plain(name) in given or parts & _NO_TIME:
            continue
        for kind in (_BEGUN, _CHANGED):
            if parts & kind and not parts & (_CHANGED if kind is _BEGUN else _BEGUN):
                found.setdefault(kind, name)
    return found.get(_BEGUN, ""), found.get(_CHANGED, "")


def _differ(one: Moment, other: Moment) -> bool:
    """Whether two tellings of one time cannot mean the same: what is told with fewer digits may be rounded."""
    digits = min(one.digits, other.digits)
    difference = abs(one.seconds - other.seconds)
    return difference >= (0.5 if one.digits == other.digits == 0 else max(1.01 * 10.0**-digits, 0.002))


def _precedes(later: Moment, first: Moment) -> bool:
    """Whether a time is before another one, more than by what either may have been rounded."""
    # What is told in two forms, such as a text and a number, may be cut off in one and rounded in the other.
    units = 0.99 if later.zone == first.zone else 1.01
    return first.seconds - later.seconds > units * 10.0 ** -min(later.digits, first.digits, _THOUSAND)


def _otherwise(samples: list[_Sample]) -> tuple[_Sample, _Sample] | None:
    """A time that is written otherwise than others, and one of these; None where all are alike."""
    usual = Counter(each.moment.zone for each in samples).most_common(1)[0][0]
    others = [each for each in samples if each.moment.zone != usual]
    if others:
        return others[0], next(each for each in samples if each.moment.zone == usual)
    most = max(samples, key=lambda each: each.moment.digits)
    # Some servers cut zeros off at the end.
    short = [each for each in samples if each.moment.digits <= most.moment.digits - _THOUSAND]
    if len(short) >= _ENOUGH and len(short) > _SHARE * len(samples):
        return short[0], most
    return None
