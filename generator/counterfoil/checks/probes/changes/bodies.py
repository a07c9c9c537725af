"""What is said in requests that change an object."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from counterfoil.checks import shapes
from counterfoil.checks.objects.acting import Acting
from counterfoil.checks.objects.collections import Part, at
from counterfoil.checks.objects.comparing import same
from counterfoil.checks.objects.telling import telling
from counterfoil.checks.objects.values import another, changed, first_fitting, place_in
from counterfoil.checks.operation import Operation

_SINGLE = 3  # properties that are changed alone
_KINDS = 3  # kinds of a value that are tried


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
    operation, valid = part.operation, acting.conversation.valid
    body = valid.body(operation)
    if body is None or not isinstance(body.full, dict):
        return
    instances = valid.instances
    full = operation.remembered(
        "telling body", lambda: telling(operation, instances, body.schema, body.pointer, body.full)
    )
    way = place_in(full, names)
    schema = body.schema
    for name in way:
        schema = shapes.properties(operation, schema).get(name)
    offered, shown = shapes.properties(operation, schema), shapes.properties(operation, part.role.shape)
    keys = {part.role.identifier[-1:], part.role.key.name[-1:] if part.role.key else ()}

    def fits(value: Any) -> bool:
        return instances.fits(body.pointer, value)

    values: dict[str, Any] = {}
    inner = full[way[0]] if way else full
    for name in inner:
        if name not in shown or (name,) in keys or not shapes.alike(operation, offered.get(name), shown[name]):
            continue
        old = before.get(name)
        candidates = another(operation, offered.get(name), inner[name] if old is None else old)
        new = first_fitting(
            iter([inner[name], *candidates]) if not same(inner[name], old) else candidates,
            partial(_fits_as, fits, full, way, name),
        )
        if new is not None:
            values[name] = new
    together = changed(full, way, values)
    other = operation.remembered(
        ("telling body", 1), lambda: telling(operation, instances, body.schema, body.pointer, body.full, 1)
    )
    other = changed(other, way, {name: not value for name, value in values.items() if isinstance(value, bool)})
    is_partial = part.role.action == "change" and (not way or way[0] in body.minimal)
    singles = [*values][:_SINGLE] if is_partial else []
    for whole, names_alone in ((together, singles[:1]), (other, singles)):
        if not fits(whole):
            continue
        yield whole
        # What is left out stays as it was, which shows where it has values of its own.
        for name in names_alone:
            others = another(operation, offered.get(name), at(whole, (*way, name)))
            new = first_fitting(others, partial(_fits_as, fits, body.minimal, way, name))
            if new is not None:
                alone = {name: new}
                yield alone if not way and fits(alone) else changed(body.minimal, way, alone)
    base = body.minimal if part.role.action == "change" else full
    for name in values:
        for kind in kinds(operation, offered.get(name))[:_KINDS]:
            body_of_kind = changed(base, way, {name: instances.sample(kind)})
            if fits(body_of_kind):
                yield body_of_kind
    if part.role.action == "replace":
        yield body.minimal
    elif not way and fits({}):
        yield {}
    if part.role.ignores_nulls and not way:
        nulls = [name for name in values if before.get(name) is not None]
        nulls = [name for name in nulls if fits(changed(body.minimal, (), {name: None}))]
        if nulls and fits(all_null := changed(body.minimal, (), dict.fromkeys(nulls))):
            yield all_null
    elif part.role.action == "change" and not way and isinstance(body.minimal, dict):
        # An object that may have null there, as a change may say it, has it afterwards.
        nullable = (name for name in values if "null" in operation.schemas.types(shown[name]))
        cleared = (changed(body.minimal, (), {name: None}) for name in nullable)
        yield from [each for each in cleared if fits(each)][:2]


def alone(acting: Acting, part: Part, body: Any) -> Iterator[tuple[str, Any]]:
    """The properties that a valid body of a change has, and bodies like it, each with another value for that one."""
    operation, valid = part.operation, acting.conversation.valid.body(part.operation)
    if valid is None:
        return
    shown = shapes.properties(operation, part.role.shape)
    way = place_in(body, frozenset(shown))
    schema = valid.schema
    for name in way:
        schema = shapes.properties(operation, schema).get(name)
    offered, inner = shapes.properties(operation, schema), at(body, way)
    for name, value in inner.items() if isinstance(inner, dict) else ():
        if name not in shown or not shapes.alike(operation, offered.get(name), shown[name]):
            continue
        fits = partial(_fits_as, partial(acting.conversation.valid.instances.fits, valid.pointer), body, way, name)
        new = first_fitting(another(operation, offered.get(name), value), fits)
        if new is not None:
            yield name, changed(body, way, {name: new})


def _fits_as(fits: Callable[[Any], bool], body: Any, way: tuple[str, ...], name: str, value: Any) -> bool:
    """Whether a body may have a value for a property of the object at `way`."""
    return fits(changed(body, way, {name: value}))
