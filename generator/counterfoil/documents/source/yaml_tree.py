"""YAML text → a plain tree and the place of every node, by the core schema of YAML 1.2."""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from counterfoil.documents.source.text import (
    MAX_DEPTH,
    Lines,
    duplicate_key,
    number_as_text,
    refusal,
    replaced_character,
    too_deep,
)
from counterfoil.documents.source.yaml_scalar import plain_scalar
from counterfoil.evidence import Node
from counterfoil.location import CounterfoilError, Diagnostic, Location

_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_MAX_ALIASED_NODES = 200_000
_MERGE = "<<"
_SECOND = 2
_TAG = "tag:yaml.org,2002:"
_READ_AS = {
    "scalar": {"str": "text", "binary": "text", "timestamp": "text", "null": "", "bool": "", "int": "", "float": ""},
    "mapping": {"map": ""},
    "sequence": {"seq": ""},
}
"""The tags of YAML that are read, by kind of node: as the text that is written, or as without a tag."""
_HIDDEN = {0x85: 0xFDD0, 0x2028: 0xFDD1, 0x2029: 0xFDD2}
"""Line breaks in YAML 1.1 only (1.2.2, section 5.4): hidden from the parser as noncharacters, which no text holds."""
_SHOWN = {hidden: character for character, hidden in _HIDDEN.items()}
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_BLANK = re.compile(r"^[ \t]*\t[ \t]*$", re.MULTILINE)


@dataclass(slots=True)
class _Collection:
    """A mapping or sequence that is being read. Of a mapping also where its keys stand, and the key that comes next."""

    value: Any
    node: Node
    anchor: str | None
    is_mapping: bool
    keys: dict[str, int] = field(default_factory=dict)
    key: str | None = None
    at: int = 0
    merges: bool = False


def read_yaml(text: str, origin: Location) -> tuple[Any, Node, list[Diagnostic]]:
    """The value of a text that is one YAML document, the evidence of its nodes, and what is read otherwise than said.

    Scalars follow the core schema of YAML 1.2.2; keys are strings as they are written. Anchors, aliases and merge
    keys are resolved, up to a bound. Of what a mapping states twice the last holds; numbers that JSON cannot carry are
    read as texts, tags of an application as if they were not there, control characters as U+FFFD. Raises
    `CounterfoilError` for syntax errors, keys that are not scalars, several documents, and more than `MAX_DEPTH`
    levels.
    """
    try:
        return _read(text, origin)
    except CounterfoilError:
        diagnostics: list[Diagnostic] = []
        mended = _mended(text, origin, diagnostics)
        if mended == text:
            raise
        value, node, found = _read(mended, origin)
        return value, node, diagnostics + found


def _read(text: str, origin: Location) -> tuple[Any, Node, list[Diagnostic]]:
    hides = any(chr(character) in text for character in _HIDDEN)
    if hides:
        text = text.translate(_HIDDEN)
    reader = _Reader(Lines(text, origin), hides=hides)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise CounterfoilError(*reader.diagnostics, *_syntax_error(error, text, origin).diagnostics) from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode() if yaml.__with_libyaml__ else text[: error.position]
        message = f"the character U+{ord(text[len(before)]):04X} does not belong into YAML"
        raise refusal(Lines(text, origin).location(len(before)), "yaml-syntax", message) from None
    return reader.value, reader.node, reader.diagnostics


