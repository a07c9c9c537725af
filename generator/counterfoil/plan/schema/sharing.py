"""Inline schemas that stand at several properties of one name and are the same: they share one definition."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from counterfoil.plan.names.inline_names import InlineNames
from counterfoil.plan.names.naming import class_name, item_name
from counterfoil.plan.schema.schemas import Schema, Schemas, identity

Shared = dict[int, tuple[Schema, str]]
"""Node id → the node that stands for all that are the same, and their common name."""


def shared_properties(
    schemas: Schemas,
    reached: Iterable[Schema],
    named: Mapping[int, Any],
    inline: InlineNames,
    repeated: Iterable[str] = (),
) -> Shared:
    """Enums, objects and unions that occur more than once as a property, or as the items of one.

    They are called after the property; of several groups at properties of one name the first is, the others have
    longer names. What lies inside of such a schema counts once, what lies below the pointers `repeated` not at all.
    """
    groups: dict[tuple[str, str], list[Schema]] = defaultdict(list)
    for schema in reached:
        for key, part in schema["properties"].items() if isinstance(schema.get("properties"), dict) else ():
            inner, name = _items(part, class_name(key))
            if _is_worth_a_name(inner) and id(inner) not in named and schemas.home(inner):
                groups[name, identity(inner)].append(inner)
    homes = {index: str(schemas.home(group[0])) for index, group in groups.items()}
    taken = {name for _, name in named.values()}
    passed = list(repeated)
    found: Shared = {}
    for index in sorted(groups, key=lambda index: homes[index].count("/")):
        members = {id(node): node for node in groups[index] if not _inside(str(schemas.home(node)), passed)}
        if len(members) < 2:
            continue
        first = next(iter(members.values()))
        name = index[0]
        name = inline.name(first) if name in taken else name
        taken.add(name)
        found |= dict.fromkeys(members, (first, name))
        passed += [f"{schemas.home(node)}/" for node in members.values() if node is not first]
    return found


def _items(schema: Any, name: str) -> tuple[Any, str]:
    """The schema of the items of an array and what to call it, of the schema itself if it is none."""
    while isinstance(schema, dict) and schema.get("type") == "array":
        schema, name = schema.get("items"), item_name(name)
    return schema, name


def _is_worth_a_name(schema: Any) -> bool:
    if not isinstance(schema, dict) or "$ref" in schema:
        return False
    if isinstance(schema.get("enum"), list):
        return len(schema["enum"]) > 1
    arms = [arm for word in ("oneOf", "anyOf") for arm in schema.get(word, ()) if _is_object(arm)]
    return _is_object(schema) or len(arms) > 1


def _is_object(schema: Any) -> bool:
    return isinstance(schema, dict) and bool(schema.get("properties"))


def _inside(home: str, places: Iterable[str]) -> bool:
    return any(home.startswith(place) for place in places)
