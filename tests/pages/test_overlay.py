"""Overlays correct contracts, say why, and are refused where they say nothing or something impossible."""

import json
from typing import Any

import pytest

from counterfoil.contract import build
from counterfoil.contract.contract import Contract
from counterfoil.documents.folder import VendorFolder
from counterfoil.location import CounterfoilError

PAGE = """\
openapi: 3.1.0
info: {title: Things, version: '1'}
paths:
  /things:
    post:
      operationId: createThing
      tags: [things, old]
      parameters:
        - {name: dry, in: query, schema: {type: boolean}}
        - {name: loud, in: query, schema: {type: boolean}}
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
      responses:
        '200': {description: made}
components:
  schemas:
    Thing:
      type: object
      properties: {name: {type: string, maxLength: 10}}
    Other: {type: object, properties: {a: {type: integer}}}
"""
HEAD = "overlay: 1.1.0\ninfo: {title: corrections, version: '1'}\nactions:\n"
POST = "/paths/~1things/post"


def corrected(*actions: dict[str, Any], head: str = HEAD) -> Contract:
    """The contract of the page with an overlay of these actions, a line each, beginning with line 4."""
    stated = [{"description": "why", "x-confidence": "measured", **action} for action in actions]
    overlay = head + "".join(
        f"  - {json.dumps({key: value for key, value in a.items() if value is not ...})}\n" for a in stated
    )
    return build(VendorFolder("acme", "acme", "acme", (("page.yaml", PAGE),), ("overlay.yaml", overlay)))


def test_update_merges_objects_and_concatenates_lists() -> None:
    update = {"summary": "Make", "tags": ["new"], "responses": {"409": {"description": "twice"}}}
    operation = corrected({"target": "$.paths.*.post", "update": update}).tree["paths"]["/things"]["post"]
    assert operation["summary"] == "Make"
    assert operation["tags"] == ["things", "old", "new"]
    assert list(operation["responses"]) == ["200", "409"]
    assert operation["operationId"] == "createThing"


