"""Contracts and answers drawn at random: what drift proposes can be applied, and nothing is left to propose."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from counterfoil.cli import main
from tests.live.test_recording import entry, recorded

URL = "https://random.example"
NAMES = "abcdef"
SCALARS: tuple[dict[str, Any], ...] = (
    {"type": "string"},
    {"type": ["string", "null"], "enum": ["red", "green", None]},
    {"type": "string", "const": "red"},
    {"type": "string", "format": "date"},
    {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 4},
    {"type": "integer", "minimum": 0, "maximum": 5},
    {"type": "number", "multipleOf": 2},
    {"type": ["boolean", "null"]},
)
VALUES = (None, True, 0, -7, 2.5, 10**12, "", "red", "2026-01-01", "\u00e9\0'\"$\\")


class Drawn:
    """A document of one path and answers of its server, which know nothing of each other."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._known: list[str] = []

    def document(self) -> dict[str, Any]:
        schemas: dict[str, Any] = {}
        for name in ("A", "B"):
            schemas[name] = self._schema(1)
            self._known.append(name)
        operations: dict[str, Any] = {}
        for method in ("get", "post"):
            header = {"X-Number": {"required": True, "schema": {"type": "integer"}}}
            succeeds = {"200": {"description": "fine", "headers": header, "content": self._content()}}
            fails = {"404": {"description": "gone", "content": self._content()}}
            operations[method] = {"responses": (succeeds if self._random.random() < 0.8 else {}) | fails}
        operations["post"]["requestBody"] = {"content": self._content()}
        about = {"openapi": "3.1.0", "info": {"title": "Random", "version": "1"}, "servers": [{"url": URL}]}
        return about | {"paths": {"/p": operations}, "components": {"schemas": schemas}}

    def answers(self) -> list[dict[str, Any]]:
        return [self._answer() for _ in range(8)]

    def _answer(self) -> dict[str, Any]:
        draw = self._random.choice
        fields = {"X-Number": draw(("1", "2", "z", None)), "X-New": draw(("1", None))}
        headers = [{"name": name, "value": value} for name, value in fields.items() if value is not None]
        body = {name: self._value(1) for name in self._random.sample(NAMES, 3)}
        return entry(draw(("GET", "POST")), f"{URL}/p", draw((200, 200, 201, 404, 410)), body, headers=headers)

    def _content(self) -> dict[str, Any]:
        return {"application/json": {"schema": self._schema(0)}}

    def _schema(self, depth: int) -> dict[str, Any]:
        kind = self._random.random()
        if depth >= 3 or (depth and kind < 0.25):
            return dict(self._random.choice(SCALARS))
        if self._known and kind < 0.4:
            return {"$ref": f"#/components/schemas/{self._random.choice(self._known)}"}
        if kind < 0.5:
            return {"type": "array", "items": self._schema(depth + 1), "maxItems": 2}
        if kind < 0.6:
            return {self._random.choice(("oneOf", "anyOf")): [self._schema(depth + 1) for _ in range(2)]}
        if kind < 0.75:
            return {"allOf": [self._schema(3) if kind < 0.62 else self._object(depth), self._object(depth)]}
        return self._object(depth)

    def _object(self, depth: int) -> dict[str, Any]:
        if self._known and self._random.random() < 0.2:
            return {"$ref": f"#/components/schemas/{self._random.choice(self._known)}"}
        names = self._random.sample(NAMES, self._random.randint(1, 3))
        found: dict[str, Any] = {"type": "object", "properties": {name: self._schema(depth + 1) for name in names}}
        if self._random.random() < 0.6:
            found["required"] = names[:1]
        if self._random.random() < 0.5:
            found["additionalProperties"] = False
        return found

    def _value(self, depth: int) -> Any:
        kind = self._random.random()
        if depth < 3 and kind < 0.3:
            return {name: self._value(depth + 1) for name in self._random.sample(NAMES, 2)}
        if depth < 3 and kind < 0.45:
            return [self._value(depth + 1) for _ in range(self._random.randint(0, 3))]
        return self._random.choice(VALUES)


@pytest.mark.parametrize("seed", [5, 14, 19, 22, 37, 40])
def test_a_proposal_absorbs_whatever_differs(tmp_path: Path, seed: int) -> None:
    drawn, specs = Drawn(seed), tmp_path / "specs" / "random"
    specs.mkdir(parents=True)
    (specs / "page.json").write_text(json.dumps(drawn.document()), "utf-8")
    har = recorded(tmp_path / "live.har", *drawn.answers())

    def run(command: str, *options: str) -> Result:
        places = ["--specs", str(specs.parent), "--out", str(tmp_path / "generated")]
        return CliRunner().invoke(main, [command, "random", *places, *options], catch_exceptions=False)

    assert run("generate").exit_code == 0
    told = run("drift", "--har", str(har), "--write", str(specs / "overlay.yaml"))
    assert told.exit_code == 1, told.output
    assert yaml.safe_load((specs / "overlay.yaml").read_text("utf-8"))["actions"]
    made = run("generate")
    assert made.exit_code == 0, made.output
    again = run("drift", "--har", str(har))
    ways = re.search(r"(\d+) ways? in which", again.stdout)
    undecided = again.stdout.count("a person has to decide")
    assert (int(ways[1]) if ways else 0) == undecided, again.stdout
    assert ("no drift" in again.stdout) is (ways is None)
