"""Building a raw OpenAPI tree together with the evidence of every node."""

from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.evidence import Evidence, EvidenceTable
from counterfoil.location import Location

Token = str | int


class Builder:
    """A tree that grows node by node, each set with the place and the kind of its evidence.

    Nodes are addressed by reference tokens: `builder.read(place, "string", "schema", "type")`. Missing parents are
    made as objects.
    """

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}
        self.evidence = EvidenceTable()

    def read(self, place: Location, value: Any, *tokens: Token) -> None:
        """Set a node to what stands on the page at `place`."""
        self.set(Evidence("documented", place), value, *tokens)

    def infer(self, rule: str, place: Location, value: Any, *tokens: Token) -> None:
        """Set a node to what the page implies at `place` by the inference rule `rule`."""
        self.set(Evidence("inferred", place, rule), value, *tokens)

    def set(self, evidence: Evidence, value: Any, *tokens: Token) -> None:
        """Set a node, forgetting what was known of an earlier one at its place."""
        self._put(value, tokens)
        self.evidence.discard(json_pointer.join("", *tokens))
        self.evidence.add(json_pointer.join("", *tokens), evidence)

    def append(self, evidence: Evidence, value: Any, *tokens: Token) -> int:
        """Add an item to the array at `tokens`, which is made if it is missing; the index of the item."""
        items = self._reach(tokens[:-1]).setdefault(tokens[-1], [])
        self.evidence.add(json_pointer.join("", *tokens, len(items)), evidence)
        items.append(value)
        return len(items) - 1

    def graft(self, source: "Builder", origin: tuple[Token, ...], *tokens: Token) -> None:
        """Put a copy of the node at `origin` of another builder, with its evidence, at `tokens`."""
        pointer, target = json_pointer.join("", *origin), json_pointer.join("", *tokens)
        self._put(_copied(json_pointer.resolve(source.tree, pointer)), tokens)
        self.evidence.discard(target)
        self.evidence.copy(pointer, target, source.evidence)

    def get(self, *tokens: Token) -> Any:
        """The node at `tokens`, or None."""
        node: Any = self.tree
        for token in tokens:
            if isinstance(node, dict):
                node = node.get(str(token))
            elif isinstance(node, list) and isinstance(token, int) and token < len(node):
                node = node[token]
            else:
                return None
        return node

    def place(self, *tokens: Token) -> Location:
        """Where the node at `tokens`, or its nearest ancestor with evidence, was read; `LookupError` if nowhere."""
        location = self.evidence.location(json_pointer.join("", *tokens))
        if location is None:
            raise LookupError(tokens)
        return location

    def _put(self, value: Any, tokens: tuple[Token, ...]) -> None:
        if tokens:
            self._reach(tokens[:-1])[tokens[-1]] = value
        else:
            self.tree = value

    def _reach(self, tokens: tuple[Token, ...]) -> Any:
        node: Any = self.tree
        for token in tokens:
            node = node[int(token)] if isinstance(node, list) else node.setdefault(token, {})
        return node


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copied(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_copied(value) for value in node]
    return node
