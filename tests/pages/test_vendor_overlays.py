"""The overlays that come with the project: each action says something, and the contract that comes out is in order."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from counterfoil.contract import build
from counterfoil.documents.folder import VendorFolder, open_vendor
from counterfoil.location import CounterfoilError

ROOT = Path(__file__).parents[2]
VENDORS = sorted(folder.name for folder in (ROOT / "specs").iterdir() if folder.is_dir())
SCHEMA = json.loads((ROOT / "generator/counterfoil/contract/overlay/extension.schema.json").read_text("utf-8"))
EXTENSION = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)


def contract_with(folder: VendorFolder, actions: list[Any]) -> str:
    """The `openapi.json` that a folder gives with these actions; why it gives none where they cannot be applied."""
    assert folder.overlay is not None
    stated = {**yaml.safe_load(folder.overlay[1]), "actions": actions}
    try:
        return json.dumps(build(replace(folder, overlay=("overlay.yaml", json.dumps(stated)))).tree)
    except CounterfoilError as error:
        return str(error)


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_action_changes_the_contract(vendor: str) -> None:
    folder = open_vendor(ROOT / "specs", vendor)
    assert folder.overlay is not None
    actions = yaml.safe_load(folder.overlay[1])["actions"]
    whole = contract_with(folder, actions)
    assert json.loads(whole)["paths"]
    for number, action in enumerate(actions):
        others = actions[:number] + actions[number + 1 :]
        assert contract_with(folder, others) != whole, action


@pytest.mark.parametrize("vendor", VENDORS)
def test_corrected_contracts_leave_no_doubt(vendor: str) -> None:
    assert [str(each) for each in build(open_vendor(ROOT / "specs", vendor)).diagnostics] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_extensions_are_those_that_are_known(vendor: str) -> None:
    found = []
    stack: list[Any] = [build(open_vendor(ROOT / "specs", vendor)).tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            found += [value for name, value in node.items() if name == "x-counterfoil"]
            stack += node.values()
        elif isinstance(node, list):
            stack += node
    assert found
    for each in found:
        EXTENSION.validate(each)


def test_the_extension_has_few_keys() -> None:
    keys = {*SCHEMA["properties"], *SCHEMA["$defs"]["answer"]["properties"]}
    assert len(keys) <= 15


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"orders": ["path"]},
        {"order": ["somewhere"]},
        {"refusals": {"trouble": {"status": 400}}},
        {"refusals": {"invalid": {"status": 99}}},
        {"refusals": {"invalid": {"body": "{nothing}"}}},
        {"refusals": {"invalid": {"body": {"a": [{"b": "{uuid} {nothing}"}]}}}},
        {"violations": {"required": "{fields}"}},
        {"generate": "{field}"},
        {"token": "("},
        {"json-types": ["json"]},
        {"json-types": "application/*+json"},
        {"unique": "sometimes"},
        {"body-limit": 0},
        {"checks": {"ignored_auth": ""}},
    ],
)
def test_what_the_extension_does_not_know_is_an_error(stated: Any) -> None:
    assert not EXTENSION.is_valid(stated)
