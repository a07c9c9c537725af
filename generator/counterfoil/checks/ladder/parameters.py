"""Requests that differ from a valid one in a parameter: absent, at and outside its bounds, of another type, odd."""

from collections.abc import Iterator

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.parameters import Parameter, can_carry, parameters, readings, valid_value
from counterfoil.checks.cases.walk import Walk
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.requests.routing.templates import split_template


def rungs(operation: Operation, base: Draft, instances: Instances) -> Iterator[Rung]:
    """Each parameter in every way that its schema gives rise to, the others as in `base`."""
    walk = Walk(instances)
    told_apart_by = {name for name, _ in split_template(operation.path)[1]}
    for parameter in parameters(operation):
        if parameter.name in told_apart_by:
            continue
        place = f"{parameter.place} parameter {parameter.name}"
        if parameter.required and parameter.place != "path":
            absent = f"the required {place} is absent"
            pointer = json_pointer.join(parameter.pointer, "required")
            yield Rung(
                base.without(parameter.place, parameter.name),
                place,
                "is absent",
                absent,
                pointer,
                path=(parameter.name,),
            )
        value = valid_value(parameter, operation, instances)
        if value is None:
            continue
        yield Rung(_with(base, parameter, value), place, "is valid", "", parameter.pointer)
        if parameter.schema is None or "content" in parameter.node or isinstance(value, dict | list):
            continue
        seen = {text_of(value)}
        for variant in walk.variants(parameter.schema, parameter.schema_pointer, value):
            if isinstance(variant.value, dict | list) or (text := text_of(variant.value)) in seen:
                continue
            # Whether 1.0 is how an integer may be written where there is no JSON, nothing says.
            if isinstance(variant.value, float) and variant.value.is_integer():
                continue
            seen.add(text)
            if can_carry(parameter.place, text):
                broken = _broken(instances, parameter, text)
                pointer = variant.pointer or parameter.schema_pointer
                yield Rung(_with(base, parameter, text), place, variant.label, broken, pointer, path=(parameter.name,))


def _with(draft: Draft, parameter: Parameter, value: object) -> Draft:
    return draft.with_parameter(parameter.place, parameter.name, parameter.pairs(value))


def _broken(instances: Instances, parameter: Parameter, text: str) -> str:
    """What is wrong with a text, empty if it can be read as a value that fits."""
    found = readings(text)
    if any(instances.fits(parameter.schema_pointer, value) for value in found):
        return ""
    return f"{parameter.name}: {instances.broken(parameter.schema_pointer, found[-1])}"
