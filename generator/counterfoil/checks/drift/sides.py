"""Which components of a contract requests are held to, which answers, and how components refer to each other."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from counterfoil import pointer as json_pointer
from counterfoil.checks.operation import operations


class Sides:
    """The components of a contract by what reaches them; a component is named by its JSON Pointer."""

    def __init__(self, contract: Mapping[str, Any]) -> None:
        self._contract = dict(contract)
        self._operations = operations(self._contract)

    @cached_property
    def requested(self) -> frozenset[str]:
        """The components that bodies and parameters of requests are held to."""
        return self._reached(self._roots("requestBody", "parameters"))

    @cached_property
    def answered(self) -> frozenset[str]:
        """The components that answers are held to."""
        return self._reached(self._roots("responses"))

    @property
    def answered_only(self) -> frozenset[str]:
        """The components that answers are held to, and no requests."""
        return frozenset(self._graph) & self.answered - self.requested

    def is_requested(self, pointer: str) -> bool:
        """Whether a request is held to what stands at a pointer."""
        tokens = json_pointer.split(pointer)
        return component(pointer) in self.requested or "requestBody" in tokens[3:4] or "parameters" in tokens[2:4]

    def leading_to(self, target: str) -> frozenset[str]:
        """The components that refer to another one, directly or not, and that one."""
        found, waiting = {target}, [target]
        while waiting:
            sought = waiting.pop()
            for name, others in self._graph.items():
                if sought in others and name not in found:
                    found.add(name)
                    waiting.append(name)
        return frozenset(found)

    def answers(self) -> list[Any]:
        """The `responses` of all operations."""
        return [operation.tree.get("responses") or {} for operation in self._operations]

    @cached_property
    def _graph(self) -> dict[str, frozenset[str]]:
        return {
            json_pointer.join("", "components", kind, name): frozenset(map(component, references(node)))
            for kind, nodes in (self._contract.get("components") or {}).items()
            if isinstance(nodes, dict)
            for name, node in nodes.items()
        }

    def _roots(self, *keys: str) -> Iterator[str]:
        paths = self._contract.get("paths") or {}
        for operation in self._operations:
            yield from map(component, references([operation.tree.get(key) for key in keys]))
            if "parameters" in keys:
                yield from map(component, references((paths.get(operation.path) or {}).get("parameters")))

    def _reached(self, roots: Iterator[str]) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._graph.get(name, ())
        return frozenset(found)


def component(pointer: str) -> str:
    """The pointer of the component that a pointer leads into; the pointer itself where it leads elsewhere."""
    tokens = json_pointer.split(pointer)
    return json_pointer.join("", *tokens[:3]) if tokens[:1] == ["components"] else pointer


def references(node: Any) -> Iterator[str]:
    """The pointers of all references in a tree."""
    if isinstance(node, dict) and isinstance(node.get("$ref"), str) and node["$ref"].startswith("#/"):
        yield node["$ref"][1:]
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from references(child)
