"""Classes printed by datamodel-code-generator with our template.

The engine's parser would name, order and type anew what the plan has settled, so its classes of models are made
directly, with finished names, annotations and texts. They render `models/pydantic_v2/BaseModel.jinja2`. Anything that
prints a class for a `ClassPlan` can take its place.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterfoil.emit.filters import comment, docstring
from counterfoil.emit.templates import Templates
from counterfoil.plan.models import ClassPlan

if TYPE_CHECKING:
    from datamodel_code_generator.model import DataModelFieldBase
    from datamodel_code_generator.model.pydantic_v2 import BaseModel

TEMPLATE = "models/pydantic_v2/BaseModel.jinja2"


def load_engine() -> None:
    """Import all that `print_classes` will."""
    import datamodel_code_generator.model.pydantic_v2  # noqa: F401 - for the time that importing it takes


def print_classes(classes: Iterable[ClassPlan], templates: Templates) -> dict[str, str]:
    """The Python text of each class, by its name."""
    folder = templates.path(TEMPLATE).parents[1]
    with templates.blaming_user():
        return {plan.name: _class(plan, folder).render().strip() for plan in classes}


def _class(plan: ClassPlan, folder: Path) -> "BaseModel":
    from datamodel_code_generator.model.pydantic_v2 import BaseModel
    from datamodel_code_generator.reference import Reference

    extensions = {
        "x-name": plan.name,
        "x-base": plan.base,
        "x-doc": docstring(plan.doc),
        "x-ref": comment(plan.ref, 4),
        "x-rules": plan.rules,
        "x-values": plan.values,
        "x-empty": not (plan.fields or plan.doc or plan.rules or plan.values),
    }
    return BaseModel(
        reference=Reference(path=plan.name, name=plan.name),
        fields=_fields(plan),
        custom_template_dir=folder,
        extra_template_data=defaultdict(dict, {plan.name: {"extensions": extensions}}),
    )


def _fields(plan: ClassPlan) -> "list[DataModelFieldBase]":
    from datamodel_code_generator.model.pydantic_v2 import DataModelField
    from datamodel_code_generator.types import DataType

    documented = [bool(field.doc) for field in plan.fields]
    extras: list[dict[str, Any]] = [
        {
            "x-name": field.name,
            "x-type": field.annotation,
            "x-default": f" = {field.default}" if field.default else "",
            "x-doc": docstring(field.doc),
            "x-spaced": any(documented[max(number - 1, 0) : number + 1]),
        }
        for number, field in enumerate(plan.fields)
    ]
    return [
        DataModelField(name=field.name, data_type=DataType(type=field.annotation), extras=extra)
        for field, extra in zip(plan.fields, extras, strict=True)
    ]
