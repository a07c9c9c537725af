"""Names for the schemas of bodies, parameters and components, by their places in the contract."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.component_names import ORIGINAL_NAME, allowed_name
from counterfoil.plan.names.naming import class_name, component_names
from counterfoil.plan.operations import Body, is_json
from counterfoil.plan.schema.schemas import canonical

_KINDS = {"requestBodies": "Request", "responses": "Response"}
_ENDINGS = ("Request", "Response", "Body", "Error")


def root_names(tree: Mapping[str, Any], bodies: Iterable[Body]) -> dict[str, str]:
    """Pointer → class name, for all component schemas and the schemas of all bodies."""
    schemas = tree.get("components", {}).get("schemas", {})
    stated = {key: _stated_name(key, schema) for key, schema in schemas.items()}
    named = component_names(list(stated.values()))
    roots = {json_pointer.join("/components/schemas", key): named[name] for key, name in stated.items()}
    by_operation: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        if body.pointer not in roots and body.schema is not None:
            by_operation[body.operation.pointer].append(body)
    for group in by_operation.values():
        _name_bodies(group, roots)
    return roots


def shared_bodies(bodies: Iterable[Body]) -> dict[str, list[Body]]:
    """Inline response bodies of one operation that are the same although their statuses differ, by operation."""
    groups: dict[tuple[str, str], list[Body]] = defaultdict(list)
    for body in bodies:
        if (
            body.direction == "response"
            and is_json(body.media_type)
            and isinstance(body.schema, dict)
            and "$ref" not in body.schema
        ):
            groups[body.operation.pointer, canonical(body.schema)].append(body)
    return {group[0].pointer: group for group in groups.values() if len({body.pointer for body in group}) > 1}


def _stated_name(key: str, schema: Any) -> str:
    """What the page calls a component; a name of another script is not allowed to be that in OpenAPI."""
    stated = schema.get(ORIGINAL_NAME) if isinstance(schema, dict) else None
    return stated if isinstance(stated, str) and allowed_name(stated) == key else key


def _name_bodies(bodies: list[Body], roots: dict[str, str]) -> None:
    title = bodies[0].operation.title
    successes = {body.status for body in bodies if body.status.startswith("2")}
    shared = shared_bodies(bodies)
    errors = [group for group in shared.values() if not any(body.status.startswith("2") for body in group)]
    common = {body.pointer for body in errors[0]} if errors else set()
    first_media: dict[str, str] = {}
    for body in sorted(bodies, key=lambda body: not is_json(body.media_type)):
        if body.pointer in roots:
            continue
        if body.direction == "request":
            name = f"{title}Request"
        elif body.status.startswith("2"):
            name = f"{title}Response" if len(successes) == 1 else f"{title}Response{body.status}"
        elif body.pointer in common:
            name = f"{title}Error"
        else:
            name = f"{title}Error{class_name(body.status) if body.status == 'default' else body.status}"
        name = _component_name(body.pointer) or name
        essence = body.media_type.partition(";")[0]
        if first_media.setdefault(name, essence) != essence:
            name += class_name(essence.rpartition("/")[2])
        roots[body.pointer] = name


def _component_name(pointer: str) -> str:
    tokens = json_pointer.split(pointer)
    if len(tokens) < 3 or tokens[0] != "components" or tokens[1] not in _KINDS:
        return ""
    name = class_name(tokens[2])
    return name if name.endswith(_ENDINGS) else name + _KINDS[tokens[1]]
