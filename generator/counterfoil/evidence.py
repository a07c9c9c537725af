"""How a fact of a contract came to be: JSON Pointer → what was read, inferred, repaired or corrected, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self

from counterfoil import pointer as json_pointer
from counterfoil.location import Location

Kind = Literal["documented", "inferred", "repaired", "corrected"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One step in the history of a fact.

    `documented`: it stands at `location`. `inferred`: the page implies it there, by the inference rule `rule`.
    `repaired`: the text at `location` was brought into OpenAPI 3.1 by the rule `rule`. `corrected`: the overlay
    action at `location` set it, and `note` holds its reason.
    """

    kind: Kind
    location: Location
    rule: str = ""
    note: str = ""


class Places(Protocol):
    """Tells where in its file the character at an offset of a text stands."""

    def location(self, offset: int) -> Location:
        """The line and column."""


class Node:
    """The history of one node of a tree, and its children by reference token.

    A node that is made with a place is documented there. Most are never asked where that is, so that line and column
    are counted for those that are.
    """

    __slots__ = ("_children", "_history", "_offset", "_places")

    def __init__(self, places: Places | None = None, offset: int = 0) -> None:
        self._places = places
        self._offset = offset
        self._history: list[Evidence] | None = None
        self._children: dict[str, Node] | None = None

    @property
    def children(self) -> dict[str, "Node"]:
        """The nodes right below, by reference token; it may be added to."""
        if self._children is None:
            self._children = {}
        return self._children

    @property
    def history(self) -> list[Evidence]:
        """What is known of the node, oldest first; it may be added to."""
        if self._history is None:
            places = self._places
            self._history = [Evidence("documented", places.location(self._offset))] if places else []
        return self._history

    def place(self, places: Places, offset: int) -> None:
        """Let the node be documented at a place, and forget what was known of it."""
        self._places, self._offset, self._history = places, offset, None

    def duplicate(self) -> "Node":
        """A copy that shares nothing with this node."""
        copy = self._alone()
        stack = [(self, copy)]
        while stack:
            source, target = stack.pop()
            for token, child in (source._children or {}).items():
                target.children[token] = below = child._alone()
                stack.append((child, below))
        return copy

    def _alone(self) -> "Node":
        copy = Node(self._places, self._offset)
        copy._history = None if self._history is None else list(self._history)
        return copy


class EvidenceTable:
    """The history of every node of one tree.

    A node without a history of its own has that of its nearest ancestor. Entries are kept as a tree, so that a
    whole subtree moves or disappears together with the part of the contract it speaks of.
    """

    def __init__(self, root: "Node | None" = None) -> None:
        self._root = root or Node()
        self.changes = 0
        """How often anything was added, moved or forgotten."""

    def add(self, pointer: str, *evidence: Evidence) -> None:
        """Append to the history of the node at `pointer`."""
        self._reach(pointer).history.extend(evidence)
        self.changes += 1

    def history(self, pointer: str) -> tuple[Evidence, ...]:
        """What is known of the node at `pointer`, oldest first; its nearest ancestor's history if it has none."""
        node, best = self._root, self._root.history
        for token in json_pointer.split(pointer):
            child = node.children.get(token)
            if child is None:
                break
            node = child
            best = node.history or best
        return tuple(best)

    def location(self, pointer: str) -> Location | None:
        """Where to send a person who asks about `pointer`: the latest place that had a say in it."""
        history = self.history(pointer)
        return history[-1].location if history else None

    def discard(self, pointer: str) -> None:
        """Forget the node at `pointer` and everything below it."""
        self._detach(pointer)

    def discard_below(self, pointer: str) -> None:
        """Forget everything below the node at `pointer`, and keep its own history."""
        found = self._find(pointer)
        if found:
            found.children.clear()
            self.changes += 1

    def move(self, old: str, new: str) -> None:
        """Carry the histories of `old` and everything below it to `new`, replacing what was there."""
        self._attach(new, self._detach(old))

    def copy(self, old: str, new: str, source: "EvidenceTable | None" = None) -> None:
        """Repeat at `new` the histories of `old` and everything below it, from this table or from `source`."""
        found = (source or self)._find(old)
        self._attach(new, found.duplicate() if found else None)

    def entries(self) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
        """Every pointer that has a history of its own, parents before children, in order of insertion."""
        stack = [("", self._root)]
        while stack:
            pointer, node = stack.pop()
            if node.history:
                yield pointer, tuple(node.history)
            stack.extend((json_pointer.join(pointer, token), child) for token, child in reversed(node.children.items()))

    def along(self, tree: Any) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
        """Every node of `tree` that has a history of its own, with its pointer, in the order of the tree."""
        stack = [("", tree, self._root)]
        while stack:
            pointer, value, node = stack.pop()
            if node.history:
                yield pointer, tuple(node.history)
            items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            below = [
                (json_pointer.join(pointer, key), item, child)
                for key, item in items
                if (child := node.children.get(str(key))) is not None
            ]
            stack.extend(reversed(below))

    def duplicate(self) -> Self:
        """A table of its own with the same histories."""
        other = type(self)()
        other._root = self._root.duplicate()
        return other

    def _find(self, pointer: str) -> Node | None:
        node: Node | None = self._root
        for token in json_pointer.split(pointer):
            node = node.children.get(token) if node else None
        return node

    def _reach(self, pointer: str) -> Node:
        node = self._root
        for token in json_pointer.split(pointer):
            node = node.children.setdefault(token, Node())
        return node

    def _detach(self, pointer: str) -> Node | None:
        self.changes += 1
        *parents, last = json_pointer.split(pointer) or [""]
        if not pointer:
            found, self._root = self._root, Node()
            return found
        parent = self._find(json_pointer.join("", *parents))
        return parent.children.pop(last, None) if parent else None

    def _attach(self, pointer: str, node: Node | None) -> None:
        self.changes += 1
        if node is None:
            return
        if not pointer:
            self._root = node
            return
        *parents, last = json_pointer.split(pointer)
        self._reach(json_pointer.join("", *parents)).children[last] = node
