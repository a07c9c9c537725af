"""Models of a contract as an imported package."""

import importlib
import itertools
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from counterfoil.emit.models import render_models
from counterfoil.emit.templates import Templates
from counterfoil.plan.models import ModelsPlan

_TEMPLATES = Templates()
_NUMBERS = itertools.count()


def imported(plan: ModelsPlan) -> ModuleType:
    """The package that is printed for a plan."""
    return _imported(render_models(plan, _TEMPLATES), "models")


def imported_module(text: str) -> ModuleType:
    """The module that a text is."""
    return _imported({"plain.py": text}, "plain")


def json_text(value: Any) -> str | None:
    """A value as JSON; None if it is none, such as an infinite number."""
    try:
        return json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return None


def _imported(files: Mapping[str, str], name: str) -> ModuleType:
    package = f"exact_{next(_NUMBERS)}"
    folder = Path(tempfile.mkdtemp())
    for path, text in {"__init__.py": "", **files}.items():
        file = folder / package / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(f"{package}.{name}")
    finally:
        sys.path.remove(str(folder))
