"""Change a tree and its evidence together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Self

from counterfoil import pointer as json_pointer
from counterfoil.contract.contract import Contract
from counterfoil.contract.tree.grammar import Site, walk
from counterfoil.documents.document import Document
from counterfoil.evidence import Evidence, EvidenceTable, Kind
from counterfoil.location import Diagnostic, Location, Severity


@dataclass(slots=True)
class Draft:
    """A tree under change, with its evidence and diagnostics. `path` is where to point when nothing better is known."""

    path: str
    tree: dict[str, Any]
    evidence: EvidenceTable
    diagnostics: list[Diagnostic]
    _walked: list[Site] | None = field(default=None, init=False, repr=False)
    _changes: int = field(default=0, init=False, repr=False)

    @classmethod
    def of(cls, subject: Document | Contract) -> Self:
        """A draft that changes the document or contract itself."""
        path = subject.path if isinstance(subject, Document) else subject.vendor
        return cls(path, subject.tree, subject.evidence, subject.diagnostics)

    def walk(self) -> Iterator[Site]:
        """Every object of the tree, as `grammar.walk` gives them; what comes by may be changed, and what is below it.

        As long as nothing is changed they are looked for once: most steps find nothing to change in most documents.
        """
        changes = self.evidence.changes
        if self._walked is None or self._changes != changes:
            self._walked = None
            found: list[Site] = []
            for site in walk(self.tree):
                found.append(site)
                yield site
            if self.evidence.changes == changes:
                self._walked, self._changes = found, changes
            return
        passed = None
        for site in self._walked:
            if passed is not None and site[1].startswith(passed):
                continue
            yield site
            if self.evidence.changes != changes:
                kind, pointer, node = site
                yield from islice(walk(node, kind, pointer), 1, None)
                changes, passed = self.evidence.changes, f"{pointer}/"

    def at(self, pointer: str) -> Location:
        """Where the node at `pointer` stands: where it was last stated, since a repair may point at a part of it."""
        history = self.evidence.history(pointer)
        stated = [step for step in history if step.kind != "repaired"] or history
        return stated[-1].location if stated else Location(self.path)

    def report(self, pointer: str, rule: str, message: str, hint: str = "", severity: Severity = "error") -> None:
        """Tell the person something about the node at `pointer`."""
        self.diagnostics.append(Diagnostic(self.at(pointer), rule, message, hint, severity))

    def record(
        self, pointer: str, rule: str, note: str = "", where: Location | None = None, kind: Kind = "repaired"
    ) -> None:
        """Add a decision to the history of the node at `pointer`; it was taken over the text at `where`."""
        self.evidence.add(pointer, Evidence(kind, where or self.at(pointer), rule, note))

    def drop(self, node: dict[str, Any], pointer: str, key: str, rule: str, note: str = "") -> Any:
        """Take the field `key` out of the node at `pointer`, where the decision is recorded; the field's value."""
        below = json_pointer.join(pointer, key)
        where = self.at(below)
        self.evidence.discard(below)
        self.record(pointer, rule, note, where)
        return node.pop(key)

    def put(
        self,
        node: dict[str, Any],
        pointer: str,
        key: str,
        value: Any,
        rule: str,
        note: str = "",
        kind: Kind = "repaired",
        where: Location | None = None,
    ) -> None:
        """Set a field to a value that the page does not state in this form, and record why."""
        below = json_pointer.join(pointer, key)
        where = where or self.at(below)
        node[key] = value
        self.evidence.discard_below(below)
        self.record(below, rule, note, where, kind)

    def rename(self, node: dict[str, Any], pointer: str, old: str, new: str, rule: str, note: str = "") -> None:
        """Give the field `old` another name, in its place; a field that had that name already is replaced."""
        kept = [(new if key == old else key, value) for key, value in node.items() if key != new or key == old]
        node.clear()
        node.update(kept)
        self.evidence.move(json_pointer.join(pointer, old), json_pointer.join(pointer, new))
        self.record(json_pointer.join(pointer, new), rule, note or f"was {old}")

    def carry(self, source: dict[str, Any], old: str, key: str, target: dict[str, Any], new: str) -> None:
        """Move the field `key` of the node at pointer `old` to the node at pointer `new`, with its evidence."""
        target[key] = source.pop(key)
        self.evidence.move(json_pointer.join(old, key), json_pointer.join(new, key))

    def remove_item(self, pointer: str, items: list[Any], index: int) -> None:
        """Take one item out of the list at `pointer`; the evidence of later items moves up with them."""
        del items[index]
        self.evidence.discard(f"{pointer}/{index}")
        for later in range(index, len(items)):
            self.evidence.move(f"{pointer}/{later + 1}", f"{pointer}/{later}")
