"""Valid values to begin with, and whether a value is valid: what the contract says of requests."""

import copy
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple, Self

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.filling import filled
from counterfoil.checks.operation import Operation, is_json, media_type_of
from counterfoil.checks.wire.encodings import FORM, PARTS, content_type
from counterfoil.stub.answers.sampling import Sampler
from counterfoil.stub.contract_tree import ContractTree
from counterfoil.stub.error_places import place_in

_DEEPEST = 5  # objects inside each other that something is taken out of
_MOST_KNOWN = 1024  # of schemas
_MISSING: Any = object()


class Violation(NamedTuple):
    """What is wrong in words, the steps to where it is, and the keyword that says so."""

    message: str
    path: tuple[str | int, ...]
    keyword: str


class Instances:
    """Values for the requests of one contract, validated as a server should: formats, integer widths, `readOnly`."""

    def __init__(self, contract: ContractTree) -> None:
        self.tree = contract.tree
        self._contract = contract
        self._sampler = Sampler(self._contract, hidden="readOnly")
        self._known: dict[tuple[str, int], tuple[Any, Any]] = {}

    @classmethod
    def of(cls, contract: ContractTree) -> Self:
        """Those of a contract: the same ones for all who ask."""
        return contract.remembered(contract.tree, "instances", lambda: cls(contract))

    def fits(self, pointer: str, value: Any) -> bool:
        """Whether a request may have `value` where the schema at `pointer` stands."""
        return bool(self._contract.validator(pointer).is_valid(value))

    def broken(self, pointer: str, value: Any) -> str:
        """What is wrong with a value that does not fit, in words; empty where it fits."""
        return next((violation.message for violation in self.violations(pointer, value)), "")

    def violations(self, pointer: str, value: Any) -> list[Violation]:
        """The first two things that are wrong with a value."""
        if self.fits(pointer, value):
            return []
        return [
            Violation(error.message, place_in(value, error.instance_path), error.kind.name)
            for error in islice(self._contract.validator(pointer).iter_errors(value), 2)
        ]

    def is_read_only(self, pointer: str) -> bool:
        """Whether only the server states what the schema at `pointer` is of, so that it may ignore what requests say.

        What an application says of it is expected to be ignored or rejected (JSON Schema Validation 2020-12, 9.4).
        """
        try:
            return self._contract.is_flagged(json_pointer.resolve(self.tree, pointer), "readOnly")
        except LookupError:
            return False

    def sample(self, schema: Any) -> Any:
        """A value for a schema of the contract, which need not be valid where the schema is hard to fulfil."""
        if not isinstance(schema, dict):
            return "text"
        return copy.deepcopy(self._remembered(("sample", id(schema)), schema, lambda: self._sampler.value(schema)))

    def varied(self, schema: Any, seed: str) -> Any:
        """Another value for each `seed`, whatever examples the schema has."""
        return self._sampler.varied(schema, seed) if isinstance(schema, dict) else seed

    def accepts(self, schema: Any, value: Any) -> bool:
        """Whether `value` fits a schema of the contract, wherever that stands."""
        if not isinstance(schema, dict):
            return schema is not False
        accepts = self._remembered(("accepts", id(schema)), schema, lambda: self._contract.acceptance(schema))
        return bool(accepts(value))

    def _remembered(self, key: tuple[str, int], schema: Any, make: Callable[[], Any]) -> Any:
        """What was made for a schema, which is kept as well so that no other has its identity."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        if key not in self._known:
            self._known[key] = (schema, make())
        return self._known[key][1]

    def minimal(self, pointer: str, value: Any) -> Any:
        """A valid value without all that may be left out of `value`, which is valid."""
        kept = copy.deepcopy(value)
        self._prune(pointer, kept, kept, 0)
        return kept

    def full(self, schema: Any, pointer: str, value: Any) -> Any:
        """A valid value with every property that may be added to `value`, which is valid, as far as there is room."""
        return filled(self, schema, pointer, value)

    def documented(self, operation: Operation) -> Iterator[tuple[str, str, Any]]:
        """Each media type of the body of an operation, the pointer of its schema, and a valid value if there is any.

        JSON comes before forms, and these before others. The documented example if it is valid, else one made up.
        """
        owner = f"{operation.pointer}/requestBody"
        node, owner = self._contract.follow({"$ref": f"#{owner}"}, owner)
        for media_type, media in sorted((node.get("content") or {}).items(), key=lambda each: preference(each[0])):
            if "schema" in media and content_type(media_type):
                pointer = json_pointer.join(owner, "content", media_type, "schema")
                is_form = media_type_of(media_type) in (FORM, PARTS)
                fitting = (
                    each
                    for each in self._shown(operation, media)
                    if self.fits(pointer, each) and (isinstance(each, dict) or not is_form)
                )
                if (value := next(fitting, _MISSING)) is not _MISSING:
                    yield media_type, pointer, value

    def _shown(self, operation: Operation, media: dict[str, Any]) -> Iterator[Any]:
        """The examples of a Media Type Object, and a value made up for its schema."""
        if "example" in media:
            yield media["example"]
        for each in (media.get("examples") or {}).values():
            if "value" in (item := operation.resolve(each)):
                yield item["value"]
        yield self.sample(media["schema"])

    def _prune(self, pointer: str, root: Any, value: Any, depth: int) -> None:
        if depth >= _DEEPEST:
            return
        if isinstance(value, list):
            for item in value:
                self._prune(pointer, root, item, depth + 1)
        elif isinstance(value, dict):
            # What others depend on can go once these are gone.
            for name in [*value, *reversed(value)]:
                removed = value.pop(name, _MISSING)
                if removed is not _MISSING and not self.fits(pointer, root):
                    value[name] = removed
            for held in value.values():
                self._prune(pointer, root, held, depth + 1)


def preference(media_type: str) -> int:
    """The rank of a media type among those that a body may have; the lowest one is taken."""
    return 0 if is_json(media_type) else 1 if media_type_of(media_type) in (FORM, PARTS) else 2
