"""Whatever things are called in a contract and whatever is said of them, the models are Python, and stay the same."""

import builtins
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from tests.exactness.package import generated_models
from tests.shared_material import ROOT

INJECTIONS = (
    '"""',
    "\\",
    "a\nimport os",
    "\\N{DASH}",
    "\r",
    "\u2028",
    "\x00",
    '"""\nbuiltins.injected = True\n"""',
    "{{ 7 * 7 }}",
    "{% raise %}",
    '\\"""',
    "'''",
    "ends with \\",
    "\u202e",
    "\nbuiltins.injected = True\n",
    "*/ # <!--",
)
PROPERTIES = (
    "class",
    "None",
    "self",
    "cls",
    "copy",
    "json",
    "schema",
    "model_config",
    "model_dump",
    "model_x",
    "int",
    "str",
    "list",
    "Any",
    "Field",
    "rules",
    "_private",
    "__init__",
    "a-b",
    "a.b",
    "a b",
    "a_b",
    "1st",
    "",
    "日本",
    "größe",
    "Größe",
    "type",
    "@type",
    "$ref",
    "$id",
    "Widget",
    "Model",
    "Integer",
    "date",
    "x",
    "X",
)
SCHEMAS = (
    "Widget",
    "widget",
    "WIDGET",
    "__import__",
    "class",
    "None",
    "int",
    "list",
    "Model",
    "Integer",
    "acme.api.Order",
    "acme.store.Order",
    "acme.store.Invoice",
    "a-b",
    "a b",
    "日本",
    "Größe",
    "1st",
    "../../evil",
    "operations",
    "schemas",
    "OPERATIONS",
    "os.system(1)",
    "a/b~c%d",
)


def document(*names: str) -> dict[str, Any]:
    schemas: dict[str, Any] = {
        name: {
            "type": "object",
            "description": name,
            "properties": {"inner": {"type": "object", "properties": {f"of {name}": {"type": "integer"}}}},
        }
        for name in names
    }
    schemas["Widget"]["properties"] |= {name: {"type": "integer", "description": name} for name in PROPERTIES}
    for text in INJECTIONS:
        schemas["Widget"]["properties"][text] = {"description": text, "enum": [text, 1], "title": text}
    references = [{"$ref": "#/components/schemas/" + pointer_part(name)} for name in schemas]
    content = {"application/json": {"schema": {"type": "array", "items": {"anyOf": references}}}}
    operation = {"operationId": INJECTIONS[0], "summary": INJECTIONS[7], "tags": ["\n"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": INJECTIONS[7], "version": "1"},
        "paths": {"/x": {"get": {**operation, "responses": {"200": {"description": "x", "content": content}}}}},
        "components": {"schemas": schemas},
    }


def pointer_part(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1").replace("%", "%25").replace(" ", "%20")


def test_any_name_and_any_text_give_python(tmp_path: Path) -> None:
    with generated_models(tmp_path, document(*SCHEMAS)) as models:
        assert not hasattr(builtins, "injected")
        assert sorted(models.__all__) == sorted(set(models.__all__))
        sent = {**dict.fromkeys(PROPERTIES, 1), **{text: text for text in INJECTIONS}}
        read = models.Widget.model_validate_json(json.dumps(sent))
        assert json.loads(read.model_dump_json(exclude_unset=True)) == sent
        assert (read.class_, read.a_b, read.date, read.größe) == (1, 1, 1, 1)
        assert models.Widget(class_=3).model_dump(exclude_unset=True) == {"class": 3}
        operation = next(iter(models.OPERATIONS.values()))
        assert TypeAdapter(operation.responses["200"]["application/json"]).validate_json("[]") == []
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache"), "generated/api/models"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_an_unrelated_schema_changes_no_name(tmp_path: Path) -> None:
    with generated_models(tmp_path / "before", document(*SCHEMAS)) as models:
        before = set(models.__all__)
    with generated_models(tmp_path / "after", document("Added", *SCHEMAS, "Another")) as models:
        assert {*models.__all__} - before == {"Added", "AddedInner", "Another", "AnotherInner"}
        assert before <= {*models.__all__}
