"""The operations of a contract: what to call each of them, and the schemas of its bodies."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree import references
from counterfoil.contract.tree.grammar import METHODS
from counterfoil.contract.tree.operations import each_operation, operation_id
from counterfoil.plan.names.naming import class_name, distinct, snake_case, words

_ARTICLES = frozenset(("a", "an", "the"))
_LONGEST_SUMMARY = 6  # words
_NUMBER = re.compile(r"_\d+\Z")


@dataclass(frozen=True)
class Operation:
    """An operation and where it stands. `name` is a Python name in snake case, distinct among all operations."""

    name: str
    method: str
    path: str
    pointer: str
    node: Mapping[str, Any]

    @property
    def title(self) -> str:
        """The beginning of the names of its classes."""
        return class_name(self.name)

    @property
    def tag(self) -> str:
        """Its first tag; empty without one."""
        tags = self.node.get("tags")
        return tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else ""


@dataclass(frozen=True)
class Body:
    """A body that an operation takes or gives. `status` is empty for a request, else as in the contract (`2XX`).

    `schema` is None for a media type without one, and `media_type` is empty for a response without content.
    """

    operation: Operation
    direction: Literal["request", "response"]
    status: str
    media_type: str
    pointer: str
    schema: Any
    required: bool = True


def operations(tree: Mapping[str, Any]) -> tuple[Operation, ...]:
    """All operations below `paths`, in the order of the contract.

    Each is called by its operationId. One whose operationId is only made of method and path is called by its summary,
    if that is short and no other's.
    """
    found = list(each_operation(dict(tree)))
    identifiers = [_stated_id(node, method, path) for path, method, _, node in found]
    summaries = [_summary_name(node.get("summary")) for _, _, _, node in found]
    by_id, by_summary = Counter(identifiers), Counter(summaries)
    names = []
    for identifier, summary, (path, method, _, _) in zip(identifiers, summaries, found, strict=True):
        if identifier and by_id[identifier] == 1:
            names.append(identifier)
        elif summary and by_summary[summary] == 1 and summary not in by_id:
            names.append(summary)
        else:
            names.append(_word_name(operation_id(method, path)))
    return tuple(
        Operation(name, method.upper() if method in METHODS else method, path, pointer, node)
        for name, (path, method, pointer, node) in zip(distinct(names, "_"), found, strict=True)
    )


def bodies(tree: Mapping[str, Any], operation: Operation) -> Iterator[Body]:
    """The bodies of an operation, its request before its responses, each media type apart."""
    request = references.resolve(tree, operation.node.get("requestBody"))
    if isinstance(request, dict):
        pointer = _pointer(operation.node["requestBody"], f"{operation.pointer}/requestBody")
        required = request.get("required") is True
        for media_type, place, schema in _content(request, pointer):
            yield Body(operation, "request", "", media_type, place, schema, required)
    responses = operation.node.get("responses")
    for status, node in responses.items() if isinstance(responses, dict) else ():
        response = references.resolve(tree, node)
        if isinstance(response, dict):
            pointer = _pointer(node, json_pointer.join(operation.pointer, "responses", status))
            content = list(_content(response, pointer)) or [("", pointer, None)]
            for media_type, place, schema in content:
                yield Body(operation, "response", status, media_type, place, schema)


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 8259) or ends in `+json` (RFC 6839), parameters aside."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith(("+json", "/json"))


def _content(node: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, str, Any]]:
    content = node.get("content")
    for media_type, media in content.items() if isinstance(content, dict) else ():
        schema = media.get("schema") if isinstance(media, dict) else None
        if media_type.strip():
            yield media_type, json_pointer.join(pointer, "content", media_type, "schema"), schema


def _pointer(node: Any, own: str) -> str:
    return references.target(node) or own


def _stated_id(node: Mapping[str, Any], method: str, path: str) -> str:
    """The name of a stated operationId; empty where it says no more than method and path do."""
    stated, made = node.get("operationId"), operation_id(method, path)
    if not isinstance(stated, str) or stated == made or _NUMBER.sub("", stated) == made:
        return ""
    return _word_name(stated)


def _word_name(text: Any) -> str:
    name = snake_case(text) if isinstance(text, str) else ""
    return name if not name or name.isidentifier() else f"operation_{name}"


def _summary_name(text: Any) -> str:
    listed = [word for word in words(text) if word.lower() not in _ARTICLES] if isinstance(text, str) else []
    return _word_name(" ".join(listed)) if 0 < len(listed) <= _LONGEST_SUMMARY else ""
