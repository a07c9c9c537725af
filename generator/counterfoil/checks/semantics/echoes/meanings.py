"""Ways to write one value, of which a server keeps one."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address
from typing import Any

_EXACT = 2**53  # below which all integers are those of floating-point numbers
_THOUSANDTH = timedelta(milliseconds=1)


def means_the_same(schema: Any, sent: Any, received: Any) -> bool:
    """Whether two values are ways to write the same one of `schema`, references followed."""
    form = schema.get("format") if isinstance(schema, dict) else None
    if isinstance(sent, int) and isinstance(received, int | float):
        return form is None and _are_as_near_as_told(sent, received)
    if not isinstance(form, str) or not isinstance(sent, str) or not isinstance(received, str):
        return False
    try:
        return form in _SAME and _SAME[form](sent, received)
    except ValueError:
        return False


def _are_as_near_as_told(sent: int, received: float) -> bool:
    """Whether an integer is told by the nearest of those that all readers of JSON know (RFC 8259, section 6).

    Where the schema says how many bits integers have, all of them are known.
    """
    return abs(sent) >= _EXACT and abs(received) >= _EXACT and float(sent) == float(received)


def _times(one: str, other: str) -> bool:
    """Whether two times are the same, as far as servers with clocks of milliseconds tell them."""
    begun, told = datetime.fromisoformat(one), datetime.fromisoformat(other)
    if (begun.tzinfo is None) is not (told.tzinfo is None):
        return False
    return begun == told or (
        told.microsecond % 1000 == 0 and begun.microsecond % 1000 > 0 and abs(begun - told) < _THOUSANDTH
    )


def _read(read: Callable[[str], Any]) -> Callable[[str, str], bool]:
    return lambda one, other: bool(read(one) == read(other))


def _address(text: str) -> tuple[str, str]:
    local, _, domain = text.rpartition("@")
    return local, domain.lower()


# The case of UUIDs (RFC 9562, section 4), host names (RFC 4343) and the domains of addresses says nothing.
_SAME: Mapping[str, Callable[[str, str], bool]] = {
    "date-time": _times,
    "uuid": _read(str.lower),
    "hostname": _read(str.lower),
    "idn-hostname": _read(str.casefold),
    "ipv6": _read(IPv6Address),
    "email": _read(_address),
    "idn-email": _read(_address),
}
