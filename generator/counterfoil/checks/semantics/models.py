"""The generated models, both ways: they read what was sent and answered, and write the same JSON again."""

import importlib
import importlib.util
import json
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from counterfoil.checks.operation import media_type_of
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.wire.exchange import NOTHING, Exchange
from counterfoil.location import CounterfoilError, Diagnostic, Location

NAME = "generated_models"

Bodies = Mapping[str, Any]


class GeneratedModels:
    """The types that a generated package has for the bodies of each operation."""

    def __init__(self, operations: Mapping[str, Any]) -> None:
        """`operations` is the table `OPERATIONS` of the generated package."""
        self._operations = {f"{item.method} {item.path}": item for item in operations.values()}
        self._adapters: dict[tuple[str, str, str], TypeAdapter[Any] | None] = {}

    def request(self, exchange: Exchange) -> TypeAdapter[Any] | None:
        """What reads the request body of `exchange`, None where the contract has no such body."""
        return self._adapter(exchange, "request", exchange.request.header("content-type"))

    def response(self, exchange: Exchange) -> TypeAdapter[Any] | None:
        """What reads the response body of `exchange`, None where the contract has no such body."""
        documented = exchange.documented
        if documented is None:
            return None
        return self._adapter(exchange, documented.key, exchange.response.header("content-type"))

    def _adapter(self, exchange: Exchange, part: str, content_type: str) -> TypeAdapter[Any] | None:
        key = (exchange.operation.label, part, media_type_of(content_type))
        if key not in self._adapters:
            self._adapters[key] = self._make(*key)
        return self._adapters[key]

    def _make(self, label: str, part: str, media_type: str) -> TypeAdapter[Any] | None:
        operation = self._operations.get(label)
        if operation is None:
            return None
        if part == "request":
            bodies: Bodies = operation.request
        else:
            bodies = {name.upper(): found for name, found in operation.responses.items()}.get(part.upper(), {})
        types = {media_type_of(name): body for name, body in bodies.items()}
        for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
            if name in types:
                return TypeAdapter(types[name])
        return None


def load(package_dir: Path) -> GeneratedModels:
    """The models generated into `package_dir`, loaded anew under a name of their own.

    `CounterfoilError` if there are none.
    """
    folder = (package_dir / "models").resolve()
    if not (folder / "operations.py").is_file():
        hint = "run `counterfoil generate` again"
        raise CounterfoilError(
            Diagnostic(Location((package_dir / "models").as_posix(), 0), "no-models", "no generated models", hint)
        )
    name = f"_counterfoil_models_{abs(hash(folder))}"
    for loaded in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
        del sys.modules[loaded]
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(str(folder))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return GeneratedModels(importlib.import_module(f"{name}.operations").OPERATIONS)


class ModelsBothWays:
    """Watches that the models of `package_dir` read and write what was sent and answered."""

    names = (NAME,)

    def __init__(self, package_dir: Path) -> None:
        """Load the models; `CounterfoilError` if there are none."""
        self._generated = load(package_dir)

    def see(self, exchange: Exchange, report: Report) -> None:
        """Note a finding where the models refuse or change a valid request body, or a response body."""
        if NAME not in exchange.operation.switched_off:
            _check(exchange, self._generated, report)

    def finish(self, report: Report) -> None:
        """Nothing is left to say."""


def _check(exchange: Exchange, generated: GeneratedModels, report: Report) -> None:
    request = exchange.request.json
    if exchange.operation.request_schema is not None and request is not NOTHING and exchange.intent == "valid":
        _check_body(exchange, generated.request(exchange), exchange.request.body, request, "request", report)
    response = exchange.response.json
    if response is not NOTHING and exchange.meets:
        _check_body(exchange, generated.response(exchange), exchange.response.body, response, "response", report)


def _check_body(
    exchange: Exchange, adapter: TypeAdapter[Any] | None, body: bytes, value: Any, part: str, report: Report
) -> None:
    if adapter is None:
        return
    try:
        read = adapter.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = "/" + "/".join(map(str, first["loc"]))
        report.add(exchange, NAME, f"the {part} is refused at {place}", "a body that the models read", first["msg"])
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            written = json.loads(adapter.dump_json(read, by_alias=True, exclude_unset=True))
    except (PydanticSerializationError, UserWarning) as error:
        report.add(exchange, NAME, f"the {part} cannot be written again", _excerpt(value), " ".join(str(error).split()))
        return
    if not _equal(value, written):
        report.add(
            exchange, NAME, f"the {part} is written otherwise than it was read", _excerpt(value), _excerpt(written)
        )


def _equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; numbers by their value, booleans are no numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _excerpt(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + "…"
