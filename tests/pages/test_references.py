"""References by pointer, identifier and file, and what is never followed."""

from typing import Any

import pytest

from tests.made_contracts import contract_of


def test_references_by_identifier_become_pointers() -> None:
    schemas: dict[str, Any] = {
        "ByAnchor": {"$ref": "#leaf"},
        "ByUri": {"$ref": "https://acme.example/tree"},
        "ByUriAndAnchor": {"$ref": "https://acme.example/tree#branch"},
        "ByUriAndPointer": {"$ref": "https://acme.example/tree#/$defs/bud"},
        "ByFile": {"$ref": "tree"},
        "NoUri": {"$ref": "#/components/schemas/Leaf", "$id": "http://[not-a-uri"},
        "Leaf": {"$anchor": "leaf", "type": "object", "const": {"$anchor": "kept"}},
        "Tree": {
            "$id": "https://acme.example/tree",
            "type": "object",
            "properties": {
                "branch": {"$anchor": "branch", "$ref": "#"},
                "bud": {"$ref": "#/$defs/bud"},
                "leaf": {"$ref": "#/components/schemas/Leaf"},
                "sibling": {"$ref": "forest"},
            },
            "$defs": {"bud": {"type": "integer"}},
        },
        "Forest": {"$id": "https://acme.example/forest", "type": "array", "items": {"$ref": "tree"}},
    }
    contract = contract_of(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": schemas}}
    )
    after = contract.tree["components"]["schemas"]
    stated = {name: schema["$ref"] for name, schema in after.items() if "$ref" in schema}
    assert {name: reference.removeprefix("#/components/schemas/") for name, reference in stated.items()} == {
        "ByAnchor": "Leaf",
        "ByUri": "Tree",
        "ByUriAndAnchor": "Tree/properties/branch",
        "ByUriAndPointer": "Tree/$defs/bud",
        "NoUri": "Leaf",
    }
    below = {name: schema["$ref"] for name, schema in after["Tree"]["properties"].items()}
    assert {name: reference.removeprefix("#/components/schemas/") for name, reference in below.items()} == {
        "branch": "Tree",
        "bud": "Tree/$defs/bud",
        "leaf": "Leaf",
        "sibling": "Forest",
    }
    assert after["Forest"]["items"] == {"$ref": "#/components/schemas/Tree"}
    assert after["Leaf"] == {"type": "object", "const": {"$anchor": "kept"}}
    assert {diagnostic.rule for diagnostic in contract.diagnostics} == {"unresolved-reference", "left-out"}  # ByFile


def dynamic(identifier: str) -> dict[str, Any]:
    further = {"$dynamicRef": "#node"}
    return {"$id": identifier, "$dynamicAnchor": "node", "type": "object", "additionalProperties": further}


def test_a_dynamic_reference_that_can_mean_one_schema_only_is_plain() -> None:
    holder = {"type": "array", "items": {"$dynamicRef": "#/components/schemas/Node"}, "default": [{"a": {}}]}
    schemas = {"Node": dynamic("node"), "Root": {"$ref": "node"}, "Holder": holder, "Lost": {"$dynamicRef": "#gone"}}
    contract = contract_of(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": schemas}}
    )
    found = contract.tree["components"]["schemas"]
    node = {"$ref": "#/components/schemas/Node"}
    assert (found["Node"]["additionalProperties"], found["Holder"]["items"], found["Lost"]) == (node, node, {})
    assert [(told.rule, told.location.line) for told in contract.diagnostics] == [("wrong-keyword", 1)]


def test_identifiers_that_dynamic_references_need_are_kept() -> None:
    schemas = {"Node": dynamic("node"), "Leaf": dynamic("leaf"), "Root": {"$ref": "node"}}
    contract = contract_of(
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": schemas}}
    )
    assert contract.tree["components"]["schemas"] == {
        "Node": dynamic("node"),
        "Leaf": dynamic("leaf"),
        "Root": {"$ref": "#/components/schemas/Node"},
    }
    assert contract.diagnostics == []


def test_references_into_other_files_of_the_folder() -> None:
    main = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"$ref": "paths.json#/things"}},
        "components": {"schemas": {"Name": {"type": "string"}}},
    }
    things = {
        "things": {
            "get": {
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"schema": {"$ref": "./paths.json#/Tree"}}},
                    }
                }
            }
        },
        "Tree": {
            "type": "object",
            "nullable": True,
            "properties": {"name": {"$ref": "page.json#/components/schemas/Name"}, "child": {"$ref": "#/Tree"}},
        },
    }
    contract = contract_of(main, paths=things)
    assert contract.diagnostics == []
    content = contract.tree["paths"]["/things"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Tree"}
    assert contract.tree["components"]["schemas"]["Tree"] == {
        "type": ["object", "null"],
        "properties": {"name": {"$ref": "#/components/schemas/Name"}, "child": {"$ref": "#/components/schemas/Tree"}},
    }
    location = contract.evidence.location("/components/schemas/Tree/properties/child")
    assert location is not None
    assert location.path == "paths.json"


@pytest.mark.parametrize(
    "reference", ["https://acme.example/x.json#/A", "../secret.json#/A", "/etc/secret.json", "none.json"]
)
def test_nothing_is_read_outside_the_folder(reference: str) -> None:
    content = {"application/json": {"schema": {"$ref": reference}}}
    contract = contract_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/good": {"get": {"responses": {"200": {"description": "ok"}}}},
                "/bad": {"get": {"responses": {"200": {"description": "ok", "content": content}}}},
            },
        }
    )
    assert list(contract.tree["paths"]) == ["/good"]
    assert {found.rule for found in contract.diagnostics} == {"unresolved-reference", "left-out"}
