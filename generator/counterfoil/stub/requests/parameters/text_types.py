"""The values that texts of queries, headers, forms and XML stand for, by the types that a schema allows."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node
from counterfoil.stub.requests.strict_json import parse

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,299})")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,299})(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_DEEPEST = 16


class TextTypes:
    """Types the texts of one operation; what is found out about a schema is kept."""

    def __init__(self, contract: ContractTree) -> None:
        self.contract = contract
        self._known: dict[int, Typing] = {}

    def of(self, schema: Any) -> "Typing":
        """The typing by a schema of the contract."""
        node = self.contract.follow(schema)[0]
        if id(node) not in self._known:
            self._known[id(node)] = Typing(self, node)
        return self._known[id(node)]


class Typing:
    """Types trees of texts by one schema.

    `types` are the JSON types it allows, none if it does not say.
    """

    def __init__(self, all_types: TextTypes, schema: Node) -> None:
        self._all, self.schema = all_types, schema
        self.types = all_types.contract.types(schema)
        self._is_text = not self.types or self.types == {"string"}

    def __call__(self, tree: Any) -> Any:
        """`tree` with each text as the value that it stands for; a text that stands for none remains.

        Values that are not texts are left as they are.
        """
        if isinstance(tree, str):
            return tree if self._is_text else self._scalar(tree)
        if isinstance(tree, dict):
            return self._object(tree)
        return [self.items(item) for item in tree] if isinstance(tree, list) else tree

    def _scalar(self, text: str) -> Any:
        types = self.types
        if "integer" in types or "number" in types:
            if INTEGER.fullmatch(text):
                return int(text)
            if NUMBER.fullmatch(text) and (number := float(text)) - number == 0:
                return int(number) if "number" not in types and number.is_integer() else number
        if "boolean" in types and text in ("true", "false"):
            return text == "true"
        if "null" in types and (text == "null" or (not text and "string" not in types)):
            return None
        if "string" in types:
            return text
        if (text[:1] == "{" and "object" in types) or (text[:1] == "[" and "array" in types):
            return json_or_text(text)
        if "array" in types:
            return [self.items(text)] if text else []
        return text

    def _object(self, tree: dict[str, Any]) -> Any:
        if "object" not in self.types and ("array" in self.types or not self.types):
            as_list = _indexed(tree)
            if as_list is not None:
                return [self.items(item) for item in as_list]
        return {name: (self.fields.get(name) or self.others)(value) for name, value in tree.items()}

    @cached_property
    def items(self) -> "Typing":
        """The typing of the items of an array."""
        return self._all.of(self._member("items", _DEEPEST))

    @cached_property
    def fields(self) -> dict[str, "Typing"]:
        """The typings of the properties of an object, those of all parts and branches of the schema included."""
        found: dict[str, Node] = {}
        self._gather(self.schema, found, _DEEPEST)
        return {name: self._all.of(node) for name, node in found.items()}

    @cached_property
    def others(self) -> "Typing":
        """The typing of properties that have no schema of their own."""
        return self._all.of(self._member("additionalProperties", _DEEPEST))

    @cached_property
    def xml(self) -> Node:
        """The XML Object of the schema and its parts, that of one of its branches where these have none."""
        return self._stated_xml(self.schema, _DEEPEST) or self._member("xml", _DEEPEST) or NOTHING

    @cached_property
    def is_open(self) -> bool:
        """Whether an object may well have properties that its schema does not name."""
        return not self.fields or isinstance(self._member("additionalProperties", _DEEPEST), dict)

    def _stated_xml(self, schema: Any, depth: int) -> Node:
        node = self._all.contract.follow(schema)[0]
        found: dict[str, Any] = {}
        for part in node.get("allOf") or () if depth else ():
            found |= self._stated_xml(part, depth - 1)
        return found | dict(node.get("xml") or NOTHING)

    def _gather(self, schema: Any, found: dict[str, Node], depth: int) -> None:
        node = self._all.contract.follow(schema)[0]
        for name, child in (node.get("properties") or NOTHING).items():
            found.setdefault(name, child)
        for part in _parts(node) if depth else ():
            self._gather(part, found, depth - 1)

    def _member(self, keyword: str, depth: int, schema: Any = None) -> Any:
        node = self.schema if schema is None else self._all.contract.follow(schema)[0]
        if isinstance(node.get(keyword), Mapping):
            return node[keyword]
        found = (self._member(keyword, depth - 1, part) for part in _parts(node) if depth)
        return next((member for member in found if member), None)


def json_or_text(text: str) -> Any:
    """The JSON value that a text is, else the text itself."""
    try:
        return parse(text.encode())
    except ValueError:
        return text


def _parts(node: Node) -> list[Any]:
    return [part for keyword in ("allOf", "oneOf", "anyOf") for part in node.get(keyword) or ()]


def _indexed(tree: dict[str, Any]) -> list[Any] | None:
    """The items of a list whose indices are written as names, None if `tree` has other names."""
    if not tree or not all(name.isdecimal() and name.isascii() and len(name) < 10 for name in tree):
        return None
    return [tree[name] for name in sorted(tree, key=int)]