def test_update_of_a_list_appends_an_item_or_several() -> None:
    more = {"name": "more", "in": "query", "schema": {"type": "string"}}
    tree = corrected(
        {"target": "$.paths['/things'].post.parameters", "update": more},
        {"target": "$.paths['/things'].post.tags", "update": ["a", "b"]},
    ).tree
    operation = tree["paths"]["/things"]["post"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["dry", "loud", "more"]
    assert operation["tags"] == ["things", "old", "a", "b"]


def test_update_of_a_single_value_replaces_it() -> None:
    tree = corrected({"target": "$.components.schemas.Thing.properties.name.maxLength", "update": 20}).tree
    assert tree["components"]["schemas"]["Thing"]["properties"]["name"] == {"type": "string", "maxLength": 20}


def test_remove_takes_every_selected_node_out_of_what_holds_it() -> None:
    contract = corrected({"target": "$.paths.*.post.parameters[*]", "remove": True})
    assert contract.tree["paths"]["/things"]["post"]["parameters"] == []
    tree = corrected({"target": "$.paths.*.post.tags[?@ == 'old']", "remove": True}).tree
    assert tree["paths"]["/things"]["post"]["tags"] == ["things"]


def test_copy_merges_what_stands_elsewhere() -> None:
    tree = corrected({"target": "$.components.schemas.Thing", "copy": "$.components.schemas.Other"}).tree
    assert list(tree["components"]["schemas"]["Thing"]["properties"]) == ["name", "a"]
    assert list(tree["components"]["schemas"]["Other"]["properties"]) == ["a"]


def test_what_is_copied_keeps_its_history() -> None:
    evidence = corrected({"target": "$.components.schemas.Thing", "copy": "$.components.schemas.Other"}).evidence
    line = next(number for number, text in enumerate(PAGE.splitlines(), 1) if "Other:" in text)
    page, overlay = evidence.history("/components/schemas/Thing/properties/a")
    assert (page.kind, page.location.line, overlay.kind) == ("documented", line, "corrected")
    assert [step.kind for step in evidence.history("/components/schemas/Thing/properties/a/type")] == ["documented"]
    assert [step.kind for step in evidence.history("/components/schemas/Other/properties/a")] == ["documented"]


def test_actions_see_what_earlier_ones_did() -> None:
    name = "$.components.schemas.Thing.properties.name"
    tree = corrected(
        {"target": f"{name}.type", "remove": True},
        {"target": name, "update": {"type": ["string", "null"]}},
    ).tree
    assert tree["components"]["schemas"]["Thing"]["properties"]["name"]["type"] == ["string", "null"]


def test_evidence_names_the_action_its_reason_and_how_sure_it_is() -> None:
    contract = corrected(
        {"target": "$.paths.*.post", "update": {"responses": {"409": {"description": "twice"}}}},
        {"target": "$.components.schemas.Thing.properties.name.maxLength", "update": 20, "x-confidence": "source"},
    )
    (added,) = contract.evidence.history(f"{POST}/responses/409/description")
    assert (added.kind, added.rule, added.note) == ("corrected", "measured", "why")
    assert (added.location.path, added.location.line) == ("overlay.yaml", 4)
    read, replaced = contract.evidence.history("/components/schemas/Thing/properties/name/maxLength")
    assert (read.kind, read.location.path) == ("documented", "page.yaml")
    assert (replaced.kind, replaced.rule, replaced.location.line) == ("corrected", "source", 5)


@pytest.mark.parametrize(
    ("action", "rule", "said"),
    [
        ({"target": "$.components.schemas.Thin", "remove": True}, "overlay-no-match", "did you mean 'Thing'"),
        ({"target": "$.paths['/thing'].post.summary", "update": "a"}, "overlay-no-match", "did you mean '/things'"),
        (
            {"target": "$.components.schemas.Thing", "update": {"type": "object"}},
            "overlay-no-effect",
            "changes nothing",
        ),
        ({"target": "$.paths.*.post", "update": {"tags": ["old"]}}, "overlay-no-effect", "has this item already"),
        ({"target": "$.components.schemas.Thing", "update": {"type": ["object"]}}, "overlay-mismatch", "merged into"),
        ({"target": "$.components.schemas.Thing", "update": "text"}, "overlay-mismatch", "merged into"),
        ({"target": "$..name", "update": {"description": "d"}}, "overlay-mismatch", "a single value and an object"),
        ({"target": "$", "remove": True}, "overlay-mismatch", "cannot be removed"),
        ({"target": "$.info", "copy": "$.paths.*.post.tags[*]"}, "overlay-no-match", "copy selects 2 nodes"),
        ({"target": "$.paths[", "remove": True}, "overlay-syntax", "no JSONPath"),
        ({"target": ..., "remove": True}, "overlay-syntax", "target is a JSONPath"),
        ({"target": "$.info"}, "overlay-syntax", "this one none"),
        ({"target": "$.info", "remove": False}, "overlay-syntax", "this one none"),
        ({"target": "$.info", "remove": True, "update": {}}, "overlay-syntax", "this one 2"),
        ({"target": "$.info", "update": {"x-a": 1}, "description": " "}, "overlay-syntax", "needs its reason"),
        ({"target": "$.info", "update": {"x-a": 1}, "x-confidence": "sure"}, "overlay-syntax", "how sure"),
        ({"target": "$.info", "update": {"x-a": 1}, "x-confidence": ...}, "overlay-syntax", "how sure"),
        ({"target": "$.info", "updates": {"x-a": 1}}, "overlay-unknown-field", "did you mean update?"),
        (
            {"target": "$", "update": {"x-counterfoil": {"body-limits": 1}}},
            "extension-unknown-key",
            "did you mean body-limit?",
        ),
        (
            {"target": "$", "update": {"x-counterfoil": {"token": r"^\p{Lu}+$"}}},
            "extension-syntax",
            "as both JSON Schema and Python",
        ),
        (
            {"target": "$", "update": {"x-counterfoil": {"token": {"accepted": "a", "credentials.old": r"\p{Lu}"}}}},
            "extension-syntax",
            "bad escape",
        ),
    ],
)
def test_mistakes_are_told_at_their_line(action: dict[str, Any], rule: str, said: str) -> None:
    with pytest.raises(CounterfoilError) as caught:
        corrected({"target": "$.info", "update": {"x-fine": True}}, action)
    (diagnostic, *_) = [found for found in caught.value.diagnostics if found.rule == rule]
    assert (diagnostic.location.path, diagnostic.location.line) == ("overlay.yaml", 5)
    assert said in str(diagnostic)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(CounterfoilError) as caught:
        corrected({"target": "$.none", "remove": True}, {"target": "$.nothing", "remove": True})
    assert [found.location.line for found in caught.value.diagnostics] == [4, 5]


@pytest.mark.parametrize(
    "head",
    [
        "overlay: 2.0.0\ninfo: {title: t, version: '1'}\nactions:\n",
        "overlay: 1.1.0\ninfo: {title: t}\nactions:\n",
        "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nextend: page.yaml\nactions:\n",
    ],
)
def test_the_overlay_itself_has_a_form(head: str) -> None:
    with pytest.raises(CounterfoilError):
        corrected({"target": "$.info", "update": {"x-fine": True}}, head=head)
