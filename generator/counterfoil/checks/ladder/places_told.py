"""Where an error says that something is wrong, and whether that is the place that is meant."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from counterfoil.checks.wire.exchange import NOTHING, Response
from counterfoil.stub.state.inference.names import plain

_MEMBERS = frozenset(("loc", "location", "path", "field", "pointer", "instancepath", "datapath", "param", "property"))
_NAMING = frozenset(("field", "fieldname", "param", "parameter", "pointer"))
# Where a place is said to begin, before the names within it.
_BEGINNINGS = frozenset(
    ["body", "data", "request", "query", "path", "header", "headers", "cookie", "root", "json", "payload", "params"]
)
_STEPS = re.compile(r"[^./\[\]#$'\"]+")


def unnamed(response: Response, paths: Sequence[Sequence[str | int]]) -> list[int]:
    """Which of the places at `paths`, all of them wrong, a refusal does not name, by their numbers.

    Where it says nowhere what is a place, the names in it count.
    """
    body = response.json
    told = [steps for entry, name in places(body) if (steps := steps_to(entry[name]))] if body is not NOTHING else []
    text = "" if told else plain(response.body.decode("utf-8", "replace"))
    found = []
    for number, path in enumerate(paths):
        wanted = names_of(path)
        is_named = (
            any(names(steps, wanted, wide=True) for steps in told) if told else wanted[-1:] and wanted[-1] in text
        )
        if not is_named:
            found.append(number)
    return found


def names_of(path: Sequence[str | int]) -> list[str]:
    """The names on the way to a place, without case and punctuation, and without the numbers of items."""
    return [plain(str(step)) for step in path if not isinstance(step, int)]


def places(body: Any) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The objects of an error that tell a place, and the names of the properties that do."""
    return ((entry, name) for entry in entries(body) for name in entry if plain(name) in _MEMBERS)


def entries(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of an error that say of one violation each what it is: those in lists, or one that names a field."""
    if isinstance(value, dict):
        if any(plain(name) in _NAMING and isinstance(held, str) and held for name, held in value.items()):
            yield value
        for held in value.values():
            yield from entries(held)
    elif isinstance(value, list):
        for held in value:
            if isinstance(held, dict):
                yield held
                held = list(held.values())
            yield from entries(held)


def steps_to(told: Any, *, beginning: bool = False) -> list[str] | None:
    """The names on the way to a place that is told as a list, a dotted path or a JSON Pointer; None if it is none.

    Without where it is said to begin, such as `body`, unless that is asked for.
    """
    if isinstance(told, str):
        found = _STEPS.findall(told)
    elif isinstance(told, list) and all(isinstance(each, str | int) for each in told):
        found = [each for each in told if isinstance(each, str)]
    else:
        return None
    found = [plain(each) for each in found if not each.isdecimal()]
    return found[1:] if found and found[0] in _BEGINNINGS and not beginning else found


def names(steps: list[str], wanted: list[str], *, wide: bool) -> bool:
    """Whether a place is the wanted one or within it, or its end; with `wide` what it is in, too."""
    if steps[: len(wanted)] == wanted:
        return True
    if steps and (wanted[-len(steps) :] == steps or "".join(steps) == "".join(wanted)):
        return True
    return wide and wanted[: len(steps)] == steps
