"""The keywords of JSON Schema 2020-12 that say which instances a schema accepts."""


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


OF_TYPE = {
    "object": _set(
        "properties required additionalProperties patternProperties propertyNames minProperties maxProperties "
        "dependentRequired dependentSchemas unevaluatedProperties"
    ),
    "array": _set("items prefixItems contains minContains maxContains minItems maxItems uniqueItems unevaluatedItems"),
    "string": _set("minLength maxLength pattern format"),
    "number": _set("minimum maximum exclusiveMinimum exclusiveMaximum multipleOf format"),
}
"""Those that speak of one type only (validation, section 6; core, section 10.3)."""

GENERAL = _set("type enum const allOf anyOf oneOf not if then else $ref $dynamicRef $dynamicAnchor $id")
KNOWN = GENERAL.union(*OF_TYPE.values())

WITH_SCHEMA = _set(
    "not if then else contains propertyNames additionalProperties unevaluatedProperties unevaluatedItems items"
)
WITH_SCHEMAS = _set("allOf anyOf oneOf prefixItems")
WITH_NAMED_SCHEMAS = _set("properties patternProperties dependentSchemas")
"""The keywords whose value is a schema, an array of schemas, an object of schemas."""
