"""The generator as the JSON Schema Test Suite's runner wants it: a schema in, a function from instance to verdict out.

    jsonschema_models.py --adapter bench/exact/adapter.py:make

A schema is generated as the component of an OpenAPI document, with the suite's remote documents beside it and with
`format` as the annotation that the suite takes it for. SHARED is the folder of the suite's documents.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # it has no types
from pydantic import TypeAdapter, ValidationError

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the runner loads this file on its own

from bench.exact.package import imported  # noqa: E402 - the path comes first
from counterfoil.plan.assembly import plan_models  # noqa: E402 - the path comes first
from counterfoil.plan.types.drafts import Options  # noqa: E402 - the path comes first

REMOTES = "http://localhost:1234/"
DIALECT = "https://json-schema.org/draft/2020-12/"
_COMPONENT = "#/components/schemas/Root"

Verdict = Callable[[Any], bool]


def make() -> Callable[[Any], Verdict]:
    """The adapter; where it can make no model it raises the runner's own error."""
    others = _remotes((ROOT / os.environ.get("SHARED", "../shared")).resolve())

    def verdict(schema: Any) -> Verdict:
        try:
            return _verdict(schema, others)
        except Exception as error:
            raise sys.modules["__main__"].GenError(repr(error)) from error

    return verdict


def _verdict(schema: Any, others: dict[str, Any]) -> Verdict:
    models = imported(plan_models(_document(schema), Options(formats=False), others))
    operation = next(iter(models.OPERATIONS.values()))
    adapter: TypeAdapter[Any] = TypeAdapter(operation.responses["200"]["application/json"])

    def accepts(instance: Any) -> bool:
        try:
            adapter.validate_json(json.dumps(instance))
        except ValidationError:
            return False
        return True

    return accepts


def _remotes(shared: Path) -> dict[str, Any]:
    folder = shared / "corpus" / "jsonschema" / "remotes"
    found = {
        REMOTES + path.relative_to(folder).as_posix(): json.loads(path.read_text()) for path in folder.rglob("*.json")
    }
    dialect = {str(uri).rstrip("#"): REGISTRY.contents(uri) for uri in REGISTRY if str(uri).startswith(DIALECT)}
    return found | dialect


def _document(schema: Any) -> dict[str, Any]:
    root = _moved(schema)
    used = {"$ref": _COMPONENT} if isinstance(root, dict) else root
    response = {"description": "", "content": {"application/json": {"schema": used}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Suite", "version": "1"},
        "paths": {"/": {"get": {"operationId": "get", "responses": {"200": response}}}},
        "components": {"schemas": {"Root": root}},
    }


def _moved(schema: Any) -> Any:
    """A schema whose references to its own root name the component; a resource of its own keeps its references."""
    if isinstance(schema, list):
        return [_moved(part) for part in schema]
    if not isinstance(schema, dict) or isinstance(schema.get("$id"), str):
        return schema
    found = {key: value if key in ("enum", "const") else _moved(value) for key, value in schema.items()}
    for word in ("$ref", "$dynamicRef"):
        reference = schema.get(word)
        if isinstance(reference, str) and (reference == "#" or reference.startswith("#/")):
            found[word] = _COMPONENT + reference[1:]
    return found
