"""The files of a package of models."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from counterfoil.emit.engine import print_classes
from counterfoil.emit.templates import Templates
from counterfoil.plan.models import ClassPlan, Definition, ModelsPlan
from counterfoil.plan.names.naming import import_order

_SUPPORT = "models/_support"
_DEFINES = re.compile(r"^(?:class |def |)([A-Za-z]\w*)(?=[(:])", re.MULTILINE)
_NEEDS = re.compile(r"^from (?:\.(\w+) import|\. import (\w+))", re.MULTILINE)


@dataclass(frozen=True)
class SupportModule:
    """A support module as it is emitted, and those of its names that are passed on."""

    name: str
    text: str
    names: tuple[str, ...]


def render_models(plan: ModelsPlan, templates: Templates) -> dict[str, str]:
    """The package `models` as path → unformatted text, paths relative to the vendor's generated folder."""
    classes = [item for module in plan.modules for item in module.definitions if isinstance(item, ClassPlan)]
    printed = print_classes(classes, templates)
    files = {"py.typed": ""}
    for module in plan.modules:
        texts = [_text(item, printed, templates).strip() for item in module.definitions]
        files[f"{module.name}.py"] = templates.render("models/module.py.jinja", module=module, texts=texts)
    support = _support(plan.support, templates)
    files |= {f"_support/{module.name}.py": module.text for module in support}
    files["_support/__init__.py"] = templates.render(
        f"{_SUPPORT}/__init__.py.jinja",
        support=[module for module in support if module.names],
        exports=sorted((name for module in support for name in module.names), key=import_order),
    )
    if any("SCHEMAS" in item.names for module in plan.modules for group in module.imports for item in group):
        files["_schemas.py"] = templates.render("models/_schemas.py.jinja", plan=plan)
    files["operations.py"] = templates.render("models/operations.py.jinja", plan=plan)
    exports = sorted(["OPERATIONS", *plan.names], key=import_order)
    doc = f"Models of {plan.title}." if plan.title else "Models of an API."
    files["__init__.py"] = templates.render("models/__init__.py.jinja", plan=plan, exports=exports, doc=doc)
    return {f"models/{path}": text for path, text in sorted(files.items())}


def _text(item: Definition, printed: dict[str, str], templates: Templates) -> str:
    match item.kind:
        case "class":
            return printed[item.name]
        case "enum":
            return templates.render("models/enum.py.jinja", enum=item)
        case "alias" | "root":
            return templates.render(f"models/{item.kind}.py.jinja", alias=item)


def _support(wanted: Iterable[str], templates: Templates) -> list[SupportModule]:
    """The support modules that define the wanted names, and those that these need."""
    header = templates.render("models/header.jinja")
    texts = {
        name.rpartition("/")[2].removesuffix(".py.jinja"): templates.render(name)
        for name in templates.names()
        if name.startswith(f"{_SUPPORT}/") and not name.endswith("__init__.py.jinja")
    }
    defined = {module: set(_DEFINES.findall(text)) for module, text in texts.items()}
    needed = {module: {*wanted} & names for module, names in defined.items()}
    stack = [module for module, names in needed.items() if names]
    found = set(stack)
    while stack:
        for other in map("".join, _NEEDS.findall(texts[stack.pop()])):
            if other not in found:
                found.add(other)
                stack.append(other)
    missing = {*wanted} - set().union(*defined.values())
    if missing:
        raise RuntimeError(f"no support module defines {', '.join(sorted(missing))}")
    return [
        SupportModule(name, header + texts[name], tuple(sorted(needed[name], key=import_order)))
        for name in sorted(found)
    ]
