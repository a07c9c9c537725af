"""`[operations]` of vendor.toml keeps the operations that a user needs, and what they reach."""

import pytest

from counterfoil.contract import Contract, build
from counterfoil.contract.contract import Size
from counterfoil.documents.folder import VendorFolder
from counterfoil.location import CounterfoilError

PAGE = """\
openapi: 3.1.0
info: {title: Shop, version: '1'}
tags: [{name: orders}, {name: people}]
security: [{key: []}]
paths:
  /orders:
    get:
      operationId: listOrders
      tags: [orders]
      responses:
        '200': {description: all, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
    post:
      tags: [orders]
      requestBody: {$ref: '#/components/requestBodies/NewOrder'}
      responses: {'201': {description: made}}
  /orders/{id}:
    get:
      operationId: getOrder
      tags: [orders]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      security: [{other: []}]
      responses: {'200': {description: one}}
  /people:
    get:
      operationId: people/list
      tags: [people]
      responses:
        '200': {description: all, content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}
webhooks:
  order-paid:
    post: {responses: {'200': {description: heard}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    other: {type: apiKey, in: header, name: X-Other}
  requestBodies:
    NewOrder: {content: {application/json: {schema: {$ref: '#/components/schemas/Order/properties/first'}}}}
  schemas:
    Order:
      type: object
      properties: {first: {$ref: '#/components/schemas/Line'}}
    Line:
      type: object
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {gift: Gift}}
    Gift: {type: object}
    Article: {allOf: [{$ref: '#/components/schemas/Line'}]}
    Person: {type: object, properties: {boss: {$ref: '#/components/schemas/Person'}}}
"""


def chosen(settings: str, page: str = PAGE) -> Contract:
    config = ("vendor.toml", f"[operations]\n{settings}\n")
    return build(VendorFolder("shop", "shop", "shop", (("shop.yaml", page),), None, config))


def operations(contract: Contract) -> set[str]:
    return {
        f"{method.upper()} {path}"
        for section in ("paths", "webhooks")
        for path, item in contract.tree.get(section, {}).items()
        for method in item
    }


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ("", {"GET /orders", "POST /orders", "GET /orders/{id}", "GET /people", "POST order-paid"}),
        ("include = ['GET /orders']", {"GET /orders"}),
        ("include = ['get /orders']", {"GET /orders"}),
        ("include = ['/orders']", {"GET /orders", "POST /orders"}),
        ("include = ['/orders/*']", {"GET /orders/{id}"}),
        ("include = ['/orders*']", {"GET /orders", "POST /orders", "GET /orders/{id}"}),
        ("include = ['* /orders*']", {"GET /orders", "POST /orders", "GET /orders/{id}"}),
        ("include = ['people', 'getOrder']", {"GET /people", "GET /orders/{id}"}),
        ("include = ['people/*']", {"GET /people"}),
        ("include = ['postOrders']", {"POST /orders"}),
        ("include = ['order-paid']", {"POST order-paid"}),
        ("include = ['orders']\nexclude = ['*Order']", {"GET /orders", "POST /orders"}),
        ("exclude = ['orders', 'order-paid']", {"GET /people"}),
    ],
)
def test_patterns_choose_operations(settings: str, left: set[str]) -> None:
    assert operations(chosen(settings)) == left


def test_what_the_operations_reach_is_kept_and_nothing_else() -> None:
    contract = chosen("include = ['listOrders']")
    components = contract.tree["components"]
    assert list(components["schemas"]) == ["Order", "Line", "Gift", "Article"]
    assert list(components["securitySchemes"]) == ["key"]
    assert "requestBodies" not in components
    assert contract.tree["tags"] == [{"name": "orders"}]
    assert contract.stated == Size(operations=4, webhooks=1, schemas=5)
    assert not [pointer for pointer, _ in contract.evidence.entries() if "people" in pointer or "Person" in pointer]
    assert list(chosen("include = ['POST /orders']").tree["components"]["requestBodies"]) == ["NewOrder"]


def test_a_part_of_an_excluded_operation_is_kept_for_those_that_refer_to_it() -> None:
    place = "#/paths/~1orders~1{id}/get"
    answer = f"{{'200': {{$ref: '{place}/responses/200'}}, '404': {{description: none}}}}"
    item = f"parameters: [{{$ref: '{place}/parameters/0'}}], get: {{operationId: getBill, responses: {answer}}}"
    page = PAGE.replace("paths:\n", f"paths:\n  /bills/{{id}}: {{{item}}}\n")
    contract = chosen("exclude = ['/orders*']", page)
    assert not contract.diagnostics
    assert contract.tree["components"]["parameters"]["id"]["in"] == "path"
    assert contract.tree["components"]["responses"]["getOrder_200"]["description"] == "one"


def test_without_a_choice_unused_components_stay() -> None:
    assert chosen("").tree["components"].keys() == {"securitySchemes", "requestBodies", "schemas"}


def test_a_pattern_that_matches_nothing_is_an_error_at_its_line() -> None:
    with pytest.raises(CounterfoilError) as refused:
        chosen("include = [\n  'listOrders',\n  'listOrder',\n]\nexclude = ['/nowhere']")
    first, second = refused.value.diagnostics
    assert (first.location.line, first.rule, first.hint) == (4, "operations-no-match", "did you mean listOrders?")
    assert (second.location.line, second.rule) == (6, "operations-no-match")


def test_no_operation_left_is_an_error() -> None:
    with pytest.raises(CounterfoilError, match=r"vendor\.toml:3:1: no-operation-left"):
        chosen("include = ['orders']\nexclude = ['/*']")
