"""What a contract says of one value: every schema that applies to it, each with its JSON Pointer."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from counterfoil import pointer as json_pointer
from counterfoil.checks.schema_paths import followed

_DEEPEST = 12  # references and compositions inside each other


class Facet(NamedTuple):
    """A schema object of the contract, and the pointer of it."""

    node: dict[str, Any]
    pointer: str

    def at(self, *way: str | int) -> str:
        """The pointer of one of its keywords, or of what is below that."""
        return json_pointer.join(self.pointer, *way)


def facets(
    tree: Any, node: Any, pointer: str, value: Any, fits: Callable[[str, Any], bool], depth: int = 0
) -> Iterator[Facet]:
    """The schemas that apply to `value` by `node`: itself, what it refers to, the parts of its `allOf`.

    Of alternatives and conditions those count that `fits`, a function of a pointer and a value, says are met.
    """
    if not isinstance(node, dict) or depth > _DEEPEST:
        return
    own = Facet(node, pointer)
    if "$ref" in node:
        target, place = followed(tree, node, pointer)
        yield from facets(tree, target, place, value, fits, depth + 1)
        if len(node) == 1:
            return
    yield own
    for part, place in _parts(own, value, fits):
        yield from facets(tree, part, place, value, fits, depth + 1)


def branches(applying: list[Facet]) -> Iterator[tuple[Any, str]]:
    """Every alternative of every union among some facets, with its pointer."""
    for facet in applying:
        for keyword in ("anyOf", "oneOf"):
            for index, branch in enumerate(facet.node.get(keyword) or ()):
                yield branch, facet.at(keyword, index)


def stated(applying: list[Facet], keyword: str) -> Iterator[tuple[Any, str]]:
    """What the facets say by a keyword, with the pointer of it."""
    for facet in applying:
        if keyword in facet.node:
            yield facet.node[keyword], facet.at(keyword)


def types(applying: list[Facet]) -> set[str]:
    """The JSON types that all facets allow; empty where none says."""
    named = [{kinds} if isinstance(kinds, str) else set(kinds) for kinds, _ in stated(applying, "type")]
    return set.intersection(*named) if named else set()


def _parts(own: Facet, value: Any, fits: Callable[[str, Any], bool]) -> Iterator[tuple[Any, str]]:
    """What of a schema's own subschemas applies to the value itself."""
    node = own.node
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index, branch in enumerate(node.get(keyword) or ()):
            if keyword == "allOf" or fits(own.at(keyword, index), value):
                yield branch, own.at(keyword, index)
    if "if" in node:
        taken = "then" if fits(own.at("if"), value) else "else"
        if taken in node:
            yield node[taken], own.at(taken)
    if isinstance(value, dict):
        for name, schema in (node.get("dependentSchemas") or {}).items():
            if name in value:
                yield schema, own.at("dependentSchemas", name)
