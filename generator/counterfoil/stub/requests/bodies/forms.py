"""Forms as objects: fields by the schema's properties and the encodings of the Media Type Object (OpenAPI 3.1)."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.bodies.multipart import Part
from counterfoil.stub.requests.headers.media_types import is_json, media_type_fits
from counterfoil.stub.requests.malformed import MalformedError
from counterfoil.stub.requests.parameters.brackets import belongs
from counterfoil.stub.requests.parameters.fields import Decode, Fields, UndecodableError, decode_field, fields_of, split
from counterfoil.stub.requests.parameters.styles import ABSENT, FieldsReader, fields_reader
from counterfoil.stub.requests.parameters.text_types import TextTypes
from counterfoil.stub.requests.strict_json import MalformedJSONError, parse
from counterfoil.stub.requests.violations import Violation

MOST_FIELDS = 10_000
_RESERVED = re.compile(r"[:/?#\[\]@!$'()*,;=]")


class Form:
    """What one Media Type Object says of a form."""

    def __init__(self, contract: ContractTree, types: TextTypes, media: Node) -> None:
        self._contract = contract
        self._typing = types.of(media.get("schema"))
        self._encodings: Mapping[str, Node] = media.get("encoding") or NOTHING

    def read_fields(self, call: Call[Any, Any]) -> dict[str, Any]:
        """The typed object that a body of application/x-www-form-urlencoded stands for."""
        return self.read((call.raw or b"").decode("latin-1"))

    def read(self, text: str) -> dict[str, Any]:
        """The typed object that a text in that media type stands for, one character a byte."""
        if text.count("&") > MOST_FIELDS:
            raise MalformedError(f"more than {MOST_FIELDS} fields")
        try:
            return self._object(fields_of(split(text)), decode_field)
        except UndecodableError as error:
            raise MalformedError(str(error)) from None

    def read_parts(self, call: Call[Any, Any]) -> dict[str, Any]:
        """The typed object that a body of multipart/form-data stands for, files being strings."""
        fields: Fields = {}
        stated: dict[str, list[Any]] = {}
        for part in call.parts:
            if not part.name:
                raise MalformedError("a part has no name")
            if self._is_json(part):
                try:
                    stated.setdefault(part.name, []).append(parse(part.content))
                except MalformedJSONError as error:
                    raise MalformedError(f'the part "{part.name}" is no JSON: {error.message}') from None
            else:
                fields.setdefault(part.name, []).append(part.text)
        found = self._object(fields, str)
        for name, values in stated.items():
            known = self._typing.fields.get(name)
            is_list = "array" in known.types if known else len(values) > 1
            found[name] = values if is_list and not isinstance(values[0], list) else values[-1]
        return found

    def field_violations(self, call: Call[Any, Any]) -> list[Violation]:
        """Fields that hold reserved characters although their encoding says `allowReserved: false`."""
        names = {name for name, encoding in self._encodings.items() if encoding.get("allowReserved") is False}
        fields = fields_of(split((call.raw or b"").decode("latin-1"))) if names else {}
        return [
            self._violation(name, "allowReserved", text, limit=False, problem="has reserved characters")
            for name in sorted(names & fields.keys())
            for text in fields[name]
            if _RESERVED.search(text)
        ]

    def part_violations(self, call: Call[Any, Any]) -> list[Violation]:
        """Parts whose Content-Type or headers are not what their encoding says."""
        found = []
        for part in call.parts if self._encodings else ():
            encoding = self._encodings.get(part.name) or NOTHING
            wanted = encoding.get("contentType")
            if wanted and part.media_type and not media_type_fits(part.media_type, str(wanted)):
                problem = f"has the media type {part.media_type}, not {wanted}"
                found.append(self._violation(part.name, "contentMediaType", part.media_type, wanted, problem))
            for name, header in (encoding.get("headers") or NOTHING).items():
                required = self._contract.follow(header)[0].get("required")
                if required and name.lower() != "content-type" and name.lower().encode() not in part.headers:
                    problem = f"lacks the header {name}"
                    found.append(self._violation(part.name, "required", None, limit=True, problem=problem))
        return found

    def _violation(self, name: str, keyword: str, value: Any, limit: Any, problem: str) -> Violation:
        node = self._typing.fields[name].schema if name in self._typing.fields else NOTHING
        return Violation(keyword, "body", (name,), value, None, node, limit, f'the field "{name}" {problem}')

    def _is_json(self, part: Part) -> bool:
        if part.media_type:
            return is_json(part.media_type)
        return is_json(str((self._encodings.get(part.name) or NOTHING).get("contentType", "")))

    def _object(self, fields: Fields, decode: Decode) -> dict[str, Any]:
        found: dict[str, Any] = {}
        consumed: set[str] = set()
        for name, read in self._readers(decode):
            value = read(fields)
            if value is not ABSENT:
                found[name] = value
                consumed |= {field for field in fields if field == name or belongs(field, name)}
        for name, texts in fields.items():
            if name not in consumed and name not in self._exploded:
                found[name] = decode(texts[0]) if len(texts) == 1 else [decode(text) for text in texts]
        typed: dict[str, Any] = self._typing(found)
        return typed

    def _readers(self, decode: Decode) -> list[tuple[str, Callable[[Fields], Any]]]:
        return self._part_readers if decode is str else self._field_readers

    @cached_property
    def _field_readers(self) -> list[tuple[str, Callable[[Fields], Any]]]:
        return [(name, self._reader(name, decode_field)) for name in self._typing.fields]

    @cached_property
    def _part_readers(self) -> list[tuple[str, Callable[[Fields], Any]]]:
        return [(name, self._reader(name, str)) for name in self._typing.fields]

    def _reader(self, name: str, decode: Decode) -> Callable[[Fields], Any]:
        """A function from fields to what they say of a property.

        Lists and objects without an encoding may be fields of their own, `name[…]` or JSON.
        """
        encoding = self._encodings.get(name) or NOTHING
        style = str(encoding.get("style") or ("form" if "explode" in encoding else "deepObject"))
        explode = bool(encoding.get("explode", style in ("form", "deepObject")))
        readers: list[FieldsReader] = fields_reader(name, style, self._typing.fields[name], decode, explode=explode)

        def read(fields: Fields) -> Any:
            failure = None
            for each in readers:
                try:
                    value = each(fields)
                except UndecodableError as error:
                    failure = error
                    continue
                if value is not ABSENT:
                    return value
            if failure is not None and name in fields:
                return decode(fields[name][-1])
            return ABSENT

        return read

    @cached_property
    def _exploded(self) -> frozenset[str]:
        """The fields that are properties of a property, which `style: form` writes without its name."""
        names = [
            name
            for name, encoding in self._encodings.items()
            if encoding.get("style", "form") == "form" and encoding.get("explode", "style" in encoding)
        ]
        inner = [set(self._typing.fields[name].fields) for name in names if name in self._typing.fields]
        return frozenset().union(*inner) - self._typing.fields.keys()
