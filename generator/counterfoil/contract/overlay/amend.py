"""Apply a person's corrections to a contract: OpenAPI Overlay 1.1."""

import copy
from typing import Any

from jsonpath_rfc9535 import JSONPathError, JSONPathNode, JSONPathQuery

from counterfoil import pointer as json_pointer
from counterfoil.contract.contract import Contract
from counterfoil.contract.overlay.reading import Action, Overlay, read_overlay
from counterfoil.contract.suggestion import close_match
from counterfoil.contract.tree.draft import Draft
from counterfoil.evidence import Evidence
from counterfoil.location import CounterfoilError, Diagnostic


def amend(contract: Contract, path: str, text: str) -> Contract:
    """The contract with all actions of the overlay `path` applied in their order; the one given is used up.

    Every node that an action changes gets `corrected` evidence: the place in the overlay, how sure the action is as
    the rule, its reason as the note. Below a copied node everything keeps the history that it has where it was copied
    from. Raises `CounterfoilError` with every action that selects nothing, changes
    nothing or does not fit what it selects.
    """
    overlay = read_overlay(path, text)
    draft = Draft.of(contract)
    problems: list[Diagnostic] = []
    for action in overlay.actions:
        try:
            _Application(draft, overlay, action).apply()
        except CounterfoilError as error:
            problems.extend(error.diagnostics)
    if problems:
        raise CounterfoilError(*problems)
    return contract


