"""Models generated from a document as a user generates them, imported."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.command import counterfoil


@contextmanager
def generated_models(folder: Path, document: dict[str, Any], config: str = "") -> Iterator[ModuleType]:
    """The package of models that `counterfoil generate` makes of an OpenAPI document, in `folder`."""
    specs = folder / "specs" / "api"
    specs.mkdir(parents=True)
    (specs / "openapi.json").write_text(json.dumps(document))
    if config:
        (specs / "vendor.toml").write_text(config)
    run = counterfoil("generate", cwd=folder)
    assert run.returncode == 0, run.stderr
    init = folder / "generated" / "api" / "models" / "__init__.py"
    spec = importlib.util.spec_from_file_location(f"models_in_{folder.name}", init)
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == spec.name]:
            del sys.modules[name]
