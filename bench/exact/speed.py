"""The time that models need to read JSON, beside the plain models that the engine makes of the same contract."""

import json
import time
import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from bench.exact.package import imported_module

_LARGEST = 400  # components: the engine takes minutes for more
_TEXTS = 4  # of a schema
_ROUNDS = 5
_TIMES = 20  # in a round


class Speed:
    """CPU seconds of reading the same texts: `ours` and `plain`, sums over classes that both have under one name."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.ours = self.plain = 0.0
        self._engine = _engine(tree) if len(tree.get("components", {}).get("schemas", {})) <= _LARGEST else None

    def compare(self, type_: Any, adapter: TypeAdapter[Any], valid: Sequence[str]) -> None:
        """Add the times for those of the valid texts of a class that the engine's class of its name reads as well."""
        plain = getattr(self._engine, type_.__name__, None) if isinstance(type_, type) else None
        if not (isinstance(plain, type) and issubclass(plain, BaseModel)) or "root" in plain.model_fields:
            return
        other: TypeAdapter[Any] = TypeAdapter(plain)
        for text in [text for text in valid if _reads(other, text)][:_TEXTS]:
            times = [(_time(adapter, text), _time(other, text)) for _ in range(_ROUNDS)]
            self.ours += min(ours for ours, _ in times)
            self.plain += min(plain for _, plain in times)


def _engine(tree: dict[str, Any]) -> ModuleType | None:
    """The module that the engine makes by itself; None where it makes none that can be imported."""
    from datamodel_code_generator import InputFileType, generate
    from datamodel_code_generator.enums import DataModelType

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = generate(
                json.dumps(tree),
                input_file_type=InputFileType.OpenAPI,
                output_model_type=DataModelType.PydanticV2BaseModel,
                formatters=[],
            )
            return imported_module(str(text))
    except Exception:  # whatever the engine or what it made stumbles over
        return None


def _reads(adapter: TypeAdapter[Any], text: str) -> bool:
    try:
        adapter.validate_json(text)
    except ValidationError:
        return False
    return True


def _time(adapter: TypeAdapter[Any], text: str) -> float:
    start = time.thread_time()
    for _ in range(_TIMES):
        adapter.validate_json(text)
    return time.thread_time() - start
