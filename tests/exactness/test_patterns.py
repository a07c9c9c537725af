"""A pattern that models cannot test is told of at its line, and then any text is accepted."""

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.command import counterfoil
from tests.exactness.package import generated_models

PATTERNS = {
    r"^\p{Script=Greek}+$": False,
    r"^\p{Emoji}$": False,
    r"(?<=a+)b": False,
    r"^\p{Lu}\P{Number}$": True,
    r"^[^\p{gc=L}]$": True,
    r"(?<=a)b": True,
    r"^(?<first>.)[^]\k<first>$": True,
    r"^\cA\u{1F600}$": True,
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_tested_or_told_of(tmp_path: Path, pattern: str) -> None:
    content = {"application/json": {"schema": {"type": "string", "pattern": pattern}}}
    get = {"operationId": "get", "responses": {"200": {"description": "One.", "content": content}}}
    document = {"openapi": "3.1.0", "info": {"title": "Patterns", "version": "1"}, "paths": {"/": {"get": get}}}
    with generated_models(tmp_path, document) as models:
        adapter: TypeAdapter[str] = TypeAdapter(models.OPERATIONS["get"].responses["200"]["application/json"])
        try:
            adapter.validate_json(json.dumps("no pattern is found in this text"))
            is_tested = False
        except ValidationError:
            is_tested = True
    told = counterfoil("generate", "--check", cwd=tmp_path).stderr
    assert is_tested == PATTERNS[pattern]
    assert ("openapi.json:1:" in told and "untested-pattern" in told) != is_tested
