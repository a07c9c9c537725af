"""Taking files, telling of them, and giving them back byte by byte."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from counterfoil.stub.answers.placeholders import Producer
from counterfoil.stub.answers.responses import Success, Written
from counterfoil.stub.call import Call, RefusalError, Reply, field_value
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.bodies.texts import essence, header_parameter
from counterfoil.stub.requests.headers.media_types import is_json, media_type_fits
from counterfoil.stub.requests.routing.templates import VARIABLE
from counterfoil.stub.schema_walk import ITEMS, Pointer, objects
from counterfoil.stub.state.files import File, find, keep
from counterfoil.stub.state.inference.files import PARTS, file_part, may_be_file, told_of_file
from counterfoil.stub.state.inference.names import OWN_IDS, plain
from counterfoil.stub.state.objects import Objects, key_text

Action = Callable[[Call[Any, Any]], Reply[Any]]


class Taking:
    """The file that a request of an operation brings."""

    def __init__(self, contract: ContractTree, operation: Node) -> None:
        """`operation` is the Operation Object."""
        self._contract = contract
        content = contract.follow(operation.get("requestBody"))[0].get("content") or NOTHING
        forms = (media for name, media in content.items() if essence(name.encode()) == PARTS)
        schemas = (contract.follow(media)[0].get("schema") or NOTHING for media in forms)
        self.part = next(filter(None, (file_part(contract, schema) for schema in schemas)), None)

    def __call__(self, call: Call[Any, Any]) -> File | None:
        """The file, None where there is none."""
        sent = essence(call.header(b"content-type"))
        if sent == PARTS:
            part = next((each for each in call.parts if each.name == self.part), None)
            return None if part is None else File(part.content, part.media_type, part.filename or "")
        if not call.raw or is_json(sent):
            return None
        name = header_parameter(call.header(b"content-disposition") or b"", "filename")
        return File(call.raw, sent, name or "")

    def telling(self, name: str, schema: Node) -> Callable[[Producer | None], Producer] | None:
        """How a property of what is made of a file tells of that; None where it does not.

        What comes back takes how the property is made where there is no file, or it may not be told.
        """
        node = self._contract.follow(schema)[0]
        kind = told_of_file(name, str(node.get("description", "")))
        is_text = "string" in self._contract.types(node)
        if kind is None or is_text is (kind == "size"):
            return None
        accepts = self._contract.acceptance(schema)

        def tell(otherwise: Producer | None) -> Producer:
            def make(call: Call[Any, Any]) -> Any:
                file = self(call)
                told = _facts(file, kind) if file is not None else ()
                fitting = (each for each in told if each != "" and accepts(each))
                return next(fitting, None if otherwise is None else otherwise(call))

            return make

        return tell


def _facts(file: File, kind: str) -> tuple[Any, ...]:
    """What may be told of a file, in the forms that it may be told in."""
    if kind == "size":
        return (len(file.content),)
    if kind in ("name", "type"):
        return (file.name if kind == "name" else file.media_type,)
    digest = hashlib.new(kind, file.content, usedforsecurity=False)
    return digest.hexdigest(), base64.b64encode(digest.digest()).decode()


class Uploading:
    """An action that also keeps the file of its request where `role.files` of its objects say that it is given back."""

    def __init__(
        self, contract: ContractTree, objects: Objects, taking: Taking, success: Success, path: str, action: Action
    ) -> None:
        """`path` is the template of the operation's path."""
        self._action, self._taking = action, taking
        own = VARIABLE.findall(path)
        schema = success.content[1].get("schema") or NOTHING
        self._places: list[tuple[str, list[str], Pointer | None]] = []
        for template in objects.role.files:
            names = VARIABLE.findall(template)
            is_named = len(names) == len(own) and (not own or plain(names[-1]) == plain(own[-1]))
            keyed = None if is_named else _key_place(contract, schema, names[-1]) or ()
            self._places.append((template, own if is_named else own[: len(names) - 1], keyed))
        self._objects = objects
        shape = contract.properties(objects.role.shape) if objects.role.key is not None else {}
        telling = ((name, taking.telling(name, schema)) for name, schema in shape.items())
        self._told = {name: tell(None) for name, tell in telling if tell is not None}

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """What the action answers; a file is kept where that is a success. `RefusalError` of an unknown object."""
        _require(self._objects, call)
        file = self._taking(call)
        if file is not None and self._told:
            self._tell(call)
        reply = self._action(call)
        file = file if reply.status < 300 else None
        for template, own, keyed in self._places if file is not None else ():
            values = [call.path_parameters[name] for name in own]
            if keyed is not None:
                key = call.made or _picked(reply, keyed)
                if key is None:
                    continue
                values.append(key)
            keep(call.session.store, _filled(template, values), file)
        return reply

    def _tell(self, call: Call[Any, Any]) -> None:
        """Let the object that the call names tell of its new file."""
        told = {name: value for name, make in self._told.items() if (value := make(call)) is not None}
        objects = self._objects
        if (key := objects.key(call)) is not None:
            objects.edit(call, objects.collection(call), key, lambda before: {**before, **told})


