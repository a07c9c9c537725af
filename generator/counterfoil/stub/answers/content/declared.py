"""One response that the contract declares: its media types, each with examples and made-up values, and its headers."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from uuid import uuid4

from counterfoil.stub.answers import made_values
from counterfoil.stub.answers.content.writing import is_xml, write
from counterfoil.stub.answers.placeholders import text_of
from counterfoil.stub.answers.sampling import Sampler, example_of, stated_value
from counterfoil.stub.answers.speaking import names_of, narrowed
from counterfoil.stub.call import Headers, field_value
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.headers.accept import Accept
from counterfoil.stub.requests.headers.media_types import concrete, is_json
from counterfoil.stub.requests.strict_json import dump, parse
from counterfoil.stub.state.inference.names import plain

REQUEST_IDS = frozenset({b"x-request-id", b"request-id", b"x-correlation-id", b"x-trace-id"})
_UUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
EMPTY = (204, 205, 304)  # statuses of answers without content
OWN_HEADERS = frozenset({b"content-type", b"content-length", b"content-encoding", b"transfer-encoding", b"connection"})


class Content:
    """One media type of a response."""

    def __init__(
        self,
        contract: ContractTree,
        sampler: Sampler,
        media_type: str,
        media: Any,
        status: int = 200,
        *,
        as_prism: bool = False,
    ) -> None:
        """`media_type` may be a range; of an error it matters which `status` it has. `as_prism` see `Success`."""
        self.stated = media_type
        self._contract = contract
        self._sampler = sampler
        self._status, self._as_prism = status, as_prism
        self.is_range = media_type.strip() == "*/*"
        self.media: Node = contract.follow(media)[0]
        schema = self.media.get("schema")
        self.schema: Node = schema if isinstance(schema, Mapping) else NOTHING
        self.media_type = concrete(media_type, is_text=contract.types(self.schema) == {"string"})
        self.header = (b"content-type", self.media_type.encode("latin-1", "replace"))
        self.is_json = is_json(self.media_type)

    @property
    def is_object_as_text(self) -> bool:
        """Whether an object or array would be written as a text that is neither JSON nor XML."""
        if not self.media_type.startswith("text/") or self.is_json or is_xml(self.media_type):
            return False
        if self.has_example():
            return isinstance(example_of(self._contract, self.media), dict | list)
        return bool(self._contract.types(self.schema) & {"object", "array"})

    def has_example(self, name: str | None = None) -> bool:
        """Whether the contract has an example for the media type, or one of this name."""
        examples = self.media.get("examples") or NOTHING
        return "example" in self.media or bool(examples) if name is None else name in examples

    def example(self, name: str) -> bytes:
        """The example of this name."""
        example = self._contract.follow(self.media["examples"][name])[0]
        return self.write(example.get("value", example.get("dataValue", example.get("serializedValue"))))

    @cached_property
    def usual(self) -> bytes:
        """The contract's first example, else a value made from the schema."""
        value = example_of(self._contract, self.media)
        if value is None and not ("example" in self.media and self.is_json) and self.schema:
            value = self._sampler.value(self._speaking)
        elif value is None and not self.has_example() and (self._as_prism or not self.is_json):
            return b""
        return self.write(value)

    def renewed(self) -> bytes:
        """The usual value, with another id of a request where it tells one."""
        told = self._request_id
        return self.usual.replace(told, b'"%s"' % str(uuid4()).encode(), 1) if told else self.usual

    @cached_property
    def _request_id(self) -> bytes:
        """What the usual value tells as the id of a request, as JSON; empty where it tells none."""
        if not self.is_json or self._as_prism:
            return b""
        value = parse(self.usual) if self.usual else None
        known = self._contract.properties(self.schema)
        for name, each in value.items() if isinstance(value, dict) else ():
            may_be_any = name in known and self._contract.accepts(known[name], str(uuid4()))
            if plain(name) in made_values.REQUEST_IDS and isinstance(each, str) and may_be_any:
                return dump(each)
        return b""

    def varied(self, seed: str) -> bytes:
        """Another value for each seed, made from the schema; the usual one without a schema."""
        return self.write(self._sampler.varied(self._speaking, seed)) if self.schema else self.usual

    @cached_property
    def _speaking(self) -> Node:
        """The schema; that of an error with the alternatives and values that speak of its status."""
        if self._status < 400:
            return self.schema
        return narrowed(self._contract, self.schema, names_of(self._status))

    def write(self, value: Any) -> bytes:
        """A JSON value in this media type."""
        # Prism's XML heeds no `xml` objects, and its root has no other name.
        schema = NOTHING if self._as_prism else self.schema
        return write(self._contract, self.media_type, schema, value)


