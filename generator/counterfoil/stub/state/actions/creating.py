"""Creating an object: its unique values are taken, its answer made up and remembered."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.answers.alternative_answers import AlternativeAnswers, object_alternatives
from counterfoil.stub.answers.creation import Creation, Telling
from counterfoil.stub.answers.responses import Success
from counterfoil.stub.answers.sampling import Sampler, example_of
from counterfoil.stub.call import Call, Headers, RefusalError, Reply
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.requests.strict_json import dump
from counterfoil.stub.schema_walk import at, resolved
from counterfoil.stub.state.actions.bodies import Fitting
from counterfoil.stub.state.actions.merging import united
from counterfoil.stub.state.inference.names import OWN_IDS
from counterfoil.stub.state.inference.orders import begun_of
from counterfoil.stub.state.objects import Objects, pick, template_of
from counterfoil.stub.state.store import DuplicateError, Record


class Creating:
    """What an operation that makes objects does; with `notes_key` calls tell the key of what they made."""

    notes_key = False

    def __init__(
        self,
        contract: ContractTree,
        objects: Objects,
        request: Node,
        success: Success,
        omit_nulls: bool,
        operation: Node,
        telling: Telling,
    ) -> None:
        """`request` is the schema of the body; with `omit_nulls` answers leave out what is null and may be absent.

        `telling` as for `Creation`.
        """
        self._contract, self._objects, self._request, self._success = contract, objects, request, success
        self._omit_nulls, self._telling = omit_nulls, telling
        # What is set shows later, the answer is made before.
        self._set = template_of(objects.role.set) if objects.role.set else None
        # Who chooses keys and is told of no conflict writes over what is there.
        self._conflicts = "409" in (operation.get("responses") or {})

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """Remember what the body describes and answer with it; `RefusalError` if it exists already."""
        objects = self._objects
        collection = objects.collection(call)
        made: list[Reply[Any]] = []

        def make(number: int) -> Record:
            call.number = number
            reply, record = self._make(call, number)
            made.append(reply)
            if self.notes_key:
                call.made = record.key
            return record

        try:
            call.session.store.add(collection, make)
        except DuplicateError:
            return self._overwrite(call, collection)
        return made[0]

    def _overwrite(self, call: Call[Any, Any], collection: str) -> Reply[Any]:
        """Put the object in the place of one with the same key; `RefusalError` if that is a conflict."""
        reply, record = self._make(call, call.number)
        conflicts = self._conflicts or record.unique or record.key == str(call.number)

        def put(before: bytes) -> Record:
            after = json.loads(record.text)
            if kept := _lasting(json.loads(before), after, call.described):
                record.text = dump({**after, **kept})
                self._tell(reply, kept)
            return record

        if conflicts or not call.session.store.change(collection, record.key, put):
            raise RefusalError("duplicate")
        call.made = record.key
        return reply

    def _tell(self, reply: Reply[Any], kept: dict[str, Any]) -> None:
        """Let an answer that tells the object tell this of it."""
        pointer = self._objects.role.answer
        if pointer is not None and self._creation is not None:
            body = reply.value
            if isinstance(shown := pick(body, pointer), dict):
                shown.update((name, value) for name, value in kept.items() if name in shown)
                reply.value = body

    def _make(self, call: Call[Any, Any], number: int) -> tuple[Reply[Any], Record]:
        creation, objects = self._creation, self._objects
        status, headers = self._head
        if creation is None:
            reply = self._success.example(call) if headers else Reply(status)
            shaped = self._shaped
            entity = shaped.build(call)[1] if shaped else call.value
            stored = self._completed(call, entity) if shaped and not self._is_complete else entity
            return reply, objects.record(call, stored, str(number))
        if self._alternatives is not None:
            body, entity = self._alternatives.build(call)
            body = self._fit(body)
            stored = self._kept(entity, body)
            stored = {**stored, **self._set(call)} if self._set is not None else stored
            return Reply(status, dump(body), headers), objects.record(call, stored, str(number))
        write = self._write
        if write is not None:
            answer, entity, text = write(call)
        else:
            body, entity = creation.build(call)
            if self._is_risky:
                body = self._fit(body)
                entity = self._kept(entity, body)
            answer, text = dump(body), None
        stored = entity if self._is_complete else self._completed(call, entity)
        if self._is_partial:
            stored = united(stored, self._fit_shape.mended(stored))
        text = text if stored is entity else None
        if self._set is not None:
            changes = self._set(call)
            stored = {**stored, **changes}
            # Of equal names in a JSON text the last one is read, which saves writing all of it again.
            text = text and text[:-1] + b"," + dump(changes)[1:]
        record = objects.record(call, stored, str(number), told=call.value, text=text)
        return Reply(status, answer, headers), record

    @cached_property
    def _head(self) -> tuple[int, Headers]:
        return self._success.status, self._success.content[0]

    @cached_property
    def _write(self) -> Callable[[Call[Any, Any]], tuple[bytes, dict[str, Any], bytes]] | None:
        return self._creation.write if self._creation and not self._is_risky else None

    @cached_property
    def _entity(self) -> Node | None:
        """The schema of the object within the answer, None where that is not known."""
        pointer = self._objects.role.answer
        return (
            at(self._contract, self._success.content[1].get("schema") or {}, pointer) if pointer is not None else None
        )

    @cached_property
    def _creation(self) -> Creation | None:
        _, media = self._success.content
        if not media.get("schema"):
            return None
        example = example_of(self._contract, media)
        return Creation(
            self._contract, media["schema"], example, self._request, omit_nulls=self._omit_nulls,
            entity=self._entity, identifier=self._objects.identifier, parents=self._objects.parents,
            telling=self._telling,
        )  # fmt: skip

    @cached_property
    def _alternatives(self) -> AlternativeAnswers | None:
        """Makes answers that may be one of several kinds of objects."""
        schema = self._success.content[1].get("schema") or {}
        branches = [] if self._objects.role.answer else object_alternatives(self._contract, schema)
        creations = [
            Creation(
                self._contract, branch, None, self._request, omit_nulls=self._omit_nulls,
                entity=resolved(self._contract, branch),
                identifier=self._objects.identifier, parents=self._objects.parents,
            )
            for branch in branches
        ]  # fmt: skip
        return AlternativeAnswers(self._contract, schema, creations) if creations else None

    @cached_property
    def _shaped(self) -> Creation | None:
        """Makes the object where the answer does not tell it."""
        role = self._objects.role
        if not role.shape:
            return None
        return Creation(
            self._contract,
            role.shape,
            role.example,
            self._request,
            entity=role.shape,
            identifier=self._objects.identifier,
            parents=self._objects.parents,
            telling=self._telling,
        )

    def _kept(self, entity: dict[str, Any], answer: Any) -> dict[str, Any]:
        """The object as an answer tells it, which may be otherwise than it was asked for, with what that leaves out."""
        told = pick(answer, pointer) if (pointer := self._objects.role.answer) is not None else None
        kept: dict[str, Any] = united(entity, told) if isinstance(told, dict) else entity
        return kept

    def _completed(self, call: Call[Any, Any], entity: dict[str, Any]) -> dict[str, Any]:
        """The object with what other answers tell of it, this one does not."""
        completed = {**{name: make(call) for name, make in self._missing}, **entity}
        for name in self._unanswered:
            if name in call.described and name not in entity:
                completed[name] = call.described[name]
        return completed

    @cached_property
    def _is_complete(self) -> bool:
        return not self._missing and not self._unanswered

    @cached_property
    def _told(self) -> Node:
        """The schema of the object that is kept as the answer tells it."""
        if self._creation is None:
            return self._objects.role.shape
        return self._creation.entity

    @cached_property
    def _unanswered(self) -> list[str]:
        """What requests tell and the answer does not repeat."""
        shown = self._contract.properties(self._told)
        creation = self._creation or self._shaped
        names = creation.requested if creation else {}
        kept = self._contract.properties(self._objects.role.shape)
        return [name for name in names if name not in shown and name in kept]

    @cached_property
    def _missing(self) -> list[tuple[str, Any]]:
        """What other answers always tell, and neither the request nor this answer does."""
        shape = self._objects.role.shape
        shown = self._contract.properties(self._told)
        maker = Creation(self._contract, {}, None, {})
        example = self._objects.role.example if isinstance(self._objects.role.example, dict) else {}
        found = []
        for name, each in self._contract.properties(shape).items():
            if name in shown or name not in self._contract.required(shape):
                continue
            make = maker.value(name, each, example.get(name), required=True, depth=1)
            if make is not None:
                found.append((name, make))
        return found

    @cached_property
    def _is_risky(self) -> bool:
        """Whether a value of a request may not fit the answer that repeats it."""
        creation = self._creation
        if creation is None:
            return False
        answered = self._contract.properties(creation.entity)
        for name, asked in creation.requested.items():
            mine, theirs = self._contract.follow(answered.get(name))[0], self._contract.follow(asked)[0]
            if name not in answered:
                continue
            if self._fit.hides(mine) or (mine is not theirs and not _is_wider(mine, theirs)):
                return True
        sample = creation.build(self._trial)[0]  # type: ignore[arg-type] # as much of a call as is looked at
        return bool(self._contract.answer_errors(self._success.content[1]["schema"])(sample))

    @cached_property
    def _trial(self) -> "_Trial":
        return _Trial(Sampler(self._contract).value(self._request))

    @cached_property
    def _is_partial(self) -> bool:
        """Whether an object as it is made may lack what other answers tell within its parts."""
        creation, shape = self._creation, self._objects.role.shape
        if not shape or creation is None or resolved(self._contract, self._success.content[1]["schema"]) is shape:
            return False
        call = self._trial
        body, entity = creation.build(call)  # type: ignore[arg-type] # as much of a call as is looked at
        stored = self._completed(call, self._kept(entity, self._fit(body)))  # type: ignore[arg-type] # likewise
        return bool(self._contract.answer_errors(shape)(stored))

    @cached_property
    def _fit_shape(self) -> Fitting:
        return Fitting(self._contract, self._objects.role.shape, self._objects.role.example)

    @cached_property
    def _fit(self) -> Fitting:
        media = self._success.content[1]
        return Fitting(self._contract, media["schema"], example_of(self._contract, media))


def _lasting(before: Any, after: Any, told: Mapping[str, Any]) -> dict[str, Any]:
    """What stays with an object as long as it has its key, unless it is told: when it was made, and other ids."""
    begun = begun_of(after)
    lasting = (name for name in after if name == begun or name.lower() in OWN_IDS)
    return {name: before[name] for name in lasting if name in before and name not in told}


_HARMLESS = frozenset({"type", "description", "title", "example", "examples", "default", "readOnly", "deprecated"})


def _is_wider(mine: Node, theirs: Node) -> bool:
    """Whether a schema plainly allows what another one of its type does."""
    for keyword in mine.keys() - _HARMLESS:
        if keyword == "enum" and isinstance(theirs.get("enum"), list):
            if any(value not in mine["enum"] for value in theirs["enum"]):
                return False
        elif not keyword.startswith("x-") and mine[keyword] != theirs.get(keyword):
            return False
    return True


class _Trial:
    """A call by which a creation is tried before there is one."""

    moment, number, drawn, raw = 1_700_000_000.0, 1, None, None

    def __init__(self, value: Any) -> None:
        self.value = value
        self.path_parameters: dict[str, str] = {}
        self.facts: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.created: dict[str, Any] | None = None

    def header(self, _name: bytes) -> None:
        """No header."""
