"""One parameter: where it is read, what it says, and what is wrong with that."""

import copy
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.stub.call import Call
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.headers.media_types import is_json
from counterfoil.stub.requests.malformed import MalformedError
from counterfoil.stub.requests.parameters.fields import UndecodableError, decode, decode_field
from counterfoil.stub.requests.parameters.styles import ABSENT, fields_reader, shapes, text_reader
from counterfoil.stub.requests.parameters.text_types import TextTypes
from counterfoil.stub.requests.strict_json import parse
from counterfoil.stub.requests.violations import SchemaCheck, Violation

FORM = "application/x-www-form-urlencoded"

Reader = Callable[[Call[Any, Any]], Any]  # from a call to a tree of texts, or `ABSENT`


class Parameter:
    """A Parameter Object at a pointer of the contract.

    `others` are the names of the operation's other parameters in the query. A parameter in `querystring` is all of the
    query (OpenAPI 3.2, Parameter Object).
    """

    def __init__(
        self, contract: ContractTree, types: TextTypes, node: Node, pointer: str, others: Collection[str] = ()
    ) -> None:
        self.place, self.name = str(node.get("in")), str(node.get("name"))
        self.key = (self.place, self.name)
        self._required = bool(node.get("required"))
        self._may_be_empty = self.place == "query" and bool(node.get("allowEmptyValue"))
        self._style = str(node.get("style") or ("form" if self.place in ("query", "cookie") else "simple"))
        content = node.get("content") or NOTHING
        self._media_type = next(iter(content), None)
        at = json_pointer.join(pointer, *(("content", self._media_type) if self._media_type else ()), "schema")
        schema = contract.follow({"$ref": f"#{at}"}, at)[0]
        self._schema = schema
        self._typing = types.of(schema)
        self._default = schema.get("default", ABSENT)
        self._check = SchemaCheck(contract, at, self.place, (self.name,)) if schema else None
        explode = bool(node.get("explode", self._style == "form"))
        if self._media_type:
            self._readers = [self._by_content(contract, types, contract.follow(content[self._media_type])[0])]
        else:
            self._readers = self._by_style(others, explode=explode)

    def violations(self, call: Call[Any, Any]) -> Sequence[Violation]:
        """What is wrong with it in a call; if nothing is, its value or default is put among those of the call."""
        try:
            value = self._value(call)
        except (UndecodableError, MalformedError) as error:
            keyword, limit = ("contentMediaType", self._media_type) if self._media_type else ("style", self._style)
            return [self._violation(keyword, self._text(call), limit, f"cannot be read: {error}")]
        if value is ABSENT:
            if self._required:
                return [self._violation("required", None, limit=True, problem="is required")]
            if self._default is not ABSENT:
                call.parameters[self.key] = copy.deepcopy(self._default)
        elif self._check is None or (self._may_be_empty and value in ("", [], None)) or self._check.is_valid(value):
            call.parameters[self.key] = value
        else:
            return self._check.violations(value)
        return ()

    @property
    def narrowness(self) -> int:
        """2 where no text as such will do, 1 where not every text does, else 0."""
        types = self._typing.types
        if types and "string" not in types:
            return 2
        return int(not self._schema.keys().isdisjoint(("enum", "const", "pattern", "format", "maxLength")))

    def _violation(self, keyword: str, value: Any, limit: Any, problem: str) -> Violation:
        message = f'the {self.place} parameter "{self.name}" {problem}'
        return Violation(keyword, self.place, (self.name,), value, None, self._schema, limit, message)

    def _value(self, call: Call[Any, Any]) -> Any:
        """The typed value of the first reading that fits the schema; of the first at all if none does."""
        found, failure = ABSENT, None
        for value in self._readings(call):
            if isinstance(value, UndecodableError | MalformedError):
                failure = failure or value
                continue
            if self._check is None or (len(self._readers) == 1 and not self._is_union) or self._check.is_valid(value):
                return value
            found = value if found is ABSENT else found
        if found is ABSENT and failure is not None:
            raise failure
        return found

    def _readings(self, call: Call[Any, Any]) -> Iterator[Any]:
        for read in self._readers:
            try:
                tree = read(call)
            except (UndecodableError, MalformedError) as error:
                yield error
                continue
            if tree is ABSENT:
                continue
            yield self._typing(tree) if not self._media_type else tree
            if self._is_union and isinstance(tree, str):
                yield tree

    @property
    def _is_union(self) -> bool:
        """Whether a text may be meant as such although it looks like a number, a boolean or null."""
        return "string" in self._typing.types and len(self._typing.types) > 1

    def _text(self, call: Call[Any, Any]) -> str | None:
        match self.place:
            case "path":
                return call.path_parameters.get(self.name)
            case "header":
                found = call.header(self.name.lower().encode("latin-1"))
                return None if found is None else found.decode("latin-1")
            case "cookie":
                return call.cookies.get(self.name)
            case "querystring":
                return call.query_string.decode("latin-1")
        return next((value for name, value in reversed(call.query) if name == self.name), None)

    def _by_style(self, others: Collection[str], *, explode: bool) -> list[Reader]:
        if self.place in ("query", "cookie"):
            name = "query_fields" if self.place == "query" else "cookie_fields"
            unescape = decode_field if self.place == "query" else decode
            readers = fields_reader(self.name, self._style, self._typing, unescape, explode=explode, others=others)
            return [partial(_from_fields, name, read) for read in readers]
        unescape = decode if self.place == "path" else _as_it_is
        texts = [text_reader(self.name, self._style, each, unescape, explode=explode) for each in shapes(self._typing)]
        return [partial(self._from_text, read) for read in texts]

    def _by_content(self, contract: ContractTree, types: TextTypes, media: Node) -> Reader:
        typed = is_json(str(self._media_type))
        form = None
        if self.place == "querystring" and str(self._media_type).lower().startswith(FORM):
            from counterfoil.stub.requests.bodies.forms import Form

            form = Form(contract, types, media)

        def read(call: Call[Any, Any]) -> Any:
            text = self._sent(call)
            if text is ABSENT:
                return ABSENT
            if form is not None:
                return form.read(text)
            plain = decode_field(text) if self.place == "query" else decode(text) if self.place != "header" else text
            return parse(plain.encode()) if typed else self._typing(plain)

        return read

    def _from_text(self, read: Callable[[str], Any], call: Call[Any, Any]) -> Any:
        text = self._sent(call)
        return ABSENT if text is ABSENT else read(text)

    def _sent(self, call: Call[Any, Any]) -> Any:
        """The text of the parameter as it was sent, still encoded."""
        match self.place:
            case "path":
                return call.path_texts.get(self.name, ABSENT)
            case "header":
                value = call.header(self.name.lower().encode("latin-1", "replace"))
                return ABSENT if value is None else value.decode("latin-1")
            case "query":
                return call.query_fields.get(self.name, (ABSENT,))[-1]
            case "querystring":
                return call.query_string.decode("latin-1") if call.query_string else ABSENT
        return call.cookie_fields.get(self.name, (ABSENT,))[-1]


def _from_fields(name: str, read: Callable[[Any], Any], call: Call[Any, Any]) -> Any:
    return read(getattr(call, name))


def _as_it_is(text: str) -> str:
    return text
