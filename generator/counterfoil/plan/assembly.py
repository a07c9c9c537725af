"""From a contract to the plan of its models."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from counterfoil.plan.layout.definitions import Planned, plan_definitions
from counterfoil.plan.layout.modules import SCHEMAS, arrange, imports
from counterfoil.plan.layout.operation_plans import body_names, is_modelled, plan_operations
from counterfoil.plan.models import ModelsPlan
from counterfoil.plan.names.body_names import root_names, shared_bodies
from counterfoil.plan.names.inline_names import InlineNames
from counterfoil.plan.names.naming import Names
from counterfoil.plan.operations import Body, Operation, bodies, operations
from counterfoil.plan.schema.directions import divide
from counterfoil.plan.schema.reach import reach
from counterfoil.plan.schema.schemas import Schema, Schemas, bare
from counterfoil.plan.schema.sharing import shared_properties
from counterfoil.plan.types.annotation import Annotation, Name, names
from counterfoil.plan.types.drafts import Draft, Options
from counterfoil.plan.types.lowering import Lowering

DEFAULTS = Options()
_OF_OPERATIONS = (Name("Mapping", "abc"), Name("Final", "typing"), Name("Operation", "support"))


def plan_models(
    tree: dict[str, Any], options: Options = DEFAULTS, others: Mapping[str, Any] = MappingProxyType({})
) -> ModelsPlan:
    """The models of all bodies of all operations of a canonical OpenAPI 3.1 tree.

    `others` are JSON Schemas outside of the tree that it refers to, by their URIs.
    """
    found = operations(tree)
    divided = divide(tree, _with_schema(_bodies(tree, found)))
    if divided.tree is not tree:
        tree = divided.tree
        found = operations(tree)
    all_bodies = _bodies(tree, found)
    schemas = Schemas(tree, others)
    roots = root_names(tree, all_bodies)
    inline = InlineNames(schemas, roots)
    reached, targets = reach(schemas, [body.schema for body in _with_schema(all_bodies)])
    named = _named(schemas, reached, targets, inline)
    common = _common(all_bodies, roots, named)
    named |= common
    shared = shared_properties(schemas, reached, named, inline, _repeated(common, schemas))
    roots |= {str(schemas.home(schema)): name for schema, name in shared.values()}
    lowering = Lowering(schemas, named, shared, InlineNames(schemas, roots), options)
    types = {body.pointer: lowering.body(body.schema, roots.get(body.pointer, "")) for body in _with_schema(all_bodies)}
    planned = plan_definitions(lowering.drafts, schemas, divided)
    uses = [(body.operation.tag, _models(types[body.pointer])) for body in _with_schema(all_bodies)]
    modules = arrange(planned, _order(lowering.drafts, schemas), uses)
    place = {name: module.name for module in modules for name in module.exports}
    needed = {name for body in all_bodies for name in body_names(body, types)}
    return ModelsPlan(
        _title(tree),
        modules,
        plan_operations(found, all_bodies, types),
        imports({*needed, *_OF_OPERATIONS}, (), place),
        _support([planned[name] for name in place], needed),
        _bundle(lowering.checked, schemas, options),
    )


def _bodies(tree: Mapping[str, Any], found: Iterable[Operation]) -> list[Body]:
    return [body for operation in found for body in bodies(tree, operation)]


def _with_schema(found: Iterable[Body]) -> list[Body]:
    return [body for body in found if body.schema is not None and is_modelled(body)]


def _models(annotation: Annotation) -> list[str]:
    return sorted({name.name for name in names(annotation) if name.origin == "model"})


def _title(tree: Mapping[str, Any]) -> str:
    title = tree.get("info", {}).get("title")
    return title if isinstance(title, str) else ""


def _named(
    schemas: Schemas, reached: Sequence[Schema], targets: set[int], inline: InlineNames
) -> dict[int, tuple[Schema, str]]:
    """The schemas with definitions of their own: components, and whatever else a `$ref` names."""
    homes = [(schema, schemas.home(schema) or "") for schema in reached]
    components = [home.startswith("/components/schemas/") and home.count("/") == 3 for _, home in homes]
    found = {
        id(schema): (schema, inline.at(home)) for (schema, home), own in zip(homes, components, strict=True) if own
    }
    free = Names(name for _, name in found.values())
    for schema, home in homes:
        if id(schema) in targets and id(schema) not in found:
            found[id(schema)] = (schema, free.claim(inline.at(home) or "Schema"))
    return found


def _common(
    all_bodies: Sequence[Body], roots: Mapping[str, str], named: Mapping[int, tuple[Schema, str]]
) -> dict[int, tuple[Schema, str]]:
    """Equal inline bodies of one operation have one definition."""
    taken = {name for _, name in named.values()}
    found: dict[int, tuple[Schema, str]] = {}
    for pointer, group in shared_bodies(all_bodies).items():
        if roots[pointer] not in taken:
            found |= {id(body.schema): (body.schema, roots[pointer]) for body in group}
    return found


def _repeated(common: Mapping[int, tuple[Schema, str]], schemas: Schemas) -> list[str]:
    """The places of all but the first of the schemas that have one name."""
    homes: dict[str, list[str]] = {}
    for schema, name in common.values():
        homes.setdefault(name, []).append(f"{schemas.home(schema)}/")
    return [home for group in homes.values() for home in group[1:]]


def _order(drafts: Mapping[str, Draft], schemas: Schemas) -> dict[str, tuple[int, ...]]:
    """Components in the order of the contract, then bodies; what is nested in one of them stands right before it."""
    places = schemas.order()
    found: dict[str, tuple[int, ...]] = {}
    for number, (name, draft) in enumerate(drafts.items()):
        found[name] = (places.get(id(draft.schema), len(places)), number)
    return found


def _support(planned: Iterable[Planned], needed: Iterable[Name]) -> tuple[str, ...]:
    used = {name for entry in planned for name in entry.uses} | set(needed)
    return tuple(
        sorted({name.name for name in used if name.origin == "support" and name.name != SCHEMAS} | {"Operation"})
    )


def _bundle(checked: Iterable[Any], schemas: Schemas, options: Options) -> dict[str, object]:
    """Every schema that the checks refer to, directly or not, by reference."""
    found: dict[str, object] = {}
    stack = list(checked)
    while stack:
        node = stack.pop()
        for word in ("$ref", "$dynamicRef"):
            reference = node.get(word) if isinstance(node, dict) else None
            if isinstance(reference, str) and reference not in found:
                try:
                    found[reference] = bare(schemas.resolve(reference), options.formats)
                    stack.append(found[reference])
                except LookupError:
                    found |= schemas.others
        if isinstance(node, dict | list):
            stack += node.values() if isinstance(node, dict) else node
    return dict(sorted(found.items()))
