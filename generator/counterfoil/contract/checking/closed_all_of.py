"""Schemas of an `allOf` that are closed each for itself, and so refuse what the others describe.

Source: JSON Schema 2020-12 Core, sections 10.3.2.3 (additionalProperties sees the properties beside it only) and 11.3
(unevaluatedProperties sees those of its own `allOf` too).
"""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.references import target
from counterfoil.contract.upgrade.schema import is_annotation
from counterfoil.location import Diagnostic, Location

_RULE = "closed-all-of"
_HINT = "state unevaluatedProperties: false beside allOf, and nothing of the kind in its members"
_UNFULFILLED = "no object is valid"
_TOGETHER = "no object is valid, read as closed together"
_CLOSING = ("additionalProperties", "unevaluatedProperties")
# What names further properties that unevaluatedProperties sees, in ways that are not looked into.
_DYNAMIC = frozenset({"anyOf", "oneOf", "if", "dependentSchemas", "$dynamicRef"})
_MOST_NAMES = 3  # that are told of one schema
_MOST_MEMBERS = 64  # of an allOf, members of members included, that is looked into


@dataclass(slots=True)
class _Finding:
    """What a closed schema refuses of the others, and in how many `allOf` it does so."""

    where: Location
    keyword: str
    names: list[str]
    places: int = 0


class ClosedAllOf:
    """Looks at schemas that have `allOf`, one by one, and tells of each closed member once for each consequence."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._findings: dict[tuple[str, str], _Finding] = {}
        self._closed_here: set[str] = set()

    def check(self, pointer: str, node: dict[str, Any]) -> None:
        """Look for members of the `allOf` at `pointer` that refuse what another one describes.

        Where that is required no object is valid, which nobody means: the members are opened, and closed together by
        `unevaluatedProperties: false` beside the `allOf`. Everything else holds as it is stated.
        """
        members = dict(islice(_members(self._draft.tree, pointer, node), _MOST_MEMBERS))
        closing = [(at, key) for at, member in members.items() for key in _closing(member)]
        if not closing or len(members) == _MOST_MEMBERS:
            return
        declared = {name for member in members.values() for name in member.get("properties", ())}
        required = {name for member in members.values() for name in member.get("required", ())}
        refused: dict[tuple[str, str], list[str]] = {}
        for at, key in closing:
            is_allowed = _allowed(self._draft.tree, at, members[at], key)
            refused[at, key] = sorted(name for name in declared | required if not is_allowed(name))
        missed = {name for names in refused.values() for name in names if name in required}
        can_be_meant = missed <= declared
        for (at, key), names in refused.items():
            needed = [name for name in names if name in required]
            if names:
                outcome = (_TOGETHER if can_be_meant else _UNFULFILLED) if needed else ""
                self._note(at, key, needed or names, outcome)
        if missed and can_be_meant:
            self._close_together(pointer, node, self._draft.at(json_pointer.join(*closing[0])))

    def _note(self, pointer: str, key: str, names: list[str], outcome: str) -> None:
        below = json_pointer.join(pointer, key)
        keyword = "additionalProperties" if pointer in self._closed_here else key
        finding = _Finding(self._draft.at(below), keyword, names)
        self._findings.setdefault((below, outcome), finding).places += 1

    def _close_together(self, pointer: str, node: dict[str, Any], where: Location) -> None:
        _open(self._draft, pointer, node, set())
        self._closed_here.add(pointer)
        rule, note = _RULE, "closed together"
        self._draft.put(node, pointer, "unevaluatedProperties", False, rule, note, "inferred", where)

    def report(self) -> None:
        """Tell of what was found."""
        for (_, outcome), finding in self._findings.items():
            listed = ", ".join(finding.names[:_MOST_NAMES]) + (", …" if len(finding.names) > _MOST_NAMES else "")
            adds = "requires" if outcome else "adds"
            times = f", in {finding.places} schemas" if finding.places > 1 else ""
            message = f"{finding.keyword}: false refuses {listed}, which allOf {adds}{times}"
            message += f": {outcome}" if outcome else ""
            self._draft.diagnostics.append(Diagnostic(finding.where, _RULE, message, _HINT, "warning"))


def is_closed(schema: dict[str, Any]) -> bool:
    """Whether a schema by itself refuses properties that it does not name."""
    return bool(_closing(schema))


def _closing(schema: dict[str, Any]) -> list[str]:
    """The keywords by which a schema is closed."""
    return [key for key in _CLOSING if schema.get(key) is False]


def _members(tree: dict[str, Any], pointer: str, node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that an object must fulfil at once, with its pointer: a schema, and those of its `allOf`, and so on.

    References are followed, also one that stands beside other keywords.
    """
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [(pointer, node)]
    while stack:
        at, schema = stack.pop()
        if not isinstance(schema, dict) or id(schema) in seen:
            continue
        seen.add(id(schema))
        yield at, schema
        below = json_pointer.join(at, "allOf")
        arms = schema.get("allOf", ())
        stack += [(json_pointer.join(below, index), arms[index]) for index in reversed(range(len(arms)))]
        if (named := target(schema)) is not None:
            stack.append((named, _at(tree, named)))


