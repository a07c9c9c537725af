"""Values of the other kinds that a schema allows: branches of unions, further types, conditions met or not."""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.cases.variants.facets import Facet, branches, stated
from counterfoil.checks.shapes import type_of

_MOST_VALUES = 6  # of a property that a condition is about


class Other(NamedTuple):
    """A value of another kind, the schema of that kind and its pointer; whether the value is valid as a whole.

    `place` points to what allows that kind. Where `names` is not None, only the properties of these names are peculiar.
    """

    value: Any
    schema: Any
    pointer: str
    is_valid: bool
    place: str
    names: frozenset[str] | None = None


def others(value: Any, pointer: str, applying: list[Facet], instances: Instances) -> Iterator[Other]:
    """One value for each kind that `value`, valid by the schema at `pointer`, is not of."""
    for branch, place in branches(applying):
        if not instances.fits(place, value):
            yield _of_branch(value, branch, place, pointer, applying, instances)
    for facet in applying:
        yield from _of_types(value, facet, pointer, instances)
        if "if" in facet.node and isinstance(value, dict):
            yield from _of_condition(value, facet, pointer, instances)


def _of_branch(value: Any, branch: Any, place: str, pointer: str, applying: list[Facet], instances: Instances) -> Other:
    made = instances.sample(branch)
    if instances.fits(pointer, made) or not isinstance(made, dict) or not isinstance(value, dict):
        return Other(made, branch, place, instances.fits(pointer, made) and instances.fits(place, made), place)
    shared = {name for properties, at in stated(applying, "properties") if "Of/" not in at for name in properties}
    joined = {name: held for name, held in value.items() if name in shared} | made
    return Other(joined, branch, place, instances.fits(pointer, joined) and instances.fits(place, joined), place)


def _of_types(value: Any, facet: Facet, pointer: str, instances: Instances) -> Iterator[Other]:
    kinds = facet.node.get("type")
    own = {type_of(value), "number" if type_of(value) == "integer" else ""}
    for kind in kinds if isinstance(kinds, list) else ():
        if kind not in own | {"null"}:
            schema = {**facet.node, "type": kind}
            made = instances.sample(schema)
            yield Other(made, schema, facet.pointer, instances.fits(pointer, made), facet.at("type"))


def _of_condition(value: dict[str, Any], facet: Facet, pointer: str, instances: Instances) -> Iterator[Other]:
    """A value that meets a condition if `value` does not, or the other way round; none if none is found."""
    was_met = instances.fits(facet.at("if"), value)
    taken = "else" if was_met else "then"
    condition, following = facet.node["if"], facet.node.get(taken, {})
    if not isinstance(condition, dict) or not isinstance(following, dict):
        return
    declared = facet.node.get("properties", {})
    asked = {name: {} for name in condition.get("required", ())} | condition.get("properties", {})
    dropped = facet.node.get("else" if taken == "then" else "then", {})
    unwanted = [name for name in (*dropped.get("required", ()), *dropped.get("properties", {})) if name not in asked]
    tries = [(name, made) for name, node in asked.items() for made in _values(node, declared.get(name, {}), instances)]
    for (name, made), without in product(tries, ([], unwanted)):
        changed = {key: held for key, held in value.items() if key not in without} | {name: made}
        for key in following.get("required", ()):
            if key not in changed:
                changed[key] = instances.sample(following.get("properties", {}).get(key) or declared.get(key, {}))
        for key, node in following.get("properties", {}).items():
            if key in changed and not instances.accepts(node, changed[key]):
                changed[key] = instances.sample({**declared.get(key, {}), **node} if isinstance(node, dict) else node)
        if instances.fits(facet.at("if"), changed) != was_met and instances.fits(pointer, changed):
            peculiar = {
                *following.get("required", ()),
                *following.get("properties", {}),
                *changed.keys() - value.keys(),
            }
            names = {*asked, *peculiar}
            yield Other(
                changed, facet.node, facet.pointer, is_valid=True, place=facet.at(taken), names=frozenset(names)
            )
            return


def _values(condition: Any, declared: Any, instances: Instances) -> list[Any]:
    """Values of a property that a condition speaks of, some of which meet it and some do not."""
    schemas = [node for node in (condition, declared) if isinstance(node, dict)]
    listed = [
        each for node in schemas for each in (*node.get("enum", ()), *([node["const"]] if "const" in node else ()))
    ]
    made = [instances.sample(node) for node in schemas]
    return [*listed[:_MOST_VALUES], *made, True, False]
