"""Class names for schemas that have none, from the place where they stand in the contract."""

from collections.abc import Mapping
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.plan.names.naming import class_name, item_name
from counterfoil.plan.schema.schemas import Schemas

_SUFFIXES = {"additionalProperties": "Value", "unevaluatedProperties": "Value", "contains": "Item"}


def variant_label(schema: Any) -> str:
    """What to call an arm of a union: its title, the constant that marks it, or the schema it refers to."""
    if not isinstance(schema, dict):
        return ""
    if isinstance(schema.get("title"), str) and schema["title"].strip():
        return class_name(schema["title"])
    for part in schema.get("properties", {}).values():
        if isinstance(part, dict):
            values = [part["const"]] if "const" in part else part.get("enum", [])
            if len(values) == 1 and isinstance(values[0], str) and values[0].strip():
                return class_name(values[0].title() if values[0].isupper() else values[0])
    if isinstance(schema.get("$ref"), str):
        return class_name(schema["$ref"].rpartition("/")[2].rpartition(".")[2])
    return ""


class InlineNames:
    """Names of inline schemas: the name of the definition around them, and the way from there.

    `roots` gives names to pointers: of components, request bodies, responses. `/components/schemas/Order` being
    `Order`, its property `line_items` has items that are called `OrderLineItem`.
    """

    def __init__(self, schemas: Schemas, roots: Mapping[str, str]) -> None:
        self._schemas, self._roots = schemas, roots

    def name(self, schema: Any) -> str:
        """The name for a node of the tree; empty for one that stands nowhere in it."""
        home = self._schemas.home(schema)
        return self.at(home) if home else ""

    def at(self, pointer: str) -> str:
        """The name for the schema at a pointer; empty where no definition is around it."""
        if pointer in self._roots:
            return self._roots[pointer]
        steps = json_pointer.split(pointer)
        for end in range(len(steps) - 1, 0, -1):
            root = json_pointer.join("", *steps[:end])
            if root in self._roots:
                return self._roots[root] + self._way(root, steps[end:])
        return ""

    def _way(self, root: str, steps: list[str]) -> str:
        name, place, index = "", root, 0
        while index < len(steps):
            step, following = steps[index], steps[index + 1 : index + 2]
            pair = json_pointer.join(place, step, *following)
            if step in ("properties", "patternProperties", "dependentSchemas", "$defs") and following:
                name += class_name(following[0]) if step != "patternProperties" else "Value"
                place, index = pair, index + 2
            elif step in ("oneOf", "anyOf") and following:
                label = variant_label(json_pointer.resolve(self._schemas.tree, pair)) or str(int(following[0]) + 1)
                name += label
                place, index = pair, index + 2
            elif step == "prefixItems" and following:
                name += f"Item{int(following[0]) + 1}"
                place, index = pair, index + 2
            elif step == "items":
                name = item_name(name)
                place, index = json_pointer.join(place, step), index + 1
            else:
                name += _SUFFIXES.get(step, "")
                place, index = json_pointer.join(place, step), index + 1
        return name