def _mended(text: str, origin: Location, diagnostics: list[Diagnostic]) -> str:
    """The text, of the same lines, with U+FFFD for characters that YAML does not allow.

    And without two things that the parser refuses although they are YAML: tabs in blank lines, and characters that
    are escaped as surrogate pairs, as JSON has them.
    """
    lines = Lines(text, origin)

    def replaced(match: re.Match[str]) -> str:
        diagnostics.append(replaced_character(f"the character U+{ord(match[0]):04X}", lines.location(match.start())))
        return "\ufffd"

    def joined(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return f"{match[1]}\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08X}"

    return _PAIR.sub(joined, _BLANK.sub("", yaml.reader.Reader.NON_PRINTABLE.sub(replaced, text)))


class _Reader:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, lines: Lines, *, hides: bool) -> None:
        self.value: Any = None
        self.node = Node(lines)
        self.diagnostics: list[Diagnostic] = []
        self._hides = hides
        self._lines = lines
        self._open: list[_Collection] = []
        self._anchors: dict[str, tuple[Any, Node] | None] = {}
        self._aliased = 0
        self._documents: list[Location] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents.append(self._at(event))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        read_as = None if event.tag is None else self._tag(event, "scalar")
        value: Any = event.value.translate(_SHOWN) if self._hides else event.value
        parent = self._open[-1] if self._open else None
        offset = _index(event)
        if parent is not None and parent.is_mapping:
            if parent.key is None:
                self._key(parent, value, offset, event)
                return
            offset = parent.at
        if event.implicit[0] or read_as == "":
            try:
                value = plain_scalar(value)
            except ValueError:
                self.diagnostics.append(number_as_text(value, self._at(event)))
        node = Node(self._lines, offset)
        if event.anchor:
            self._anchors[event.anchor] = (value, node)
        self._attach(value, node)

    def _key(self, mapping: _Collection, key: str, offset: int, event: yaml.ScalarEvent) -> None:
        mapping.merges = key == _MERGE and event.implicit[0]
        if key in mapping.keys and not mapping.merges:
            first = self._lines.location(mapping.keys[key])
            self.diagnostics.append(duplicate_key(key, self._lines.location(offset), first))
        mapping.keys[key] = mapping.at = offset
        mapping.key = key
        if event.anchor:
            self._anchors[event.anchor] = (key, Node(self._lines, offset))

    def _begin(self, event: yaml.CollectionStartEvent, value: dict[str, Any] | list[Any]) -> None:
        is_mapping = isinstance(value, dict)
        self._tag(event, "mapping" if is_mapping else "sequence")
        if self._awaits_key():
            message = "a mapping or list is used as a key"
            raise refusal(self._at(event), "yaml-key", message, "quote braces and brackets that are meant as text")
        if len(self._open) >= MAX_DEPTH:
            raise too_deep(self._at(event))
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(_Collection(value, Node(self._lines, self._offset(event)), event.anchor, is_mapping))

    def _end(self) -> None:
        done = self._open.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.value, done.node)
        self._attach(done.value, done.node)

    def _alias(self, event: yaml.AliasEvent) -> None:
        name, location = event.anchor, self._at(event)
        if name not in self._anchors:
            raise refusal(location, "yaml-alias", f"*{name} names an anchor that is not defined above")
        anchored = self._anchors[name]
        if anchored is None:
            raise refusal(location, "yaml-alias", f"*{name} stands inside the node that it names")
        if self._awaits_key():
            raise refusal(location, "yaml-key", f"*{name} is used as a key", "write the key out")
        value, node = anchored
        value = self._copy(value, len(self._open), location)
        node = node.duplicate()
        node.place(self._lines, self._offset(event))
        self._attach(value, node)

    def _copy(self, value: Any, depth: int, location: Location) -> Any:
        """The value once more, for an alias at `location`; both counts are bounded before anything is built."""
        self._aliased += 1
        if self._aliased > _MAX_ALIASED_NODES:
            message = f"aliases up to here repeat more than {_MAX_ALIASED_NODES} nodes"
            raise refusal(location, "yaml-alias", message, "aliases of aliases multiply: write the content out once")
        if depth > MAX_DEPTH:
            raise too_deep(location)
        if type(value) is dict:
            return {key: self._copy(child, depth + 1, location) for key, child in value.items()}
        if type(value) is list:
            return [self._copy(child, depth + 1, location) for child in value]
        return value

    def _attach(self, value: Any, node: Node) -> None:
        if not self._open:
            self._document(value, node)
            return
        parent = self._open[-1]
        if not parent.is_mapping:
            parent.node.children[str(len(parent.value))] = node
            parent.value.append(value)
            return
        key, parent.key = parent.key or "", None
        if parent.merges:
            self._merge(parent.value, parent.node, [(value, node)], self._lines.location(parent.at))
        else:
            parent.value[key] = value
            parent.node.children[key] = node

    def _document(self, value: Any, node: Node) -> None:
        """Take the value of a whole document; one that follows may hold nothing."""
        if len(self._documents) < _SECOND:
            self.value, self.node = value, node
        elif value is not None:
            hint = "put each document into a file of its own"
            place = self._documents[-1]
            raise refusal(place, "yaml-several-documents", "a second YAML document begins here", hint)

    def _merge(self, mapping: dict[str, Any], into: Node, sources: list[tuple[Any, Node]], location: Location) -> None:
        """Take over the keys that the mapping does not state itself (https://yaml.org/type/merge.html)."""
        for value, node in sources:
            if isinstance(value, list):
                items = [(item, node.children[str(index)]) for index, item in enumerate(value)]
                self._merge(mapping, into, items, location)
            elif isinstance(value, dict):
                for key, child in value.items():
                    if key not in mapping:
                        mapping[key] = child
                        into.children[key] = node.children[key]
            else:
                raise refusal(location, "yaml-merge", "<< merges mappings, and this is none")

    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].is_mapping and self._open[-1].key is None

    def _offset(self, event: yaml.Event) -> int:
        """Where a value stands: at its key if it has one."""
        parent = self._open[-1] if self._open else None
        return _index(event) if parent is None or parent.key is None else parent.at

    def _at(self, event: yaml.Event) -> Location:
        return self._lines.location(_index(event))

    def _tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, kind: str) -> str | None:
        """How the tag of a node has it read; None if it has none, or one that says nothing to JSON."""
        if event.tag is None or event.tag == "!":
            return None
        read_as = _READ_AS[kind].get(event.tag.removeprefix(_TAG)) if event.tag.startswith(_TAG) else None
        if read_as is None:
            message = f"the tag {event.tag} has no counterpart in JSON: read without it"
            hint = "write a plain value, quoted if it is text"
            self.diagnostics.append(Diagnostic(self._at(event), "yaml-tag", message, hint))
        return read_as


