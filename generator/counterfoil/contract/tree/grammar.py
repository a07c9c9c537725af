"""What an OpenAPI 3.1 document is made of: one table of objects and their fields, in canonical order.

The table drives every walk over a document: which nodes are schemas, which fields are unknown or missing, in what
order fields are written. Source: OpenAPI 3.1.0 section 4.8, JSON Schema 2020-12 Core and Validation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from counterfoil import pointer as json_pointer

_OBJECTS = {
    "openapi": "openapi! string; info! info; jsonSchemaDialect string; servers [server]; security [requirement];"
    " tags [tag]; externalDocs external-docs; paths paths; webhooks {path-item}; components components",
    "info": "title! string; summary string; description string; termsOfService string; contact contact;"
    " license license; version! string",
    "contact": "name string; url string; email string",
    "license": "name! string; identifier string; url string",
    "server": "url! string; description string; variables {server-variable}",
    "server-variable": "enum [string]; default! string; description string",
    "tag": "name! string; description string; externalDocs external-docs",
    "external-docs": "description string; url! string",
    "requirement": "* [string]",
    "components": "schemas {schema}; responses {response}; parameters {parameter}; examples {example};"
    " requestBodies {request-body}; headers {header}; securitySchemes {security-scheme}; links {link};"
    " callbacks {callback}; pathItems {path-item}",
    "paths": "* path-item",
    "path-item": "$ref string; summary string; description string; servers [server]; parameters [parameter];"
    " get operation; put operation; post operation; delete operation; options operation; head operation;"
    " patch operation; trace operation; x-additional-operations {operation}",
    "operation": "tags [string]; summary string; description string; externalDocs external-docs; operationId string;"
    " parameters [parameter]; requestBody request-body; responses responses; callbacks {callback};"
    " deprecated boolean; security [requirement]; servers [server]; x-query-string parameter",
    "parameter": "name! string; in! string; description string; required boolean; deprecated boolean;"
    " allowEmptyValue boolean; style string; explode boolean; allowReserved boolean; schema schema;"
    " content {media-type}; example any; examples {example}",
    "header": "description string; required boolean; deprecated boolean; style string; explode boolean;"
    " schema schema; content {media-type}; example any; examples {example}",
    "request-body": "description string; required boolean; content! {media-type}",
    "media-type": "schema schema; example any; examples {example}; encoding {encoding}; x-item-schema schema",
    "encoding": "contentType string; headers {header}; style string; explode boolean; allowReserved boolean",
    "responses": "* response",
    "response": "description! string; headers {header}; content {media-type}; links {link}",
    "callback": "* path-item",
    "example": "summary string; description string; value any; externalValue string",
    "link": "operationRef string; operationId string; parameters {any}; requestBody any; description string;"
    " server server",
    "security-scheme": "type! string; description string; name string; in string; scheme string;"
    " bearerFormat string; flows oauth-flows; openIdConnectUrl string",
    "oauth-flows": "implicit oauth-flow; password oauth-flow; clientCredentials oauth-flow;"
    " authorizationCode oauth-flow",
    "oauth-flow": "authorizationUrl string; tokenUrl string; refreshUrl string; scopes! {string}",
    "discriminator": "propertyName! string; mapping {string}",
    "xml": "name string; namespace string; prefix string; attribute boolean; wrapped boolean",
    "schema": "$ref string; $schema any; $id any; $anchor any; $vocabulary any; $dynamicRef string;"
    " $dynamicAnchor any; $comment any; title any; description any; type any; format any; enum any; const any;"
    " default any; nullable any; multipleOf any; minimum any; exclusiveMinimum any; maximum any;"
    " exclusiveMaximum any;"
    " minLength any; maxLength any; pattern any; contentEncoding any; contentMediaType any; contentSchema schema;"
    " prefixItems [schema]; items schema; unevaluatedItems schema; contains schema; minContains any;"
    " maxContains any; minItems any; maxItems any; uniqueItems any; properties {schema};"
    " patternProperties {schema}; additionalProperties schema; unevaluatedProperties schema; propertyNames schema;"
    " required any; dependentRequired any; dependentSchemas {schema}; minProperties any; maxProperties any;"
    " allOf [schema]; anyOf [schema]; oneOf [schema]; not schema; if schema; then schema; else schema;"
    " discriminator discriminator; readOnly any; writeOnly any; deprecated any; xml xml;"
    " externalDocs external-docs; examples any; $defs {schema}; definitions {schema}; dependencies any",
    # Swagger 2.0, where references may lead into other files.
    "swagger": "paths swagger-paths; parameters {swagger-parameter}; responses {swagger-response};"
    " definitions {schema}",
    "swagger-paths": "* swagger-path-item",
    "swagger-path-item": "$ref string; parameters [swagger-parameter]; get swagger-operation; put swagger-operation;"
    " post swagger-operation; delete swagger-operation; options swagger-operation; head swagger-operation;"
    " patch swagger-operation",
    "swagger-operation": "parameters [swagger-parameter]; responses swagger-responses",
    "swagger-responses": "* swagger-response",
    "swagger-parameter": "schema schema",
    "swagger-response": "schema schema",
}

# Kind of node → the section of components that holds such nodes.
SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "request-body": "requestBodies",
    "header": "headers",
    "security-scheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
REFERABLE = frozenset(
    {
        "parameter", "header", "request-body", "response", "callback", "example", "link", "security-scheme",
        "swagger-parameter", "swagger-response",
    }
)  # fmt: skip
# Extensible with `x-` fields all but these: their keys are names of the document's own.
_CLOSED = frozenset({"requirement"})

Shape = Literal["one", "list", "map"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object: one node of a kind, or a list or a map of such nodes."""

    kind: str
    shape: Shape = "one"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """The fixed fields of an object in canonical order, and `others`: what a field of any other name holds."""

    fields: dict[str, Field]
    others: Field | None


