"""Schemas of Swagger 2.0 and OpenAPI 3.0, which are a dialect of JSON Schema draft 5, become JSON Schema 2020-12.

Source: OpenAPI 3.0.3 section 4.7.24 (Schema Object) and the proposal "clarify nullable" that 3.0.3 refers to;
JSON Schema 2020-12 Validation.
"""

from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft

# Fields that say something about a schema and constrain no instance.
ANNOTATIONS = frozenset(
    {
        "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "xml",
        "externalDocs", "$comment",
    }
)  # fmt: skip
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Keywords that earlier dialects have, or use in another way.
_EARLIER = frozenset(
    {"nullable", "x-nullable", "exclusiveMinimum", "exclusiveMaximum", "$schema", "dependencies", "items"}
)
_APPLICATORS = ("$ref", "allOf", "oneOf", "anyOf", "not")


def upgrade_schema(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Bring one schema, not what is below it, into JSON Schema 2020-12.

    Documents that call themselves 3.1 have leftovers of 3.0 too; where 3.1 has no other meaning for them, that of
    3.0 is what they mean.
    """
    if _EARLIER.isdisjoint(node):
        return
    if "x-nullable" in node and "nullable" not in node:
        draft.rename(node, pointer, "x-nullable", "nullable", "upgrade-nullable")
    if "nullable" in node:
        _nullable(draft, pointer, node)
    for bound in ("Minimum", "Maximum"):
        if isinstance(node.get(f"exclusive{bound}"), bool):
            _exclusive(draft, pointer, node, f"exclusive{bound}", bound.lower())
    if "$schema" in node and node["$schema"] != _DIALECT:
        draft.drop(node, pointer, "$schema", "upgrade-dialect", f"was {node['$schema']}")
    if isinstance(node.get("dependencies"), dict):
        _dependencies(draft, pointer, node)
    if isinstance(node.get("items"), list):
        draft.rename(node, pointer, "items", "prefixItems", "upgrade-tuple")
        if "additionalItems" in node:
            draft.rename(node, pointer, "additionalItems", "items", "upgrade-tuple")


def _dependencies(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """`dependencies` of earlier drafts became two keywords: one for lists of names, one for schemas."""
    below = json_pointer.join(pointer, "dependencies")
    for name, stated in list(node["dependencies"].items()):
        key = "dependentRequired" if isinstance(stated, list) else "dependentSchemas"
        draft.carry(node["dependencies"], below, name, node.setdefault(key, {}), json_pointer.join(pointer, key))
    draft.drop(node, pointer, "dependencies", "upgrade-dependencies")


def is_annotation(key: str) -> bool:
    """Whether a keyword constrains no instance: an annotation of JSON Schema or OpenAPI, or an extension."""
    return key in ANNOTATIONS or key.startswith("x-")


def ignore_siblings(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Before 3.1 what stands beside `$ref` is ignored. Annotations and `nullable` are meant all the same: they stay."""
    if "$ref" not in node:
        return
    for key in [key for key in node if key not in {"$ref", "nullable", "x-nullable"} and not is_annotation(key)]:
        draft.drop(node, pointer, key, "upgrade-reference-siblings", f"{key} beside $ref has no effect before 3.1")


def _nullable(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    where = draft.at(json_pointer.join(pointer, "nullable"))
    if (
        draft.drop(node, pointer, "nullable", "upgrade-nullable", f"nullable {str(node['nullable']).lower()}")
        is not True
    ):
        return
    if any(key in node for key in _APPLICATORS):
        _or_null(draft, pointer, node)
        return
    kind = node.get("type")
    if isinstance(kind, str) and kind != "null":
        draft.put(node, pointer, "type", [kind, "null"], "upgrade-nullable", where=where)
    elif isinstance(kind, list) and "null" not in kind:
        draft.put(node, pointer, "type", [*kind, "null"], "upgrade-nullable", where=where)
    values = node.get("enum")
    if isinstance(values, list) and None not in values:
        values.append(None)
        draft.record(json_pointer.join(pointer, "enum", len(values) - 1), "upgrade-nullable", "null is meant", where)


def _or_null(draft: Draft, pointer: str, node: dict[str, Any]) -> None:
    """Let null be an alternative to everything that the schema asserts.

    A null type beside `allOf` or `$ref` would be refused by what is referred to, and one more arm of a `oneOf` may
    overlap with another, so that all assertions move below an `anyOf`; one that already is an `anyOf` gets an arm.
    """
    asserted = [key for key in node if not is_annotation(key)]
    null = {"type": "null"}
    if asserted == ["anyOf"] and isinstance(node["anyOf"], list):
        if null not in node["anyOf"]:
            node["anyOf"].append(null)
    else:
        inner: dict[str, Any] = {}
        for key in sorted(asserted, key=lambda key: key != "anyOf"):  # first, since the others move below its pointer
            draft.carry(node, pointer, key, inner, json_pointer.join(pointer, "anyOf", 0))
        node["anyOf"] = [{key: inner[key] for key in asserted}, null]
    last = len(node["anyOf"]) - 1
    draft.record(json_pointer.join(pointer, "anyOf", last), "upgrade-nullable", "null is one alternative")


def _exclusive(draft: Draft, pointer: str, node: dict[str, Any], key: str, bound: str) -> None:
    where = draft.at(json_pointer.join(pointer, key))
    if node[key] and bound in node:
        draft.drop(node, pointer, key, "upgrade-exclusive-bound", f"{key} true")
        draft.rename(node, pointer, bound, key, "upgrade-exclusive-bound", f"was {bound} with {key} true at {where}")
    else:
        draft.drop(node, pointer, key, "upgrade-exclusive-bound", f"{key} {str(node[key]).lower()}")
