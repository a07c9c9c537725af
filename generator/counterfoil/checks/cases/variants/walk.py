"""Values that differ from a valid one in one place: every change that its schemas give rise to, at any depth."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.leaves import Path, put
from counterfoil.checks.cases.once import Once
from counterfoil.checks.cases.variants import arrays, objects, scalars, texts
from counterfoil.checks.cases.variants.alternatives import Other, others
from counterfoil.checks.cases.variants.change import ABSENT, OF_ANOTHER_KIND, REMOVED, Change
from counterfoil.checks.cases.variants.facets import Facet, facets, stated, types
from counterfoil.checks.shapes import type_of

DEEPEST = 8
MANY = 4_000
_USUAL = 20  # changes of a value, as long as nobody has made them
# By text, since 1, 1.0 and true are equal in Python.
_as_text = json.JSONEncoder(sort_keys=True).encode


class Variant(NamedTuple):
    """A whole value with one change in it. `place` names where, `pointer` the keyword that the change is about.

    `path` are the steps to that place. Without `must` a server may accept or refuse it.
    """

    place: str
    label: str
    value: Any
    pointer: str
    path: Path = ()
    must: bool = True


class Step(NamedTuple):
    """A change at a path, after `before`: what takes the place of values on the way there."""

    path: Path
    change: Change
    before: tuple[tuple[Path, Any], ...] = ()

    @property
    def within(self) -> Path:
        """The steps to all that is different."""
        return self.before[0][0] if self.before else self.path

    @property
    def place(self) -> str:
        """The path as one name, empty for the whole."""
        return ".".join(map(str, self.path))

    def on(self, value: Any) -> Variant:
        """What becomes of a value."""
        for way, other in self.before:
            value = put(value, way, other)
        label = f"{'of another alternative ' if self.before and self.path != self.within else ''}{self.change.label}"
        changed = put(value, self.path, self.change.value)
        return Variant(self.place, label, changed, self.change.pointer, self.path, self.change.must)


class Steps(Once[Step]):
    """Changes in one place, most of which are never made."""

    def __init__(self, path: Path, steps: Iterable[Step], within: Path | None = None) -> None:
        """All of them are changes at `path`; `within` are the steps to all that is different, where that is more."""
        self.path = path
        self.within = path if within is None else within
        super().__init__(steps)

    def after(self, path: Path, value: Any) -> "Steps":
        """The same once `value` has taken the place of what is at the path."""
        steps = (step._replace(before=((path, value), *step.before)) for step in self)
        return Steps(self.path, steps, within=path)


class Walk:
    """Makes variants of values by the schemas of a contract."""

    def __init__(self, instances: Instances, most: int = MANY) -> None:
        """From `most` changes on no schema is looked into again, and from half as many more no alternative is."""
        self._instances, self._most = instances, most
        self._entered: set[str] = set()  # alternatives
        self._walked: set[str] = set()  # schemas
        self._around: list[str] = []  # schemas of what holds the value at hand
        self._found: list[Steps] = []
        self._count = 0  # of changes found, about
        self.is_cut = False  # whether there are more changes than were found

    def variants(self, schema: Any, pointer: str, value: Any) -> Iterator[Variant]:
        """Every variant of `value`, which the schema at `pointer` accepts; at one place none is twice."""
        steps = chain.from_iterable(self.steps(schema, pointer, value))
        return (variant for _, variant in told(value, steps, lambda step: step.on(value)))

    def steps(self, schema: Any, pointer: str, value: Any) -> list[Steps]:
        """Every change of `value`, which the schema at `pointer` accepts; some may come to the same.

        Of very many those of what is like others are left out, and then those of alternatives; `is_cut` tells.
        """
        for each in (self._entered, self._walked, self._around):
            each.clear()
        self._found, self._count, self.is_cut = [], 0, False
        self._below(schema, pointer, value, ())
        return self._found

    def additions(self, schema: Any, pointer: str, value: Any) -> Iterator[Variant]:
        """Every variant of `value` with a property that it does not have."""
        added = self._added(schema, pointer, value, ())
        return (variant for _, variant in told(value, added, lambda step: step.on(value)))

    def choices(self, schema: Any, pointer: str, value: Any) -> Iterator[Variant]:
        """Every variant of `value` with another one of the values that are listed for a property, there or not."""
        chosen = self._chosen(schema, pointer, value, ())
        return (variant for _, variant in told(value, chosen, lambda step: step.on(value)))

    def _applying(self, schema: Any, pointer: str, value: Any) -> list[Facet]:
        return list(facets(self._instances.tree, schema, pointer, value, self._instances.fits))

    def _below(self, schema: Any, pointer: str, value: Any, path: Path, *, briefly: bool = False) -> None:
        applying = self._applying(schema, pointer, value)
        own = applying[0].pointer if applying else pointer
        # What a schema holds of its own kind is looked into once, and no deeper.
        if len(path) > DEEPEST or self._around.count(own) > 1:
            return
        if own in self._walked:
            if self._has(self._most):
                return
            briefly = True
        self._walked.add(own)
        self._around.append(own)
        self._of_value(applying, pointer, value, path, briefly=briefly)
        self._around.pop()

    def _of_value(self, applying: list[Facet], pointer: str, value: Any, path: Path, *, briefly: bool) -> None:
        found = self._found
        found.append(Steps(path, (Step(path, change) for change in self._changes(value, applying, briefly=briefly))))
        self._count += _USUAL
        self._parts(value, applying, path, briefly=briefly)
        for other in others(value, pointer, applying, self._instances):
            if self._has(self._most + self._most // 2):
                return
            self._note(path, Change(OF_ANOTHER_KIND, other.value, other.place))
            if isinstance(value, dict) and isinstance(other.value, dict):
                self._note(path, Change("is of two alternatives", {**value, **other.value}, other.place))
            # What several places allow is looked into once.
            if other.is_valid and other.place not in self._entered:
                self._entered.add(other.place)
                known = len(found)
                self._inside(other, path)
                found[known:] = [each.after(path, other.value) for each in found[known:]]

    def _note(self, path: Path, change: Change) -> None:
        self._found.append(Steps(path, (Step(path, change),)))
        self._count += 1

    def _has(self, many: int) -> bool:
        """Whether so many changes were found that what is at hand is left out."""
        is_cut = self._count > many
        self.is_cut = self.is_cut or is_cut
        return is_cut

    def _parts(
        self, value: Any, applying: list[Facet], path: Path, *, briefly: bool, only: Collection[str] | None = None
    ) -> None:
        """Find changes of the properties or items of a value, of those of some names if `only` says so."""
        required = objects.required(applying)
        for schema, place, step in self._children(value, applying):
            if only is None or step in only:
                if isinstance(value, dict):
                    self._note((*path, step), Change(ABSENT, REMOVED, required.get(step, place)))
                self._below(schema, place, value[step], (*path, step), briefly=briefly)
                if isinstance(value, dict) and isinstance(value[step], str) and not briefly:
                    self._found.append(Steps((*path, step), self._swapped(value, step, applying, path)))
        for name, change in objects.missing(value, applying, self._instances) if only is None else ():
            self._note((*path, name), change)

    def _swapped(self, value: dict[str, Any], own: str, applying: list[Facet], path: Path) -> Iterator[Step]:
        """The values of other properties that have a pattern in place of one that has another."""
        patterns = {
            name: (place, next((at for _, at in stated(self._applying(schema, place, value[name]), "pattern")), ""))
            for schema, place, name in self._children(value, applying)
            if isinstance(value[name], str)
        }
        place, pattern = patterns[own]
        others = (value[name] for name, (_, other) in patterns.items() if other and name != own)
        for held in others if pattern else ():
            if not self._instances.fits(place, held):
                yield Step((*path, own), Change("is what another property is", held, pattern))

    def _inside(self, other: Other, path: Path) -> None:
        """Find changes of a value of another kind."""
        if other.names is None:
            self._below(other.schema, other.pointer, other.value, path, briefly=True)
        else:
            applying = self._applying(other.schema, other.pointer, other.value)
            self._parts(other.value, applying, path, briefly=True, only=other.names)

    def _added(self, schema: Any, pointer: str, value: Any, path: Path) -> Iterator[Step]:
        if len(path) > DEEPEST:
            return
        applying = self._applying(schema, pointer, value)
        for name, change in objects.missing(value, applying, self._instances):
            yield Step((*path, name), change)
        for held, place, step in self._children(value, applying):
            yield from self._added(held, place, value[step], (*path, step))

    def _chosen(self, schema: Any, pointer: str, value: Any, path: Path) -> Iterator[Step]:
        if len(path) > DEEPEST:
            return
        applying = self._applying(schema, pointer, value)
        for name, change in objects.choices(value, applying, self._instances):
            yield Step((*path, name), change)
        for held, place, step in self._children(value, applying):
            yield from self._chosen(held, place, value[step], (*path, step))

    def _children(self, value: Any, applying: list[Facet]) -> Iterator[tuple[Any, str, Any]]:
        """The schema of each part of a value that is looked into, its pointer, and the step to that part."""
        if isinstance(value, dict):
            yield from objects.children(value, applying)
        elif isinstance(value, list):
            yield from arrays.children(value, applying)

    def _changes(self, value: Any, applying: list[Facet], *, briefly: bool) -> Iterator[Change]:
        yield from scalars.enumerated(value, applying)
        if isinstance(value, str):
            yield from texts.texts(value, applying, briefly=briefly)
        elif isinstance(value, bool):
            yield from scalars.truths(value)
        elif isinstance(value, int | float):
            yield from scalars.numbers(value, applying, whole="number" not in types(applying))
        elif isinstance(value, list):
            yield from arrays.changes(value, applying, self._instances)
        elif isinstance(value, dict):
            yield from objects.changes(value, applying, self._instances)
        for schema, place in stated(applying, "not"):
            made = self._instances.sample(schema)
            both = isinstance(value, dict) and isinstance(made, dict)
            yield Change("is what it must not be", {**value, **made} if both else made, place)
        place = next((place for _, place in stated(applying, "type")), applying[0].pointer if applying else "")
        for kind, other in scalars.OF_OTHER_TYPES.items():
            if kind != type_of(value):
                yield Change(f"is of type {kind}", other, place)


def told(value: Any, steps: Iterable[Step], made: Callable[[Step], Variant]) -> Iterator[tuple[Step, Variant]]:
    """Each change of a value, and what becomes of it, which `made` tells; at one place nothing is twice."""
    seen: set[tuple[Path, str]] = set()
    unchanged: dict[Path, str] = {}
    for step in steps:
        # What is the same elsewhere need not be looked at, and may be large.
        variant, within = made(step), step.within
        if within not in unchanged:
            unchanged[within] = _key(value, within)
        key = within, _key(variant.value, within)
        if key not in seen and key[1] != unchanged[within]:
            seen.add(key)
            yield step, variant


def _key(value: Any, path: Path) -> str:
    """What is at a path, empty where nothing is."""
    for step in path:
        if isinstance(value, dict) and step not in value:
            return ""
        value = value[step]
    return _as_text(value)
