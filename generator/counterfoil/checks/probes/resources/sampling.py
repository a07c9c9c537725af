"""Which of many objects to look at: some of all times of a run, and those that were made with what few others have."""

from collections.abc import Iterator, Sequence
from typing import Any

from counterfoil.checks.objects.made import Made

_SPREAD = 8  # objects from the first to the last
_PECULIAR = 24
_LONG = (0, 255, 2000)  # characters or items that values may have more than
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
    """What kinds of values a JSON value has where: signs and sizes of numbers, lengths and letters of texts."""
    kinds = [type(value).__name__]
    if isinstance(value, str | list | dict):
        kinds += [f"over {count}" for count in _LONG if len(value) > count] or ["empty"]
    if isinstance(value, dict):
        for name, held in value.items():
            # Names that clients choose are no places of their own.
            yield from _features(held, f"{place}/{name if name.isidentifier() else '*'}")
    elif isinstance(value, list):
        for held in value[:2]:
            yield from _features(held, f"{place}/*")
    elif isinstance(value, str):
        looks = {"blank ends": value != value.strip(), "lines": "\n" in value, "not ASCII": not value.isascii()}
        kinds += [kind for kind, is_so in looks.items() if is_so]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        signs = {"negative": value < 0, "large": abs(value) >= _LARGE, "fine": round(value, 2) != value}
        kinds += [kind for kind, is_so in signs.items() if is_so]
    yield from ((place, kind) for kind in kinds)
