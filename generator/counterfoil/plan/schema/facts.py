"""What can be told of a schema without an instance: which types it accepts, whether null, which tags set it apart."""

from collections.abc import Callable, Sequence
from typing import Any

from counterfoil.plan.schema.schemas import Schema, Schemas, canonical, types

TYPES = frozenset(("object", "array", "string", "integer", "number", "boolean", "null"))


def type_of(value: Any) -> frozenset[str]:
    """The names of the JSON types that a value has: an integer is a number too."""
    if value is None:
        return frozenset(("null",))
    if isinstance(value, bool):
        return frozenset(("boolean",))
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return frozenset(("integer", "number"))
    if isinstance(value, float):
        return frozenset(("number",))
    if isinstance(value, str):
        return frozenset(("string",))
    return frozenset(("array",)) if isinstance(value, list) else frozenset(("object",))


class Facts:
    """Facts about the schemas of one tree; with `open_enums`, an enum of several values may hold any other too."""

    def __init__(self, schemas: Schemas, open_enums: bool = False) -> None:
        self._schemas, self._open_enums = schemas, open_enums

    def kinds(self, schema: Any, seen: tuple[int, ...] = ()) -> frozenset[str]:
        """The types that a schema may accept: never too few, and too many only where the rules are intricate."""
        if schema is False:
            return frozenset()
        if not isinstance(schema, dict) or id(schema) in seen:
            return TYPES
        inner: Callable[[Any], frozenset[str]] = lambda part: self.kinds(part, (*seen, id(schema)))  # noqa: E731
        found = TYPES
        if "type" in schema:
            stated = set(types(schema))
            found &= stated | ({"integer"} if "number" in stated else set())
        if "const" in schema:
            found &= type_of(schema["const"])
        if "enum" in schema:
            found &= frozenset().union(*map(type_of, schema["enum"]))
        if "$ref" in schema:
            found &= inner(self._target(schema["$ref"]))
        for part in schema.get("allOf", ()):
            found &= inner(part)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                found &= frozenset().union(*map(inner, schema[key]))
        return found

    def accepts_null(self, schema: Any, seen: tuple[int, ...] = ()) -> bool:
        """Whether a schema accepts null, exactly: no other keyword has a say in that."""
        if isinstance(schema, bool):
            return schema
        if id(schema) in seen:
            return True
        inner: Callable[[Any], bool] = lambda part: self.accepts_null(part, (*seen, id(schema)))  # noqa: E731
        plain = (
            "null" in types(schema) or "type" not in schema,
            schema.get("const") is None,
            None in schema.get("enum", [None]),
            "$ref" not in schema or inner(self._target(schema["$ref"])),
            all(map(inner, schema.get("allOf", ()))),
            any(map(inner, schema.get("anyOf", [True]))),
            sum(map(inner, schema.get("oneOf", [True]))) == 1,
            "not" not in schema or not inner(schema["not"]),
        )
        if not all(plain):
            return False
        if "if" in schema:
            return inner(schema.get("then", True) if inner(schema["if"]) else schema.get("else", True))
        return True

    def tags(self, schema: Any) -> dict[str, set[str]]:
        """The required properties of an object schema that may hold only certain strings, with these strings."""
        flat = self._schemas.flat(schema) or {}
        if types(flat) != ["object"]:
            return {}
        found = {}
        for name in flat.get("required", ()):
            values = self._strings(flat.get("properties", {}).get(name, {}))
            if values:
                found[name] = values
        return found

    def disjoint(self, arms: Sequence[Any]) -> bool:
        """Whether it is certain that no instance is accepted by two of the schemas."""
        kinds = [self.kinds(arm) for arm in arms]
        tags = [self.tags(arm) for arm in arms]
        return all(
            self._apart(arms[i], arms[j], kinds[i] & kinds[j], tags[i], tags[j])
            for i in range(len(arms))
            for j in range(i)
        )

    def discriminator(self, arms: Sequence[Any]) -> str | None:
        """A property whose value alone tells which of several object schemas an instance may belong to."""
        tags = [self.tags(arm) for arm in arms]
        for name in tags[0] if tags else ():
            if all(name in tag for tag in tags) and sum(len(tag[name]) for tag in tags) == len(
                set().union(*(tag[name] for tag in tags))
            ):
                return name
        return None

    def _apart(
        self, first: Any, second: Any, common: frozenset[str], tags: dict[str, set[str]], others: dict[str, set[str]]
    ) -> bool:
        if not common:
            return True
        if common == {"object"} and any(name in others and not values & others[name] for name, values in tags.items()):
            return True
        left, right = self._values(first), self._values(second)
        return left is not None and right is not None and not left & right

    def _values(self, schema: Any) -> set[str] | None:
        flat = self._schemas.flat(schema) or {}
        if "const" in flat:
            return {_numeric(flat["const"])}
        return set(map(_numeric, flat["enum"])) if "enum" in flat and not self._is_open(flat) else None

    def _strings(self, schema: Any) -> set[str] | None:
        flat = self._schemas.flat(schema) or {}
        values = [flat["const"]] if "const" in flat else flat.get("enum", [])
        if self._is_open(flat):
            return None
        if flat.get("type", "string") == "string" and values and all(isinstance(value, str) for value in values):
            return set(values)
        return None

    def _is_open(self, flat: Schema) -> bool:
        return self._open_enums and len(flat.get("enum", ())) > 1

    def _target(self, reference: str) -> Any:
        try:
            return self._schemas.resolve(reference)
        except LookupError:
            return True


def _numeric(value: Any) -> str:
    """As `canonical`, 1.0 and 1 being one number."""
    return canonical(int(value) if isinstance(value, float) and value.is_integer() else value)
