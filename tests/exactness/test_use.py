"""Models in the hands of a caller."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.exactness.package import generated_models

REF = "#/components/schemas/"
SCHEMAS: dict[str, Any] = {
    "Order": {"type": "object", "properties": {"item": {"$ref": f"{REF}Item"}}},
    "Item": {"type": "object", "properties": {"order": {"$ref": f"{REF}Order"}, "count": {"type": "integer"}}},
    "Leaf": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "leaf"}}},
    "Branch": {
        "type": "object",
        "properties": {"kind": {"const": "branch"}, "nodes": {"type": "array", "items": {"$ref": f"{REF}Node"}}},
    },
    "Node": {"oneOf": [{"$ref": f"{REF}Leaf"}, {"$ref": f"{REF}Branch"}]},
}


def document() -> dict[str, Any]:
    responses = {
        status: {"description": "One.", "content": {"application/json": {"schema": {"$ref": f"{REF}{name}"}}}}
        for status, name in (("200", "Order"), ("202", "Node"))
    }
    get = {"operationId": "get", "responses": responses}
    info = {"title": "Orders", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/": {"get": get}}, "components": {"schemas": SCHEMAS}}


def test_variables_of_the_caller_do_not_stand_for_models(tmp_path: Path) -> None:
    with generated_models(tmp_path, document()) as models:
        Item = Order = str  # noqa: N806 - a caller's own class may be called as a model is
        read = models.Order.model_validate_json('{"item": {"count": 1, "order": {}}}')
        assert read.item.count == 1, (Item, Order)
        Branch = Node = Leaf = str  # noqa: N806 - as above
        node: TypeAdapter[Any] = TypeAdapter(models.Node)
        assert node.validate_json('{"nodes": [{"kind": "leaf"}]}').nodes[0].kind == "leaf", (Branch, Node, Leaf)


def test_of_alternatives_only_those_with_the_stated_tag_are_tried(tmp_path: Path) -> None:
    with generated_models(tmp_path, document()) as models:
        node: TypeAdapter[Any] = TypeAdapter(models.Node)
        with pytest.raises(ValidationError) as refusal:
            node.validate_json('{"kind": "branch", "nodes": [{"kind": "branch", "nodes": [{"kind": "root"}]}]}')
        assert [error["loc"] for error in refusal.value.errors()] == [("nodes", 0, "nodes", 0)]
        assert "no alternative by its kind" in str(refusal.value)
