"""Classes printed by datamodel-code-generator with our template.

The engine is handed a document whose schemas carry finished names, annotations and texts, so that it decides nothing:
it walks over classes and fields and renders `models/pydantic_v2/BaseModel.jinja2` for each. Anything that prints a
class for a `ClassPlan` can take its place.
"""

import json
import re
import warnings
from collections.abc import Sequence
from typing import Any

from counterfoil.emit.filters import comment, docstring
from counterfoil.emit.templates import Templates
from counterfoil.location import CounterfoilError, Diagnostic, Location
from counterfoil.plan.models import ClassPlan

TEMPLATE = "models/pydantic_v2/BaseModel.jinja2"
_MARK = re.compile(r"^# class (\w+)\n", re.MULTILINE)


def load_engine() -> None:
    """Import all that `print_classes` will."""
    import datamodel_code_generator.parser.openapi  # noqa: F401 - for the time that importing it takes


def print_classes(classes: Sequence[ClassPlan], templates: Templates) -> dict[str, str]:
    """The Python text of each class, by its name."""
    if not classes:
        return {}
    from datamodel_code_generator import InputFileType, generate
    from datamodel_code_generator.format import PythonVersion

    with warnings.catch_warnings(), templates.blaming_user():
        warnings.simplefilter("ignore")
        printed = generate(
            json.dumps(_document(classes)),
            input_file_type=InputFileType.OpenAPI,
            formatters=[],
            disable_timestamp=True,
            disable_future_imports=True,
            custom_template_dir=templates.path(TEMPLATE).parents[1],
            target_python_version=PythonVersion.PY_311,
            use_annotated=True,
            field_constraints=True,
            strict_nullable=True,
            field_include_all_keys=True,
            treat_dot_as_module=False,
        )
    parts = _MARK.split(str(printed))
    texts = {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    missing = [plan.name for plan in classes if plan.name not in texts]
    if missing or len(texts) != len(classes):
        if templates.is_users(TEMPLATE):
            message = "a class is to begin with a line of `# class ` and its name, as it does in our template"
            raise CounterfoilError(
                Diagnostic(Location(templates.path(TEMPLATE).as_posix()), "template-output", message)
            )
        raise RuntimeError(f"the engine printed {len(texts)} of {len(classes)} classes, not {', '.join(missing)}")
    return texts


def _document(classes: Sequence[ClassPlan]) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {},
        "components": {"schemas": {f"C{number}": _schema(plan) for number, plan in enumerate(classes)}},
    }


def _schema(plan: ClassPlan) -> dict[str, Any]:
    documented = [bool(field.doc) for field in plan.fields]
    fields = {
        f"f{number}": {
            "x-name": field.name,
            "x-type": field.annotation,
            "x-default": f" = {field.default}" if field.default else "",
            "x-doc": docstring(field.doc),
            "x-spaced": any(documented[max(number - 1, 0) : number + 1]),
        }
        for number, field in enumerate(plan.fields)
    }
    return {
        "type": "object",
        "x-name": plan.name,
        "x-base": plan.base,
        "x-doc": docstring(plan.doc),
        "x-ref": comment(plan.ref, 4),
        "x-rules": plan.rules,
        "x-values": plan.values,
        "x-empty": not (plan.fields or plan.doc or plan.rules or plan.values),
        "additionalProperties": not fields,
        "properties": fields,
        "required": list(fields),
    }