def _at(tree: dict[str, Any], pointer: str) -> Any:
    try:
        return json_pointer.resolve(tree, pointer)
    except LookupError:  # what leads nowhere is reported elsewhere
        return None


def _allowed(tree: dict[str, Any], pointer: str, schema: dict[str, Any], key: str) -> Callable[[str], bool]:
    """Whether a schema that is closed by the keyword `key` lets a property of a given name pass."""
    seen = [schema] if key == "additionalProperties" else [member for _, member in _members(tree, pointer, schema)]
    names = {name for member in seen for name in member.get("properties", ())}
    patterns = [pattern for member in seen for pattern in member.get("patternProperties", ())]
    is_open = key == "unevaluatedProperties" and any(
        _DYNAMIC & member.keys() or member.get("additionalProperties", False) is not False for member in seen
    )
    return lambda name: is_open or name in names or any(matches(pattern, name) for pattern in patterns)


def matches(pattern: str, name: str) -> bool:
    """Whether a name fulfils a pattern of `patternProperties`, or may do so."""
    try:
        return re.search(pattern, name) is not None
    except re.error:  # ECMA-262 knows what Python does not: nothing is claimed of it
        return True


def _open(draft: Draft, pointer: str, node: dict[str, Any], copied: set[str]) -> None:
    """Take the closing keywords out of a schema and of all members of its `allOf`; those referred to are copied."""
    for key in _closing(node):
        draft.drop(node, pointer, key, _RULE, f"{key} false: closed together with the rest of allOf")
    named = target(node)
    found = _at(draft.tree, named) if named is not None else None
    if named is not None and isinstance(found, dict) and _has_closed(draft.tree, named, found):
        draft.drop(node, pointer, "$ref", _RULE, f"was a reference to #{named}, which is closed")
        if named not in copied:
            copied.add(named)
            _copy(draft, named, found, pointer, node)
            _open(draft, pointer, node, copied)
            return
    for index, arm in enumerate(node.get("allOf", ())):
        if isinstance(arm, dict):
            _open(draft, json_pointer.join(pointer, "allOf", index), arm, copied)


def _copy(draft: Draft, source: str, found: dict[str, Any], pointer: str, node: dict[str, Any]) -> None:
    """Put what stands at `source` into a schema, or where that asserts something itself, into its `allOf`."""
    if not all(is_annotation(key) for key in node):
        arms = node.setdefault("allOf", [])
        pointer = json_pointer.join(pointer, "allOf", len(arms))
        node = {}
        arms.append(node)
    for key in [key for key in found if key not in node]:
        node[key] = copy.deepcopy(found[key])
        draft.evidence.copy(json_pointer.join(source, key), json_pointer.join(pointer, key))


def _has_closed(tree: dict[str, Any], pointer: str, node: dict[str, Any]) -> bool:
    return any(is_closed(member) for _, member in _members(tree, pointer, node))
