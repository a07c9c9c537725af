"""Which of many objects to look at: some of all times of a run, and those that were made with what few others have."""

from collections.abc import Iterator, Sequence
from typing import Any

from counterfoil.checks.objects.made import Made

_SPREAD = 8  # objects from the first to the last
_PECULIAR = 12
_LONG = (0, 1, 255, 2000)  # characters or items that values may have more than
_LARGE = 2**31

Feature = tuple[str, str]  # the place of a value, and of what kind it is


def sample(objects: Sequence[Made]) -> list[Made]:
    """Some of the objects that a run has made, in the order in which they were."""
    chosen = set(range(0, len(objects), -(-len(objects) // _SPREAD) or 1))
    features = [frozenset(_features(made.exchange.request.json)) for made in objects]
    seen = frozenset[Feature]().union(*(features[index] for index in chosen))
    for _ in range(_PECULIAR):
        best = max(range(len(objects)), key=lambda index: len(features[index] - seen), default=0)
        if not objects or not features[best] - seen:
            break
        chosen.add(best)
        seen |= features[best]
    return [objects[index] for index in sorted(chosen)]


def _features(value: Any, place: str = "") -> Iterator[Feature]:
    """What kinds of values a JSON value has where: signs and sizes of numbers, lengths, letters and order of texts."""
    yield place, type(value).__name__
    if isinstance(value, dict):
        yield place, f"{len(value)} members"
        for name, held in value.items():
            yield from _features(held, f"{place}/{name}")
    elif isinstance(value, list):
        yield from ((place, f"over {count}") for count in _LONG if len(value) > count)
        for held in value[:2]:
            yield from _features(held, f"{place}/*")
    elif isinstance(value, str):
        yield from ((place, f"over {count}") for count in _LONG if len(value) > count)
        for kind, is_so in (
            ("blank ends", value != value.strip()),
            ("lines", "\n" in value),
            ("upper case", value != value.lower()),
            ("not ASCII", not value.isascii()),
            ("astral", any(ord(each) > 0xFFFF for each in value[: _LONG[-1]])),
        ):
            if is_so:
                yield place, kind
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, f"{'below' if value < 0 else 'above' if value > 0 else 'at'} 0, {abs(value) >= _LARGE}"
