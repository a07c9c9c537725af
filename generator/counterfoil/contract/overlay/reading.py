"""Read an OpenAPI Overlay: the actions by which a person corrects a contract.

Source: OpenAPI Overlay Specification 1.1.0. Beyond it every action says why it is there, in `description`, and how
sure that is, in `x-confidence`.
"""

from dataclasses import dataclass
from typing import Any, Literal

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery

from counterfoil import pointer as json_pointer
from counterfoil.contract.suggestion import close_match, did_you_mean
from counterfoil.documents.source.tree import read_source
from counterfoil.evidence import EvidenceTable
from counterfoil.location import CounterfoilError, Diagnostic, Location

CONFIDENCES = {
    "documented": "another page of the vendor says so",
    "source": "it was read in the vendor's own source code or complete specification",
    "framework": "the framework that the vendor uses behaves so",
    "measured": "the vendor's server was seen to answer so",
    "inferred": "it follows from the rest, or is likely",
}
_FIELDS = {
    "": ("overlay", "info", "extends", "actions"),
    "info": ("title", "version", "description"),
    "action": ("target", "description", "update", "remove", "copy", "x-confidence"),
}
_MODIFIERS = ("update", "remove", "copy")


class _Environment(JSONPathEnvironment):
    max_recursion_depth = 1000  # documents nest at most a fifth of this


_ENVIRONMENT = _Environment()


@dataclass(frozen=True, slots=True)
class Action:
    """One action: what it selects, the one thing that it does there, its reason and how sure that is.

    `pointer` is where it stands in the overlay. `value` is what to merge for `update`, the query of the node to copy
    for `copy`.
    """

    pointer: str
    target: JSONPathQuery
    modifier: Literal["update", "remove", "copy"]
    value: Any
    reason: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """The actions of an overlay in their order, and where everything in it stands."""

    actions: list[Action]
    evidence: EvidenceTable

    def at(self, pointer: str) -> Location:
        """Where the node of the overlay at `pointer` stands."""
        found = self.evidence.location(pointer)
        return found or Location("", 0)


def read_overlay(path: str, text: str) -> Overlay:
    """Read the text of the overlay `path`; `CounterfoilError` with every mistake in its form."""
    source = read_source(text, Location(path))
    reader = _Reader(source.value, source.evidence, path)
    overlay = reader.read()
    if problems := [*source.diagnostics, *reader.problems]:
        raise CounterfoilError(*problems)
    return overlay


class _Reader:
    def __init__(self, tree: Any, evidence: EvidenceTable, path: str) -> None:
        self._tree = tree
        self._evidence = evidence
        self._path = path
        self.problems: list[Diagnostic] = []

    def read(self) -> Overlay:
        tree = self._tree
        if not isinstance(tree, dict):
            self._report("", "an overlay is an object", "overlay: 1.1.0")
            return Overlay([], self._evidence)
        self._fields("", "", tree)
        version = str(tree.get("overlay", ""))
        if not version.startswith(("1.0", "1.1")):
            self._report("/overlay", f"the overlay version is {version or 'missing'}", "overlay: 1.1.0")
        info = tree.get("info")
        if not isinstance(info, dict):
            self._report("/info", "info is missing", "info: {title: …, version: …}")
        else:
            self._fields("info", "/info", info)
            for key in ("title", "version"):
                if key not in info:
                    self._report("/info", f"info has no {key}")
        stated = tree.get("actions")
        if not isinstance(stated, list) or not stated:
            self._report("/actions", "an overlay has a list of at least one action")
            stated = []
        found = [self._action(f"/actions/{index}", entry) for index, entry in enumerate(stated)]
        return Overlay([action for action in found if action], self._evidence)

    def _action(self, pointer: str, stated: Any) -> Action | None:
        if not isinstance(stated, dict):
            self._report(pointer, "an action is an object with target and update, remove or copy")
            return None
        before = len(self.problems)
        self._fields("action", pointer, stated)
        target = self._query(pointer, stated, "target")
        reason, confidence = stated.get("description"), stated.get("x-confidence")
        if not isinstance(reason, str) or not reason.strip():
            self._report(pointer, "an action needs its reason", "description: why the page is to be corrected here")
        if confidence not in CONFIDENCES:
            known = ", ".join(f"{name} ({meaning})" for name, meaning in CONFIDENCES.items())
            where = json_pointer.join(pointer, "x-confidence") if confidence is not None else pointer
            self._report(where, "an action says how sure it is", f"x-confidence: one of {known}")
        modifiers = [key for key in _MODIFIERS if key in stated and stated[key] is not False]
        if len(modifiers) != 1:
            self._report(pointer, f"an action has one of {', '.join(_MODIFIERS)}, this one {len(modifiers) or 'none'}")
        value = stated.get(modifiers[0]) if modifiers else None
        if modifiers == ["remove"] and value is not True:
            self._report(json_pointer.join(pointer, "remove"), "remove is true or false")
        if modifiers == ["copy"]:
            value = self._query(pointer, stated, "copy")
        if len(self.problems) > before or target is None:
            return None
        return Action(pointer, target, modifiers[0], value, str(reason).strip(), str(confidence))  # type: ignore[arg-type]  # one of _MODIFIERS

    def _query(self, pointer: str, stated: dict[str, Any], key: str) -> JSONPathQuery | None:
        text = stated.get(key)
        if not isinstance(text, str):
            self._report(pointer, f"{key} is a JSONPath", f"{key}: $.paths['/things'].post")
            return None
        try:
            return _ENVIRONMENT.compile(text)
        except JSONPathError as error:
            hint = "RFC 9535: quote names that hold more than letters, digits and _, as in $.paths['/things']"
            self._report(json_pointer.join(pointer, key), f"{text} is no JSONPath: {error.args[0]}", hint)
            return None

    def _fields(self, kind: str, pointer: str, node: dict[str, Any]) -> None:
        for key in node:
            if key not in _FIELDS[kind] and (not key.startswith("x-") or close_match(key, ("x-confidence",))):
                hint = did_you_mean(key, _FIELDS[kind], f"known are {', '.join(_FIELDS[kind])}")
                self._report(json_pointer.join(pointer, key), f"unknown field {key}", hint, "overlay-unknown-field")

    def _report(self, pointer: str, message: str, hint: str = "", rule: str = "overlay-syntax") -> None:
        where = self._evidence.location(pointer) or Location(self._path)
        self.problems.append(Diagnostic(where, rule, message, hint))
