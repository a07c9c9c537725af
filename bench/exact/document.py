"""The models of one document held to jsonschema-rs, in a process of its own that writes its findings as JSON.

    python -m bench.exact.document DOCUMENT SUBJECTS SAMPLES

A subject is a schema with the type that stands for it.
"""

import itertools
import json
import random
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bench.exact.oracle import Direction, Oracle
from bench.exact.package import imported, json_text
from bench.exact.speed import Speed
from counterfoil import pointer as json_pointer
from counterfoil.contract.build import build
from counterfoil.documents.folder import open_vendor
from counterfoil.plan.assembly import plan_models
from counterfoil.plan.models import ModelsPlan
from counterfoil.plan.operations import bodies, operations
from counterfoil.plan.schema.reach import reach
from counterfoil.plan.schema.schemas import Schemas
from tests.exactness.instances import Sampler
from tests.exactness.test_keywords import same

_MUTATED = 3  # samples of a schema of which variants are made
_VARIANTS = 20  # of a sample
_SHOWN = 5  # disagreements in a report
_ROUNDED = 2.0**63  # the oracle compares such numbers as floats, one of which stands for many integers


@dataclass(frozen=True)
class Subject:
    """A type of the models and the schema that it stands for."""

    title: str
    type: Any
    pointer: str
    direction: Direction
    is_part: bool = False


def examine(document: Path, count: int, samples: int) -> dict[str, Any]:
    """What the models of a document agree with; `count` schemas at most, `samples` instances of each and variants."""
    tree = _contract(document)
    plan = plan_models(tree)
    models = imported(plan)
    subjects = list(_subjects(tree, plan, models))
    if len(subjects) > count:
        subjects = random.Random(document.name).sample(subjects, count)  # noqa: S311 - a sample
    ways: tuple[Direction, ...] = ("request", "response")
    examination = _Examination(tree, {way: Oracle(tree, way) for way in ways}, Speed(tree), samples)
    for subject in subjects:
        examination.add(subject)
    return examination.report()


def _contract(document: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        vendor = Path(folder, "document")
        vendor.mkdir()
        shutil.copy(document, vendor)
        return build(open_vendor(Path(folder), "document")).tree


def _subjects(tree: dict[str, Any], plan: ModelsPlan, models: ModuleType) -> Iterator[Subject]:
    """Every body of every operation, and every definition whose schema is the same in both directions."""
    types = {(operation.method, operation.path): operation for operation in models.OPERATIONS.values()}
    seen = set()
    for operation in operations(tree):
        for body in bodies(tree, operation):
            known = types[operation.method, operation.path]
            found = known.request if body.direction == "request" else known.responses[body.status]
            type_ = found.get(body.media_type)
            if isinstance(body.schema, dict) and type_ not in (None, Any, str, bytes) and body.pointer not in seen:
                seen.add(body.pointer)
                yield Subject(f"{operation.name} {body.direction}", type_, body.pointer, body.direction)
    schemas = Schemas(tree)
    for definition in (definition for module in plan.modules for definition in module.definitions if definition.ref):
        pointer = definition.ref.removeprefix("Ref: #")
        parts, _ = reach(schemas, [json_pointer.resolve(tree, pointer)])
        if not any(part.get("readOnly") is True or part.get("writeOnly") is True for part in parts):
            yield Subject(definition.name, getattr(models, definition.name), pointer, "response", is_part=True)


class _Examination:
    def __init__(self, tree: dict[str, Any], oracles: dict[Direction, Oracle], speed: Speed, samples: int) -> None:
        self._tree, self._oracles, self._speed, self._samples = tree, oracles, speed, samples
        self._counts: Counter[str] = Counter()
        self._keywords: dict[str, Counter[str]] = {}
        self._shown: list[str] = []

    def add(self, subject: Subject) -> None:
        schema = json_pointer.resolve(self._tree, subject.pointer)
        try:
            validator = self._oracles[subject.direction].validator(subject.pointer)
        except ValueError as error:
            self._counts["not compiled by the oracle"] += 1
            self._show(f"{subject.title}: the oracle says {error}")
            return
        adapter: TypeAdapter[Any] = TypeAdapter(subject.type)
        self._counts["schemas"] += 1
        valid = []
        for instance in self._instances(subject, schema):
            text = json_text(instance)
            if text is None or (instance is None and subject.is_part) or any(map(_is_rounded, _numbers(instance))):
                continue  # a definition is what remains of its schema without null
            words = {str(error.kind.name) for error in validator.iter_errors(instance)}
            if self._hold(subject, adapter, instance, text, words) and not words:
                valid.append(text)
        self._speed.compare(subject.type, adapter, valid)

    def report(self) -> dict[str, Any]:
        """Counts, verdicts by keyword, CPU seconds of validation, and some of the disagreements."""
        return {
            "counts": self._counts,
            "keywords": self._keywords,
            "seconds": {"ours": self._speed.ours, "plain": self._speed.plain},
            "shown": self._shown,
        }

    def _instances(self, subject: Subject, schema: Any) -> Iterator[Any]:
        sampler = Sampler(self._tree, f"{subject.title} {subject.pointer}")
        for number in range(self._samples):
            try:
                sample = sampler.sample(schema)
            except RecursionError:  # an object that requires another of its kind
                continue
            yield sample
            if number < _MUTATED:
                yield from itertools.islice(sampler.mutations(sample, schema), _VARIANTS)

    def _hold(self, subject: Subject, adapter: TypeAdapter[Any], instance: Any, text: str, words: set[str]) -> bool:
        """Whether the model reads the text; counts its verdict, and what it writes again."""
        try:
            read, refusal = adapter.validate_json(text), None
        except ValidationError as error:
            read, refusal = None, str(error)
        agrees = bool(words) == (refusal is not None)
        self._counts.update(["instances", "agreed" if agrees else "disagreed"], valid=not words)
        for word in words or {"(valid)"}:
            self._keywords.setdefault(word, Counter()).update(instances=1, agreed=agrees)
        if not agrees:
            self._show(f"{subject.title}: {text[:300]} breaks {sorted(words) or 'nothing'}, the model says: {refusal}")
        if refusal is not None:
            return False
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            written = json.loads(adapter.dump_json(read, by_alias=True, exclude_unset=True))
        equal = same(instance, written) and not caught
        self._counts.update(read=1, written_again=equal)
        if not equal:
            told = [str(warning.message)[:200] for warning in caught]
            self._show(f"{subject.title}: {text[:300]} is written as {json.dumps(written)[:300]} {told or ''}")
        return True

    def _show(self, text: str) -> None:
        if len(self._shown) < _SHOWN:
            self._shown.append(text)


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _numbers(inner)
    else:
        yield value


def _is_rounded(value: Any) -> bool:
    return isinstance(value, int | float) and abs(abs(value) - _ROUNDED) < 2048


def main() -> None:
    """Examine the document that the arguments name."""
    document, count, samples = sys.argv[1:]
    print(json.dumps(examine(Path(document), int(count), int(samples))))


if __name__ == "__main__":
    main()
