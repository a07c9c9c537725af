"""Whether two answers tell the same of one object."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from counterfoil.checks.objects.collections import Part
from counterfoil.stub.state.inference.names import OWN_IDS, named, words

_NOTHING: tuple[Any, ...] = (None, [], {})
# Words in names of what servers may tell otherwise each time, although nobody changed it.
_VOLATILE = frozenset(
    named(
        "updated update updating modified modify modification changed change accessed seen last status state url uri "
        "link links href token secret signature version etag revision count counts counter usage used progress balance "
        "expires expiry expiration expire now self meta metadata request password gmt age remaining elapsed uptime ttl "
        "sync synced total",
        True,
    )
)

_LASTING = frozenset((*OWN_IDS, "number", "code", "key", "slug", "reference", "owner", "account", "tenant"))
_BEGUN = frozenset(("created", "inserted", "registered"))


def difference(before: Any, after: Any, sure: Collection[str] = ()) -> str:
    """Where two tellings of one object differ, a JSON Pointer; empty where they do not.

    What only one of them tells may be so. Of what the server may change by itself, only what `sure` names counts; of
    that an inner object is not emptied either.
    """
    if not isinstance(before, dict) or not isinstance(after, dict):
        return "" if same(before, after) else "/"
    for name in before:
        if name not in after or (name not in sure and is_volatile(name)):
            continue
        if not same(before[name], after[name]) or (name in sure and emptied(before[name], after[name])):
            return f"/{name}"
    return ""


def shown_otherwise(part: Part, before: dict[str, Any], after: dict[str, Any], sure: Collection[str] = ()) -> str:
    """Where an object that an operation shows differs from what was told of it before, as `difference` says.

    What the contract does not let the operation tell as it was may be told otherwise.
    """
    told = dict(before)
    while place := difference(told, after, sure):
        name = place.removeprefix("/")
        if name not in told or part.can_tell(name, told[name]):
            return place
        del told[name]
    return ""


def is_volatile(name: str) -> bool:
    """Whether a property of this name may change by itself."""
    return not _VOLATILE.isdisjoint(words(name))


def is_lasting(name: str) -> bool:
    """Whether a property identifies an object, or says whose it is or when it began, whatever becomes of it."""
    parts = words(name)
    return parts[-1:] != [] and (parts[-1] in _LASTING or not _BEGUN.isdisjoint(parts))


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal as far as both tell; null is nothing, times are moments."""
    if isinstance(one, dict) and isinstance(other, dict):
        # Inner objects that a server makes of what it was told may be made anew for each answer.
        names = (name for name in one if name in other and not is_volatile(name) and name.lower() not in OWN_IDS)
        return all(same(one[name], other[name]) for name in names)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(here, there) for here, there in zip(one, other, strict=True))
    if one in _NOTHING and other in _NOTHING:
        return True
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return _moment(one) is not None and _moment(one) == _moment(other)
    if (isinstance(one, dict | list) or isinstance(other, dict | list)) and None not in (one, other):
        # One answer names what the other one tells in full.
        return type(one) is not type(other)
    return bool(one == other)


def emptied(one: Any, other: Any) -> bool:
    """Whether an object that one value has entries in is empty in the other, at any depth."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    if not other:
        return any(value not in _NOTHING for value in one.values())
    return any(emptied(one[name], other[name]) for name in one if name in other)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
