"""What vendor.toml may say about models."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.exactness.package import generated_models

ORDER = {
    "type": "object",
    "required": ["orderId", "state"],
    "properties": {
        "orderId": {"type": "string", "format": "uuid"},
        "state": {"type": "string", "enum": ["open", "paid"]},
        "class": {"type": "integer", "enum": [1, 2], "x-enum-varnames": ["first", "second"]},
        "HTTPStatus": {"type": "integer"},
    },
}
SENT = {"orderId": "018cb5a1-2ca6-7d0a-9090-319762bf129b", "state": "open", "class": 2, "HTTPStatus": 3}


def document() -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
    response = {"200": {"description": "One.", "content": content}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Orders", "version": "1"},
        "paths": {"/order": {"get": {"operationId": "getOrder", "responses": response}}},
        "components": {"schemas": {"Order": ORDER}},
    }


def test_snake_case_names_attributes_and_keeps_properties(tmp_path: Path) -> None:
    with generated_models(tmp_path, document(), "[models]\nsnake_case = true\n") as models:
        read = models.Order.model_validate_json(json.dumps(SENT))
        assert (read.order_id, read.class_, read.http_status) == (SENT["orderId"], 2, 3)
        assert json.loads(read.model_dump_json(exclude_unset=True)) == SENT
        by_name = models.Order(order_id=SENT["orderId"], state="paid")
        by_alias = models.Order(orderId=SENT["orderId"], state="paid")
        assert by_name == by_alias
        with pytest.raises(ValidationError, match="orderId"):
            models.Order.model_validate_json(json.dumps({"order_id": SENT["orderId"], "state": "paid"}))


def test_open_enums_survive_new_values_and_stay_typed(tmp_path: Path) -> None:
    with generated_models(tmp_path, document(), "[models]\nopen_enums = true\n") as models:
        read = models.Order.model_validate_json(json.dumps({**SENT, "state": "refunded", "class": 7}))
        assert json.loads(read.model_dump_json(exclude_unset=True)) == {**SENT, "state": "refunded", "class": 7}
        assert models.Order.model_validate_json(json.dumps(SENT)).class_ is models.OrderClass.SECOND
        with pytest.raises(ValidationError):
            models.Order.model_validate_json(json.dumps({**SENT, "state": 1}))


def test_formats_are_asserted_unless_that_is_switched_off(tmp_path: Path) -> None:
    lax = json.dumps({**SENT, "orderId": "7"})
    with generated_models(tmp_path / "strict", document()) as models, pytest.raises(ValidationError):
        models.Order.model_validate_json(lax)
    with generated_models(tmp_path / "lax", document(), "[models]\nformats = false\n") as models:
        assert models.Order.model_validate_json(lax).orderId == "7"
