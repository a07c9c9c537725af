"""What is said in requests that change an object."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.valid_requests import ValidBody
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part, at
from counterfoil.checks.objects.comparing import same
from counterfoil.checks.objects.telling import telling
from counterfoil.checks.objects.values import another, changed, first_fitting, place_in
from counterfoil.checks.operation import Operation

_SINGLE = 3  # properties that are changed alone
_KINDS = 3  # kinds of a value that are tried
_NULLS = 2  # properties that are cleared


def kinds(operation: Operation, schema: Any) -> list[dict[str, Any]]:
    """The alternatives of a schema that are objects; empty where there is one only."""
    parts = shapes.parts(operation, schema)
    if not parts or parts[0].get("properties"):
        return []
    found = [part for part in parts if part.get("properties") and not part.keys() & {"oneOf", "anyOf", "allOf"}]
    has_alternatives = any(part.keys() & {"oneOf", "anyOf"} for part in parts)
    return found if has_alternatives and len(found) > 1 else []


def bodies(acting: Acting, part: Part, before: dict[str, Any], names: frozenset[str]) -> Iterator[Any]:
    """Bodies of valid requests that change an object that is told as `before`; `names` are those of its properties.

    All that may be given, one property, null, a value of each kind where there are several, and no more than must be.
    """
    body = acting.conversation.valid.body(part.operation)
    if body is None or not isinstance(body.full, dict):
        return
    saying = _Saying(part, body, acting.conversation.valid.instances, before, names)
    yield from saying.much()
    yield from saying.of_each_kind()
    yield from saying.little()
    yield from saying.nulls()


class _Saying:
    """What requests can say of an object in a body like the valid one `body`."""

    def __init__(
        self, part: Part, body: ValidBody, instances: Instances, before: dict[str, Any], names: frozenset[str]
    ) -> None:
        self._part, self._body, self._instances, self._before = part, body, instances, before
        self._full = telling(part.operation, instances, body)
        self._way = place_in(self._full, names)
        self._offered = _offered(part.operation, body, self._way)
        self._shown = shapes.properties(part.operation, part.role.shape)
        self._values = dict(self._others())

    def _fits(self, body: Any) -> bool:
        return self._instances.fits(self._body.pointer, body)

    def _others(self) -> Iterator[tuple[str, Any]]:
        """Another value for each property that is shown as it is said, the key aside."""
        operation, role = self._part.operation, self._part.role
        keys = {role.identifier[-1:], role.key.name[-1:] if role.key else ()}
        said = self._full[self._way[0]] if self._way else self._full
        for name, value in said.items():
            offered, old = self._offered.get(name), self._before.get(name)
            if name not in self._shown or (name,) in keys or not shapes.alike(operation, offered, self._shown[name]):
                continue
            candidates = another(operation, offered, value if old is None else old)
            if not same(value, old):
                candidates = chain([value], candidates)
            new = first_fitting(candidates, partial(_fits_as, self._fits, self._full, self._way, name))
            if new is not None:
                yield name, new

    def much(self) -> Iterator[Any]:
        """All that may be given, twice in different values, and single properties after each of both."""
        together = changed(self._full, self._way, self._values)
        flags = {name: not value for name, value in self._values.items() if isinstance(value, bool)}
        other = changed(telling(self._part.operation, self._instances, self._body, 1), self._way, flags)
        is_partial = self._part.role.action == "change" and (not self._way or self._way[0] in self._body.minimal)
        singles = [*self._values][:_SINGLE] if is_partial else []
        # What is left out stays as it was, which shows where it has values of its own.
        for body, names in ((together, singles[:1]), (other, singles)):
            if self._fits(body):
                yield body
                yield from self._single(body, names)

    def _single(self, body: Any, names: Sequence[str]) -> Iterator[Any]:
        """Another value than in `body` for one property each, and nothing else as far as that is valid."""
        least = self._body.minimal
        for name in names:
            others = another(self._part.operation, self._offered.get(name), at(body, (*self._way, name)))
            new = first_fitting(others, partial(_fits_as, self._fits, least, self._way, name))
            if new is not None:
                alone = {name: new}
                yield alone if not self._way and self._fits(alone) else changed(least, self._way, alone)

    def of_each_kind(self) -> Iterator[Any]:
        """A value of each kind for properties that have several."""
        base = self._body.minimal if self._part.role.action == "change" else self._full
        for name in self._values:
            for kind in kinds(self._part.operation, self._offered.get(name))[:_KINDS]:
                body = changed(base, self._way, {name: self._instances.sample(kind)})
                if self._fits(body):
                    yield body

    def little(self) -> Iterator[Any]:
        """No more than must be given."""
        if self._part.role.action == "replace":
            yield from self._other_members()
            yield self._body.minimal
        elif not self._way and self._fits({}):
            yield {}

    def _other_members(self) -> Iterator[Any]:
        """Other members in objects whose names are the client's own."""
        values = {
            name: {f"{key}2": held for key, held in value.items()}
            for name, value in self._values.items()
            if isinstance(value, dict)
            and value
            and not shapes.properties(self._part.operation, self._offered.get(name))
        }
        if values and self._fits(body := changed(self._full, self._way, values)):
            yield body

    def nulls(self) -> Iterator[Any]:
        """Null in place of values: in all at once where it is stated to leave them unchanged."""
        role, least = self._part.role, self._body.minimal
        if self._way:
            return
        if role.ignores_nulls:
            names = [name for name in self._values if self._before.get(name) is not None]
            names = [name for name in names if _fits_as(self._fits, least, (), name, None)]
            if names and self._fits(body := changed(least, (), dict.fromkeys(names))):
                yield body
        elif role.action == "change" and isinstance(least, dict):
            # An object that may have null there, as a change may say it, has it afterwards.
            nullable = (
                name for name in self._values if "null" in self._part.operation.schemas.types(self._shown[name])
            )
            cleared = [changed(least, (), {name: None}) for name in nullable]
            yield from islice(filter(self._fits, cleared), _NULLS)


def alone(acting: Acting, part: Part, body: Any) -> Iterator[tuple[str, Any]]:
    """The properties that a valid body of a change has, and bodies like it, each with another value for that one."""
    operation, valid = part.operation, acting.conversation.valid.body(part.operation)
    if valid is None:
        return
    shown = shapes.properties(operation, part.role.shape)
    way = place_in(body, frozenset(shown))
    offered, inner = _offered(operation, valid, way), at(body, way)
    for name, value in inner.items() if isinstance(inner, dict) else ():
        if name not in shown or not shapes.alike(operation, offered.get(name), shown[name]):
            continue
        fits = partial(_fits_as, partial(acting.conversation.valid.instances.fits, valid.pointer), body, way, name)
        new = first_fitting(another(operation, offered.get(name), value), fits)
        if new is not None:
            yield name, changed(body, way, {name: new})


def _offered(operation: Operation, body: ValidBody, way: tuple[str, ...]) -> dict[str, Any]:
    """The properties that requests may give to the object at `way` in their bodies."""
    schema = body.schema
    for name in way:
        schema = shapes.properties(operation, schema).get(name)
    return shapes.properties(operation, schema)


def _fits_as(fits: Callable[[Any], bool], body: Any, way: tuple[str, ...], name: str, value: Any) -> bool:
    """Whether a body may have a value for a property of the object at `way`."""
    return fits(changed(body, way, {name: value}))
