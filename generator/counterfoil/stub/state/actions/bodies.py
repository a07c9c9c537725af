"""Answers that tell stored objects: each fitted to the schema of the answer, the rest of the body around it."""

import copy
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.alternative_answers import object_alternatives
from counterfoil.stub.answers.creation import Creation
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.answers.sampling import Sampler, example_of
from counterfoil.stub.call import Call, Reply
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.requests.parameters.text_types import INTEGER
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.schema_walk import ITEMS, Pointer, at, kinds, resolved

Producer = Callable[[Call[Any, Any]], Any]
Pruner = Callable[[Any], Any]
_DEEPEST = 6
_ABSENT = object()


def _all(value: Any) -> Any:
    return value


def _without(hidden: Collection[str]) -> Pruner:
    def prune(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: each for name, each in value.items() if name not in hidden}

    return prune


class Fitting:
    """Makes values fit a schema for answers: what it does not have is left out, what it requires is made up."""

    def __init__(self, contract: ContractTree, schema: Node, example: Any = None) -> None:
        self._contract, self._schema, self._example = contract, schema, example
        # With the schema, which keeps another one from having the same id.
        self._pruners: dict[tuple[int, int], tuple[Node, Pruner]] = {}

    def __call__(self, value: Any) -> Any:
        """What the schema has of `value`, made to fit."""
        return self.mended(self._known(value))

    def mended(self, value: Any) -> Any:
        """`value` itself where it is valid, else a copy that is."""
        if not (wrong := self._errors(value)):
            return value
        if (of_kind := self._as_one_kind(value)) is not None:
            return of_kind
        value = copy.deepcopy(value)
        for is_last in (False, True):
            for place in sorted(set(wrong), key=len, reverse=True):
                respelt = self._respelt(value, place)
                value = _put(value, place, self._sample_at(place) if respelt is None else respelt, whole=is_last)
            wrong = self._errors(value)
            if not wrong:
                return value
        # What no sample is valid for is not told, rather than nothing of the object.
        for place in sorted(set(wrong), key=len, reverse=True):
            value = _put(value, place, _ABSENT, whole=True) if place else value
        return self._sample if self._errors(value) else value

    def _as_one_kind(self, value: Any) -> Any:
        """An object as that of several kinds which keeps most of it; None where there is one kind, or none fits."""
        if not isinstance(value, dict):
            return None
        fitting = [made for fit in self._kinds if not self._errors(made := fit(value))]
        return max(fitting, key=lambda made: sum(made.get(name) == each for name, each in value.items()), default=None)

    @cached_property
    def _kinds(self) -> "list[Fitting]":
        return [Fitting(self._contract, kind) for kind in object_alternatives(self._contract, self._schema)]

    @cached_property
    def _known(self) -> Pruner:
        return self._pruner(self._schema, 0)

    def _pruner(self, schema: Node, depth: int) -> Pruner:
        """A function from a value to what its schema has of it, without what is write-only; `_all` if that is all."""
        node = resolved(self._contract, schema)
        if depth > _DEEPEST:
            return _all
        key = id(node), depth
        if key not in self._pruners:
            self._pruners[key] = node, self._pruner_of(node, depth)
        return self._pruners[key][1]

    def _pruner_of(self, node: Node, depth: int) -> Pruner:
        if branches := kinds(self._contract, node):
            hidden = {name for each in (node, *branches) for name in self._hidden(each)}
            return _without(hidden) if hidden else _all
        if isinstance(items := node.get("items"), dict):
            each_of = self._pruner(items, depth + 1)
            if each_of is _all:
                return _all
            return lambda value: [*map(each_of, value)] if isinstance(value, list) else value
        properties = self._contract.properties(node)
        if not properties:
            return _all
        shown = {name: each for name, each in properties.items() if not self._contract.is_flagged(each, "writeOnly")}
        pruners = {name: self._pruner(each, depth + 1) for name, each in shown.items()}
        if isinstance(node.get("additionalProperties"), dict) or node.get("additionalProperties") is True:
            return _without(properties.keys() - shown.keys())
        deep = [(name, prune) for name, prune in pruners.items() if prune is not _all]

        def prune(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            pruned = {name: value[name] for name in shown if name in value}
            for name, inner in deep:
                if name in pruned:
                    pruned[name] = inner(pruned[name])
            return pruned

        return prune

    def _hidden(self, schema: Node) -> list[str]:
        found = self._contract.properties(schema)
        return [name for name, each in found.items() if self._contract.is_flagged(each, "writeOnly")]

    def hides(self, schema: Node) -> bool:
        """Whether something within what `schema` describes is write-only."""
        level, seen = [schema], set[int]()
        for _ in range(_DEEPEST + 1):
            inner: list[Any] = []
            for each in level:
                if id(followed := self._contract.follow(each)[0]) in seen:
                    continue
                seen.add(id(followed))
                node = resolved(self._contract, each)
                if self._hidden(node):
                    return True
                inner += [*self._contract.properties(node).values(), node.get("items")]
                inner += [*(node.get("oneOf") or ()), *(node.get("anyOf") or ())]
            level = [each for each in inner if isinstance(each, dict)]
        return False

    @cached_property
    def _errors(self) -> Callable[[Any], list[tuple[str | int, ...]]]:
        return self._contract.answer_errors(self._schema)

    def _respelt(self, value: Any, place: tuple[str | int, ...]) -> Any:
        """A number at a place as a text, or a text as a number, where the schema wants that; None where it does not."""
        try:
            for token in place:
                value = value[token]
        except (LookupError, TypeError):
            return None
        if isinstance(value, str):
            other: Any = int(value) if INTEGER.fullmatch(value) else None
        else:
            other = str(value) if type(value) is int else None
        schema = at(self._contract, self._schema, tuple(ITEMS if isinstance(each, int) else each for each in place))
        return other if schema and other is not None and self._contract.accepts(schema, other) else None

    def _sample_at(self, place: tuple[str | int, ...]) -> Any:
        """What may stand at a place, `_ABSENT` where nothing should."""
        sample = self._sample
        for token in place:
            if isinstance(sample, list) and isinstance(token, int) and sample:
                sample = sample[min(token, len(sample) - 1)]
            elif isinstance(sample, Mapping) and token in sample:
                sample = sample[token]
            else:
                names = tuple(ITEMS if isinstance(each, int) else each for each in place)
                schema = at(self._contract, self._schema, names)
                return Sampler(self._contract).value(schema) if schema else _ABSENT
        return sample

    @cached_property
    def _sample(self) -> Any:
        sample = Sampler(self._contract).value(self._schema)
        example = self._known(self._example)
        if isinstance(example, Mapping) and isinstance(sample, Mapping):
            example = {**sample, **example}
        return sample if example is None or self._errors(example) else example


class Body:
    """The body of an answer of success that has one stored object in it, or a list of them, at `pointer`."""

    def __init__(self, contract: ContractTree, success: Success, pointer: Pointer | None) -> None:
        self._contract, self._success, self._pointer = contract, success, pointer

    def reply(self, call: Call[Any, Any], value: Any, adapt: Callable[[Any], None] | None = None) -> Reply[Any]:
        """The answer that tells `value`; `adapt` may change its body. The example where it tells no object."""
        headers, media = self._success.content
        if not headers:
            return Reply(self._success.status)
        if self._pointer is None or not media.get("schema") or not is_json(headers[0][1].decode("latin-1")):
            return self._success.example(call)
        call.created = self._told(value)
        body = self._make(call)
        if adapt is not None:
            adapt(body)
        return Reply(self._success.status, dump(self._fit.mended(body) if self._around else body), headers)

    @property
    def schema(self) -> Node:
        """The schema of the body."""
        found: Node = self._success.content[1].get("schema") or NOTHING
        return found

    @cached_property
    def _around(self) -> Pointer:
        """Where the object is, or the list of them."""
        pointer = self._pointer or ()
        return pointer[: pointer.index(ITEMS)] if ITEMS in pointer else pointer

    @cached_property
    def _within(self) -> Pointer | None:
        """Where in an item of the list its object is, None if there is no list."""
        pointer = self._pointer or ()
        return pointer[pointer.index(ITEMS) + 1 :] if ITEMS in pointer else None

    @cached_property
    def _fit(self) -> Fitting:
        return Fitting(self._contract, self.schema, example_of(self._contract, self._success.content[1]))

    @cached_property
    def _fit_one(self) -> Fitting:
        pointer = self._around if self._within is None else (*self._around, ITEMS)
        example: Any = example_of(self._contract, self._success.content[1])
        for name in pointer:
            if name == ITEMS:
                example = example[0] if isinstance(example, list) and example else None
            else:
                example = example.get(name) if isinstance(example, dict) else None
        return Fitting(self._contract, at(self._contract, self.schema, pointer), example)

    def _told(self, value: Any) -> Any:
        if value is None:
            return None
        if self._within is None:
            return self._fit_one(value)
        return [self._fit_one(self._wrapped(each)) for each in value]

    def _wrapped(self, value: Any) -> Any:
        for name in reversed(self._within or ()):
            value = {name: value}
        return value

    @cached_property
    def _make(self) -> Producer:
        maker = Creation(self._contract, NOTHING, None, NOTHING)
        example = example_of(self._contract, self._success.content[1])

        def make(schema: Node, pointer: Pointer, example: Any) -> Producer:
            if not pointer:
                return lambda call: call.created
            node = resolved(self._contract, schema)
            required = self._contract.required(node)
            given = example if isinstance(example, dict) else {}
            fields: list[tuple[str, Producer]] = []
            for name, each in self._contract.properties(node).items():
                if name == pointer[0]:
                    fields.append((name, make(each, pointer[1:], given.get(name))))
                elif not self._contract.is_flagged(each, "writeOnly"):
                    produce = maker.value(name, each, given.get(name), required=name in required, depth=1)
                    if produce is not None:
                        fields.append((name, produce))
            return lambda call: {name: produce(call) for name, produce in fields}

        return make(self.schema, self._around, example)


def _put(value: Any, place: tuple[str | int, ...], sample: Any, *, whole: bool) -> Any:
    """A value with a sample at one of its places, or only what it lacks of that; `_ABSENT` removes what is there."""
    if not place:
        if isinstance(value, dict) and isinstance(sample, Mapping) and not whole:
            return {**copy.deepcopy(dict(sample)), **value}
        return copy.deepcopy(sample)
    try:
        holder = value
        for token in place[:-1]:
            holder = holder[token]
        if sample is _ABSENT:
            del holder[place[-1]]
        else:
            holder[place[-1]] = _put(holder[place[-1]], (), sample, whole=whole)
    except (LookupError, TypeError):
        pass
    return value
