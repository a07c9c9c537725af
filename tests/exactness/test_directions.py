"""Models, stub and contract tests agree about what only one side may send."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from counterfoil.stub.loading import load_stub
from tests.asking import asking
from tests.command import counterfoil
from tests.exactness.package import generated_models

USER = {
    "type": "object",
    "required": ["id", "name", "password"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "password": {"type": "string", "writeOnly": True},
        "made": {"allOf": [{"$ref": "#/components/schemas/Moment"}]},
    },
}
SCHEMAS = {"User": USER, "Moment": {"type": "string", "format": "date-time", "readOnly": True}}
SENT = {"name": "Ann", "password": "secret"}
REQUESTS: list[tuple[dict[str, Any], bool]] = [
    (SENT, True),
    ({**SENT, "id": 1}, False),
    ({**SENT, "made": "2024-01-01T00:00:00Z"}, False),
    ({"name": "Ann"}, False),
]


def document() -> dict[str, Any]:
    user = {"$ref": "#/components/schemas/User"}
    content = {"application/json": {"schema": user, "example": {"id": 1, "name": "A"}}}
    answer = {"description": "One.", "content": content}
    group = {"type": "object", "required": ["owner"], "properties": {"owner": user}}
    operations = {
        "post": {"schema": user, "example": SENT},
        "put": {"schema": group, "example": {"owner": SENT}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Users", "version": "1"},
        "paths": {
            "/users": {
                method: {
                    "operationId": f"{method}User",
                    "requestBody": {"required": True, "content": {"application/json": media}},
                    "responses": {"201" if method == "post" else "200": answer, "400": {"description": "No."}},
                }
                for method, media in operations.items()
            }
        },
        "components": {"schemas": SCHEMAS},
    }


def test_models_stub_and_contract_tests_agree(tmp_path: Path) -> None:
    with generated_models(tmp_path, document()) as models:
        request: TypeAdapter[Any] = TypeAdapter(models.OPERATIONS["post_user"].request["application/json"])
        response: TypeAdapter[Any] = TypeAdapter(models.OPERATIONS["post_user"].responses["201"]["application/json"])
        stub = load_stub(tmp_path / "generated", "api")
        with asking(stub) as client:
            for sent, is_valid in REQUESTS:
                answer = client.post("/users", json=sent)
                assert (answer.status_code == 201) == is_valid, sent
                if is_valid:
                    request.validate_json(json.dumps(sent))
                    assert response.validate_json(answer.text).name == "Ann"
                    assert "password" not in answer.json()
                else:
                    with pytest.raises(ValidationError):
                        request.validate_json(json.dumps(sent))
                answer = client.put("/users", json={"owner": sent})
                assert (answer.status_code == 200) == is_valid, sent
    tested = counterfoil("test", "api", cwd=tmp_path)
    assert tested.returncode == 0, tested.stdout


def test_what_a_body_states_itself_is_refused_in_requests(tmp_path: Path) -> None:
    body = {
        "application/json": {"schema": {"type": "object", "properties": {"id": {"type": "integer", "readOnly": True}}}}
    }
    post = {"requestBody": {"content": body}, "responses": {"200": {"description": "One.", "content": body}}}
    paths = {"/things": {"post": {"operationId": "post", **post}}}
    api = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": paths}
    with generated_models(tmp_path, api) as models:
        operation = models.OPERATIONS["post"]
        TypeAdapter(operation.responses["200"]["application/json"]).validate_json('{"id": 1}')
        with pytest.raises(ValidationError):
            TypeAdapter(operation.request["application/json"]).validate_json('{"id": 1}')


def test_what_is_flagged_in_one_part_is_not_required_by_another_part_of_a_response(tmp_path: Path) -> None:
    secret = {"Text": {"type": "string"}, "Secret": {"$ref": "#/components/schemas/Text", "writeOnly": True}}
    parts: list[dict[str, Any]] = [
        {"type": "object", "properties": {"key": {"$ref": "#/components/schemas/Secret"}}},
        {"properties": {"name": {"type": "string"}, "key": True}, "unevaluatedProperties": False},
    ]
    body = {"application/json": {"schema": {"allOf": parts, "required": ["key"]}}}
    post = {"requestBody": {"content": body}, "responses": {"200": {"description": "One.", "content": body}}}
    paths = {"/things": {"post": {"operationId": "post", **post}}}
    info = {"title": "Things", "version": "1"}
    api = {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": secret}}
    with generated_models(tmp_path, api) as models:
        request: TypeAdapter[Any] = TypeAdapter(models.OPERATIONS["post"].request["application/json"])
        response: TypeAdapter[Any] = TypeAdapter(models.OPERATIONS["post"].responses["200"]["application/json"])
    response.validate_json('{"name": "Ann"}')
    for adapter, text in ((request, '{"name": "Ann"}'), (response, '{"other": 1}'), (request, '{"key": 1}')):
        with pytest.raises(ValidationError):
            adapter.validate_json(text)
    request.validate_json('{"key": "a"}')