class Declared:
    """A Response Object, answered with `status`. The first of `contents` is the default: JSON where there is any."""

    def __init__(
        self, contract: ContractTree, sampler: Sampler, status: int, node: Node, *, as_prism: bool = False
    ) -> None:
        """With `as_prism`, see `Success`, the default is what the contract names first."""
        self._contract = contract
        self._sampler = sampler
        self.status = status
        content = (node.get("content") or NOTHING) if status not in EMPTY else NOTHING
        self.contents = [
            Content(contract, sampler, name, media, status, as_prism=as_prism) for name, media in content.items()
        ]
        if not as_prism:
            self.contents.sort(key=lambda content: not content.is_json)
        self._accept = Accept([content.media_type for content in self.contents])
        self._headers: Node = node.get("headers") or NOTHING

    @property
    def header_names(self) -> list[str]:
        """The names of the headers that are declared."""
        return list(self._headers)

    def header_format(self, name: str) -> str:
        """The format that the contract states of a header, empty without one."""
        schema = self._contract.follow(self._contract.follow(self._headers.get(name))[0].get("schema"))[0]
        return str(schema.get("format") or "")

    def content(self, accept: bytes | None) -> Content | None:
        """The content that suits an Accept header; None if none does, or there is none."""
        index = self._accept.choose(accept) if self.contents else None
        return None if index is None else self.contents[index]

    @cached_property
    def required_headers(self) -> Headers:
        """The headers that are required, and those of which the contract states a value."""
        return self._made(every=False)

    @cached_property
    def fresh_headers(self) -> frozenset[bytes]:
        """Those of the headers that tell the id of a request as a UUID, which is another one for each answer."""
        made = self.every_header
        return frozenset(key for key, value in made if key in REQUEST_IDS and _UUID.fullmatch(value))

    @cached_property
    def texts(self) -> dict[bytes, Callable[[Any], bool]]:
        """The headers that are texts, by names in lower case, each with what tells whether it may have a value."""
        schemas = {name: self._contract.follow(header)[0].get("schema") or {} for name, header in self._headers.items()}
        return {
            key: self._contract.acceptance(schema)
            for name, schema in schemas.items()
            if (key := name.lower().encode("latin-1", "replace")) not in OWN_HEADERS
            and self._contract.types(schema) <= {"string"}
        }

    @cached_property
    def every_header(self) -> Headers:
        """All headers."""
        return self._made(every=True)

    def _made(self, *, every: bool) -> Headers:
        made: Headers = []
        for name, header in self._headers.items():
            node = self._contract.follow(header)[0]
            key = name.lower().encode("latin-1", "replace")
            if key in OWN_HEADERS:
                continue
            content = next(iter((node.get("content") or NOTHING).values()), NOTHING)
            schema = node.get("schema") or content.get("schema") or {"type": "string"}
            example = example_of(self._contract, {**content, **node})
            stated, value = (True, example) if example is not None else stated_value(self._contract.follow(schema)[0])
            if not (every or stated or node.get("required")):
                continue
            if not stated:
                value = self._sampler.value({"type": "object", "properties": {name: schema}}).get(name)
            made.append((key, _header_text(value, explode=node.get("explode") is True)))
        return made


def renewed(headers: Headers, fresh: frozenset[bytes]) -> Headers:
    """The same headers with new ids of requests."""
    return [(key, str(uuid4()).encode()) if key in fresh else (key, value) for key, value in headers]


def _header_text(value: Any, *, explode: bool) -> bytes:
    """A value in the style `simple` (OpenAPI 3.1, Style Values)."""
    if isinstance(value, dict):
        parts = (f"{key}={text_of(each)}" if explode else f"{key},{text_of(each)}" for key, each in value.items())
    else:
        parts = (text_of(each) for each in (value if isinstance(value, list) else [value]))
    return field_value(",".join(parts))
