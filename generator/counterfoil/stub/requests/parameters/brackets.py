"""Names with brackets, `filter[price][from]`: deepObject of OpenAPI 3.1, nested as common servers nest it."""

import re
from typing import Any

from counterfoil.stub.requests.parameters.fields import Decode, Fields

_TOKEN = re.compile(r"\[([^\[\]]*)\]")
DEEPEST = 32


def tree_of(fields: Fields, name: str, decode: Decode) -> dict[str, Any] | list[Any] | None:
    """What all fields `name[…]` together say: objects, lists where brackets are empty, texts; None without one.

    `a[]=1&a[]=2` is a list; `a[][x]=1&a[][y]=2&a[][x]=3` a list of two objects; `a[0]=1` an object that a
    schema may read as a list; `a[x]=1&a[x]=2` has a list at `x`.
    """
    root: dict[str, Any] = {}
    for field, values in fields.items():
        tokens = _tokens(field, name)
        if tokens:
            for value in values:
                _put(root, tokens, decode(value))
    return _finished(root) if root else None


def belongs(field: str, name: str) -> bool:
    """Whether a field says something of the object or list `name`."""
    return bool(_tokens(field, name))


def _tokens(field: str, name: str) -> list[str]:
    if not field.startswith(f"{name}["):
        return []
    rest = field[len(name) :]
    tokens = _TOKEN.findall(rest)
    return tokens if len(tokens) <= DEEPEST and sum(map(len, tokens)) + 2 * len(tokens) == len(rest) else []


def _put(node: dict[str, Any], tokens: list[str], value: str) -> None:
    for index, token in enumerate(tokens[:-1]):
        if token == "":
            node = _element(node.setdefault("", []), tokens[index + 1 :])
            continue
        child = node.get(token)
        if not isinstance(child, dict):
            child = node[token] = {}
        node = child
    last = tokens[-1]
    if last == "":
        node.setdefault("", []).append(value)
    elif last in node:
        known = node[last]
        if isinstance(known, list):
            known.append(value)
        else:
            node[last] = value if isinstance(known, dict) else [known, value]
    else:
        node[last] = value


def _element(elements: list[Any], rest: list[str]) -> dict[str, Any]:
    """The object that the next field of a list belongs to: the last, unless that has such a field already."""
    if elements and isinstance(elements[-1], dict) and (rest[0] not in elements[-1] or len(rest) > 1):
        element: dict[str, Any] = elements[-1]
        return element
    elements.append({})
    return elements[-1]  # type: ignore[no-any-return] # it was just put there


def _finished(node: Any) -> Any:
    if isinstance(node, list):
        return [_finished(item) for item in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {""}:
        return [_finished(item) for item in node[""]]
    return {name: _finished(child) for name, child in node.items()}