def _index(event: yaml.Event) -> int:
    """The offset in the text at which an event begins."""
    mark = event.start_mark
    return mark.index if mark else 0


def _offset(origin: Location, line: int, column: int) -> Location:
    return Location(origin.path, origin.line + line, origin.column + column)


def _syntax_error(error: yaml.MarkedYAMLError, text: str, origin: Location) -> CounterfoilError:
    """A parser error as a diagnostic, with what a person most likely did."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    source = text.split("\n")
    here = source[line] if line < len(source) else ""
    problem = error.problem or "not YAML"
    context = f" {error.context}" if error.context else ""
    began = error.context_mark
    if context and began is not None and began.line != line:
        context += f" that begins in line {origin.line + began.line}"
    hint = ""
    if "\t" in here[: len(here) - len(here.lstrip())] or here[column : column + 1] == "\t":
        hint = "indent with spaces: YAML allows no tabs there"
    elif "mapping values are not allowed" in problem:
        hint = "quote a text that contains a colon and a space, or check the indentation"
    elif here[column : column + 1] in ("@", "`", "%"):
        hint = f"quote a text that begins with {here[column]}"
    elif "could not find expected ':'" in problem:
        hint = "a line here is neither `key: value` nor an item of a list"
    elif "unexpected end of stream" in problem or not any(rest.strip() for rest in source[line:]):
        hint = "a quotation mark or bracket is not closed"
    elif "did not find expected" in problem:
        hint = "check the indentation, and quote texts that contain quotation marks or begin with [ { * & ! |"
    return refusal(_offset(origin, line, column), "yaml-syntax", problem + context, hint)
