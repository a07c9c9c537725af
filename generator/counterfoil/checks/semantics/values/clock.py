"""What time it is for a server, and what times its answers tell."""

import re
from datetime import UTC, datetime
from typing import Any, NamedTuple

from counterfoil.checks.wire.exchange import Exchange
from counterfoil.checks.wire.lenient import date

TOLERANCE = 600.0  # seconds by which clocks may differ; the nearest zones differ by 900

_TEXT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.(\d+))?([Zz]|[+-]\d\d:?\d\d)?")
_LAST = 1e11  # seconds since 1970, of years that calendars of programs still have
_UNITS = ((1e8, _LAST, 1), (_LAST, 1e14, 1_000), (1e14, 1e17, 1_000_000))


class Moment(NamedTuple):
    """A moment in seconds since 1970, the digits that its fraction has, and how its zone is written.

    The zone is `Z`, `offset`, or empty where none is told; of numbers it is their unit.
    """

    seconds: float
    digits: int
    zone: str


def clock_of(exchange: Exchange) -> float:
    """The time that the server says it is, else ours when it was asked; 0 where neither is known.

    Of an answer its `Date` tells it (RFC 9110, 6.6.1).
    """
    told = date(exchange.response.header("date"))
    return exchange.moment if told is None or not 0 < told < _LAST else told


def moment(value: Any) -> Moment | None:
    """The moment that a value tells; None where it tells none. A time without a zone is read as UTC."""
    if isinstance(value, int) and not isinstance(value, bool):
        unit = next((unit for least, most, unit in _UNITS if least <= value < most), None)
        return None if unit is None else Moment(value / unit, len(str(unit)) - 1, f"1/{unit} s")
    match = _TEXT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        found = datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    zone = match[2] or ""
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return Moment(found.timestamp(), len(match[1] or ""), "Z" if zone in ("Z", "z") else zone and "offset")
