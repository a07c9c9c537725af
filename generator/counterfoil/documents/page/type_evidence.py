"""From a type text to a builder of the field's schema."""

from typing import Any

from counterfoil.documents.page.builder import Builder
from counterfoil.documents.page.field_types import FieldType
from counterfoil.documents.page.json_types import types_of
from counterfoil.documents.page.listed_values import typed_values
from counterfoil.documents.page.operation import documented, inferred
from counterfoil.location import Location


def typed_schema(found: FieldType, name_place: Location, type_place: Location) -> Builder:
    """The schema of a field named at `name_place` whose type stands at `type_place`."""
    schema = Builder()
    schema.read(name_place, {})
    for keyword, value in found.schema.items():
        rule = found.implied.get(keyword)
        schema.set(inferred(rule, type_place) if rule else documented(type_place), value, keyword)
    if found.deprecated:
        schema.read(type_place, True, "deprecated")
    return schema


def set_enum(schema: Builder, values: list[Any], place: Location) -> None:
    """State the allowed values of a field, of its items if it is an array; null stays allowed where it was."""
    at = ("items",) if "items" in schema.tree else ()
    types = types_of(schema.get(*at))
    kind = next((kind for kind in types if kind != "null"), None)
    values = typed_values(values, kind)
    if "null" in types and None not in values:
        values = [*values, None]
    if kind is None:
        schema.infer("type-from-values", place, "string", *at, "type")
    schema.read(place, values, *at, "enum")
