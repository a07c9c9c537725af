"""Replacing and changing one object."""

import copy
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.alternative_answers import object_alternatives
from counterfoil.stub.answers.creation import Creation
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.answers.sampling import example_of
from counterfoil.stub.call import Call, RefusalError, Reply
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.schema_walk import alternatives, at, objects
from counterfoil.stub.state.actions.bodies import Body, Fitting
from counterfoil.stub.state.actions.merging import Merging, united
from counterfoil.stub.state.actions.patching import PatchError, patch
from counterfoil.stub.state.actions.showing import unknown
from counterfoil.stub.state.objects import Object, Objects, key_text, pick, template_of
from counterfoil.stub.state.store import Record

JSON_PATCH = b"application/json-patch+json"
MERGE_PATCH = b"application/merge-patch+json"


class Changing:
    """What an operation does that changes an object, or with `replaces` puts another one in its place."""

    def __init__(
        self,
        contract: ContractTree,
        objects: Objects,
        responses: Node,
        request: Node,
        *,
        replaces: bool,
        omit_nulls: bool = False,
    ) -> None:
        """`responses` is the operation's Responses Object, `request` the schema of its body.

        With `omit_nulls` objects lose what is null and need not be there.
        """
        self._omit_nulls = omit_nulls
        self._contract, self._objects, self._request, self._replaces = contract, objects, request, replaces
        existing = {name: node for name, node in responses.items() if name != "201"}
        has_others = any(name[:1] == "2" for name in existing) or "201" not in responses
        self._success = Success(contract, existing if has_others else responses, creates=False)
        self._made = Success(contract, {"201": responses["201"]} if "201" in responses else responses, creates=True)
        self._body = Body(contract, self._success, objects.role.answer)
        self._body_made = Body(contract, self._made, objects.role.answer)
        self._set = template_of(objects.role.set) if objects.role.set else None

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Change the object that the call names and answer with it; `RefusalError` if it is unknown."""
        objects = self._objects
        collection, key = objects.collection(call), objects.key(call)
        if key is None:
            return self._success.example(call)
        found = objects.edit(call, collection, key, lambda before: self._changed(call, before))
        if found is not None:
            echo = self._echo
            if echo is not None:
                return Reply(self._success.status, dump(self._fit(echo(call, found))), self._success.content[0])
            return self._body.reply(call, None if objects.role.returns_null else found)
        if not self._replaces or not objects.role.upsert:
            return unknown(call, objects, self._body)
        return self._body_made.reply(call, self._make(call, collection, key))

    @cached_property
    def _echo(self) -> Callable[[Call[Any, Any], Object], Any] | None:
        """Makes answers that do not plainly tell the object: what the request says, or the object as one of kinds."""
        headers, media = self._success.content
        role, schema = self._objects.role, media.get("schema")
        if role.answer is not None or role.returns_null or not schema or not is_json(headers[0][1].decode("latin-1")):
            return None
        if object_alternatives(self._contract, schema):
            return lambda _, found: found
        creation = Creation(self._contract, schema, example_of(self._contract, media), self._request)
        return lambda call, _: creation.build(call)[0]

    @cached_property
    def _fit(self) -> Fitting:
        media = self._success.content[1]
        return Fitting(self._contract, media["schema"], example_of(self._contract, media))

    def _make(self, call: Call[Any, Any], collection: str, key: str) -> Object:
        """A new object under a key that the call chose."""
        made: list[Object] = []
        identifier = self._objects.role.identifier

        def make(number: int) -> Record:
            call.number = number
            found = self._creation.build(call)[1] if self._creation else call.value
            made.append(dict(found) if isinstance(found, dict) else {})
            if identifier and self._objects.role.key and not _is_same(pick(made[0], identifier), key):
                name = identifier[-1]
                schema = self._contract.properties(self._objects.role.shape).get(name, NOTHING)
                numeric = self._contract.types(schema) & {"integer", "number"} and key.lstrip("-").isdecimal()
                made[0][name] = int(key) if numeric and len(key) < 19 else key
            record = self._objects.record(call, made[0], key)
            record.key = key
            return record

        self._objects.add(call, collection, make)
        return made[0]

    def _changed(self, call: Call[Any, Any], before: Object) -> Object:
        after = before
        if call.has_value:
            if (call.header(b"content-type") or b"").partition(b";")[0].strip().lower() == JSON_PATCH:
                after = self._patched(call, before)
            else:
                after = self._told(call, before)
        if self._set is not None:
            after = {**after, **self._set(call)}
        if self._omitted:
            after = {name: value for name, value in after.items() if value is not None or name not in self._omitted}
        for name in self._objects.role.identifier[:1]:
            if name in before:
                after = {**after, name: before[name]}
        return after

    def _patched(self, call: Call[Any, Any], before: Object) -> Object:
        try:
            after = patch(before, call.value)
        except PatchError as error:
            raise RefusalError("invalid.patch", {"message": str(error)}) from None
        return after if isinstance(after, dict) else before

    def _told(self, call: Call[Any, Any], before: Object) -> Object:
        """The object with what the body says of it."""
        told, names = pick(call.value, self._where), self._names
        if not isinstance(told, dict):
            return before
        told = {name: value for name, value in told.items() if not names or name in names}
        if self._objects.role.ignores_nulls:
            told = {name: value for name, value in told.items() if value is not None}
        if not self._replaces:
            is_patch = (call.header(b"content-type") or b"").lower().startswith(MERGE_PATCH)
            return self._as_shown(self._merging(before, told, is_patch=is_patch), told)
        # What a client may say and did not is as it was never said; the rest is the server's.
        kept = {name: value for name, value in before.items() if name not in names}
        defaults = {name: self._defaults[name] for name in names if name in self._defaults}
        return self._as_shown({**defaults, **kept, **copy.copy(told)}, told)

    def _as_shown(self, after: Object, told: Object) -> Object:
        """The object with what is `told` as objects have it, where that differs: all answers then tell the same."""
        places = {place[0] for place in self._errors(after) if place}
        wrong = [name for name in told if name in places]
        if not wrong:
            return after
        fitting = self._fit_shape.mended(after)
        return {**after, **{name: united(after[name], fitting[name]) for name in wrong if name in fitting}}

    @cached_property
    def _where(self) -> tuple[str, ...]:
        """Where in the body the object is: the place that shares most with objects."""
        shape = self._contract.properties(self._objects.role.shape).keys()
        best: tuple[str, ...] = ()
        most = 0
        for path, node in objects(self._contract, self._request):
            shared = len(self._contract.properties(node).keys() & shape)
            if "*" not in path and len(path) < 3 and shared > most:
                best, most = path, shared
        return best

    @cached_property
    def _names(self) -> Mapping[str, Node]:
        """What the body may say of an object; empty for anything."""
        asked = at(self._contract, self._request, self._where)
        if found := self._contract.properties(asked):
            found = alternatives(self._contract, asked) | found
        return {name: node for name, node in found.items() if not self._contract.is_flagged(node, "readOnly")}

    @cached_property
    def _merging(self) -> Merging:
        request = at(self._contract, self._request, self._where)
        return Merging(self._contract, request, self._objects.role.shape)

    @cached_property
    def _errors(self) -> Callable[[Any], list[tuple[str | int, ...]]]:
        return self._contract.answer_errors(self._objects.role.shape)

    @cached_property
    def _fit_shape(self) -> Fitting:
        return Fitting(self._contract, self._objects.role.shape, self._objects.role.example)

    @cached_property
    def _omitted(self) -> frozenset[str]:
        """The properties of an object that are left out where they are null."""
        if not self._omit_nulls:
            return frozenset()
        shape = self._objects.role.shape
        return frozenset(self._contract.properties(shape)) - frozenset(self._contract.required(shape))

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        followed = {name: self._contract.follow(node)[0] for name, node in self._names.items()}
        return {name: node["default"] for name, node in followed.items() if "default" in node}

    @cached_property
    def _creation(self) -> Creation | None:
        role = self._objects.role
        if not role.shape:
            return None
        identifier = self._objects.identifier
        return Creation(
            self._contract, role.shape, role.example, self._request, entity=role.shape, identifier=identifier
        )


def _is_same(value: Any, key: str) -> bool:
    return value is not None and key_text(value) == key
