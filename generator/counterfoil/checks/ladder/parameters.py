"""Requests that differ from a valid one in a parameter: absent, at and outside its bounds, of another type, odd."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.labels import Labels
from counterfoil.checks.cases.leaves import has_whole_fraction, leaves
from counterfoil.checks.cases.parameters import Parameter, can_carry, parameters, readings, valid_value
from counterfoil.checks.cases.variants.change import ABSENT
from counterfoil.checks.cases.variants.facets import facets, types
from counterfoil.checks.cases.variants.walk import Walk
from counterfoil.checks.ladder.rung import Rung
from counterfoil.checks.operation import Operation
from counterfoil.checks.wire.draft import Draft
from counterfoil.checks.wire.styles import text_of
from counterfoil.stub.requests.routing.templates import VARIABLE, split_template

_OPEN = frozenset(("anyOf", "oneOf", "not"))


def rungs(operation: Operation, base: Draft, instances: Instances) -> Iterator[Rung]:
    """Each parameter in every way that its schema gives rise to, the others as in `base`."""
    told_apart_by = {name for name, _ in split_template(operation.path)[1]}
    labels = Labels()
    for parameter in parameters(operation):
        if parameter.name in told_apart_by:
            continue
        place, value = _place(parameter), valid_value(parameter, operation, instances)
        others = _without(base, parameter, value)
        if parameter.required and parameter.place != "path":
            broken = f"the required {place} is absent"
            pointer = json_pointer.join(parameter.pointer, "required")
            within = parameter.place
            yield Rung(others, place, ABSENT, broken, pointer, path=(parameter.name,), within=within)
        if value is None:
            continue
        # Only a server knows which cursors there are.
        known = not parameter.is_cursor
        yield Rung(_with(others, parameter, value), place, "is valid", "", parameter.pointer, must=known)
        if parameter.schema is None:
            continue
        if "content" in parameter.node or isinstance(value, dict | list):
            found = _composed(parameter, value, others, instances, labels)
        else:
            found = _plain(parameter, value, others, instances)
        # What is wrong here may be right for another operation.
        is_open = parameter.place == "path" and operation.remembered("twin", lambda: _has_twin(operation))
        yield from (rung for rung in found if not (rung.broken and is_open))


def _has_twin(operation: Operation) -> bool:
    """Whether paths of this one are those of another template, too, which it is up to servers to choose among.

    OpenAPI 3.1, Paths Object: templates that differ in the names of their variables only.
    """
    paths, method = operation.contract["paths"], operation.method.lower()
    shape = VARIABLE.sub("{}", operation.path)
    alike = (path for path, item in paths.items() if path != operation.path and method in item)
    return any(VARIABLE.sub("{}", path) == shape for path in alike)


def _plain(parameter: Parameter, value: Any, base: Draft, instances: Instances) -> Iterator[Rung]:
    """A text, a number or a truth value in every way."""
    seen = {text_of(value)}
    for label, text, pointer, binding in _texts(parameter, value, instances):
        is_clear = not parameter.is_open(text, base.operation) and not _is_nearly_read(instances, parameter, text)
        if text not in seen and is_clear and can_carry(parameter.place, text):
            seen.add(text)
            broken = _broken(instances, parameter, text)
            must = binding and (bool(broken) or not parameter.is_cursor)
            draft, place = _with(base, parameter, text), _place(parameter)
            rung = Rung(draft, place, label, broken, pointer, must=must, path=(parameter.name,), within=parameter.place)
            yield _explained(rung, parameter, text, instances) if broken else rung


def _explained(rung: Rung, parameter: Parameter, text: str, instances: Instances) -> Rung:
    """A rung with the one keyword that its text violates; as it is where there are several."""
    kinds = [
        {each.keyword for each in instances.violations(parameter.schema_pointer, value)} for value in readings(text)
    ]
    # Where texts are of the wrong type, it is read as the number or truth value that it may be.
    shown = kinds[-1] if kinds[-1] != {"type"} else kinds[0]
    if len(shown) != 1 or not shown.isdisjoint(_OPEN):
        return rung
    return replace(rung, alone=True, keyword=next(iter(shown)), text=text)


def _texts(parameter: Parameter, value: Any, instances: Instances) -> Iterator[tuple[str, str, str, bool]]:
    """Texts, each with what is peculiar to it, the pointer of a keyword, and whether a server must hold to that."""
    pointer = parameter.schema_pointer
    for variant in Walk(instances).variants(parameter.schema, pointer, value):
        if not isinstance(variant.value, dict | list) and not has_whole_fraction(variant.value):
            yield variant.label, text_of(variant.value), variant.pointer or pointer, variant.must
    kinds = types(list(facets(instances.tree, parameter.schema, pointer, value, instances.fits)))
    if kinds and "string" not in kinds:
        if not parameter.node.get("allowEmptyValue"):
            yield "is an empty text", "", pointer, True
        if isinstance(value, int) and not isinstance(value, bool):
            yield "is hexadecimal", hex(value), pointer, True
            yield "has a unit", f"{value}px", pointer, True
            yield "is beyond 64 bits", str(2**63), pointer, False


def _composed(parameter: Parameter, value: Any, base: Draft, instances: Instances, labels: Labels) -> Iterator[Rung]:
    """A list, an object, or what is written as JSON, in every way that arrives as what it is."""
    sent = {tuple(parameter.pairs(value))}
    is_json = "content" in parameter.node
    own_fields = isinstance(value, dict) and all(name != parameter.name for name, _ in parameter.pairs(value))
    for variant in Walk(instances).variants(parameter.schema, parameter.schema_pointer, value):
        pairs = parameter.pairs(variant.value)
        texts = [text_of(leaf) for _, leaf in leaves(variant.value)]
        if tuple(pairs) in sent or not pairs or not all(can_carry(parameter.place, text) for text in texts):
            continue
        # Where the properties of an object are fields of their own, a field of its name is nobody's.
        if own_fields and not isinstance(variant.value, dict):
            continue
        if not is_json and has_whole_fraction(variant.value):
            continue
        # In paths what separates the parts of a value may stand as it is.
        is_whole = is_json or parameter.place in ("header", "cookie")
        if is_whole and parameter.place != "query" and not all(can_carry(parameter.place, text) for _, text in pairs):
            continue
        draft = base.with_parameter(parameter.place, parameter.name, pairs)
        broken = labels.broken(draft)
        # What is written otherwise than it is meant, such as a number for a text, is neither here nor there.
        if bool(broken) is not instances.fits(parameter.schema_pointer, variant.value):
            sent.add(tuple(pairs))
            place = ".".join(filter(None, (_place(parameter), variant.place)))
            pointer = variant.pointer or parameter.schema_pointer
            path, within = (parameter.name,), parameter.place
            yield Rung(draft, place, variant.label, broken, pointer, path=path, within=within)


def _without(draft: Draft, parameter: Parameter, value: Any) -> Draft:
    """The same request without a parameter, whatever the fields are called that the parts of its value are sent as."""
    for name in {parameter.name, *(name for name, _ in parameter.pairs(value))}:
        draft = draft.without(parameter.place, name)
    return draft


def _with(draft: Draft, parameter: Parameter, value: object) -> Draft:
    return draft.with_parameter(parameter.place, parameter.name, parameter.pairs(value))


def _place(parameter: Parameter) -> str:
    return f"{parameter.place} parameter {parameter.name}"


def _is_nearly_read(instances: Instances, parameter: Parameter, text: str) -> bool:
    """Whether a text is a number or a truth value that fits but for spaces around it, which some servers pass over."""
    values = readings(text.strip()) if text != text.strip() else []
    return any(not isinstance(each, str) and instances.fits(parameter.schema_pointer, each) for each in values)


def _broken(instances: Instances, parameter: Parameter, text: str) -> str:
    """What is wrong with a text, empty if it can be read as a value that fits."""
    found = readings(text)
    if any(instances.fits(parameter.schema_pointer, value) for value in found):
        return ""
    return f"{parameter.name}: {instances.broken(parameter.schema_pointer, found[-1])}"
