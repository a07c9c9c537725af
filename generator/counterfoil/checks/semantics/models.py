"""The generated models, both ways: they read what was sent and answered, and write the same JSON again."""

import importlib
import importlib.util
import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from counterfoil.checks.cases.leaves import equal
from counterfoil.checks.operation import is_json, media_type_of
from counterfoil.checks.reporting.findings import Report
from counterfoil.checks.schema_paths import place_of
from counterfoil.checks.wire.exchange import Exchange, Request, Response
from counterfoil.location import CounterfoilError, Diagnostic, Location

NAME = "generated_models"
_NOTHING_THERE = 404

Bodies = Mapping[str, Any]


class GeneratedModels:
    """The types that a generated package has for the bodies of each operation."""

    def __init__(self, operations: Mapping[str, Any]) -> None:
        """`operations` is the table `OPERATIONS` of the generated package."""
        self._operations = {f"{item.method} {item.path}": item for item in operations.values()}
        self._adapters: dict[tuple[str, str, str], TypeAdapter[Any] | None] = {}

    def problem(self, body: "Body") -> tuple[str, str, str] | None:
        """What is wrong when the models read a body and write it again, as summary, expected and got; None if nothing.

        Nothing is wrong with what is no JSON, or no body that the contract has.
        """
        key = body[:3]
        if key not in self._adapters:
            self._adapters[key] = self._make(*key)
        adapter = self._adapters[key]
        if adapter is None:
            return None
        try:
            value = json.loads(body.text)
        except (ValueError, RecursionError):
            return None
        return _problem(adapter, body.text, value, "request" if body.part == "request" else "response")

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


def _problem(adapter: TypeAdapter[Any], text: bytes, value: Any, part: str) -> tuple[str, str, str] | None:
    try:
        read = adapter.validate_json(text)
    except ValidationError as error:
        if _has_lone_surrogates(value):
            return None  # what becomes of them is for every parser to say (RFC 8259, 8.2)
        first = error.errors(include_url=False)[0]
        place = place_of(first["loc"])
        return f"the {part} is refused at {place}", "a body that the models read", first["msg"]
    try:
        written = json.loads(adapter.dump_json(read, by_alias=True, exclude_unset=True))
    except (PydanticSerializationError, UserWarning) as error:
        return f"the {part} cannot be written again", _excerpt(value), " ".join(str(error).split())
    if repr(value) != repr(written) and not equal(value, written):  # which takes much longer to tell
        return f"the {part} is written otherwise than it was read", _excerpt(value), _excerpt(written)
    return None


@contextmanager
def loaded(package_dir: Path) -> Iterator[GeneratedModels]:
    """The models generated into `package_dir`, loaded anew under a name of their own, and forgotten afterwards.

    What hypothesis generates depends on the literals of all modules that are loaded.
    """
    folder = _folder(package_dir)
    name = f"_counterfoil_models_{abs(hash(folder))}"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(str(folder))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        yield GeneratedModels(importlib.import_module(f"{name}.operations").OPERATIONS)
    finally:
        for each in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
            del sys.modules[each]


def _folder(package_dir: Path) -> Path:
    """The folder of the models; `CounterfoilError` if there is none."""
    folder = (package_dir / "models").resolve()
    if not (folder / "operations.py").is_file():
        hint = "run `counterfoil generate` again"
        raise CounterfoilError(
            Diagnostic(Location((package_dir / "models").as_posix(), 0), "no-models", "no generated models", hint)
        )
    return folder


class Body(NamedTuple):
    """A body to be read and written again; `part` is `request`, or the key of a documented response."""

    label: str
    part: str
    media_type: str
    text: bytes


class ModelsBothWays:
    """Sees to it that the models of `package_dir` read and write what was sent and answered.

    Importing models takes longer than most findings do to show, so that nothing is read before the end of a run.
    """

    names = (NAME,)

    def __init__(self, package_dir: Path) -> None:
        """`CounterfoilError` if there are no models."""
        _folder(package_dir)
        self._package_dir = package_dir
        self._bodies: dict[Body, list[Exchange]] = {}

    def see(self, exchange: Exchange, report: Report) -> None:  # noqa: ARG002 - the bodies are read in the end
        """Remember a valid request body, and a response body."""
        operation, request, response = exchange.operation, exchange.request, exchange.response
        if NAME in operation.switched_off:
            return
        if request.body and exchange.intent == "valid" and operation.request_schema is not None:
            self._remember(exchange, "request", request)
        # A request that is wrong on purpose may lead to no operation.
        is_beside = not exchange.meets or (response.status == _NOTHING_THERE and exchange.intent == "invalid")
        documented = exchange.documented if response.body and not is_beside else None
        if documented is not None:
            self._remember(exchange, documented.key, response)

    def _remember(self, exchange: Exchange, part: str, message: Request | Response) -> None:
        media_type = media_type_of(message.header("content-type"))
        body = Body(exchange.operation.label, part, media_type, message.body)
        self._bodies.setdefault(body, []).append(exchange)

    def finish(self, report: Report) -> None:
        """Note a finding where the models refuse or change a body."""
        bodies = [(body, shown) for body, shown in self._bodies.items() if is_json(body.media_type)]
        if not bodies:
            return
        with loaded(self._package_dir) as generated, warnings.catch_warnings():
            warnings.simplefilter("error")
            problems = [(shown, generated.problem(body)) for body, shown in bodies]
        for shown, problem in problems:
            if problem is None:
                continue
            for exchange in shown:
                report.add(exchange, NAME, *problem)


def _has_lone_surrogates(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _excerpt(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + "…"
