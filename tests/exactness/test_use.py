"""Models in the hands of a caller."""

from pathlib import Path
from typing import Any

from tests.exactness.package import generated_models

REF = "#/components/schemas/"
SCHEMAS: dict[str, Any] = {
    "Order": {"type": "object", "properties": {"item": {"$ref": f"{REF}Item"}}},
    "Item": {"type": "object", "properties": {"order": {"$ref": f"{REF}Order"}, "count": {"type": "integer"}}},
}


def document() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"{REF}Order"}}}
    get = {"operationId": "get", "responses": {"200": {"description": "One.", "content": content}}}
    info = {"title": "Orders", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/": {"get": get}}, "components": {"schemas": SCHEMAS}}


def test_variables_of_the_caller_do_not_stand_for_models(tmp_path: Path) -> None:
    with generated_models(tmp_path, document()) as models:
        Item = Order = str  # noqa: N806 - a caller's own class may be called as a model is
        read = models.Order.model_validate_json('{"item": {"count": 1, "order": {}}}')
        assert read.item.count == 1, (Item, Order)
