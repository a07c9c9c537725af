"""What vendor.toml may say about models."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.exactness.package import generated_models
from tests.shared_material import ROOT

ORDER = {
    "type": "object",
    "required": ["orderId", "state"],
    "properties": {
        "orderId": {"type": "string", "format": "uuid"},
        "state": {"type": "string", "enum": ["open", "paid"]},
        "class": {"type": "integer", "enum": [1, 2], "x-enum-varnames": ["first", "second"]},
        "HTTPStatus": {"type": "integer"},
        "order-id": {"type": "integer"},
        "order_id2": {"type": "integer"},
        "share": {"type": "number", "enum": [0.5, 1]},
        "mark": {"enum": ["a", 1, None]},
        "kind": {"const": "order"},
    },
}
SENT = {
    "orderId": "018cb5a1-2ca6-7d0a-9090-319762bf129b",
    "state": "open",
    "class": 2,
    "HTTPStatus": 3,
    "order-id": 4,
    "order_id2": 5,
    "share": 0.5,
    "mark": "a",
    "kind": "order",
}


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
        assert (read.order_id2, read.order_id3) == (5, 4)
        by_name = models.Order(order_id=SENT["orderId"], state="paid")
        by_alias = models.Order(orderId=SENT["orderId"], state="paid")
        assert by_name == by_alias
        with pytest.raises(ValidationError, match="orderId"):
            models.Order.model_validate_json(json.dumps({"order_id": SENT["orderId"], "state": "paid"}))


def test_open_enums_survive_new_values_and_stay_typed(tmp_path: Path) -> None:
    new = {**SENT, "state": "refunded", "class": 7, "share": 0.75, "mark": 2}
    with generated_models(tmp_path, document(), "[models]\nopen_enums = true\n") as models:
        read = models.Order.model_validate_json(json.dumps(new))
        assert json.loads(read.model_dump_json(exclude_unset=True)) == new
        assert models.Order.model_validate_json(json.dumps(SENT)).class_ is models.OrderClass.SECOND
        for wrong in ({"state": 1}, {"share": "half"}, {"mark": True}, {"kind": "invoice"}):
            with pytest.raises(ValidationError):
                models.Order.model_validate_json(json.dumps({**SENT, **wrong}))


USES = """
from generated.api.models import Order, OrderClass

order = Order(order_id="018cb5a1-2ca6-7d0a-9090-319762bf129b", state="paid", class_=OrderClass.FIRST, http_status=1)
state: str = order.state
number: int | None = order.class_
order.state = 1  # wrong
number = order.order_id  # wrong
"""


def test_type_checkers_know_both_settings(tmp_path: Path) -> None:
    with generated_models(tmp_path, document(), "[models]\nopen_enums = true\nsnake_case = true\n"):
        (tmp_path / "uses.py").write_text(USES)
    options = ["--strict", "--cache-dir", str(ROOT / ".mypy_cache"), "--no-error-summary"]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "-p", "generated.api.models", "-m", "uses"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = [number for number, line in enumerate(USES.splitlines(), 1) if "# wrong" in line]
    assert [line.split(":")[:2] for line in run.stdout.splitlines()] == [["uses.py", str(number)] for number in wrong]


def test_formats_are_asserted_unless_that_is_switched_off(tmp_path: Path) -> None:
    lax = json.dumps({**SENT, "orderId": "7"})
    with generated_models(tmp_path / "strict", document()) as models, pytest.raises(ValidationError):
        models.Order.model_validate_json(lax)
    with generated_models(tmp_path / "lax", document(), "[models]\nformats = false\n") as models:
        assert models.Order.model_validate_json(lax).orderId == "7"