def _kind(text: str) -> Kind:
    fields: dict[str, Field] = {}
    for entry in text.split(";"):
        name, value = entry.split()
        shape: Shape = {"[": "list", "{": "map"}.get(value[0], "one")  # type: ignore[assignment]  # the keys say which
        fields[name.removesuffix("!")] = Field(value.strip("[]{}"), shape, name.endswith("!"))
    return Kind(fields, fields.pop("*", None))


KINDS = {name: _kind(text) for name, text in _OBJECTS.items()}
# The fields of each kind that lead to further objects.
_BRANCHES = {
    name: {key: field for key, field in kind.fields.items() if field.kind in _OBJECTS} for name, kind in KINDS.items()
}

# What fields of other names hold, where that leads to further objects.
_OTHERS = {name: kind.others if kind.others and kind.others.kind in _OBJECTS else None for name, kind in KINDS.items()}

Site = tuple[str, str, dict[str, Any]]


def field_of(kind: str, key: str) -> Field | None:
    """What the field `key` of an object of this kind holds; `None` for an unknown field or an extension."""
    known = KINDS[kind]
    found = known.fields.get(key)
    if found is None and known.others is not None and (kind in _CLOSED or not key.startswith("x-")):
        return known.others
    return found


def is_reference(kind: str, node: dict[str, Any]) -> bool:
    """Whether a node is a Reference Object, which stands for another node as a whole; schemas never are."""
    return kind in REFERABLE and isinstance(node.get("$ref"), str)


def children(kind: str, pointer: str, node: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """The objects right below a node: kind, pointer and value, which in a defective document may be no object."""
    branches, others = _BRANCHES[kind], _OTHERS[kind]
    found: list[tuple[str, str, Any]] = []
    if (others is None and branches.keys().isdisjoint(node)) or is_reference(kind, node):
        return found
    for key, value in node.items():
        field = branches.get(key)
        if field is None:
            if others is None or key.startswith("x-"):
                continue
            field = others
        below = json_pointer.join(pointer, key)
        if field.shape == "one":
            found.append((field.kind, below, value))
        elif field.shape == "map" and isinstance(value, dict):
            inner = field.kind
            found += [(inner, json_pointer.join(below, name), item) for name, item in value.items()]
        elif field.shape == "list" and isinstance(value, list):
            inner = field.kind
            found += [(inner, f"{below}/{index}", item) for index, item in enumerate(value)]
    return found


def walk(node: Any, kind: str = "openapi", pointer: str = "") -> Iterator[Site]:
    """Every OpenAPI object and every schema below and including `node`: kind, pointer and node, parents first.

    A node may be changed in place when it comes by; what is below it then is what is walked. Boolean schemas and
    what is not an object are passed over. No recursion: nesting is bounded by memory alone.
    """
    stack = [(kind, pointer, node)]
    while stack:
        site = stack.pop()
        if isinstance(site[2], dict):
            yield site
            below = children(*site)
            if below:
                below.reverse()
                stack += below
