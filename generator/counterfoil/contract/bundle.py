"""Bring what a document refers to in other files of its folder into the document itself.

Nothing is fetched: references into the network, or to files that are not in the folder, stay as they are and are
reported with all others that lead nowhere.
"""

import copy
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from counterfoil import pointer as json_pointer
from counterfoil.contract.tree.component_names import allowed_name
from counterfoil.contract.tree.draft import Draft
from counterfoil.contract.tree.grammar import SECTIONS, Site, walk
from counterfoil.contract.tree.references import local
from counterfoil.contract.tree.references import reference as to_reference
from counterfoil.documents.source.tree import SourceTree, read_source
from counterfoil.location import CounterfoilError, Location

_RULE = "bundled-reference"


@dataclass(slots=True)
class FolderFiles:
    """The files of a folder, path → text, each read when it is first referred to. `used` are the paths that were."""

    texts: Mapping[str, str]
    used: set[str] = field(default_factory=set)
    _read: dict[str, SourceTree | None] = field(default_factory=dict)

    def tree(self, path: str, draft: Draft) -> SourceTree | None:
        """The tree of a file; `None`, with the reason among the diagnostics of `draft`, if there is none."""
        if path in self.texts and path not in self._read:
            self.used.add(path)
            try:
                self._read[path] = source = read_source(self.texts[path], Location(path))
                draft.diagnostics.extend(source.diagnostics)
            except CounterfoilError as error:
                draft.diagnostics.extend(error.diagnostics)
                self._read[path] = None
        return self._read.get(path)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What kind of object a document is, where its components are, and the section of them for each kind."""

    root: str
    components: str
    sections: Mapping[str, str]


_OPENAPI = _Shape("openapi", "/components", SECTIONS)
_SWAGGER = _Shape(
    "swagger", "", {"schema": "definitions", "swagger-parameter": "parameters", "swagger-response": "responses"}
)


def bundle(draft: Draft, files: FolderFiles, *, swagger: bool = False) -> None:
    """Make every reference of a document into the given files one within the document, in place.

    What is referred to becomes a component, called as it is called there, with its evidence; a path item, or a
    component that is only a reference, gets the content itself. `swagger` tells that the document has the shape of
    Swagger 2.0, as what it refers to has.
    """
    _Bundling(draft, files, _SWAGGER if swagger else _OPENAPI).run()


class _Bundling:
    def __init__(self, draft: Draft, files: FolderFiles, shape: _Shape) -> None:
        self._draft = draft
        self._files = files
        self._shape = shape
        self._names: dict[tuple[str, str, str], str] = {}
        self._queue: list[Site] = []

    def run(self) -> None:
        self._know_components()
        self._look(self._draft.walk() if self._shape is _OPENAPI else walk(self._draft.tree, self._shape.root))
        while self._queue:
            kind, pointer, node = self._queue.pop()
            self._look(walk(node, kind, pointer))

    def _look(self, sites: Iterator[Site]) -> None:
        for kind, pointer, node in sites:
            if isinstance(node.get("$ref"), str):
                self._reference(kind, pointer, node)
            if kind == "discriminator" and isinstance(node.get("mapping"), dict):
                self._mapping(pointer, node["mapping"])

    def _know_components(self) -> None:
        """Components that are only a reference are where what they refer to will stand."""
        components = self._draft.tree.get("components") if self._shape.components else self._draft.tree
        for section in self._shape.sections.values():
            held = components.get(section) if isinstance(components, dict) else None
            for name, node in held.items() if isinstance(held, dict) else ():
                stated = node.get("$ref") if isinstance(node, dict) else None
                found = self._target(stated, self._draft.path) if isinstance(stated, str) else None
                if found and found[0] != self._draft.path:
                    self._names.setdefault((*found, section), name)

    def _reference(self, kind: str, pointer: str, node: dict[str, Any]) -> None:
        found = self._target(node["$ref"], self._draft.path)
        if found is None:
            return
        path, inner = found
        section = self._shape.sections.get(kind)
        if path == self._draft.path:
            node["$ref"] = to_reference(inner)
        elif section is None or self._is_component(pointer):
            self._inline(kind, pointer, node, path, inner)
        elif (name := self._component(kind, section, path, inner)) is not None:
            node["$ref"] = to_reference(json_pointer.join(self._shape.components, section, name))
            self._draft.record(json_pointer.join(pointer, "$ref"), _RULE, f"was {path}#{inner}")

    def _mapping(self, pointer: str, mapping: dict[str, Any]) -> None:
        for value, stated in mapping.items():
            found = self._target(stated, self._draft.path) if isinstance(stated, str) and "." in stated else None
            if found and found[0] != self._draft.path:
                name = self._component("schema", "schemas", *found)
                if name is not None:
                    mapping[value] = to_reference(json_pointer.join("/components/schemas", name))
                    self._draft.record(json_pointer.join(pointer, "mapping", value), _RULE, f"was {stated}")

    def _inline(self, kind: str, pointer: str, node: dict[str, Any], path: str, inner: str) -> None:
        content = self._content(kind, path, inner)
        if not isinstance(content, dict):
            return
        reference = node.pop("$ref")
        for key, value in content.items():
            node.setdefault(key, value)
        source = self._files.tree(path, self._draft)
        for key in content:
            below = json_pointer.join(pointer, key)
            self._draft.evidence.copy(json_pointer.join(inner, key), below, source.evidence if source else None)
        self._draft.record(pointer, _RULE, f"was a reference to {reference}")

    def _component(self, kind: str, section: str, path: str, inner: str) -> str | None:
        """The name of the component that holds what stands in a file at a pointer, made if there is none."""
        if (path, inner, section) in self._names:
            return self._names[path, inner, section]
        content = self._content(kind, path, inner)
        if content is None:
            return None
        components = self._draft.tree.setdefault("components", {}) if self._shape.components else self._draft.tree
        held = components.setdefault(section, {})
        stem = allowed_name(posixpath.basename(path).split(".")[0])
        base = name = allowed_name(json_pointer.split(inner)[-1]) if inner else stem
        number = 1
        while name in held:
            name = f"{base}_{stem}" if number == 1 else f"{base}_{stem}_{number}"
            number += 1
        self._names[path, inner, section] = name
        held[name] = content
        pointer = json_pointer.join(self._shape.components, section, name)
        source = self._files.tree(path, self._draft)
        self._draft.evidence.copy(inner, pointer, source.evidence if source else None)
        self._draft.record(pointer, _RULE, f"from {path}")
        self._queue.append((kind, pointer, content))
        return name

    def _content(self, kind: str, path: str, inner: str) -> Any:
        """A copy of what stands in a file at a pointer, its references made such from the document's own place."""
        source = self._files.tree(path, self._draft)
        if source is None:
            return None
        try:
            content = copy.deepcopy(json_pointer.resolve(source.value, inner))
        except LookupError:
            return None
        for _, _, node in walk(content, kind):
            if isinstance(node.get("$ref"), str):
                node["$ref"] = self._absolute(node["$ref"], path)
        return content

    def _absolute(self, reference: str, path: str) -> str:
        found = self._target(reference, path, self_refers=True)
        if found is None:
            return reference
        path, inner = found
        own = self._draft.path
        return (quote(posixpath.relpath(path, posixpath.dirname(own))) if path != own else "") + to_reference(inner)

    def _target(self, reference: str, base: str, *, self_refers: bool = False) -> tuple[str, str] | None:
        """The file of the folder and the pointer in it that a reference from the file `base` names."""
        if local(reference) is not None:
            return (base, local(reference) or "") if self_refers else None
        file, _, fragment = reference.partition("#")
        try:
            parts = urlsplit(file)
        except ValueError:  # no URI (RFC 3986)
            return None
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
        inner = local(f"#{fragment}")
        return (path, inner) if path in self._files.texts and inner is not None else None

    def _is_component(self, pointer: str) -> bool:
        above, name = pointer.rpartition("/")[::2]
        return bool(name) and above in {f"{self._shape.components}/{name}" for name in self._shape.sections.values()}
