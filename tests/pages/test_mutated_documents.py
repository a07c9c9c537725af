"""Documents in which anything may stand anywhere: what is wrong is told and left out, whatever it is."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from counterfoil.contract import build
from counterfoil.documents.folder import VendorFolder
from counterfoil.documents.source.tree import read_source
from counterfoil.location import CounterfoilError, Location

CASES = Path(__file__).parent / "cases"
ODD: list[Any] = [
    None, 5, -1, 1.5, 1e300, 10**30, 10**400, True, "x", "", [], {}, [1], {"a": 1}, ["a"], [{"$ref": "#/x"}],
    {"$ref": 5}, {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/parameters/A", "description": {}},
]  # fmt: skip
KEYS = ("$ref", "description", "summary", "maximum", "maxLength", "enum", "format", "style", "name", "required", "in")


@pytest.mark.parametrize("case", ["openapi-3.0-leftovers", "swagger-operations", "superfluous-fields", "go-types"])
def test_what_is_left_of_a_document_is_sound_whatever_stands_in_it(case: str) -> None:
    (page,) = (CASES / case).glob("page.*")
    tree = read_source(page.read_text("utf-8"), Location(page.name)).value
    for seed in range(40):
        text = json.dumps(mutated(tree, random.Random(seed)))
        try:
            contract = build(VendorFolder("specs/odd", "odd", "odd", (("page.json", text),)))
        except CounterfoilError:
            continue
        # Reading with openapi-pydantic comes last, and finds nothing that all else lets pass.
        assert "typed-gate" not in {found.rule for found in contract.diagnostics}, seed


def mutated(tree: Any, choice: random.Random) -> Any:
    """The tree with odd values in a few places."""
    tree = copy.deepcopy(tree)
    for _ in range(choice.choice((1, 3, 10))):
        holder, key = choice.choice(places(tree))
        holder[key] = copy.deepcopy(choice.choice(ODD))
        if isinstance(holder, dict):
            holder[choice.choice(KEYS)] = copy.deepcopy(choice.choice(ODD))
    return tree


def places(node: Any) -> list[tuple[Any, Any]]:
    """Everything below a node: what holds it, and its key or index there."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [(node, key) for key in keys] + [place for key in keys for place in places(node[key])]