def _require(objects: Objects, call: Call[Any, Any]) -> None:
    """`RefusalError` where a call names an object that is not there, and its action would not look for it."""
    role = objects.role
    if role.action == "answer" and role.key is not None and role.unknown == "refuse":
        collection, key = objects.collection(call), objects.key(call)
        if key is None or objects.find(call, collection, key) is None:
            raise RefusalError("unknown-object")


def _key_place(contract: ContractTree, schema: Node, variable: str) -> Pointer | None:
    """Where an answer tells the key of what was made."""
    for wanted in ((plain(variable),), OWN_IDS):
        for place, node in objects(contract, schema):
            name = next((each for each in contract.properties(node) if plain(each) in wanted), None)
            if name is not None:
                return (*place, name)
    return None


def _picked(reply: Reply[Any], place: Pointer) -> str | None:
    try:
        found = reply.value if place else None
    except ValueError:
        return None
    for name in place:
        if name == ITEMS:
            found = found[0] if isinstance(found, list) and found else None
        else:
            found = found.get(name) if isinstance(found, dict) else None
    return key_text(found) if isinstance(found, str | int) else None


class Downloading:
    """An action in whose place a file is given that was uploaded; what is not there, or not any more, is refused."""

    def __init__(self, objects: Objects, success: Success, action: Action) -> None:
        self._objects, self._success, self._action = objects, success, action
        self._template = objects.role.files[0]

    def __call__(self, call: Call[Any, Any]) -> Reply[Any]:
        """The file, else what the action answers; `RefusalError`."""
        reply = self._action(call)
        content = call.wanted or next(iter(self._success.declared.contents), None)
        if content is None or not may_be_file(content.media_type.lower()) or reply.status != self._success.status:
            return reply
        _require(self._objects, call)
        is_known, file = find(call.session.store, path_of(call, self._template))
        if not is_known:
            return reply
        if file is None:
            raise RefusalError("unknown-object")
        fits = file.media_type and media_type_fits(file.media_type, content.stated)
        header = (b"content-type", field_value(file.media_type)) if fits else content.header
        return Written(reply.status, file.content, [header])


def path_of(call: Call[Any, Any], template: str) -> str:
    """The path of a call by the template of its operation."""
    return _filled(template, [call.path_parameters[name] for name in VARIABLE.findall(template)])


def removing(objects: Objects, path: str, action: Action) -> Action:
    """`action`, which removes a file or what it belongs to, with the file; `path` is the operation's template."""
    own = VARIABLE.findall(path)

    def removed(call: Call[Any, Any]) -> Reply[Any]:
        reply = action(call)
        values = [call.path_parameters[name] for name in own]
        for template in objects.role.files if reply.status < 300 else ():
            keep(call.session.store, _filled(template, values), None)
        return reply

    return removed


def _filled(template: str, values: list[str]) -> str:
    left = iter(values)
    return VARIABLE.sub(lambda _: quote(next(left, ""), safe=""), template)