class _Application:
    """One action on its way into a tree."""

    def __init__(self, draft: Draft, overlay: Overlay, action: Action) -> None:
        self._draft = draft
        self._overlay = overlay
        self._action = action
        self._origin = ""  # the pointer in the tree of what is copied
        self._changed = False

    def apply(self) -> None:
        """Change the tree; `CounterfoilError` if the action cannot be applied or has no effect."""
        nodes = self._select(self._action.target, "target")
        if not nodes:
            raise self._error("target", "overlay-no-match", "nothing is there", self._nearest(self._action.target))
        if self._action.modifier == "remove":
            for node in sorted(nodes, key=_position, reverse=True):
                self._remove(node)
            return
        shapes = {_shape(node.value) for node in nodes}
        if len(shapes) > 1:
            message = f"selects {' and '.join(sorted(shapes))} at once"
            raise self._error("target", "overlay-mismatch", message, "select nodes of one kind only")
        value, source = self._value()
        for node in nodes:
            self._update(node, value, source)
        if not self._changed:
            hint = "remove the action: the page already yields this"
            raise self._error("", "overlay-no-effect", "the action changes nothing", hint)

    def _value(self) -> tuple[Any, str]:
        """What to merge, and the pointer in the overlay where it stands."""
        if self._action.modifier == "update":
            return self._action.value, json_pointer.join(self._action.pointer, "update")
        found = self._select(self._action.value, "copy")
        if len(found) != 1:
            hint = self._nearest(self._action.value) if not found else ""
            raise self._error("copy", "overlay-no-match", f"copy selects {len(found)} nodes, not one", hint)
        self._origin = json_pointer.join("", *found[0].location)
        return found[0].value, json_pointer.join(self._action.pointer, "copy")

    def _update(self, node: JSONPathNode, value: Any, source: str) -> None:
        pointer = json_pointer.join("", *node.location)
        target = node.value
        if isinstance(target, dict) and isinstance(value, dict):
            self._merge(target, pointer, value, source)
        elif isinstance(target, list):
            self._append(target, pointer, value, source)
        elif not isinstance(target, dict) and not isinstance(value, dict | list) and node.parent is not None:
            self._replace(node.parent.value, node.location[-1], pointer, value, source)
        else:
            raise self._mismatch(source, target, value)

    def _merge(self, target: dict[str, Any], pointer: str, value: dict[str, Any], source: str) -> None:
        for key, item in value.items():
            below, from_ = json_pointer.join(pointer, key), json_pointer.join(source, key)
            if key not in target:
                target[key] = copy.deepcopy(item)
                self._record(below, from_, item)
            elif isinstance(target[key], dict) and isinstance(item, dict):
                self._merge(target[key], below, item, from_)
            elif isinstance(target[key], list) and isinstance(item, list):
                self._append(target[key], below, item, from_)
            elif isinstance(target[key], dict | list) or isinstance(item, dict | list):
                raise self._mismatch(from_, target[key], item)
            else:
                self._replace(target, key, below, item, from_)

    def _append(self, target: list[Any], pointer: str, value: Any, source: str) -> None:
        items = value if isinstance(value, list) else [value]
        for index, item in enumerate(items):
            from_ = f"{source}/{index}" if isinstance(value, list) else source
            if any(_same(item, known) for known in target):
                hint = "remove it here: the page already yields it"
                where = self._overlay.at(from_)
                raise CounterfoilError(Diagnostic(where, "overlay-no-effect", "the list has this item already", hint))
            target.append(copy.deepcopy(item))
            self._record(f"{pointer}/{len(target) - 1}", from_, item)

    def _replace(self, holder: Any, key: str | int, pointer: str, value: Any, source: str) -> None:
        if not _same(holder[key], value):
            holder[key] = value
            self._record(pointer, source, value)

    def _remove(self, node: JSONPathNode) -> None:
        if node.parent is None:
            raise self._error("target", "overlay-mismatch", "the whole contract cannot be removed")
        holder: Any = node.parent.value
        key = node.location[-1]
        above = json_pointer.join("", *node.location[:-1])
        if isinstance(holder, list) and isinstance(key, int):
            self._draft.remove_item(above, holder, key)
        elif isinstance(holder, dict) and key in holder:
            del holder[key]
            self._draft.evidence.discard(json_pointer.join(above, key))
        note = f"{key} removed: {self._action.reason}"
        where = self._overlay.at(self._action.pointer)
        self._draft.evidence.add(above, Evidence("corrected", where, self._action.confidence, note))

    def _record(self, pointer: str, source: str, value: Any) -> None:
        """Add evidence for a value that came from `source` in the overlay, and for everything in it.

        What is copied has come to be as it did where it was copied from.
        """
        self._changed = True
        if self._action.modifier == "copy":
            tail = source.removeprefix(json_pointer.join(self._action.pointer, "copy"))
            self._draft.evidence.discard(pointer)
            self._draft.evidence.copy(self._origin + tail, pointer)
            self._draft.evidence.add(pointer, self._evidence(source))
            return
        self._draft.evidence.discard_below(pointer)
        stack = [(pointer, source, value)]
        while stack:
            pointer, source, value = stack.pop()
            self._draft.evidence.add(pointer, self._evidence(source))
            items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            stack.extend((json_pointer.join(pointer, key), json_pointer.join(source, key), item) for key, item in items)

    def _evidence(self, source: str) -> Evidence:
        return Evidence("corrected", self._overlay.at(source), self._action.confidence, self._action.reason)

    def _select(self, query: JSONPathQuery, field: str) -> list[JSONPathNode]:
        try:
            return list(query.find(self._draft.tree))
        except JSONPathError as error:
            raise self._error(field, "overlay-syntax", str(error.args[0])) from error

    def _nearest(self, query: JSONPathQuery) -> str:
        """How far a path that selects nothing gets, and what it may have meant there."""
        for length in range(len(query.segments) - 1, -1, -1):
            found = JSONPathQuery(env=query.env, segments=query.segments[:length]).find(self._draft.tree)
            if not found:
                continue
            reached = str(JSONPathQuery(env=query.env, segments=query.segments[:length]))
            names = [name for node in found if isinstance(node.value, dict) for name in node.value]
            wanted = [getattr(selector, "name", "") for selector in query.segments[length].selectors]
            close = close_match(wanted[0], names) if wanted and wanted[0] else None
            if close:
                return f"did you mean {close!r} in {reached}?"
            return f"{reached} has {', '.join(dict.fromkeys(names)) or 'nothing of that kind'}"
        return ""

    def _mismatch(self, source: str, target: Any, value: Any) -> CounterfoilError:
        message = f"{_shape(value)} cannot be merged into {_shape(target)}"
        hint = "an action before this one may remove what is there"
        return CounterfoilError(Diagnostic(self._overlay.at(source), "overlay-mismatch", message, hint))

    def _error(self, field: str, rule: str, message: str, hint: str = "") -> CounterfoilError:
        pointer = json_pointer.join(self._action.pointer, field) if field else self._action.pointer
        text = f"{self._action.target}: {message}" if field == "target" else message
        return CounterfoilError(Diagnostic(self._overlay.at(pointer), rule, text, hint))


def _shape(value: Any) -> str:
    return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a single value"


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: true is not 1."""
    return type(one) is type(other) and bool(one == other)


def _position(node: JSONPathNode) -> list[tuple[int, str]]:
    """A sort key by which items of one list stand in their order, and what is deeper after what holds it."""
    return [(token, "") if isinstance(token, int) else (-1, token) for token in node.location]
