"""Which value a body stands for and which schema judges it, found out once for each media type."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import ContractTree, Node
from counterfoil.stub.requests.bodies import sequences
from counterfoil.stub.requests.bodies.texts import bytes_as_text, essence, is_text, text_of
from counterfoil.stub.requests.headers.media_types import MediaTypes, is_json
from counterfoil.stub.requests.parameters.text_types import TextTypes
from counterfoil.stub.requests.strict_json import parse
from counterfoil.stub.requests.violations import SchemaCheck, Violation

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"

MOST = 100  # violations that are told of a sequence, and those of one item

Reader = Callable[[Call[Any, Any]], Any]  # raises MalformedError
Further = Callable[[Call[Any, Any]], list[Violation]]


class BodyKind:
    """Bodies of one media type: how they are read, None if nothing looks into them, and what is checked of them.

    `may_be_empty`: no bytes at all are a value as well, an empty form or text. `further` finds violations that no
    schema knows of.
    """

    __slots__ = ("check", "further", "is_json", "item_check", "may_be_empty", "read")

    def __init__(self, contract: ContractTree, types: TextTypes, media: Node, pointer: str, media_type: str) -> None:
        """`media` is the Media Type Object at `pointer`, `media_type` what was sent, without parameters."""
        self.is_json = is_json(media_type)
        self.further: Further | None = None
        self.read: Reader | None = None
        self.may_be_empty = media_type == FORM
        has_schema = media.get("schema") is not None
        self.check = SchemaCheck(contract, json_pointer.join(pointer, "schema"), "body") if has_schema else None
        self.item_check: SchemaCheck | None = None
        if self.is_json:
            self.read = _read_json
        elif media_type in (FORM, MULTIPART):
            self._read_form(contract, types, media, media_type)
        elif sequences.is_sequence(media_type):
            self._read_sequence(contract, types, media, pointer)
        elif media_type.endswith(("/xml", "+xml")):
            from counterfoil.stub.requests.bodies.xml import XMLReader

            self.read = XMLReader(types, media.get("schema")).read
            if not types.of(media.get("schema")).types - {"string"}:
                self.check = None
        elif has_schema:
            self._read_text(types, media, media_type)

    def violations(self, call: Call[Any, Any], first: Iterable[str]) -> list[Violation]:
        """What is wrong with the value of a call, by the schema and beyond it."""
        found = self.further(call) if self.further else []
        if self.check is not None and not self.check.is_valid(call.value):
            found += self.check.violations(call.value, frozenset(first))
        if self.item_check is not None and isinstance(call.value, list):
            for index, item in enumerate(call.value):
                if not self.item_check.is_valid(item):
                    self.item_check.prefix = (index,)
                    found += self.item_check.violations(item, frozenset(first))
                if len(found) > MOST:
                    break
        return found

    def _read_form(self, contract: ContractTree, types: TextTypes, media: Node, media_type: str) -> None:
        from counterfoil.stub.requests.bodies.forms import Form

        form = Form(contract, types, media)
        if media_type == FORM:
            self.read, self.further = form.read_fields, form.field_violations
        else:
            self.read, self.further = form.read_parts, form.part_violations

    def _read_sequence(self, contract: ContractTree, types: TextTypes, media: Node, pointer: str) -> None:
        self.read = sequences.read
        keyword = next((name for name in ("itemSchema", "x-item-schema") if name in media), None)
        if keyword:
            self.item_check = SchemaCheck(contract, json_pointer.join(pointer, keyword), "body")
        elif self.check is not None and "array" not in types.of(media["schema"]).types:
            self.check, self.item_check = None, self.check

    def _read_text(self, types: TextTypes, media: Node, media_type: str) -> None:
        typing = types.of(media["schema"])
        if typing.types <= {"object", "array"} and typing.types:
            self.check = None
        elif is_text(media_type):
            self.may_be_empty = True
            self.read = lambda call: typing(text_of(call.raw or b"", call.header(b"content-type")))
        else:
            self.read = lambda call: bytes_as_text(call.raw or b"")


class BodyKinds:
    """The kinds of bodies that an operation accepts; its `content` map is at `pointer`."""

    LARGEST = 256

    def __init__(
        self, contract: ContractTree, types: TextTypes, content: Node, pointer: str, also_json: Iterable[str]
    ) -> None:
        self._contract, self._types, self._content, self._pointer = contract, types, content, pointer
        self._media_types = MediaTypes(content, also_json)
        self._kinds: dict[tuple[str, str], BodyKind] = {}
        self._known: dict[bytes | None, BodyKind | None] = {None: None}

    @cached_property
    def first(self) -> BodyKind | None:
        """The kind of the first JSON media type, where a server takes any body for that."""
        name = next(filter(is_json, self._content), None)
        return None if name is None else self.find(name.encode("latin-1", "replace"))

    @cached_property
    def only(self) -> BodyKind | None:
        """The kind of all bodies, where there is one JSON media type and no other."""
        return self.first if len(self._content) == 1 else None

    def find(self, header: bytes | None) -> BodyKind | None:
        """The kind of a body with this Content-Type, None if it is not accepted."""
        try:
            return self._known[header]
        except KeyError:
            kind = self._find(header)
            if len(self._known) < self.LARGEST and b"boundary" not in (header or b""):
                self._known[header] = kind
            return kind

    def _find(self, header: bytes | None) -> BodyKind | None:
        name = self._media_types.match(header)
        if name is None:
            return None
        stated, sent = name.partition(";")[0].strip().lower(), essence(header)
        media_type = stated if "*" not in stated and is_json(stated) else sent
        key = (name, media_type)
        kind = self._kinds.get(key)
        if kind is None:
            media, pointer = self._contract.follow(self._content[name], json_pointer.join(self._pointer, name))
            kind = BodyKind(self._contract, self._types, media, pointer, media_type)
            if len(self._kinds) < self.LARGEST:
                self._kinds[key] = kind
        return kind


def _read_json(call: Call[Any, Any]) -> Any:
    return parse(call.raw or b"")
