"""JSON values as XML, by the `xml` objects of their schemas (OpenAPI 3.1, XML Object)."""

import re
from collections.abc import Mapping
from typing import Any

from counterfoil.stub.answers.values.merging import merge_parts
from counterfoil.stub.contract_tree import NOTHING, ContractTree, Node

ROOT = "xml"  # what an element is called that has no name
DEEPEST = 64
CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
NAME_START = re.compile(r"[^A-Za-z_:]")
NOT_NAME = re.compile(r"[^\w.:-]")


def to_xml(contract: ContractTree, schema: Node, value: Any) -> str:
    """The XML text of a value that fits `schema`: one element, called as the schema's `xml` or component says."""
    name = _root_name(schema)
    texts = _Writer(contract).element(name, schema, value, 0, frozenset())
    return "".join(texts) or f"<{_qualified(name, NOTHING, frozenset())}/>"


class _Writer:
    def __init__(self, contract: ContractTree) -> None:
        self._contract = contract

    def element(self, name: str, schema: Node, value: Any, depth: int, bound: frozenset[str]) -> list[str]:
        """The texts of the element or elements of a property `name`; `bound` are the prefixes of namespaces around."""
        merged = self._merged(schema, value)
        xml = merged.get("xml") or NOTHING
        if isinstance(value, list):
            return self._list(name, merged, xml, value, depth, bound)
        if value is None or depth > DEEPEST:
            return []
        bound |= _binding(xml)
        name = _qualified(xml.get("name") or name, xml, bound)
        start = f"<{name}{_namespace(xml)}"
        if not isinstance(value, Mapping):
            return [f"{start}>{_escaped(_text(value))}</{name}>"]
        attributes, children = [], []
        properties = merged.get("properties") or NOTHING
        for key, each in value.items():
            node = properties.get(key) or self._other(merged)
            inner = self._merged(node, each).get("xml") or NOTHING
            if (inner.get("attribute") or inner.get("nodeType") == "attribute") and not isinstance(each, list | dict):
                label = _qualified(inner.get("name") or key, inner, bound | _binding(inner))
                attributes.append(f"{_namespace(inner)} {label}={_quoted(CONTROL.sub('', _text(each)))}")
            elif inner.get("nodeType") == "text" and not isinstance(each, list | dict):
                children.append(_escaped(_text(each)))
            else:
                children += self.element(key, node, each, depth + 1, bound)
        return [start, *attributes, ">", *children, f"</{name}>"]

    def _list(
        self, name: str, schema: Node, xml: Node, value: list[Any], depth: int, bound: frozenset[str]
    ) -> list[str]:
        bound |= _binding(xml)
        stated = schema.get("items")
        items: Node = stated if isinstance(stated, Mapping) else NOTHING
        prefixes = schema.get("prefixItems") or ()
        own = (self._merged(items, value[0] if value else None).get("xml") or NOTHING).get("name")
        wrapped = xml.get("wrapped") or xml.get("nodeType") == "element" or depth == 0
        outer = str(xml.get("name") or name)
        inner = str(own or (name if wrapped else outer))
        made = [
            text
            for index, each in enumerate(value)
            for text in self.element(inner, prefixes[index] if index < len(prefixes) else items, each, depth + 1, bound)
        ]
        if not wrapped:
            return made
        label = _qualified(outer, xml, bound)
        return [f"<{label}{_namespace(xml)}>", *made, f"</{label}>"]

    def _merged(self, schema: Any, value: Any) -> Node:
        """A schema with its parts, and of a union the branch that a value fits."""
        merged = merge_parts(self._contract, schema) if isinstance(schema, Mapping) else NOTHING
        for keyword in ("oneOf", "anyOf"):
            for branch in merged.get(keyword) or ():
                if self._contract.accepts(branch, value):
                    return {**merged, **merge_parts(self._contract, branch)}
        return merged

    def _other(self, schema: Node) -> Node:
        other = schema.get("additionalProperties")
        return other if isinstance(other, Mapping) else NOTHING


def _root_name(schema: Node) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2] or ROOT


def _binding(xml: Node) -> frozenset[str]:
    return frozenset({str(xml["prefix"])}) if xml.get("prefix") and xml.get("namespace") else frozenset()


def _qualified(name: str, xml: Node, bound: frozenset[str]) -> str:
    """A name that XML allows, with its prefix where that stands for a namespace."""
    name = NOT_NAME.sub("_", str(name)) or ROOT
    if NAME_START.match(name):
        name = f"_{name}"
    prefix = str(xml.get("prefix", ""))
    return f"{NOT_NAME.sub('_', prefix)}:{name}" if prefix in bound else name


def _namespace(xml: Node) -> str:
    if not xml.get("namespace"):
        return ""
    prefix = f":{NOT_NAME.sub('_', str(xml['prefix']))}" if xml.get("prefix") else ""
    return f" xmlns{prefix}={_quoted(str(xml['namespace']))}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return CONTROL.sub("", str(value)) if value is not None else ""


# Written out, since `xml.sax.saxutils` imports clients for HTTP, FTP and mail.
_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SPECIAL_IN_QUOTES = {**_SPECIAL, **str.maketrans({'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})}


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)


def _quoted(text: str) -> str:
    return f'"{text.translate(_SPECIAL_IN_QUOTES)}"'
