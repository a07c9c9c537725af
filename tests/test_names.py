"""What things are called in Python: readable in every script, and the same whatever else a document describes."""

import ast
import json
import random
from typing import Any

import pytest

from counterfoil.documents.folder import VendorFolder
from counterfoil.emit.generation import generate_vendor
from counterfoil.emit.templates import Templates
from tests.shared_material import shared

WORDS = ("quokka", "vortex", "plinth", "zephyr", "tundra", "fjord")


def assigned(document: dict[str, Any], variable: str) -> list[str]:
    """The keys or items that a variable of the generated models has."""
    folder = VendorFolder("specs", "names", "names", (("page.json", json.dumps(document)),))
    files = generate_vendor(folder, Templates(None)).files
    for path in ("models/__init__.py", "models/operations.py"):
        for node in ast.parse(files[path]).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if [getattr(target, "id", "") for target in targets] == [variable]:
                value: Any = node.value
                return [item.value for item in (value.keys if isinstance(value, ast.Dict) else value.elts)]
    raise AssertionError(variable)


def schema_of(words: random.Random, depth: int = 0) -> dict[str, Any]:
    kind = words.choice(("text", "enum", "object", "array", "union") if depth < 2 else ("text", "enum"))
    if kind == "object" or depth == 0:
        return {"type": "object", "properties": {name: schema_of(words, depth + 1) for name in words.sample(WORDS, 3)}}
    if kind == "array":
        return {"type": "array", "items": schema_of(words, depth + 1)}
    if kind == "union":
        return {"oneOf": [schema_of(words, depth + 1), {"type": "integer"}]}
    return {"type": "string", **({"enum": words.sample(WORDS, 2)} if kind == "enum" else {})}


def with_one_more(document: dict[str, Any], words: random.Random) -> dict[str, Any]:
    """The document with one schema more, and an operation that answers with it, at any place."""
    added = json.loads(json.dumps(document))
    schemas = added["components"]["schemas"]
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Unrelated"}}}
    operation = {"operationId": "getUnrelated", "responses": {"200": {"description": "ok", "content": answer}}}
    for held, name, value in (
        (schemas, "Unrelated", schema_of(words)),
        (added["paths"], "/unrelated", {"get": operation}),
    ):
        items = list(held.items())
        items.insert(words.randrange(len(items) + 1), (name, value))
        held.clear()
        held.update(items)
    return added


@pytest.mark.parametrize(
    "name",
    [
        "adyen--PaymentService-v68.json",
        "readmeio-oas-examples--json-discriminators.json",
        "readmeio-oas-examples--json-complex-nesting.json",
    ],
)
def test_an_unrelated_schema_leaves_all_names_alone(name: str) -> None:
    document = json.loads(shared(f"corpus/openapi/{name}").read_text("utf-8"))
    before = assigned(document, "__all__")
    assert before
    for seed in (1, 2):
        after = assigned(with_one_more(document, random.Random(seed)), "__all__")
        assert set(before) <= set(after)
        assert all(added.startswith("Unrelated") for added in set(after) - set(before))


def document_of(paths: dict[str, Any], schemas: dict[str, Any] | None = None) -> dict[str, Any]:
    head = {"openapi": "3.0.3", "info": {"title": "Names", "version": "1"}}
    return {**head, "paths": paths, "components": {"schemas": schemas or {}}}


def test_operations_without_a_name_of_their_own_are_named_by_method_and_path() -> None:
    answers = {"200": {"description": "ok"}}
    stated = {
        "/things": {"get": "getThing", "put": "get_thing", "post": "get-thing", "delete": None},
        "/things/{id}": {"get": "getThing", "put": "123", "post": " "},
        "/things-{id}": {"post": None},
        "/дома/{ключ}": {"get": None},
        "/": {"get": None},
    }
    paths = {
        path: {method: {"responses": answers, **({"operationId": name} if name else {})} for method, name in of.items()}
        for path, of in stated.items()
    }
    named = assigned(document_of(paths), "OPERATIONS")
    assert named == [
        "get_things",
        "put_things",
        "post_things",
        "delete_things",
        "get_things_by_id",
        "operation_123",
        "post_things_by_id",
        "post_things_by_id_2",
        "get_дома_by_ключ",
        "get",
    ]


def test_names_of_other_scripts_and_of_references_stay_readable() -> None:
    schemas: dict[str, Any] = {
        "用户对象": {"type": "object", "properties": {"$ref": {"type": "string"}, "$id": {"type": "string"}}},
        "Größe": {"type": "object", "properties": {"wert": {"type": "integer"}}},
        "Line1": {"type": "object", "properties": {"a": {"type": "integer"}}},
        "line1": {"type": "object", "properties": {"b": {"type": "integer"}}},
    }
    paths = {
        f"/{number}": {
            "get": {
                "operationId": f"get{number}",
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
                    }
                },
            }
        }
        for number, name in enumerate(schemas)
    }
    assert assigned(document_of(paths, schemas), "__all__") == ["OPERATIONS", "Größe", "Line1", "Line1_2", "用户对象"]
