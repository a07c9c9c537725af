"""What only one side may send, `readOnly` and `writeOnly` (OpenAPI 3.1, section 4.8.24.4)."""

from collections.abc import Callable, Iterator, Mapping
from operator import is_
from typing import Any, Literal

Flag = Literal["readOnly", "writeOnly"]
FLAGS: tuple[Flag, ...] = ("readOnly", "writeOnly")
Follow = Callable[[Any], Mapping[str, Any]]  # from a node to what its references lead to

_DEEPEST = 16  # references and `allOf` inside each other


def is_flagged(schema: Any, flag: Flag, follow: Follow) -> bool:
    """Whether a property is read-only, or write-only, by its schema or by what that is made of."""
    return any(part.get(flag) is True for part in _parts(schema, follow, 0))


def flags_in(tree: Any) -> frozenset[Flag]:
    """The flags that there are anywhere in a contract, or in a schema."""
    found: set[Flag] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            for flag in FLAGS:
                if node.get(flag) is True:
                    found.add(flag)
            stack += node.values()
        elif isinstance(node, list):
            stack += node
    return frozenset(found)


def without(flag: Flag, tree: dict[str, Any], follow: Follow) -> dict[str, Any]:
    """The contract with schemas that do not require properties with this flag.

    Those for requests, which are without `readOnly`, refuse them; responses need not be without `writeOnly`.
    """
    result: dict[str, Any] = _without(flag, tree, follow, frozenset())
    return result


def changed_list(old: list[Any], new: list[Any]) -> list[Any]:
    """`new`, or `old` itself where its items are the very same."""
    return old if all(map(is_, old, new)) else new


def _without(flag: Flag, node: Any, follow: Follow, absent: frozenset[str]) -> Any:
    """A node as `without` says, made of the same parts where nothing changes; `absent` are not required in it."""
    if isinstance(node, list):
        return changed_list(node, [_without(flag, part, follow, absent) for part in node])
    if not isinstance(node, dict):
        return node
    absent |= {name for part in _parts(node, follow, 0) for name in _flagged_in(part, flag, follow)}
    changed = {}
    for key, part in node.items():
        if isinstance(part, dict | list):
            other = _without(flag, part, follow, absent if key == "allOf" else frozenset())
            if other is not part:
                changed[key] = other
    if absent and isinstance(required := node.get("required"), list):
        changed["required"] = [name for name in required if name not in absent]
    properties = changed.get("properties", node.get("properties"))
    if absent and flag == "readOnly" and isinstance(properties, dict):
        changed["properties"] = properties | {name: {"not": {}} for name in absent & properties.keys()}
    return {**node, **changed} if changed else node


def _flagged_in(schema: Mapping[str, Any], flag: Flag, follow: Follow) -> Iterator[str]:
    properties = schema.get("properties")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        if is_flagged(part, flag, follow):
            yield name


def _parts(schema: Any, follow: Follow, depth: int) -> Iterator[Mapping[str, Any]]:
    """A schema, what it refers to, and the members of its `allOf`, these likewise."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    yield schema
    target = follow(schema)
    if target is not schema:
        yield from _parts(target, follow, depth + 1)
    members = schema.get("allOf")
    for member in members if isinstance(members, list) else ():
        yield from _parts(member, follow, depth + 1)
