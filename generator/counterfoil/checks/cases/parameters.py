"""The parameters of an operation, with a valid value of each."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from counterfoil import pointer as json_pointer
from counterfoil.checks.cases.instances import Instances
from counterfoil.checks.operation import Operation
from counterfoil.checks.schema_paths import followed
from counterfoil.checks.wire.styles import written
from counterfoil.stub.state.asking import PARTS
from counterfoil.stub.state.inference.names import plain

_NOT_IN_COOKIES = frozenset(' ",;\\')
_NULLS = frozenset(("", "null"))
_SEPARATING = re.compile(r"[^A-Za-z0-9_-]")
# OpenAPI 3.1, Parameter Object, `name`: header parameters of these names are ignored.
_IGNORED = frozenset({"accept", "content-type", "authorization"})


class Parameter(NamedTuple):
    """A Parameter Object and its pointer; the schema of its values and the pointer of that."""

    node: Mapping[str, Any]
    pointer: str
    schema: Any
    schema_pointer: str

    @property
    def place(self) -> str:
        """`path`, `query`, `header` or `cookie`."""
        return str(self.node.get("in"))

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.node.get("name"))

    @property
    def required(self) -> bool:
        """Whether no request may lack it."""
        return bool(self.node.get("required")) or self.place == "path"

    @property
    def is_cursor(self) -> bool:
        """Whether it is a place in a list that only servers can make."""
        return self.place == "query" and PARTS.get(plain(self.name)) in ("after", "before")

    def is_open(self, text: str, operation: Operation) -> bool:
        """Whether the contract leaves open what a text is: no style of OpenAPI says how null is written."""
        return text in _NULLS and self.schema is not None and operation.accepts(self.schema, None)

    def pairs(self, value: Any) -> list[tuple[str, str]]:
        """What a value is written as, names and texts."""
        return written(self.node, value)


def parameters(operation: Operation) -> list[Parameter]:
    """The parameters that apply to an operation and are not for HTTP itself to say."""
    found = []
    for node, pointer in _located(operation):
        media_type = next(iter(node.get("content") or ()), None)
        way = ("content", media_type) if media_type is not None else ()
        holder = node["content"][media_type] if media_type is not None else node
        at = json_pointer.join(pointer, *way, "schema")
        if not (node.get("in") == "header" and str(node.get("name")).lower() in _IGNORED):
            found.append(Parameter(node, pointer, holder.get("schema"), at))
    return found


def valid_value(parameter: Parameter, operation: Operation, instances: Instances) -> Any:
    """A valid value, documented if possible; None if none can be made."""
    media_type = next(iter(parameter.node.get("content") or ()), None)
    holder = parameter.node["content"][media_type] if media_type is not None else parameter.node
    shown = [holder["example"]] if "example" in holder else []
    named = (operation.resolve(item) for item in (holder.get("examples") or {}).values())
    shown += [item["value"] for item in named if isinstance(item, dict) and "value" in item]
    if parameter.schema is None:
        return next(iter(shown), "text")
    if parameter.place == "header" and parameter.name.lower() == "if-match":
        shown.append("*")  # whatever is there (RFC 9110, 13.1.1)
    sample = instances.sample(parameter.schema)
    candidates = (*shown, sample, _plain(sample))
    fitting = (value for value in candidates if value is not None and instances.fits(parameter.schema_pointer, value))
    return next((value for value in fitting if _is_sendable(parameter, value)), None)


def can_carry(place: str, text: str) -> bool:
    """Whether a text arrives where it is put, whatever the server: RFC 9110, 5.5, RFC 6265, 4.1.1, RFC 3986, 3.3."""
    if place == "query":
        return True
    if place == "path":
        return text not in ("", ".", "..") and not set("/\\\0\r\n;%") & set(text)
    if not text.isascii() or not text.isprintable() or text != text.strip() or not text:
        return False
    return place == "header" or not _NOT_IN_COOKIES & set(text)


def readings(text: str) -> list[Any]:
    """The values that a server may read a text as, the text itself last."""
    try:
        value = json.loads(text)
    except ValueError:
        return [text]
    return [value, text] if not isinstance(value, str | dict | list) else [text]


def _located(operation: Operation) -> Iterator[tuple[dict[str, Any], str]]:
    """The Parameter Objects that apply, with their pointers."""
    known = {(item.get("in"), item.get("name")) for item in operation.parameters}
    for owner in (operation.pointer, json_pointer.join("", "paths", operation.path)):
        try:
            listed = json_pointer.resolve(operation.contract, owner).get("parameters") or ()
        except LookupError:
            continue
        for index, item in enumerate(listed):
            node, pointer = followed(operation.contract, item, json_pointer.join(owner, "parameters", index))
            if isinstance(node, dict) and (key := (node.get("in"), node.get("name"))) in known:
                known.discard(key)
                yield node, pointer


def _is_sendable(parameter: Parameter, value: Any) -> bool:
    pairs = parameter.pairs(value)
    if "content" in parameter.node or not isinstance(value, dict | list):
        return bool(pairs and pairs[0][1]) and can_carry(parameter.place, pairs[0][1])
    explode = parameter.node.get("explode", parameter.node.get("style", "form") == "form")
    if parameter.place == "query" and (explode or parameter.node.get("style") == "deepObject"):
        return bool(pairs)
    # Other styles put these next to each other, separated by what may stand in a text as well.
    return bool(pairs) and bool(_plain(value) == value)


def _plain(value: Any) -> Any:
    """A value whose texts hold nothing that separates parts in any style."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _SEPARATING.sub("", value) if isinstance(value, str) else value
